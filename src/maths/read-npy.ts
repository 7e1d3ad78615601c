import { half } from '#maths/half.ts';
import { product } from '#maths/product.ts';

/** NumPy's file format (numpy/lib/format), read: the header as a Python literal, then the numbers as they lie. */

/** A part of every item of a structured array. */
export interface NpyField {
	name: string;
	type: string;
	/** Empty for one number or text. */
	shape: readonly number[];
	/** Where it begins in an item, in bytes. */
	offset: number;
}

export interface NpyHeader {
	shape: readonly number[];
	/** `<f4`, `|u1`, `<U12`, `<M8[ns]`, `|O`, ...; `|V12` for a structured one of 12 bytes. */
	type: string;
	/** Of a structured array, in their order. */
	fields: readonly NpyField[];
	fortran: boolean;
	/** Where the numbers begin. */
	start: number;
}

/** @returns the header, or why it is none, in half a sentence */
export function npyHeaderOf(bytes: Uint8Array): NpyHeader | string {
	const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
	if (!magic.every((byte, i) => bytes[i] === byte)) return 'it does not begin as .npy files do';
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const wide = bytes[6]! >= 2;
	if (bytes.length < 12) return 'it ends within its header';
	const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
	const start = (wide ? 12 : 10) + length;
	if (length > 65536 || start > bytes.length) return 'its header is longer than any array needs';
	const text = new TextDecoder().decode(bytes.subarray(start - length, start));
	const { type, fields } = typeIn(text);
	const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
	const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text.slice(text.indexOf("'fortran_order'")))?.[1];
	if (!type || !order || shape === undefined)
		return 'its header names a type that is no plain array of numbers or text';
	const sizes = sizesIn(shape);
	if (!sizes.every(Number.isSafeInteger)) return 'its shape is not made of whole numbers';
	return { shape: sizes, type, fields, fortran: order === 'True', start };
}

const sizesIn = (tuple: string) => tuple.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));

const FIELD = /\('([^']*)',\s*'([<>|=][a-zA-Z]\d+)'(?:,\s*\(([\d\s,]*)\))?\)/g;

/** One type for all, or a list of `('name', '<f4')` or `('name', '<f4', (3,))`. */
function typeIn(header: string): { type: string | null; fields: readonly NpyField[] } {
	const plain = /'descr'\s*:\s*'([<>|=][a-zA-Z]\d*(?:\[\w+\])?)'/.exec(header)?.[1];
	if (plain) return { type: plain, fields: [] };
	const from = header.indexOf('[');
	const list = header.slice(from, header.indexOf("'fortran_order'"));
	const end = list.lastIndexOf(']');
	let offset = 0;
	const fields: NpyField[] = [];
	for (const [, name = '', type = '', tuple = ''] of list.slice(0, end).matchAll(FIELD)) {
		const shape = sizesIn(tuple);
		fields.push({ name, type, shape, offset });
		offset += bytesPerItem(type) * product(shape);
	}
	// Fields of objects, or with fields of their own.
	const rest = list.slice(1, end).replace(FIELD, '');
	return from < 0 || !fields.length || /[^\s,]/.test(rest)
		? { type: null, fields: [] }
		: { type: `|V${offset}`, fields };
}

export const bytesPerItem = (type: string) => (parseInt(type.slice(2), 10) || 0) * (type[1] === 'U' ? 4 : 1);

type Read = (view: DataView, at: number, little: boolean) => number;

const READ: Readonly<Record<string, Read>> = {
	f2: (view, at, little) => half(view.getUint16(at, little)),
	f4: (view, at, little) => view.getFloat32(at, little),
	f8: (view, at, little) => view.getFloat64(at, little),
	i1: (view, at) => view.getInt8(at),
	i2: (view, at, little) => view.getInt16(at, little),
	i4: (view, at, little) => view.getInt32(at, little),
	i8: (view, at, little) => Number(view.getBigInt64(at, little)),
	u1: (view, at) => view.getUint8(at),
	u2: (view, at, little) => view.getUint16(at, little),
	u4: (view, at, little) => view.getUint32(at, little),
	u8: (view, at, little) => Number(view.getBigUint64(at, little)),
	b1: (view, at) => view.getUint8(at)
};

export const isNumeric = ({ type }: { type: string }) => Object.hasOwn(READ, type.slice(1));
export const isText = ({ type }: { type: string }) => type[1] === 'U' || type[1] === 'S';
export const isBoolean = ({ type }: { type: string }) => type[1] === 'b';
/** Whether there may be whole numbers that no number of 64 bits holds. */
export const isWide = ({ type }: { type: string }) => /^.[iu]8$/.test(type);

/** What an array of no numbers and no text holds, in words. */
export function strangeType({ type }: { type: string }): string {
	const known: Readonly<Record<string, string>> = {
		O: 'objects of Python',
		c: 'complex numbers',
		M: 'dates',
		m: 'spans of time',
		V: 'records',
		g: 'numbers of 128 bits',
		f: `numbers of ${8 * bytesPerItem(type)} bits`
	};
	return known[type[1] ?? ''] ?? `the type ${type}`;
}

/** Reads a piece of the numbers into `into` from `at` on. @param piece whole items */
export function readValues(piece: Uint8Array, type: string, into: Float32Array | Float64Array, at: number): void {
	const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
	const read = READ[type.slice(1)];
	if (!read) throw new Error(`There are no numbers of type ${type}.`);
	const size = bytesPerItem(type);
	const little = type[0] !== '>';
	for (let from = 0; from + size <= piece.length; from += size) into[at++] = read(view, from, little);
}

/** Whole numbers of 64 bits, none changed. */
export function readWide(piece: Uint8Array, type: string): bigint[] {
	const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
	const little = type[0] !== '>';
	return Array.from({ length: Math.floor(piece.length / 8) }, (_, i) =>
		type[1] === 'i' ? view.getBigInt64(8 * i, little) : view.getBigUint64(8 * i, little)
	);
}

/** Milliseconds since 1970 of NumPy's dates; NaN for none. */
export function readDates(piece: Uint8Array, type: string): Float64Array<ArrayBuffer> {
	const unit = /\[(\w+)\]/.exec(type)?.[1] ?? '';
	const scales: Readonly<Record<string, number>> = { D: 864e5, h: 36e5, m: 6e4, s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 };
	const scale = Object.hasOwn(scales, unit) ? scales[unit]! : NaN;
	return Float64Array.from(readWide(piece, `${type[0]}i8`), (value) =>
		value === -(2n ** 63n) ? NaN : scale < 1 ? Number(value / BigInt(Math.round(1 / scale))) : Number(value) * scale
	);
}

/** Texts of a fixed width, as NumPy keeps them: UTF-32 (U) or bytes (S), filled up with zeros. */
export function readTexts(bytes: Uint8Array, type: string, longest: number): string[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const size = bytesPerItem(type);
	const texts: string[] = [];
	for (let from = 0; size > 0 && from + size <= bytes.length; from += size) {
		let text = '';
		for (let k = 0; k < size && text.length < longest; k += type[1] === 'U' ? 4 : 1) {
			const code = type[1] === 'U' ? view.getUint32(from + k, type[0] !== '>') : view.getUint8(from + k);
			if (!code) break;
			text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
		}
		texts.push(text);
	}
	return texts;
}

/** Column-major to row-major. */
export function transposed(values: Float32Array, shape: readonly number[]): Float32Array<ArrayBuffer> {
	const out = new Float32Array(values.length);
	const index = shape.map(() => 0);
	const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
	for (const value of values) {
		out[index.reduce((sum, n, axis) => sum + n * strides[axis]!, 0)] = value;
		for (let axis = 0; axis < shape.length && ++index[axis]! === shape[axis]; axis++) index[axis] = 0;
	}
	return out;
}
