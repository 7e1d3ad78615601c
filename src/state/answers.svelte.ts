import { useRoom } from '#state/context.ts';
import type { DataSet } from '#contracts/data-set.ts';
import type { ActivationRowsApi } from '#contracts/projection.ts';
import { predictions } from '#maths/evaluation.ts';
import { useDataSets } from '#state/data-set.svelte.ts';
import type { Room } from '#state/door.ts';
import { useEmbedding, type Embedding } from '#state/embedding.svelte.ts';
import { JobRoom } from '#state/job-room.svelte.ts';
import type { Remote } from '#workers/rpc.ts';

/** What the open model says of every item of the data set. */
export interface DataAnswers {
	data: DataSet;
	classes: number;
	/** count x classes */
	probabilities: Float32Array;
	/** The most likely class, and its probability. */
	units: Int32Array;
	confidence: Float32Array;
}

export class Answers extends JobRoom implements Room {
	answers = $state.raw<DataAnswers | null>(null);

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
		await this.job(
			'answers',
			async (signal, progress) => {
				const compute = this.door.compute as unknown as Remote<ActivationRowsApi>;
				const { scores, classes } = await compute.call('predictAll', [embedding.inputs(data)], {
					signal,
					progress: (value) => progress((value as { done: number }).done)
				});
				const probabilities = asProbabilities(scores, classes);
				return { data, classes, probabilities, ...predictions(probabilities, classes) };
			},
			(answers) => (this.answers = answers)
		);
	}
}

/** Scores that are probabilities already stay; others get a softmax, row by row. */
function asProbabilities(scores: Float32Array, classes: number): Float32Array {
	const out = scores.slice();
	for (let at = 0; at < out.length; at += classes) {
		const row = out.subarray(at, at + classes);
		let [sum, least, most] = [0, Infinity, -Infinity];
		for (const v of row) {
			sum += v;
			least = Math.min(least, v);
			most = Math.max(most, v);
		}
		if (least >= 0 && Math.abs(sum - 1) < 1e-3) continue;
		let total = 0;
		for (let k = 0; k < classes; k++) total += row[k] = Math.exp(row[k]! - most);
		for (let k = 0; k < classes; k++) row[k]! /= total;
	}
	return out;
}

export const useAnswers = () => {
	const [answers, sets, embedding] = [useRoom(Answers), useDataSets(), useEmbedding()];
	return { room: answers, ask: () => (sets.data ? answers.ask(sets.data, embedding) : Promise.resolve()) };
};
