import { describe, expect, it } from 'vitest';
import type { GraphNode } from '#contracts/graph.ts';
import * as rules from '#engine/model/rules/positions.ts';
import { windowOf } from '#engine/model/rules/window.ts';
import { node } from '../../../tools/networks.ts';

/** Where cells of an output look, counted by hand. */

const of = (attributes: GraphNode['attributes'], kernel?: number[]) =>
	node('n', 'Op', ['x'], {
		attributes,
		weights: kernel ? [{ name: 'k', shape: kernel, dtype: 'float32', role: 'kernel' }] : []
	});
const still = { size: [1, 1], stride: [1, 1], first: [0, 0] };

describe('positions', () => {
	it('that are kept: of a grid of another size everything may count', () => {
		expect(rules.kept(of({}), [4, 5], [4, 5])).toEqual(still);
		expect(rules.kept(of({}), [4, 5], [3, 5])).toBeNull();
		expect(rules.kept(of({}), [4, 5], [4, 6])).toBeNull();
		expect(rules.mixed(of({}), [4, 5], [4, 5])).toBeNull();
	});

	it.each<[GraphNode['attributes'], boolean]>([
		[{}, true],
		[{ axis: -1 }, true],
		[{ axis: 3 }, true],
		[{ axis: 1 }, false],
		[{ axis: -2 }, false]
	])('along an axis %j: kept %s', (attributes, kept) =>
		expect(rules.along(of(attributes), [4, 5], [4, 5])).toEqual(kept ? still : null)
	);

	it.each<[GraphNode['attributes'], boolean]>([
		[{ axes: [3] }, true],
		[{ axes: [-1] }, true],
		[{ axes: [] }, true],
		[{ axes: [3, 2] }, false],
		[{ axes: [1] }, false],
		[{}, false]
	])('along axes %j: kept %s', (attributes, kept) =>
		expect(rules.alongAxes(of(attributes), [4, 5], [4, 5])).toEqual(kept ? still : null)
	);

	it.each<[GraphNode['attributes'], boolean]>([
		[{ permutation: [0, 1, 2, 3] }, true],
		[{ permutation: [0, 2, 1, 3] }, false],
		[{ permutation: [0, 1, 3, 2] }, false],
		[{ permutation: [0, 3, 2, 1] }, false],
		[{}, false]
	])('turned by %j: kept %s', (attributes, kept) =>
		expect(rules.turned(of(attributes), [4, 4], [4, 4])).toEqual(kept ? still : null)
	);

	it('scaled: a share of a cell, or several', () => {
		expect(rules.scaled(of({}), [4, 6], [8, 3])).toEqual({ size: [1, 2], stride: [0.5, 2], first: [0, 0] });
	});

	it('resized: the nearest cell or two, around the middle of a cell or its corner', () => {
		const [middle, corner] = [rules.resized(() => true), rules.resized(() => false)];
		// Output cell 0 lies at 2 / 2 - 0.5 and 0.5 / 2 - 0.5 of the input; its two weights reach one cell each way.
		const two = of({ method: 'bilinear' });
		expect(middle(two, [8, 4], [4, 8])).toEqual({ size: [2, 2], stride: [2, 0.5], first: [0, -0.75] });
		expect(corner(two, [8, 4], [4, 8])).toEqual({ size: [2, 2], stride: [2, 0.5], first: [-0.5, -0.5] });
		const one = of({ method: 'nearest' });
		expect(middle(one, [8, 4], [4, 8])).toEqual({ size: [1, 1], stride: [2, 0.5], first: [0.5, -0.25] });
		expect(corner(one, [8, 4], [4, 8])).toEqual({ size: [1, 1], stride: [2, 0.5], first: [0, 0] });
	});

	it('of a window: with padding in front', () => {
		const same = of({ strides: [2, 1], padding: 'same', dilations: [1, 2] }, [3, 2, 4, 8]);
		// Rows: 8 by two, windows of 3: one too few, behind. Columns: windows of 3, one of two in front.
		expect(rules.windowed(same, [8, 5], [4, 5])).toEqual({ size: [3, 3], stride: [2, 1], first: [0, -1] });
		const own = of({ size: [2, 3], padding: [[1, 0], [2, 2]] }); // prettier-ignore
		expect(rules.windowed(own, [8, 6], [4, 4])).toEqual({ size: [2, 3], stride: [2, 3], first: [-1, -2] });
	});

	it('of a convolution run backwards', () => {
		// Each of 4 cells is spread over 3 of 8, two apart; forwards one row would lie behind. Cell 0 of the output has cell 0 at
		// its window's first position only.
		const same = of({ strides: [2, 2], padding: 'same' }, [3, 3, 4, 8]);
		expect(rules.spread(same, [4, 4], [8, 8])).toEqual({ size: [2, 2], stride: [0.5, 0.5], first: [-1, -1] });
		const valid = of({ strides: [1, 3], padding: 'valid' }, [2, 4, 4, 8]);
		expect(rules.spread(valid, [4, 2], [5, 7])).toEqual({ size: [2, 2], stride: [1, 1 / 3], first: [-1, -1] });
		const wide = of({ strides: [1, 1], padding: 'same' }, [5, 3, 4, 8]);
		expect(rules.spread(wide, [4, 4], [4, 4])).toEqual({ size: [5, 3], stride: [1, 1], first: [-2, -1] });
	});

	it('padded and cropped: by what lies before', () => {
		expect(rules.padded(of({ paddings: [[0, 0], [2, 1], [3, 0], [0, 0]] }), [4, 4], [7, 7])).toEqual({ ...still, first: [-2, -3] }); // prettier-ignore
		expect(rules.padded(of({}), [4, 4], [4, 4])).toEqual({ ...still, first: [-0, -0] });
		expect(rules.cropped(of({ cropping: [[2, 1], [3, 0]] }), [7, 7], [4, 4])).toEqual({ ...still, first: [2, 3] }); // prettier-ignore
		expect(rules.cropped(of({}), [7, 7], [4, 4])).toEqual(still);
	});
});

describe('a window', () => {
	it('is that of the stored kernel, or of a pool; settings may be one number', () => {
		expect(windowOf(of({ strides: 2, dilations: [3] }, [3, 2, 1, 1]), [9, 9, 1], [1, 2])).toEqual({
			...{ top: 2, left: 4, rows: 3, columns: 2, dilation: [3, 3] }
		});
		// A pool moves by its size.
		expect(windowOf(of({ size: 3 }), [9, 9, 1], [1, 2])).toMatchObject({ top: 3, left: 6, rows: 3, columns: 3 });
		expect(windowOf(of({ size: [2, 3] }), [9, 9, 1], [1, 2])).toMatchObject({ top: 2, left: 6, rows: 2, columns: 3 });
		expect(windowOf(of({}), [9, 9, 1], [1, 2])).toMatchObject({ top: 1, left: 2, rows: 1, columns: 1 });
		// The second kernel of a separable convolution does not slide.
		const separable = node('n', 'Op', ['x'], {
			weights: [
				{ name: 'p', shape: [1, 1, 4, 8], dtype: 'float32', role: 'pointwise' },
				{ name: 'b', shape: [8], dtype: 'float32', role: 'bias' },
				{ name: 'd', shape: [5, 4, 4, 1], dtype: 'float32', role: 'depthwise' }
			]
		});
		expect(windowOf(separable, [9, 9, 4], [1, 2])).toMatchObject({ top: 1, left: 2, rows: 5, columns: 4 });
	});

	it.each([
		// The input, the window, the stride, and how much of the padding lies in front.
		[5, 3, 1, 1],
		[5, 4, 1, 1],
		[5, 2, 1, 0],
		[8, 3, 2, 0],
		[7, 3, 2, 1],
		[7, 1, 2, 0],
		[9, 2, 4, 0],
		[9, 5, 4, 2]
	])('of %d cells, padded to the same: %d wide, %d apart, %d in front', (cells, size, stride, front) => {
		const padded = of({ size: [size, size], strides: [stride, stride], padding: 'same' });
		expect(windowOf(padded, [cells, 99, 1], [0, 0]).top).toBe(-front || 0);
		expect(windowOf(padded, [cells, 99, 1], [2, 0]).top).toBe(2 * stride - front);
		// Its windows end where the picture ends, or so much behind as in front, or one more.
		const last = Math.ceil(cells / stride) - 1;
		const behind = Math.max(0, last * stride - front + size - cells);
		expect([front, front + 1]).toContain(behind);
	});
});
