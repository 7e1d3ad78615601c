import type { Ablation } from '#contracts/anatomy.ts';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { BackendId, InputData } from '#contracts/compute.ts';
import type { LayerValues } from '#contracts/parting.ts';
import type { Source } from '#contracts/source.ts';
import { Thread } from '#state/threads/thread.ts';

/** What runs on it: the open model, as it was opened, with its input as the open engine has it. */
export interface OtherRun {
	/** What the page calls the model. */
	key: string;
	source: Source;
	inputShape: readonly [number, number, number] | null;
	ablations: readonly Ablation[];
	inputs: readonly LayerValues[];
}

/** The open model once more, on another engine in a thread of its own: begun when it is first asked for. */
export class OtherEngine {
	readonly #thread = new Thread<ComputeApi>(
		() => new Worker(new URL('../../workers/compute.worker.ts', import.meta.url), { type: 'module' })
	);
	#opened = '';

	constructor(readonly backend: BackendId) {}

	/** Opens the model unless it is open, and feeds it. */
	async prepare(run: OtherRun, signal: AbortSignal, progress: (done: number) => void): Promise<void> {
		const own = this.#with(signal, (value) => progress((value as { done: number }).done));
		if (!this.#opened) await own.start(this.backend);
		if (this.#opened !== run.key) {
			this.#opened = '';
			const { source, inputShape, key } = run;
			await own.open(source, { key, ...(inputShape ? { inputShape } : {}) });
			this.#opened = key;
		}
		await own.ablate(run.ablations);
		const data = run.inputs.map(({ id, shape, values }): [string, InputData] => [
			id,
			{ kind: 'values', values: Array.from(values), shape: shape.slice(1) }
		]);
		await own.feed(Object.fromEntries(data), new Map(), null, {});
	}

	values(ids: readonly string[], signal: AbortSignal): Promise<readonly LayerValues[]> {
		return this.#with(signal).layerValues(ids);
	}

	end(): void {
		this.#thread.close();
	}

	/** What the page's own engine is about says nothing of this one: only the end of the job counts. */
	#with(signal: AbortSignal, progress?: (value: unknown) => void): ComputeApi {
		return this.#thread.api.with({ signal: AbortSignal.any([signal]), ...(progress ? { progress } : {}) });
	}
}
