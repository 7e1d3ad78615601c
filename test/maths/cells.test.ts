import { describe, expect, it } from 'vitest';
import { cellGrid, cellLayout, cellStats } from '#maths/cells.ts';
import { expectClose } from '../close.ts';

describe('many pictures side by side', () => {
	it.each([
		// h, w, count, most, side, limit
		[
			'whole, as square as can be',
			[4, 4, 9, 0, 16, 100],
			{ thinned: 1, width: 4, height: 4, shown: 9, columns: 3, rows: 3, top: 0, left: 0 }
		],
		['fewer than there are', [4, 4, 9, 5, 16, 100], { shown: 5, columns: 3, rows: 2 }],
		[
			'thinned, in the middle',
			[7, 4, 2, 0, 3, 100],
			{ thinned: 3, width: 2, height: 3, top: 1, left: 1, columns: 2, rows: 1 }
		],
		['high ones in more columns', [16, 4, 4, 0, 16, 100], { columns: 4, rows: 1 }],
		['wide ones in fewer', [4, 16, 4, 0, 16, 100], { columns: 1, rows: 4 }],
		['no more than fit', [4, 4, 100, 0, 16, 10], { shown: 4, columns: 2, rows: 2 }],
		[
			'the limit thins, too',
			[20, 20, 5, 0, 16, 10],
			{ thinned: 2, width: 10, height: 10, shown: 1, columns: 1, rows: 1 }
		],
		['in more columns where rows are few', [10, 2, 6, 0, 16, 12], { shown: 6, columns: 6, rows: 1 }]
	] as const)('%s', (_, [h, w, count, maxCells, side, limit], expected) =>
		expect(cellLayout(h, w, count, maxCells, side, limit)).toMatchObject(expected)
	);

	it('each is the mean of its windows; positions without one are 0', () => {
		const [h, w, count] = [5, 4, 3];
		const values = Float32Array.from({ length: h * w * count }, (_, i) => ((i * 37) % 19) - 9);
		for (const side of [2, 3, 5]) {
			const layout = cellLayout(h, w, count, 0, side, 100);
			const { thinned, width, height, columns, rows, top, left } = layout;
			const stride = columns * width;
			const expected = new Array<number>(rows * height * stride).fill(0);
			for (let k = 0; k < count; k++)
				for (let y = 0; y < height; y++)
					for (let x = 0; x < width; x++) {
						const own: number[] = [];
						for (let i = 0; i < h; i++)
							for (let j = 0; j < w; j++)
								if (Math.floor((i + top) / thinned) === y && Math.floor((j + left) / thinned) === x)
									own.push(values[(i * w + j) * count + k]!);
						const [row, column] = [Math.floor(k / columns), k % columns];
						expected[(row * height + y) * stride + column * width + x] = own.reduce((a, b) => a + b) / own.length;
					}
			expectClose({ data: cellGrid(values, h, w, count, layout) }, { data: expected }, { rtol: 1e-6 });
		}
		const one = cellLayout(1, 1, 1, 0, 1, 1);
		expect(Object.is(cellGrid([-0], 1, 1, 1, one)[0], -0)).toBe(true);
	});

	it('have means, standard deviations, ends and zeros', () => {
		// Cells 1, 3, 3, 5 and -2, 0, 0, 6.
		const stats = cellStats([1, -2, 3, 0, 3, 0, 5, 6], 4, 2);
		expectClose(
			{ data: stats },
			{ data: [3, 1, Math.SQRT2, Math.sqrt((9 + 1 + 1 + 25) / 4), 1, -2, 5, 6, 0, 0.5] },
			{ rtol: 1e-7 }
		);
		const far = cellStats([1e7, 1e7 + 1, 1e7 + 2], 3, 1);
		expect(far[1]).toBeCloseTo(Math.sqrt(2 / 3), 6);
	});
});
