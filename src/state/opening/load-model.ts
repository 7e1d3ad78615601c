import type { ComputeApi } from '#contracts/compute-api.ts';
import type { OpenedModel, OpeningProgress } from '#contracts/compute.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { Source } from '#contracts/source.ts';
import type { Progress } from '#state/lab/jobs.svelte.ts';
import type { ModelState } from '#state/opening/model.svelte.ts';
import type { Shape } from '#state/opening/shape-question.svelte.ts';
import type { Remote } from '#workers/rpc.ts';

interface Loading {
	readonly compute: Remote<ComputeApi>;
	/** Settles when the engine that takes the place of a dead one is there. */
	readonly fresh: Promise<void>;
}

interface Opening {
	signal: AbortSignal;
	progress: Progress;
	show(opened: OpenedModel): void;
	open: Pick<ModelState, 'key' | 'stopped'>;
}

/** Opens models in the compute thread, which may die of one. */
export class ModelLoading {
	/** A model whose turn had not come when the engine died is opened on the fresh one, instead of what was open. */
	waits = false;

	/** @param failed that one did not open either: what was open before is opened again */
	constructor(
		private readonly engine: Loading,
		private readonly failed: () => void
	) {}

	/**
	 * @param key what the model is called where results say of which they are
	 * @param show gets the model without its weights, where reading those takes long @param open that it becomes then
	 */
	async open(
		source: Source,
		key: string,
		shape: Shape | null,
		{ signal, progress, show, open }: Opening
	): Promise<OpenedModel> {
		try {
			return await this.#open(source, key, shape, { signal, progress, show });
		} catch (error) {
			if (open.key === key) open.stopped(isAbort(error));
			throw error;
		}
	}

	async #open(
		source: Source,
		key: string,
		shape: Shape | null,
		{ signal, progress, show }: Omit<Opening, 'open'>
	): Promise<OpenedModel> {
		const call = () =>
			this.engine.compute
				.with({
					signal,
					watched: true,
					progress: (value) => {
						const { done, note, structure: opened } = value as OpeningProgress;
						if (opened) show(opened);
						progress(done, note);
					}
				})
				.open(source, { key, ...(shape ? { inputShape: shape } : {}) });
		try {
			return await call();
		} catch (error) {
			if (!(error instanceof LabError) || error.code !== 'ended') throw error;
		}
		this.waits = true;
		try {
			await this.engine.fresh;
			return await call();
		} catch (error) {
			this.failed();
			throw error;
		} finally {
			this.waits = false;
		}
	}
}
