import { beforeAll, describe, expect, it } from 'vitest';
import { cellStats, grid, inOrder, layoutOf, stackOf } from '#methods/activation/cells.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';

beforeAll(() => useBackend('wasm'));

describe('cells', () => {
	it('lays channels out row by row, each a picture, and takes their statistics', async () => {
		const values = Float32Array.from({ length: 3 * 4 * 5 }, (_, i) => Math.sin(i) * (i % 5));
		const x = tf.tensor(values, [1, 3, 4, 5]);
		const stack = stackOf(x, 'Conv2D');
		const { field, cells } = grid(stack, 0, Infinity);
		expect(cells).toMatchObject({ kind: 'maps', count: 5, shown: 5, width: 4, height: 3 });
		const data = await field.data();
		const stats = await cellStats(stack).array();
		for (let c = 0; c < 5; c++) {
			const own: number[] = [];
			for (let y = 0; y < 3; y++)
				for (let k = 0; k < 4; k++) {
					const row = Math.floor(c / cells.columns) * 3 + y;
					const value = data[row * field.shape[1] + (c % cells.columns) * 4 + k]!;
					expect(value).toBe(values[(y * 4 + k) * 5 + c]);
					own.push(value);
				}
			const mean = own.reduce((a, b) => a + b) / 12;
			const std = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / 12);
			const expected = [mean, std, Math.min(...own), Math.max(...own), own.filter((n) => n === 0).length / 12];
			expectClose({ data: stats.map((row) => row[c]!) }, { data: expected }, { rtol: 1e-5, atol: 1e-6 });
		}
	});

	it.each([
		[[1, 7], 'Dense', { kind: 'units', width: 1, height: 1 }, 7],
		[[1, 6, 3], 'LSTM', { kind: 'sequence', width: 6, height: 3 }, 1],
		[[1, 2, 6, 6], 'Softmax', { kind: 'heads', width: 6, height: 6 }, 2],
		[[1, 2, 3, 4, 5], 'Conv3D', { kind: 'maps', width: 4, height: 6 }, 5]
	] as const)('knows the kind of %s from %s', (shape, type, expected, count) => {
		const stack = stackOf(tf.zeros([...shape]), type);
		expect(grid(stack, 0, Infinity).cells).toMatchObject({ ...expected, count });
	});

	it('thins large maps by averaging', async () => {
		const { field, thinned } = grid(stackOf(tf.reshape(tf.range(0, 16), [1, 4, 4, 1]), 'Conv2D'), 0, 2);
		expect(thinned).toBe(2);
		expect([...(await field.data())]).toEqual([2.5, 4.5, 10.5, 12.5]);
	});

	it.each([
		['Dense', [1, 3], 'units', [1, 1, 3], [0, 1, 2]],
		['Reshape', [1], 'units', [1, 1, 1], [0]],
		// Time to the right: unit k at time t lies at row k, column t.
		['LSTM', [1, 2, 3], 'sequence', [3, 2, 1], [0, 3, 1, 4, 2, 5]],
		// A matrix per head, head last.
		['Softmax', [1, 2, 2, 2], 'heads', [2, 2, 2], [0, 4, 1, 5, 2, 6, 3, 7]],
		['Conv2D', [1, 2, 2, 2], 'maps', [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]],
		['Conv3D', [1, 2, 1, 2, 2], 'maps', [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]]
	] as const)('%s of %j lies as %s', async (type, shape, kind, sides, order) => {
		const size = shape.reduce<number>((a, b) => a * b, 1);
		const stack = stackOf(tf.reshape(tf.range(0, size), [...shape]), type);
		expect([stack.kind, stack.tensor.shape]).toEqual([kind, sides]);
		expect([...(await stack.tensor.data())]).toEqual(order);
	});

	it('of a batch the first row counts; whole numbers and truths become numbers', async () => {
		const two = stackOf(tf.tensor2d([[1, 2], [3, 4]], [2, 2], 'int32'), 'Dense'); // prettier-ignore
		expect(two.tensor.dtype).toBe('float32');
		expect([...(await two.tensor.data())]).toEqual([1, 2]);
	});

	it.each([
		[[1, 7], 'Dense', [1, 1, 7]],
		[[1], 'Dense', [1, 1, 1]],
		[[1, 5, 4, 3], 'Conv2D', [5, 4, 3]],
		[[1, 2, 5, 4, 3], 'Conv3D', [10, 4, 3]],
		[[1, 2, 2, 3], 'Softmax', null],
		[[1, 2, 2, 2, 3], 'Softmax', [4, 2, 3]],
		[[1, 5, 4], 'LSTM', null],
		[[2, 7], 'Dense', null]
	] as const)('%j of %s lie in order as %j', (shape, type, expected) => expect(inOrder(shape, type)).toEqual(expected));

	it('no side of a field is longer than 4096', () => {
		const { layout, cells } = layoutOf([1, 4097, 3], 'maps', 0, Infinity);
		expect([layout.thinned, cells.width, cells.shown, cells.count]).toEqual([2, 2049, 3, 3]);
		expect(layoutOf([1, 4096, 3], 'maps', 2, Infinity)).toMatchObject({
			layout: { thinned: 1 },
			cells: { kind: 'maps', count: 3, width: 4096, height: 1, columns: 1, shown: 2 }
		});
	});
});
