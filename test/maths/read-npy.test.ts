import { describe, expect, it } from 'vitest';
import { npyHeader } from '#maths/npy.ts';
import {
	bytesPerItem,
	isBoolean,
	isNumeric,
	isText,
	isWide,
	npyHeaderOf,
	readDates,
	readValues,
	readTexts,
	readWide,
	strangeType,
	transposed
} from '#maths/read-npy.ts';

/** A head as numpy/lib/format.py writes it. */
function head(text: string, version = 1): Uint8Array {
	const length = version < 2 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
	return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...length, ...Buffer.from(text)]);
}
const plain = (descr: string, shape: string, order = 'False') =>
	`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe('the head of a .npy file', () => {
	it('says type, shape, order and where the numbers begin', () => {
		const text = plain("'<f4'", '(2, 3)');
		expect(npyHeaderOf(head(text))).toEqual({
			...{ shape: [2, 3], type: '<f4', fields: [] },
			...{ fortran: false, start: 10 + text.length }
		});
		expect(npyHeaderOf(head(text, 2))).toMatchObject({ start: 12 + text.length, shape: [2, 3] });
		expect(npyHeaderOf(head(plain("'|b1'", '(5,)', 'True')))).toMatchObject({ shape: [5], type: '|b1', fortran: true });
		expect(npyHeaderOf(head(plain("'<M8[ns]'", '()')))).toMatchObject({ shape: [], type: '<M8[ns]' });
		expect(npyHeaderOf(npyHeader([7], 'int32'))).toMatchObject({ shape: [7], type: '<i4' });
		const view = npyHeader([1, 2, 3], 'bool');
		expect([view.length % 64, view.at(-1)]).toEqual([0, 10]);
	});

	it('lists the parts of records', () => {
		const text = plain("[('a', '<f4'), ('b', '<U3', (2,)), ('shape', '|u1')]", '(9,)');
		expect(npyHeaderOf(head(text))).toMatchObject({
			type: '|V29',
			fields: [
				{ name: 'a', type: '<f4', shape: [], offset: 0 },
				{ name: 'b', type: '<U3', shape: [2], offset: 4 },
				{ name: 'shape', type: '|u1', shape: [], offset: 28 }
			]
		});
	});

	it('of many axes are written in more than 255 bytes, and read again', () => {
		const shape = Array.from({ length: 40 }, (_, k) => 100_000 + k);
		const bytes = npyHeader(shape, 'float32');
		expect([bytes.length % 64, bytes[8]! + 256 * bytes[9]!, bytes.at(-1)]).toEqual([0, bytes.length - 10, 10]);
		expect(bytes.length).toBeGreaterThan(266);
		expect(npyHeaderOf(bytes)).toMatchObject({ shape, start: bytes.length });
	});

	it.each([
		['it does not begin', head(plain("'<f4'", '(1,)')).fill(0, 5, 6)],
		['it does not begin', new Uint8Array(3)],
		['it ends within its header', head(plain("'<f4'", '(1,)')).subarray(0, 11)],
		['its header is longer', head(plain("'<f4'", '(1,)')).subarray(0, 30)],
		['its header is longer', head(' '.repeat(65_537), 2).fill(1, 10, 11)],
		['no plain array', head(plain("[('a', '<f4', [('b', '<f4')])]", '(1,)'))],
		['no plain array', head(plain('[]', '(1,)'))],
		['no plain array', head(plain("'<f4'", '(a,)'))],
		['no plain array', head("{'descr': '<f4', 'shape': (1,), }")],
		['not made of whole numbers', head(plain("'<f4'", '(1 2,)'))],
		['not made of whole numbers', head(plain("'<f4'", '(99999999999999999,)'))]
	])('refused: %s', (why, bytes) => expect(npyHeaderOf(bytes)).toMatch(why));
});

describe('items', () => {
	it('have a width and a kind', () => {
		expect(['<f4', '<U12', '|S7', '<M8[ns]', '|O'].map(bytesPerItem)).toEqual([4, 48, 7, 8, 0]);
		const of = (test: (header: { type: string }) => boolean) =>
			['<f4', '|b1', '<U3', '|S3', '<i8', '>u8', '|O', '<M8[D]'].filter((type) => test({ type }));
		expect([of(isNumeric), of(isText), of(isBoolean), of(isWide)]).toEqual([
			['<f4', '|b1', '<i8', '>u8'],
			['<U3', '|S3'],
			['|b1'],
			['<i8', '>u8']
		]);
		expect(['|O', '<c8', '<f16', '<x3', '|V8', '<m8', '<M8'].map((type) => strangeType({ type }))).toEqual([
			...['objects of Python', 'complex numbers', 'numbers of 128 bits'],
			...['the type <x3', 'records', 'spans of time', 'dates']
		]);
	});

	it('are halves after IEEE 754', () => {
		// By numpy: 1.5, -2, 65504, 6e-8, inf, nan, 0.1, and -inf.
		const bits = Uint16Array.of(15872, 49152, 31743, 1, 31744, 32256, 11878, 64512, 0x83ff);
		const into = new Float64Array(10);
		readValues(new Uint8Array(bits.buffer), '<f2', into, 1);
		expect([...into]).toEqual([
			...[0, 1.5, -2, 65504, 2 ** -24, Infinity, NaN, 0.0999755859375, -Infinity],
			-(2 ** -14) * (1023 / 1024)
		]);
	});

	it('are numbers of every type, whole ones only', () => {
		const bytes = Uint8Array.of(0xff, 0xfe, 3, 4, 5, 6, 7, 8, 9);
		const read = (type: string) => {
			const into = new Float64Array(Math.floor(9 / bytesPerItem(type)));
			readValues(bytes, type, into, 0);
			return [...into];
		};
		expect(read('|i1').slice(0, 3)).toEqual([-1, -2, 3]);
		expect(read('|u1').slice(0, 3)).toEqual([255, 254, 3]);
		expect(read('|b1')[0]).toBe(255);
		expect(read('<i2')).toEqual([-257, 0x403, 0x605, 0x807]);
		expect(read('>u2')).toEqual([0xfffe, 0x304, 0x506, 0x708]);
		expect(read('>i4')).toEqual([-0x1fcfc, 0x5060708]);
		expect(read('<u4')).toEqual([0x403feff, 0x8070605]);
		expect(read('<u8')).toEqual([Number(0x80706050403feffn)]);
		expect(() => readValues(bytes, '|O', new Float64Array(1), 0)).toThrow('There are no numbers of type |O.');
	});

	it('are whole numbers of 64 bits, and dates in milliseconds', () => {
		const bytes = new Uint8Array(BigInt64Array.of(-1n, 3n, -(2n ** 63n), 1_500_000n).buffer);
		expect(readWide(bytes, '<i8')).toEqual([-1n, 3n, -(2n ** 63n), 1_500_000n]);
		expect(readWide(bytes.subarray(0, 15), '<u8')).toEqual([2n ** 64n - 1n]);
		expect(readWide(bytes.slice(8, 16), '>i8')).toEqual([3n * 2n ** 56n]);
		const dates = (unit: string) => [...readDates(bytes, `<M8[${unit}]`)];
		expect(dates('D')).toEqual([-864e5, 3 * 864e5, NaN, 1_500_000 * 864e5]);
		expect(dates('h')[1]).toBe(3 * 36e5);
		expect(dates('m')[1]).toBe(18e4);
		expect(dates('s')[1]).toBe(3000);
		expect(dates('ms')).toEqual([-1, 3, NaN, 1_500_000]);
		expect(dates('us')[3]).toBe(1500);
		expect(dates('ns')[3]).toBe(1);
		expect(dates('Y')).toEqual([NaN, NaN, NaN, NaN]);
	});

	it('are texts of a fixed width', () => {
		const letters = (...codes: number[]) => new Uint8Array(Uint32Array.from(codes).buffer);
		expect(readTexts(letters(97, 98, 0, 0x1f600, 0, 0), '<U3', 99)).toEqual(['ab', '😀']);
		expect(readTexts(letters(97, 0x110000, 98, 99), '<U2', 99)).toEqual(['a\ufffd', 'bc']);
		expect(readTexts(letters(0x61000000), '>U1', 99)).toEqual(['a']);
		expect(readTexts(Uint8Array.of(97, 98, 0, 99, 0, 0, 100), '|S3', 99)).toEqual(['ab', 'c']);
		expect(readTexts(letters(97, 98, 99), '<U3', 2)).toEqual(['ab']);
		expect(readTexts(letters(97), '<U0', 9)).toEqual([]);
	});

	it('column by column are turned to rows', () => {
		// numpy: np.arange(6).reshape(2, 3) and np.arange(8).reshape(2, 2, 2), in Fortran order.
		expect([...transposed(Float32Array.of(0, 3, 1, 4, 2, 5), [2, 3])]).toEqual([0, 1, 2, 3, 4, 5]);
		expect([...transposed(Float32Array.of(0, 4, 2, 6, 1, 5, 3, 7), [2, 2, 2])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	});
});
