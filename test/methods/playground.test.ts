import { describe, expect, it } from 'vitest';
import { TypedTraining } from '#maths/playground/training.ts';
import { DERIVED_INPUTS } from '#maths/playground/spec.ts';
import { playground } from '../tools/playground.ts';

/** What TensorFlow Playground solves and does not solve, measured on its own code with 10 seeds each. */

type Changes = NonNullable<Parameters<typeof playground>[0]>;

const SOLVED = 0.05;

/** Epochs until the test loss is below 0.05; Infinity for never. */
function epochsTo(changes: Changes, seed: number, most: number, every = 1): number {
	const training = new TypedTraining(playground({ ...changes, seed }));
	for (let epoch = 1; epoch <= most; epoch++) {
		for (let i = 0; i < training.perEpoch; i++) training.train();
		if (epoch % every === 0 && training.metrics().test.loss < SOLVED) return epoch;
	}
	return Infinity;
}

const seeds = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const solvedOf = (changes: Changes, most: number, count = 10, every = 1) =>
	seeds(count).filter((seed) => epochsTo(changes, seed, most, every) <= most).length;

describe('rows that are solved', () => {
	it.each<[string, Changes, number, number]>([
		['the page as it opens', {}, 150, 8],
		['gauss, no hidden layer', { data: { kind: 'gauss' }, network: { hidden: [] } }, 3, 10],
		['xor by its product', { data: { kind: 'xor' }, network: { inputs: ['x1-x2'], hidden: [] } }, 3, 10],
		['xor', { data: { kind: 'xor' } }, 400, 8]
	])('%s', (_, changes, most, atLeast) => {
		expect(solvedOf(changes, most)).toBeGreaterThanOrEqual(atLeast);
	});

	it('spiral, three layers of ReLU', () => {
		const changes: Changes = { data: { kind: 'spiral' }, network: { hidden: [8, 8, 8], activation: 'relu' } };
		expect(solvedOf(changes, 1200, 10, 5)).toBeGreaterThanOrEqual(9);
	});

	it('spiral, with sines', () => {
		const inputs = ['x1', 'x2', 'sin-x1', 'sin-x2'] as const;
		const changes: Changes = { data: { kind: 'spiral' }, network: { inputs, hidden: [8, 8] } };
		expect(solvedOf(changes, 1600, 10, 5)).toBeGreaterThanOrEqual(9);
	});
});

describe('rows that must fail: who solves them has leaked labels', () => {
	it.each<[string, Changes, number]>([
		['xor, no hidden layer', { data: { kind: 'xor' }, network: { hidden: [] } }, 200],
		['xor, two neurons', { data: { kind: 'xor' }, network: { hidden: [2] } }, 300],
		['spiral, [4, 2]', { data: { kind: 'spiral' } }, 3000],
		['spiral, [8]', { data: { kind: 'spiral' }, network: { hidden: [8] } }, 3000],
		[
			'spiral, six layers of sigmoid: gradients vanish',
			{ data: { kind: 'spiral' }, network: { hidden: [8, 8, 8, 8, 8, 8], activation: 'sigmoid' } },
			150
		],
		[
			'spiral, learning rate 3: saturates',
			{ data: { kind: 'spiral' }, network: { inputs: DERIVED_INPUTS, hidden: [8, 8] }, learning: { rate: 3 } },
			200
		],
		[
			'spiral, learning rate 1 with ReLU: dies',
			{
				data: { kind: 'spiral' },
				network: { inputs: DERIVED_INPUTS, hidden: [8, 8], activation: 'relu' },
				learning: { rate: 1 }
			},
			200
		]
	])('%s', (_, changes, most) => {
		expect(solvedOf(changes, most, 5, 10)).toBe(0);
	});
});
