import { describe, expect, it } from 'vitest';
import { classesOf } from '#maths/class-names.ts';
import { evaluate, losses, predictions } from '#maths/evaluation.ts';
import { stream } from '#maths/random.ts';

const random = stream(5, 'data');
const [count, classes] = [500, 4];
const probabilities = new Float32Array(count * classes);
const labels = new Int32Array(count);
for (let i = 0; i < count; i++) {
	const raw = Array.from({ length: classes }, () => Math.exp(2 * random.normal()));
	const sum = raw.reduce((a, b) => a + b, 0);
	raw.forEach((v, k) => (probabilities[i * classes + k] = v / sum));
	labels[i] =
		i % 17 === 0 ? -1 : random.uniform() < 0.6 ? raw.indexOf(Math.max(...raw)) : Math.floor(classes * random.uniform());
}

describe('a classifier on a data set', () => {
	const result = evaluate(probabilities, labels, classes);
	const known = [...labels.keys()].filter((i) => labels[i]! >= 0);
	const row = (i: number) => Array.from(probabilities.subarray(i * classes, (i + 1) * classes));
	const predicted = (i: number) => row(i).indexOf(Math.max(...row(i)));

	it('counts who is taken for whom', () => {
		expect(result.count).toBe(known.length);
		for (let a = 0; a < classes; a++)
			for (let b = 0; b < classes; b++)
				expect(result.confusion[a * classes + b]).toBe(
					known.filter((i) => labels[i] === a && predicted(i) === b).length
				);
		expect(result.accuracy).toBeCloseTo(known.filter((i) => labels[i] === predicted(i)).length / known.length, 12);
	});

	it('precision, recall and F1 by their definitions', () => {
		result.scores.forEach(({ precision, recall, f1, support }, k) => {
			const [of, as] = [known.filter((i) => labels[i] === k), known.filter((i) => predicted(i) === k)];
			const hits = of.filter((i) => predicted(i) === k).length;
			expect(support).toBe(of.length);
			expect(precision).toBeCloseTo(hits / as.length, 12);
			expect(recall).toBeCloseTo(hits / of.length, 12);
			expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
		});
	});

	it('the calibration error is that of Guo et al., item by item', () => {
		let ece = 0;
		for (let b = 0; b < 10; b++) {
			const own = known.filter((i) => Math.max(...row(i)) > b / 10 && Math.max(...row(i)) <= (b + 1) / 10);
			if (!own.length) continue;
			const sure = own.reduce((sum, i) => sum + Math.max(...row(i)), 0) / own.length;
			const right = own.filter((i) => predicted(i) === labels[i]).length / own.length;
			ece += (own.length / known.length) * Math.abs(sure - right);
			expect(result.bins[b]).toMatchObject({ count: own.length });
		}
		expect(result.ece).toBeCloseTo(ece, 10);
	});

	it('bins are open below and closed above, and hold the means of what falls into them', () => {
		// Of two classes, so that the confidence is what is written; every number is exact in binary.
		const sure = [0.5, 0.625, 0.75, 0.75, 0.875, 1];
		const right = [true, false, true, false, true, false];
		const shares = Float32Array.from(sure.flatMap((p) => [p, 1 - p]));
		const { bins, ece } = evaluate(
			shares,
			Int32Array.from(right, (yes) => (yes ? 0 : 1)),
			2,
			4
		);
		expect(bins).toEqual([
			{ low: 0, high: 0.25, count: 0, confidence: NaN, accuracy: NaN },
			{ low: 0.25, high: 0.5, count: 1, confidence: 0.5, accuracy: 1 },
			{ low: 0.5, high: 0.75, count: 3, confidence: 2.125 / 3, accuracy: 1 / 3 },
			{ low: 0.75, high: 1, count: 2, confidence: 0.9375, accuracy: 0.5 }
		]);
		expect(ece).toBeCloseTo((0.5 + 1.125 + 0.875) / 6, 12);
		const tenths = evaluate(Float32Array.of(0.55, 0.45, 1, 0), Int32Array.of(0, 0), 2).bins;
		expect(tenths.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
		expect(tenths[5]).toMatchObject({ low: 0.5, high: 0.6, accuracy: 1 });
		expect(tenths[9]).toMatchObject({ low: 0.9, high: 1, confidence: 1, accuracy: 1 });
	});

	it('a sure mistake has a large, finite loss; an unknown label none', () => {
		const loss = losses(Float32Array.of(1, 0, 0.5, 0.5), Int32Array.of(1, -1), 2);
		expect(loss[0]).toBeCloseTo(16.118, 2);
		expect(loss[1]).toBeNaN();
		expect([...predictions(Float32Array.of(0.2, 0.8, 0.6, 0.4), 2).units]).toEqual([1, 0]);
	});

	it('a class that never comes has no scores, and does not spoil the mean', () => {
		const perfect = evaluate(Float32Array.of(1, 0, 0, 0, 1, 0), Int32Array.of(0, 1), 3);
		expect(perfect.macroF1).toBe(1);
		expect(perfect.scores[2]!.recall).toBeNaN();
		expect(perfect.ece).toBe(0);
	});
});

describe('labels and classes', () => {
	it('meet by name, whatever the case; else by number', () => {
		expect([...classesOf(['Dog', 'cat', 'unicorn'], ['cat', 'dog'], 2)!]).toEqual([1, 0, -1]);
		expect([...classesOf(['tench'], ['tench, Tinca tinca', 'goldfish'], 2)!]).toEqual([0]);
		expect([...classesOf(['3', '0'], ['zero', 'one', 'two', 'three'], 4)!]).toEqual([3, 0]);
		expect(classesOf(['3', '9'], null, 4)).toBeNull();
		expect(classesOf(['a', 'b'], null, 4)).toBeNull();
	});
});
