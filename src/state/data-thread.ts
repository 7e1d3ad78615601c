import type { DataApi } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { Thread } from '#state/thread.ts';
import type { Remote } from '#workers/rpc.ts';

/** What a fresh thread must be told of the map: the newest of each. */
const STANDING: readonly string[] = ['putMap', 'hide'];
/** More numbers than this are not copied to it. */
const MOST = 20e6;

/**
 * The thread that reads what is foreign and knows where the points of a map lie: started when it is first asked for. One
 * that a file brought to a standstill is replaced, and its successor knows the same map and data.
 */
export class DataThread {
	/** The data set that is open. */
	open: () => DataSet | null = () => null;
	#told = new Map<string, unknown[]>();
	#thread = new Thread<DataApi>(
		() => new Worker(new URL('../workers/data.worker.ts', import.meta.url), { type: 'module' }),
		(why) => why === 'silent' && this.#retell()
	);

	get api(): Remote<DataApi> {
		const remote = this.#thread.api;
		const call = (name: string, args: unknown[], options?: object) => {
			if (STANDING.includes(name)) this.#told.set(name, args);
			return (remote.call as (...all: unknown[]) => Promise<unknown>)(name, args, options);
		};
		return { ...remote, call: call as Remote<DataApi>['call'] };
	}

	#retell(): void {
		const { call } = this.#thread.api;
		const data = this.open();
		const few = (data?.rows?.values.length ?? 0) <= MOST;
		if (data) void call('remember', [{ ...data, rows: few ? data.rows : null, images: null }]);
		for (const [name, args] of this.#told) void (call as (...all: unknown[]) => Promise<unknown>)(name, args);
	}

	end(): void {
		this.#thread.end();
	}
}
