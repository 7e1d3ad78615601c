import { useViewState } from '#state/lab/context.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { predictions } from '#maths/evaluation.ts';
import { differing, REPLACED, type Identity } from '#contracts/identity.ts';
import { useDataSets } from '#state/data/data-set.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { useEmbedding, type Embedding } from '#state/embedding/embedding.svelte.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';

/** What the open model, one of classes, predicts for every item of the data set. */
export interface DataPredictions {
	of: Identity;
	data: DataSet;
	classes: number;
	/** count x classes */
	probabilities: Float32Array;
	/** The most likely class, and its probability. */
	units: Int32Array;
	confidence: Float32Array;
}

export class EmbeddingPredictions extends JobViewState implements ViewState {
	protected override readonly titles = {
		predictions: 'Predictions for the data set'
	};
	predictions = $state.raw<DataPredictions | null>(null);
	/** Those of the model as it is now; what is older is shown as such only, on no map. */
	readonly current = $derived.by(() =>
		this.predictions && !differing(this.predictions.of, this.context.identity(REPLACED)).length
			? this.predictions
			: null
	);

	get busy(): boolean {
		return 'predictions' in this.running;
	}

	/** Another model is open. */
	reset(): void {
		this.cancel('predictions');
		this.predictions = null;
	}

	restore(): Promise<void> {
		return Promise.resolve();
	}

	async ask(data: DataSet, embedding: Embedding): Promise<void> {
		const of = this.context.identity(REPLACED);
		await this.job(
			'predictions',
			async (signal, progress) => {
				const { scores, classes } = await this.context.compute
					.with(inParts(signal, progress))
					.predictAll(embedding.inputs(data));
				return { of, data, classes, probabilities: scores, ...predictions(scores, classes) };
			},
			(found) => (this.predictions = found),
			of
		);
	}
}

export const usePredictions = () => {
	const [predictions, sets, embedding] = [useViewState(EmbeddingPredictions), useDataSets(), useEmbedding()];
	return { viewState: predictions, ask: () => (sets.data ? predictions.ask(sets.data, embedding) : Promise.resolve()) };
};
