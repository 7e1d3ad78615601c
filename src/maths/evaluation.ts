/** How good a classifier is on a data set: who is taken for whom, and whether its confidence can be believed. */

interface ClassScore {
	/** Items of the class, and items said to be of it. */
	support: number;
	predicted: number;
	/** NaN where nothing was predicted, or nothing is of the class. */
	precision: number;
	recall: number;
	f1: number;
}

interface CalibrationBin {
	low: number;
	high: number;
	count: number;
	/** Means of the items in it. */
	confidence: number;
	accuracy: number;
}

export interface Evaluation {
	classes: number;
	/** Items with a known label. */
	count: number;
	accuracy: number;
	/** classes x classes: row the label, column the prediction. */
	confusion: Uint32Array;
	scores: readonly ClassScore[];
	/** Mean of the classes' F1, where there is one. */
	macroF1: number;
	/** Mean of -log p(label). */
	loss: number;
	bins: readonly CalibrationBin[];
	/** Expected calibration error (Guo et al. 2017): the mean gap between confidence and accuracy, weighted by items. */
	ece: number;
}

/** Probabilities below this count as this, so that the loss of a sure mistake is finite. */
const MIN_PROBABILITY = 1e-7;

/** -log of the probability of the label, per item; NaN where it is unknown. */
export function losses(probabilities: Float32Array, labels: Int32Array, classes: number): Float32Array<ArrayBuffer> {
	return Float32Array.from(labels, (label, i) =>
		label < 0 || label >= classes ? NaN : -Math.log(Math.max(MIN_PROBABILITY, probabilities[i * classes + label]!))
	);
}

/** The most likely class per item, and its probability. */
export function predictions(probabilities: Float32Array, classes: number) {
	const count = classes ? probabilities.length / classes : 0;
	const units = new Int32Array(count);
	const confidence = new Float32Array(count);
	for (let i = 0; i < count; i++) {
		let best = 0;
		for (let k = 1; k < classes; k++)
			if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k;
		units[i] = best;
		confidence[i] = probabilities[i * classes + best]!;
	}
	return { units, confidence };
}

/**
 * @param probabilities count x classes
 * @param labels a class per item; -1 for unknown, which is left out
 */
export function evaluate(probabilities: Float32Array, labels: Int32Array, classes: number, bins = 10): Evaluation {
	const { units, confidence } = predictions(probabilities, classes);
	const loss = losses(probabilities, labels, classes);
	const confusion = new Uint32Array(classes * classes);
	const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
	let [count, right, total] = [0, 0, 0];
	labels.forEach((label, i) => {
		if (label < 0 || label >= classes) return;
		const [unit, sure] = [units[i]!, confidence[i]!];
		confusion[label * classes + unit]!++;
		count++;
		total += loss[i]!;
		// Bins are open below and closed above, as in Guo et al.
		const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(sure * bins) - 1))]!;
		bin.count++;
		bin.confidence += sure;
		if (unit === label) {
			right++;
			bin.right++;
		}
	});
	const scores = Array.from({ length: classes }, (_, k): ClassScore => {
		let [support, predicted] = [0, 0];
		for (let j = 0; j < classes; j++) {
			support += confusion[k * classes + j]!;
			predicted += confusion[j * classes + k]!;
		}
		const hit = confusion[k * classes + k]!;
		const f1 = support + predicted ? (2 * hit) / (support + predicted) : NaN;
		return { support, predicted, precision: hit / predicted, recall: hit / support, f1 };
	});
	const present = scores.filter(({ f1 }) => !Number.isNaN(f1));
	return {
		classes,
		count,
		accuracy: right / count,
		confusion,
		scores,
		macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / present.length,
		loss: total / count,
		bins: sums.map((bin, b) => ({
			low: b / bins,
			high: (b + 1) / bins,
			count: bin.count,
			confidence: bin.confidence / bin.count,
			accuracy: bin.right / bin.count
		})),
		ece: sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / count
	};
}
