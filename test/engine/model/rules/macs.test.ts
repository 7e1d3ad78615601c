import { describe, expect, it } from 'vitest';
import type { GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import * as macs from '#engine/model/rules/macs.ts';
import { product } from '#maths/product.ts';

/** Counts by the textbook: kernel size times output size, and so on, worked out by hand. */

const weight = (shape: readonly number[], role?: string): WeightInfo => ({
	...{ name: 'n/w', shape, dtype: 'float32' },
	...(role === undefined ? {} : { role })
});
const node = (
	shape: Shape,
	weights: readonly WeightInfo[] = [],
	attributes: GraphNode['attributes'] = {}
): GraphNode => ({
	...{ id: 'n', type: 'T', attributes, inputs: [], shape, dtype: 'float32', weights, group: [] }
});
const image = node([null, 10, 8, 3]);

describe('multiply-adds of a row of a batch', () => {
	it('numbers of a row are those behind the batch; unknown sides count as one', () => {
		expect([macs.sizeOf([null, 4, 5]), macs.sizeOf([7, null, 5]), macs.sizeOf([3]), product([2, 3])]).toEqual([
			20, 5, 1, 6
		]);
	});

	it('what moves numbers is free, what would be a guess is not counted', () => {
		expect([macs.free(image, []), macs.uncounted(image, [])]).toEqual([0, null]);
		expect([macs.perOutput(image, []), macs.perInput(node([null, 1]), [image]), macs.perInput(image, [])]).toEqual([
			240,
			240,
			null
		]);
		expect(macs.interpolated(image, [])).toBe(4 * 240);
	});

	it('sums of inputs are one per output number and term after the first, one at least', () => {
		const terms = (inputs: number, weights: number) =>
			macs.perTerm(
				node(
					[null, 5],
					Array.from({ length: weights }, () => weight([5]))
				),
				Array.from({ length: inputs }, () => image)
			);
		expect([terms(1, 0), terms(2, 0), terms(4, 0), terms(1, 2)]).toEqual([5, 5, 15, 10]);
	});

	it('convolutions: kernel size times output cells, by the role of the kernel, else by its rank', () => {
		const bias = weight([16], 'bias');
		const kernel = weight([3, 3, 3, 16], 'kernel');
		expect(macs.convolved(node([null, 8, 6, 16], [bias, kernel]), [image])).toBe(8 * 6 * 9 * 3 * 16);
		expect(macs.convolved(node([null, 8, 6, 16], [bias, weight([3, 3, 3, 16])]), [image])).toBe(8 * 6 * 9 * 3 * 16);
		expect(macs.convolved(node([null, 8, null, 16], [kernel]), [image])).toBe(8 * 9 * 3 * 16);
		expect(macs.convolved(node([null, 8, 6, 16], [bias]), [image])).toBeNull();
		const computed = node([2, 2, 3, 4]);
		expect(macs.convolvedWith(node([null, 9, 7, 4]), [image, computed])).toBe(9 * 7 * 2 * 2 * 3 * 4);
		expect(macs.convolvedWith(node([null, 8, 6, 16], [kernel]), [image, computed])).toBe(8 * 6 * 9 * 3 * 16);
		expect(macs.convolvedWith(node([null, 9, 7, 4]), [image])).toBeNull();
		// Turned around, each input cell meets the whole kernel.
		const transposed = node([null, 20, 16, 5], [weight([2, 2, 5, 3], 'kernel')]);
		expect([
			macs.spread(transposed, [image]),
			macs.spread(transposed, []),
			macs.spread(node([null, 1]), [image])
		]).toEqual([...[10 * 8 * 2 * 2 * 5 * 3, null, null]]);
		const both = [weight([3, 3, 3, 2], 'depthwise'), weight([1, 1, 6, 4], 'pointwise'), weight([4], 'bias')];
		expect(macs.separable(node([null, 8, 6, 4], both), [image])).toBe(8 * 6 * (3 * 3 * 3 * 2 + 6 * 4));
	});

	it('matrices: of dense layers at each position, and of two inputs along what they share', () => {
		const kernel = weight([3, 7], 'kernel');
		expect(macs.dense(node([null, 7], [weight([7], 'bias'), kernel]), [])).toBe(21);
		expect(macs.dense(node([null, 5, 7], [kernel]), [])).toBe(5 * 21);
		expect(macs.dense(node([null, 7], [weight([7], 'bias')]), [])).toBeNull();
		const left = node([null, 4, 6]);
		expect(macs.matrices(node([null, 4, 5]), [left])).toBe(4 * 5 * 6);
		expect(macs.matrices(node([null, 6, 5], [], { transposeA: true }), [left])).toBe(6 * 5 * 4);
		expect([macs.matrices(node([null, 4]), []), macs.matrices(node([null, 4]), [node([null, null])])]).toEqual([
			null,
			null
		]);
	});

	it('averages: the window per output number; recurrent layers: all matrices at each step', () => {
		expect(macs.averaged(node([null, 5, 4, 3], [], { size: [2, 2] }), [])).toBe(60 * 4);
		expect(macs.averaged(node([null, 5, 4, 3]), [])).toBeNull();
		const weights = [
			weight([3, 8], 'kernel'),
			weight([2, 8], 'recurrent_kernel'),
			weight([8], 'bias'),
			weight([2, 8], 'bias')
		];
		expect(macs.recurrent(node([null, 2], weights), [node([null, 11, 3])])).toBe(11 * (24 + 16));
		expect([
			macs.recurrent(node([null, 2], weights), [node([null, null, 3])]),
			macs.recurrent(node([null, 2], weights), [])
		]).toEqual([...[null, null]]);
	});
});
