import { expect, it } from 'vitest';
import { joined, sum, type Values } from '#engine/model/rules/derivation.ts';
import { node } from '../../../tools/networks.ts';

/** A number of several inputs at one position, where some have fewer axes or axes of one. */

const values = (...shape: number[]): Values => ({
	shape,
	data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)
});

it('takes what is broadcast from where it lies', () => {
	const inputs = [values(2, 3, 4), values(4), values(3, 1), values(1, 3, 4), values()];
	const found = joined('a + b', sum)({ node: node('n', 'Add', []), inputs, weights: {}, position: [1, 2, 3] });
	expect(found.parts.map(({ input }) => input[0])).toEqual([23, 3, 2, 11, 0]);
	expect(found.worked).toBe(39);
	const list = joined(
		'a',
		sum
	)({ node: node('n', 'Add', []), inputs: [values(5), values(1)], weights: {}, position: [4] });
	expect(list.parts.map(({ input }) => input[0])).toEqual([4, 0]);
});
