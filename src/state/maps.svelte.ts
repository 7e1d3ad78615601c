import type { ComputeApi } from '#contracts/compute-api.ts';
import type { MapReport, Target } from '#contracts/compute.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { MapState } from '#contracts/lab.ts';
import type { MethodSpec } from '#contracts/method.ts';
import type { Parameters } from '#contracts/parameter.ts';
import type { Remote } from '#workers/rpc.ts';

const EMPTY: MapState = { report: null, running: false, done: 0, error: '', refusal: '' };

export interface MapRequest {
	method: MethodSpec;
	parameters: Parameters;
	target: Target;
	seed: number;
	channels: 'sum' | 'magnitude' | 'largest';
}

/** The maps of all methods: one job each, the newest request wins, maps on the way are shown. */
export class Maps {
	all = $state.raw<Readonly<Record<string, MapState>>>({});
	#running = new Map<string, AbortController>();
	#next = 0;

	/** @param dropped told of keys whose fields nobody needs any more */
	constructor(private readonly dropped: (keys: readonly string[]) => void) {}

	/** Every map that is asked for has something to show, or says why not. */
	get settled(): boolean {
		return Object.values(this.all).every(({ running, report }) => !running || report !== null);
	}

	async run(compute: Remote<ComputeApi>, { method, ...request }: MapRequest): Promise<void> {
		this.cancel(method.id);
		const controller = new AbortController();
		this.#running.set(method.id, controller);
		const key = `${method.id}#${this.#next++}`;
		const before = this.all[method.id]?.report ?? null;
		this.#set(method.id, { ...EMPTY, running: true });
		const show = (report: MapReport, running: boolean) => {
			if (this.#running.get(method.id) === controller)
				this.#set(method.id, { ...EMPTY, report, running, done: report.done });
		};
		try {
			const report = await compute.call('explain', [{ ...request, method: method.id, key }], {
				signal: controller.signal,
				progress: (value) => show(value as MapReport, true)
			});
			show(report, false);
		} catch (error) {
			if (this.#running.get(method.id) !== controller) return;
			const message = isAbort(error) ? '' : error instanceof Error ? error.message : String(error);
			const refused = error instanceof LabError && error.code === 'refused';
			// What was seen before a cancel stays.
			const seen = { ...(this.all[method.id] ?? EMPTY), running: false };
			this.#set(method.id, refused ? { ...seen, refusal: message } : { ...seen, error: message });
		} finally {
			if (before && before.key !== key) this.dropped([before.key]);
			if (this.#running.get(method.id) === controller) this.#running.delete(method.id);
		}
	}

	cancel(method: string): void {
		this.#running.get(method)?.abort();
		const state = this.all[method];
		this.#running.delete(method);
		if (state?.running) this.#set(method, { ...state, running: false });
	}

	/** No maps, and none on the way. */
	clear(): void {
		for (const controller of this.#running.values()) controller.abort();
		this.#running.clear();
		this.dropped(Object.values(this.all).flatMap(({ report }) => (report ? [report.key] : [])));
		this.all = {};
	}

	forget(method: string): void {
		this.cancel(method);
		const { [method]: gone, ...rest } = this.all;
		if (gone?.report) this.dropped([gone.report.key]);
		this.all = rest;
	}

	#set(method: string, state: MapState): void {
		this.all = { ...this.all, [method]: state };
	}
}
