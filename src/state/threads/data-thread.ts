import type { DataApi } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { Thread } from '#state/threads/thread.ts';
import { remote, type Remote } from '#workers/rpc.ts';

/** What a fresh thread must be told of the map: the newest of each. */
const STANDING: readonly string[] = ['putMap', 'hide'] satisfies (keyof DataApi)[];
/** More numbers than this are not copied to it. */
const MAX_COPIED_VALUES = 20e6;

/**
 * The thread that reads what is foreign and knows where the points of a map lie: started when it is first asked for. One
 * that a file brought to a standstill is replaced, and its successor knows the same map and data.
 */
export class DataThread {
	/** The data set that is open. */
	open: () => DataSet | null = () => null;
	#reported = new Map<string, unknown[]>();
	#thread = new Thread<DataApi>(
		() => new Worker(new URL('../../workers/data.worker.ts', import.meta.url), { type: 'module' }),
		(why) => why === 'silent' && this.#retell()
	);
	readonly api: Remote<DataApi> = remote((name, args, options) => {
		if (STANDING.includes(name)) this.#reported.set(name, args);
		return this.#thread.call(name, args, options);
	});

	#retell(): void {
		const data = this.open();
		const few = (data?.rows?.values.length ?? 0) <= MAX_COPIED_VALUES;
		if (data) void this.#thread.api.remember({ ...data, rows: few ? data.rows : null, images: null });
		for (const [name, args] of this.#reported) void this.#thread.call(name, args);
	}

	close(): void {
		this.#thread.close();
	}
}
