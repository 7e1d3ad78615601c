import type { ComputeApi } from '#contracts/compute-api.ts';
import type { OpenedModel } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import type { Source } from '#contracts/source.ts';
import type { Progress } from '#state/lab/jobs.svelte.ts';
import type { Shape } from '#state/opening/shape-question.svelte.ts';
import type { Remote } from '#workers/rpc.ts';

interface Loading {
	readonly compute: Remote<ComputeApi>;
	/** Settles when the engine that takes the place of a dead one is there. */
	readonly fresh: Promise<void>;
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

	/** @param key what the model is called where results say of which they are */
	async open(
		source: Source,
		key: string,
		shape: Shape | null,
		signal: AbortSignal,
		progress: Progress
	): Promise<OpenedModel> {
		const call = () =>
			this.engine.compute
				.with({
					signal,
					watched: true,
					progress: (value) => {
						const { done, note } = value as { done: number; note: string };
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
