import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cellsOf, columnOf, opened } from '../tools/data.ts';
import { refused } from '../tools/refusal.ts';

/** Files that numpy 2.4 wrote: what people keep their data sets in. */

const open = (name: string) => opened({ [name]: new Uint8Array(readFileSync(`test/cases/tables/numpy/${name}`)) });
const refusal = async (name: string) => (await refused(open(name))).message;
/** Width, height and the bytes of a picture's first pixel: blue, green, red. */
async function picture(blob: Blob): Promise<number[]> {
	const view = new DataView(await blob.arrayBuffer());
	const start = view.getUint32(10, true);
	return [view.getInt32(18, true), -view.getInt32(22, true), ...[0, 1, 2].map((k) => view.getUint8(start + k))];
}

describe('NumPy’s own files', () => {
	it('training and test parts are one set, with the part as a column', async () => {
		const data = await open('mnist-like.npz');
		expect([data.count, data.rows?.width, data.images?.length, data.label]).toEqual([8, 64, 8, 'y']);
		expect(cellsOf(data, 'y')).toEqual(['3', '1', '4', '1', '5', '9', '2', '6']);
		expect(cellsOf(data, 'split')).toEqual([...Array<string>(5).fill('train'), ...Array<string>(3).fill('test')]);
		expect(Array.from(data.rows!.values.subarray(320, 324))).toEqual([0, 1, 2, 3]);
	});

	it('classes written out as 0 and 1 are a label, though they are the larger array', async () => {
		const data = await open('one-hot.npz');
		expect([data.count, data.rows?.width, data.label]).toEqual([6, 2, 'y']);
		expect(cellsOf(data, 'y')).toEqual(['0', '1', '2', '2', '1', '9']);
	});

	it('a column of labels of any name is the label', async () => {
		const data = await open('column-label.npz');
		expect([data.rows?.width, data.label]).toEqual([3, 'anything']);
		expect(cellsOf(data, 'anything')).toEqual(['1', '0', '1', '2', '0']);
	});

	it('objects and complex numbers beside the rows are passed over, and said', async () => {
		const data = await open('object-beside.npz');
		expect([data.count, data.rows?.width, data.label]).toEqual([4, 2, 'y']);
		expect(data.notes!.join('\n')).toMatch(/“meta” holds objects of Python: it is passed over/);
		expect(data.notes!.join('\n')).toMatch(/“z” holds complex numbers: it is passed over/);
		const day = (y: number, m: number, d: number) => Date.UTC(y, m - 1, d);
		expect(cellsOf(data, 'when')).toEqual([day(2024, 1, 1), day(2024, 2, 29), null, day(1969, 12, 31)]);
		expect(columnOf(data, 'when')).toMatchObject({ date: true });
	});

	it('names of classes stand in the place of their numbers; channels may come first', async () => {
		const data = await open('class-names.npz');
		expect([data.count, data.rows?.width, data.label]).toEqual([4, 90, 'labels']);
		expect(cellsOf(data, 'labels')).toEqual(['cat', 'ant', 'bee', 'cat']);
		expect(await picture(data.images![0]!)).toEqual([5, 6, 2, 1, 0]);
		expect(await picture(data.images![1]!)).toEqual([5, 6, 92, 91, 90]);
		expect(data.notes!.join('\n')).toMatch(/channels first, 3 × 6 × 5/);
	});

	it('pictures in the order of columns', async () => {
		const data = await open('fortran-pictures.npy');
		expect(Array.from(data.rows!.values.subarray(0, 3))).toEqual([0, 1 / 120, 2 / 120].map(Math.fround));
		expect(await picture(data.images![1]!)).toEqual([5, 4, ...[62, 61, 60].map((k) => Math.round((255 * k) / 120))]);
	});

	it('whole numbers of 64 bits stay exact; truth is a category', async () => {
		const data = await open('wide.npz');
		expect(cellsOf(data, 'uid')).toEqual(['9007199254740993', '9223372036854775808', '5']);
		expect(cellsOf(data, 'flag')).toEqual(['true', 'false', 'true']);
		expect([...data.rows!.values]).toEqual([0, 1, 2, 3, 4, 5]);
	});

	it('records are a table', async () => {
		const data = await open('structured.npy');
		expect([...data.rows!.values]).toEqual([1, 2, 3, 4, 5, 6]);
		expect(cellsOf(data, 'kind')).toEqual(['a', 'b', 'a']);
		expect(cellsOf(data, 'w')).toEqual([1.5, 2.5, null]);
		expect(cellsOf(data, 'id')).toEqual(['1152921504606846976', '1152921504606846977', '3']);
	});

	it('what cannot be rows is refused by name', async () => {
		expect(await refusal('complex.npy')).toMatch(/complex numbers/);
		expect(await refusal('scalar.npy')).toMatch(/one number only/);
		expect(await refusal('empty.npy')).toMatch(/no rows/);
		expect(await refusal('weights-only.npz')).toMatch(/no array of numbers/);
	});

	it('labels that lie in one row are a column', async () => {
		const data = await open('labels-lying.npz');
		expect([data.count, data.rows?.width, data.label]).toEqual([20, 3, 'y']);
		expect(cellsOf(data, 'y')).toEqual(Array.from({ length: 20 }, (_, i) => String(i % 3)));
	});

	it('records that are filled up to one size say nothing of it', async () => {
		const data = await open('aligned-records.npy');
		expect(cellsOf(data, 'x')).toEqual(Array.from({ length: 20 }, (_, i) => i * 0.5));
		expect(cellsOf(data, 'k').slice(0, 4)).toEqual([0, 1, 0, 1]);
		expect(data.notes?.join(' ')).not.toContain('left out');
	});

	it('a text with a line for each row says of what they are', async () => {
		const bytes = new Uint8Array(readFileSync('test/cases/tables/numpy/labels-lying.npz'));
		const words = Array.from({ length: 20 }, (_, i) => ['rot', 'grün'][i % 2]!);
		const data = await opened({ 'X.npz': bytes, 'names.txt': `${words.join('\n')}\n` });
		expect(cellsOf(data, 'names')).toEqual(words);
	});
});
