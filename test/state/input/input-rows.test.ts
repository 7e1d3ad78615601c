import { describe, expect, it, vi } from 'vitest';
import type { InputSpec } from '#contracts/compute.ts';
import { arraysFor } from '#loaders/input-array.ts';
import { npyHeader } from '#maths/npy.ts';
import { InputRows } from '#state/input/input-rows.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { zipSync } from 'fflate';

const npy = (shape: number[], values: readonly number[]) =>
	new Uint8Array([...npyHeader(shape, 'float32'), ...new Uint8Array(Float32Array.from(values).buffer)]);

function open(table: object = {}) {
	const inputs = [
		{ id: 'row', shape: [null, 2], dtype: 'float32', kind: 'values' },
		{ id: 'signal', shape: [null, 3, 1], dtype: 'float32', kind: 'values' }
	] as const satisfies InputSpec[];
	const context = {
		inputs,
		compute: { with: () => ({ readArrays: arraysFor }) },
		reader: { api: { with: () => ({ table: () => Promise.resolve({ table, notes: [] }) }) } },
		failed: vi.fn()
	};
	return { rows: new InputRows(context as unknown as ViewContext), give: vi.fn(), context };
}

describe('rows of files for inputs', () => {
	it('of a .npy: the first goes in, then those that are asked for, and none beyond', async () => {
		const { rows, give } = open();
		await rows.read('row', new Blob([npy([3, 2], [1, 2, 3, 4, 5, 6])]), 'a.npy', give);
		expect(rows.open.get('row')).toMatchObject({ title: 'a.npy', count: 3, at: 0, shape: [2] });
		expect(give).toHaveBeenLastCalledWith('row', [1, 2], [2]);
		await rows.go('row', 1, give);
		expect(give).toHaveBeenLastCalledWith('row', [3, 4], [2]);
		await rows.go('row', 99, give);
		expect(give).toHaveBeenLastCalledWith('row', [5, 6], [2]);
		await rows.go('row', NaN, give);
		expect(rows.open.get('row')?.at).toBe(0);
	});

	it('of an .npz: each input gets the array of its name, one without gets what fits', async () => {
		const { rows, give } = open();
		const both = zipSync({
			'signal.npy': npy([3], [7, 8, 9]),
			'other.npy': npy([2], [1, 2]),
			'no.npy': npy([5], [1, 1, 1, 1, 1])
		});
		await rows.read('row', new Blob([both as Uint8Array<ArrayBuffer>]), 'both.npz', give);
		expect(give.mock.calls).toEqual([
			['signal', [7, 8, 9], [3, 1]],
			['row', [1, 2], [2]]
		]);
	});

	it('of a table, with what it says of them', async () => {
		const { rows, give } = open({
			columns: ['a', 'b', 'kind'],
			rows: [
				['1', '2', 'x'],
				['0.1', '4', 'y']
			],
			numeric: [0, 1]
		});
		await rows.read('row', new Blob(['a,b,kind']), 'table.csv', give);
		await rows.go('row', 1, give);
		expect(give).toHaveBeenLastCalledWith('row', [0.1, 4], [2]);
		expect(rows.open.get('row')?.words?.[1]).toBe('kind: y');
	});

	it('that do not fit are said in a sentence, and what was there stays', async () => {
		const { rows, give, context } = open({ columns: ['a'], rows: [['1']], numeric: [0] });
		await rows.read('row', new Blob([npy([2], [1, 2])]), 'a.npy', give);
		await rows.read('row', new Blob([npy([7], [1, 2, 3, 4, 5, 6, 7])]), 'b.npy', give);
		expect(rows.problems['row']).toMatch(/^The file holds \[7\] numbers; the input takes \[2\]\./);
		expect(rows.open.get('row')?.title).toBe('a.npy');
		await rows.read('row', new Blob(['a']), 'c.csv', give);
		expect(rows.problems['row']).toMatch(
			/^“c\.csv” does not fit: it has 1 column of numbers; the input “row” takes 2 numbers\./
		);
		expect(give).toHaveBeenCalledTimes(1);
		expect(context.failed).not.toHaveBeenCalled();
		await rows.read('row', new Blob([npy([2], [1, 2])]), 'd.npy', give);
		expect(rows.problems).toEqual({});
	});
});
