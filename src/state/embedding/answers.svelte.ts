import { useViewState } from '#state/lab/context.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { predictions } from '#maths/evaluation.ts';
import { differing, REPLACED, type Identity } from '#contracts/identity.ts';
import { useDataSets } from '#state/data/data-set.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { useEmbedding, type Embedding } from '#state/embedding/embedding.svelte.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';

/** What the open model, one of classes, says of every item of the data set. */
export interface DataAnswers {
	of: Identity;
	data: DataSet;
	classes: number;
	/** count x classes */
	probabilities: Float32Array;
	/** The most likely class, and its probability. */
	units: Int32Array;
	confidence: Float32Array;
}

export class Answers extends JobViewState implements ViewState {
	protected override readonly titles = {
		answers: 'Predictions for the data set'
	};
	answers = $state.raw<DataAnswers | null>(null);
	/** Those of the model as it is now; what is older is shown as such only, on no map. */
	readonly current = $derived.by(() =>
		this.answers && !differing(this.answers.of, this.context.identity(REPLACED)).length ? this.answers : null
	);

	get busy(): boolean {
		return 'answers' in this.running;
	}

	/** Another model is open. */
	reset(): void {
		this.cancel('answers');
		this.answers = null;
	}

	restore(): Promise<void> {
		return Promise.resolve();
	}

	async ask(data: DataSet, embedding: Embedding): Promise<void> {
		const of = this.context.identity(REPLACED);
		await this.job(
			'answers',
			async (signal, progress) => {
				const { scores, classes } = await this.context.compute
					.with({
						signal,
						progress: (value) => progress((value as { done: number }).done)
					})
					.predictAll(embedding.inputs(data));
				return { of, data, classes, probabilities: scores, ...predictions(scores, classes) };
			},
			(answers) => (this.answers = answers),
			of
		);
	}
}

export const useAnswers = () => {
	const [answers, sets, embedding] = [useViewState(Answers), useDataSets(), useEmbedding()];
	return { viewState: answers, ask: () => (sets.data ? answers.ask(sets.data, embedding) : Promise.resolve()) };
};
