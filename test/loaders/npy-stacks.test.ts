import { describe, expect, it } from 'vitest';
import type { NpyArray } from '#loaders/npy/arrays.ts';
import { isOneHot } from '#loaders/npy/columns.ts';
import { sameRows, stacksOf, upright, widthOf } from '#loaders/npy/stacks.ts';
import { npyHeader } from '#maths/npy.ts';
import { lookedAt } from '#loaders/npy/arrays.ts';

/** An array by its name, shape and type; nothing of it is read. */
const array = (name: string, shape: readonly number[], type = '<f4'): NpyArray => ({
	file: { path: `${name}.npy`, blob: new Blob([]) },
	name,
	header: { type, shape, start: 0, fortran: false, fields: [] } as unknown as NpyArray['header'],
	items: shape.reduce((all, n) => all * n, 1)
});
const summary = (...arrays: readonly NpyArray[]) =>
	stacksOf(arrays).map(({ name, splits, count, inner, numeric }) => [
		name,
		splits.join(),
		count,
		inner.join(),
		numeric
	]);

describe('arrays cut into parts', () => {
	it('are one where names, kinds and shapes of a row agree, in the order of use', () => {
		expect(summary(array('x_test', [2, 5, 3]), array('x_train', [4, 5, 3]), array('ids', [6]))).toEqual([
			['ids', '', 6, '', true],
			['x', 'train,test', 6, '5,3', true]
		]);
		expect(summary(array('train', [4]), array('test', [2], '<i8'))).toEqual([['data', 'train,test', 6, '', true]]);
		expect(summary(array('y_train', [4], '<U3'), array('y_test', [2], '<U5'))).toEqual([
			['y', 'train,test', 6, '', false]
		]);
	});

	it('are by themselves where they do not', () => {
		const alone = (...arrays: readonly NpyArray[]) => expect(summary(...arrays)).toHaveLength(arrays.length);
		alone(array('x_train', [4, 5]), array('x_test', [2, 6]));
		alone(array('x_train', [4, 5, 3]), array('x_test', [2, 6, 3]));
		alone(array('x_train', [4]), array('x_test', [2], '<U3'));
		alone(array('x_train', [4], '<M8'), array('x_test', [2], '<m8'));
		alone(array('x_train', [4]), array('x-train', [4]));
		alone(array('x_train', []), array('x_test', []));
		expect(summary(array('x_train', [4, 5]))).toEqual([['x_train', '', 4, '5', true]]);
	});

	it('have the same rows where they are as many, cut at the same rows', () => {
		const stack = (...arrays: readonly NpyArray[]) => stacksOf(arrays)[0]!;
		const x = stack(array('x_train', [4, 5]), array('x_test', [2, 5]));
		expect(sameRows(x, stack(array('y_train', [4]), array('y_test', [2])))).toBe(true);
		for (const other of [
			stack(array('y_train', [2]), array('y_test', [4])),
			stack(array('y_train', [4]), array('y_val', [2])),
			stack(array('y', [6]))
		])
			expect(sameRows(x, other)).toBe(false);
	});

	it('of one row with a value for each are turned upright', () => {
		const [row] = stacksOf([array('y', [1, 6])]);
		const turned = upright(row!, 6);
		expect([turned.count, turned.inner, turned.arrays[0]!.header.shape, widthOf(turned)]).toEqual([6, [], [6], 1]);
		expect(widthOf(row!)).toBe(6);
		expect(upright(row!, 5)).toBe(row);
		for (const shape of [[2, 6], [6], [1, 6, 1], [1, 1]]) {
			const [other] = stacksOf([array('y', shape)]);
			expect(upright(other!, shape.at(-1)!)).toBe(other);
		}
		const [parts] = stacksOf([array('y_train', [1, 6]), array('y_test', [1, 6])]);
		expect(upright(parts!, 6)).toBe(parts);
	});
});

it('classes written out are rows of numbers with one 1 each', async () => {
	const context = { signal: new AbortController().signal, progress: () => undefined };
	const is = async (shape: number[], values: readonly number[]) => {
		const header = npyHeader(shape, 'float32');
		const file = { path: 'y.npy', blob: new Blob([header, Float32Array.from(values)]) };
		return isOneHot(stacksOf([await lookedAt(file)])[0]!, context);
	};
	const rows = [0, 1, 0, 1, 0, 0];
	expect([await is([2, 3], rows), await is([3, 2], [0, 1, 1, 0, 0, 1])]).toEqual([true, true]);
	expect([await is([2, 3, 1], rows), await is([6], rows), await is([2, 3], [0, 1, 0, 1, 0, 2])]).toEqual([
		false,
		false,
		false
	]);
	expect(await isOneHot(stacksOf([array('y', [2, 3], '<U1')])[0]!, context)).toBe(false);
	const wide = (width: number) =>
		is(
			[2, width],
			Array.from({ length: 2 * width }, (_, i) => (i === 0 || i === width + 1 ? 1 : 0))
		);
	expect([await wide(1000), await wide(1001)]).toEqual([true, false]);
});
