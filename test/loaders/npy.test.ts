import { describe, expect, it } from 'vitest';
import { openData } from '#loaders/open-data.ts';
import { npyHeader } from '#maths/npy.ts';

/** A .npy file as NumPy writes it (numpy/lib/format, version 1), of any type and order of bytes. */
function npy(
	descr: string,
	shape: readonly number[],
	put: (view: DataView) => void,
	bytes: number
): Uint8Array<ArrayBuffer> {
	const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
	const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
	const head = `${text.padEnd(117)}\n`;
	const file = new Uint8Array(10 + head.length + bytes);
	file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length & 255, head.length >> 8]);
	file.set(new TextEncoder().encode(head), 10);
	put(new DataView(file.buffer, 10 + head.length));
	return file;
}

const open = (path: string, file: Uint8Array<ArrayBuffer>) =>
	openData(
		{ name: 'set', files: [{ path, blob: new Blob([file]) }] },
		{ signal: new AbortController().signal, progress: () => undefined }
	);

type Put = (view: DataView, at: number, value: number, little: boolean) => void;
const TYPES: readonly (readonly [type: string, size: number, put: Put])[] = [
	['f4', 4, (view, at, value, little) => view.setFloat32(at, value, little)],
	['f8', 8, (view, at, value, little) => view.setFloat64(at, value, little)],
	['i2', 2, (view, at, value, little) => view.setInt16(at, value, little)],
	['i4', 4, (view, at, value, little) => view.setInt32(at, value, little)],
	['i8', 8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
	['u2', 2, (view, at, value, little) => view.setUint16(at, value & 0xffff, little)],
	['u4', 4, (view, at, value, little) => view.setUint32(at, value >>> 0, little)],
	['u8', 8, (view, at, value, little) => view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), little)]
];
const VALUES = [1, 2, 300, 258, 1027, 77];

describe('numbers of NumPy', () => {
	it.each(TYPES.flatMap(([type, size, put]) => (['<', '>'] as const).map((order) => ({ type, size, put, order }))))(
		'$order$type are read in their own order of bytes',
		async ({ type, size, put, order }) => {
			const write = (view: DataView) => VALUES.forEach((value, i) => put(view, i * size, value, order === '<'));
			const { rows, count } = await open('a.npy', npy(order + type, [3, 2], write, VALUES.length * size));
			expect([count, rows?.width]).toEqual([3, 2]);
			expect([...rows!.values]).toEqual(VALUES);
		}
	);

	it('keep their sign and fraction either way', async () => {
		for (const little of [true, false]) {
			const halves = [0x3e00, 0xc000, 0x0001, 0xfbff];
			const write = (view: DataView) => halves.forEach((bits, i) => view.setUint16(2 * i, bits, little));
			const { rows } = await open('h.npy', npy(`${little ? '<' : '>'}f2`, [2, 2], write, 8));
			expect([...rows!.values]).toEqual([1.5, -2, 2 ** -24, -65504]);
			const shorts = (view: DataView) => [-2, 5, -300, 7].forEach((n, i) => view.setInt16(2 * i, n, little));
			expect([...(await open('s.npy', npy(`${little ? '<' : '>'}i2`, [2, 2], shorts, 8))).rows!.values]).toEqual([-2, 5, -300, 7]); // prettier-ignore
		}
	});
});

describe('arrays beside each other', () => {
	const floats = (name: string, shape: readonly number[], of: (i: number) => number) => {
		const length = shape.reduce((all, n) => all * n, 1);
		return [`${name}.npy`, new Blob([npyHeader(shape, 'float32'), Float32Array.from({ length }, (_, i) => of(i))])];
	};
	const opened = (...files: readonly (readonly (string | Blob)[])[]) =>
		openData(
			{ name: 'set', files: files.map(([path, blob]) => ({ path: path as string, blob: blob as Blob })) },
			{ signal: new AbortController().signal, progress: () => undefined }
		);
	const part = (i: number) => i / 4;

	it('that have no row for each row are said, five of them', async () => {
		const rows = floats('x', [4, 3], part);
		const one = await opened(rows, floats('other', [3, 2], part));
		expect(one.notes).toEqual(['“other” has no row for each row of “x”: left out.']);
		const more = await opened(rows, ...[...'abcdef'].map((name) => floats(name, [2, 2], part)));
		expect(more.notes).toEqual(['“a”, “b”, “c”, “d”, “e” have no row for each row of “x”: left out.']);
		expect((await opened(rows, floats('number', [], part))).notes).toEqual([
			'“number” has no row for each row of “x”: left out.'
		]);
		expect((await opened(rows)).notes).toEqual([]);
	});
	it('a few numbers of a row are a column each, many are none', async () => {
		const beside = async (width: number) =>
			(await opened(floats('x', [4, 20], part), floats('y', [4, width], part))).columns;
		expect((await beside(3)).map((column) => [column.name, ...(column as { values: Float64Array }).values])).toEqual([
			['y 0', 0, 0.75, 1.5, 2.25],
			['y 1', 0.25, 1, 1.75, 2.5],
			['y 2', 0.5, 1.25, 2, 2.75]
		]);
		expect([(await beside(2)).length, (await beside(16)).length, (await beside(17)).length]).toEqual([2, 16, 0]);
	});
	it('the widest is the rows, unless it is a label written out', async () => {
		const hot = floats('y', [4, 9], (i) => Number(i % 9 === Math.floor(i / 9)));
		expect(await opened(floats('x', [4, 2], part), hot)).toMatchObject({ rows: { width: 2 }, label: 'y' });
		// With one number a row beside it, it is all that there is.
		expect(await opened(floats('x', [4, 1], part), hot)).toMatchObject({ rows: { width: 9 } });
		expect(await opened(hot)).toMatchObject({ rows: { width: 9 } });
		expect(await opened(floats('x', [4], part), floats('z', [3], part))).toMatchObject({
			count: 4,
			rows: { width: 1 }
		});
	});
	it('may be longer than a piece', async () => {
		const count = (1 << 19) + 5;
		const { rows } = await opened(floats('x', [count, 2], (i) => i));
		expect(rows!.values).toHaveLength(2 * count);
		expect(rows!.values.every((value, i) => value === i)).toBe(true);
	});
});
