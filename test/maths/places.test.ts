import { describe, expect, it } from 'vitest';
import { scaleBytes, scaleColours } from '#maths/colour.ts';
import { example, perceptron } from '#maths/figures/edit.ts';
import { fromLines } from '#maths/labels/from-lines.ts';
import { MAX_SUM, valuesAt } from '#maths/playground/field.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import { playground } from '../tools/playground.ts';

describe('figures to begin with', () => {
	it('are LeNet-5 as it is printed (LeCun et al. 1998, figure 2)', () => {
		expect(example().map(({ name, shape, window }) => [name, shape.join('x'), window?.join('x') ?? ''])).toEqual([
			['INPUT', '32x32x1', ''],
			['C1', '28x28x6', '5x5'],
			['S2', '14x14x6', '2x2'],
			['C3', '10x10x16', '5x5'],
			['S4', '5x5x16', '2x2'],
			['C5', '120', ''],
			['F6', '84', ''],
			['OUTPUT', '10', '']
		]);
		expect(perceptron().map(({ shape }) => shape)).toEqual([[4], [8], [8], [3]]);
	});
});

describe('a scale as bytes', () => {
	it.each(['viridis', 'rdbu', 'puor'])('%s is the same as in words, from end to end', (id) => {
		for (const n of [2, 5]) {
			const bytes = scaleBytes(id, n);
			const words = Array.from(
				{ length: n },
				(_, i) => `#${Buffer.from(bytes.subarray(4 * i, 4 * i + 3)).toString('hex')}`
			);
			expect(words).toEqual(scaleColours(id, n));
			expect([...bytes].filter((_, at) => at % 4 === 3)).toEqual(Array(n).fill(255));
		}
		expect(scaleColours(id, 1)).toEqual([scaleColours(id, 3)[1]]);
	});
});

describe('names in lines', () => {
	it('of one line are three at least, and no numbers', () => {
		expect(fromLines(['cat, dog, bird'])).toEqual(['cat', 'dog', 'bird']);
		expect(fromLines(['cat; "dog"; bird'])).toEqual(['cat', 'dog', 'bird']);
		expect(fromLines(['cat, dog'])).not.toEqual(['cat', 'dog']);
		expect(fromLines(['cat, 5, bird'])).not.toEqual(['cat', '5', 'bird']);
	});
	it('have their number in front or behind, of one letter too', () => {
		expect(fromLines(['0 cat', '1 dog', '2 bird'])).toEqual(['cat', 'dog', 'bird']);
		expect(fromLines(['a,0', 'b,1', 'c,2'])).toEqual(['a', 'b', 'c']);
		expect(fromLines(['b,1', 'a,0', 'c,2'])).toEqual(['a', 'b', 'c']);
		expect(fromLines(['a\t0', 'b\t1', 'c\t2'])).toEqual(['a', 'b', 'c']);
	});
	it('have a WordNet id in front', () => {
		expect(fromLines(['n01440764 tench, Tinca tinca', 'n01443537 goldfish'])).toEqual([
			'tench, Tinca tinca',
			'goldfish'
		]);
	});
});

it('a sum beyond the largest is no number, and what lies below it is', () => {
	const spec = playground({ data: { kind: 'plane' }, learning: { loss: 'squared' }, network: { hidden: [] } });
	const network = new TypedTraining(spec).planeNetwork();
	const gradientOf = (weight: number) => {
		const parameters = network.parameters.map((_, at) => (at ? 0 : weight));
		return valuesAt(
			{ ...network, parameters },
			{ x1: Float64Array.of(1), x2: Float64Array.of(0) },
			{ content: 'outputs' }
		)[0];
	};
	expect(MAX_SUM).toBe(1e38);
	expect(gradientOf(9e37)).toBe(Math.fround(9e37));
	expect(gradientOf(1.1e38)).toBeNaN();
	expect(gradientOf(-1.1e38)).toBeNaN();
});
