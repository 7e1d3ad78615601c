import type { ComputeApi } from '#contracts/compute-api.ts';
import type { MapReport } from '#contracts/compute.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import { Newest } from '#contracts/newest.ts';
import type { MapOrigin, MapState } from '#state/attribution/map.ts';
import type { RetiredImages } from '#state/input/retired-images.ts';
import { setSubject, type Remote } from '#workers/rpc.ts';

const EMPTY: MapState = { shown: null, running: false, done: 0, error: '', refusal: '' };

export interface MapRequest {
	method: string;
	from: MapOrigin;
	/** All that the map depends on, as it is now. */
	of: Identity;
}

/**
 * The maps of all methods: one job each, the newest request wins, maps on the way are shown. The map of an older question
 * stays, with what it was computed from, until a newer one is there.
 */
export class Maps {
	all = $state.raw<Readonly<Record<string, MapState>>>({});
	#jobs = new Map<string, Newest>();
	/** What is on its way. */
	#running = new Map<string, MapRequest>();
	#next = 0;

	/**
	 * @param dropped told of keys whose fields nobody needs any more
	 * @param retired images that are no more chosen stay while they are drawn under a map
	 */
	constructor(
		private readonly dropped: (keys: readonly string[]) => void,
		private readonly retired: RetiredImages
	) {
		retired.keepFor(() => [
			...Object.values(this.all).map(({ shown }) => shown?.value.from.image?.key),
			...[...this.#running.values()].map(({ from }) => from.image?.key)
		]);
	}

	/** Every map that is asked for has something to show, or says why not. */
	get settled(): boolean {
		return Object.entries(this.all).every(
			([method, { running, shown }]) => !running || shown?.of === this.#running.get(method)?.of
		);
	}

	async run(compute: Remote<ComputeApi>, request: MapRequest): Promise<void> {
		const { method, from, of } = request;
		this.cancel(method);
		const newest = this.#jobs.get(method) ?? new Newest();
		this.#jobs.set(method, newest);
		const signal = newest.next();
		setSubject(signal, of);
		this.#running.set(method, request);
		const key = `${method}#${this.#next++}`;
		this.#set(method, { ...EMPTY, shown: this.all[method]?.shown ?? null, running: true });
		const show = (report: MapReport, running: boolean) => {
			if (newest.is(signal))
				this.#set(method, {
					...EMPTY,
					shown: { value: { report, from, stopped: '' }, of },
					running,
					done: report.done
				});
		};
		const { parameters, target, seed, channels } = from;
		try {
			const report = await compute
				.with({
					signal,
					progress: (value) => show(value as MapReport, true)
				})
				.explain({ parameters, target, seed, channels, method, key });
			show(report, false);
		} catch (error) {
			if (!newest.is(signal)) return;
			const state = { ...(this.all[method] ?? EMPTY), running: false };
			// Dropped by the far side, as something else is open by now: what was shown stays what it was.
			if (isAbort(error)) return this.#set(method, state);
			const message = error instanceof Error ? error.message : String(error);
			const refused = error instanceof LabError && error.code === 'refused';
			// An older map says nothing of why this one failed.
			const shown = state.shown?.of === of ? state.shown : null;
			this.#set(method, { ...state, shown, ...(refused ? { refusal: message } : { error: message }) });
		} finally {
			if (newest.end(signal)) this.#running.delete(method);
			this.retired.sweep();
		}
	}

	/** What is shown stays; if it was on its way, it says where it was stopped, and claims nothing that only its end would. */
	cancel(method: string): void {
		const request = this.#running.get(method);
		const state = this.all[method];
		this.#jobs.get(method)?.cancel();
		this.#running.delete(method);
		if (!state?.running) return;
		const { shown } = state;
		const unfinished = shown && shown.of === request?.of ? shown : null;
		const stopped = unfinished && {
			of: unfinished.of,
			value: {
				...unfinished.value,
				report: { ...unfinished.value.report, facts: [] },
				stopped: unfinished.value.report.at ?? `${Math.round(100 * state.done)} %`
			}
		};
		this.#set(method, { ...state, shown: stopped ?? shown, running: false });
	}

	/** Stops all; what is shown stays. @returns the methods whose maps were on their way */
	cancelAll(): readonly string[] {
		const methods = [...this.#running.keys()];
		for (const method of methods) this.cancel(method);
		return methods;
	}

	/** No maps, and none on the way. */
	clear(): void {
		this.cancelAll();
		this.dropped(Object.values(this.all).flatMap(({ shown }) => (shown ? [shown.value.report.key] : [])));
		this.all = {};
		this.retired.sweep();
	}

	forget(method: string): void {
		this.cancel(method);
		const { [method]: gone, ...rest } = this.all;
		if (gone?.shown) this.dropped([gone.shown.value.report.key]);
		this.all = rest;
		this.retired.sweep();
	}

	#set(method: string, state: MapState): void {
		const before = this.all[method]?.shown?.value.report.key;
		this.all = { ...this.all, [method]: state };
		if (before && before !== state.shown?.value.report.key) this.dropped([before]);
	}
}
