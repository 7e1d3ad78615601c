import type { ChartSpec } from '#contracts/chart.ts';
import type { Evaluation } from '#maths/evaluation.ts';
import { losses } from '#maths/evaluation.ts';
import type { DataPredictions } from '#state/embedding/predictions.svelte.ts';

/** Items that are taken for another, the worst first. */
export function worstItems({ probabilities, units, classes }: DataPredictions, truth: Int32Array, max: number) {
	const loss = losses(probabilities, truth, classes);
	return Array.from(truth.keys())
		.filter((i) => truth[i]! >= 0 && units[i] !== truth[i])
		.sort((a, b) => loss[b]! - loss[a]!)
		.slice(0, max)
		.map((item) => ({ item, loss: loss[item]! }));
}

/** Accuracy against confidence, bin by bin. */
export function calibrationChart({ bins }: Evaluation): ChartSpec {
	const own = bins.filter(({ count }) => count > 0);
	return {
		title: 'Calibration',
		x: { label: 'confidence', domain: [0, 1] },
		y: { label: 'accuracy', domain: [0, 1] },
		series: [
			{
				kind: 'bars',
				name: 'accuracy',
				colour: 'bar',
				from: own.map(({ low }) => low),
				to: own.map(({ high }) => high),
				y: own.map(({ accuracy }) => accuracy)
			},
			{ kind: 'line', name: 'perfect calibration', colour: 'muted', x: [0, 1], y: [0, 1], dashed: true },
			{
				kind: 'dots',
				name: 'mean confidence and accuracy',
				colour: 'accent',
				x: own.map(({ confidence }) => confidence),
				y: own.map(({ accuracy }) => accuracy)
			}
		]
	};
}
