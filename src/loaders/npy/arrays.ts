import { LIMITS, type DataContext } from '#contracts/data-loader.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { checkRows, pieces, stem } from '#loaders/data-files.ts';
import {
	bytesPerItem,
	isNumeric,
	isText,
	npyHeaderOf,
	readDates,
	readValues,
	readTexts,
	readWide,
	transposed,
	type NpyHeader
} from '#maths/read-npy.ts';
import { product } from '#maths/product.ts';

/** One array of NumPy in a file, looked at and not yet read. */
export interface NpyArray {
	file: SourceFile;
	name: string;
	header: NpyHeader;
	/** Numbers or texts in all. */
	items: number;
}

/** @throws LabError for what is no array, or ends before its numbers do */
export async function lookedAt(file: SourceFile): Promise<NpyArray> {
	const head = new Uint8Array(await file.blob.slice(0, 70_000).arrayBuffer());
	const header = npyHeaderOf(head);
	const wrong = (why: string) =>
		new LabError(`“${file.path}” cannot be read: ${why}.`, 'Save it again with numpy.save.');
	if (typeof header === 'string') throw wrong(header);
	const items = product(header.shape);
	if (isNumeric(header) || isText(header) || header.fields.length) {
		const needed = header.start + items * bytesPerItem(header.type);
		if (file.blob.size < needed) throw wrong(`it should hold ${items.toLocaleString('en')} items and ends before`);
	}
	return { file, name: stem(file.path), header, items };
}

/** @throws LabError for more than fits */
export async function valuesOf<A extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
	{ file, header, items }: NpyArray,
	into: A,
	at: number,
	{ signal, progress }: DataContext
): Promise<void> {
	const size = bytesPerItem(header.type);
	let done = 0;
	const order = header.fortran && header.shape.length > 1;
	const own = order ? new Float32Array(items) : into;
	for await (const { bytes, done: share } of pieces(file, header.start, size << 20, signal)) {
		readValues(bytes.subarray(0, (items - done) * size), header.type, own, (order ? 0 : at) + done);
		done = Math.min(items, done + Math.floor(bytes.length / size));
		progress(0.9 * share, 'Reading the numbers');
	}
	if (order) into.set(transposed(own as Float32Array, header.shape), at);
}

/** All rows of arrays that follow each other. */
export async function stackedValues(
	arrays: readonly NpyArray[],
	context: DataContext
): Promise<Float32Array<ArrayBuffer>> {
	const [count, width] = [rowsIn(arrays), product(arrays[0]!.header.shape.slice(1))];
	checkRows(count, width, `“${arrays[0]!.file.path}”`);
	const values = new Float32Array(count * width);
	let at = 0;
	for (const array of arrays) {
		await valuesOf(array, values, at, context);
		at += array.items;
	}
	return values;
}

export const rowsIn = (arrays: readonly NpyArray[]) =>
	arrays.reduce((sum, { header }) => sum + (header.shape[0] ?? 0), 0);

const bytesOf = async ({ file, header, items }: NpyArray) => {
	const end = header.start + items * bytesPerItem(header.type);
	return new Uint8Array(await file.blob.slice(header.start, end).arrayBuffer());
};

export const textsOf = async (array: NpyArray): Promise<string[]> =>
	readTexts(await bytesOf(array), array.header.type, LIMITS.cell).slice(0, array.items);

export const wideOf = async (array: NpyArray): Promise<bigint[]> => readWide(await bytesOf(array), array.header.type);

export const datesOf = async ({ file, header, items }: NpyArray): Promise<Float64Array<ArrayBuffer>> => {
	const bytes = new Uint8Array(await file.blob.slice(header.start, header.start + 8 * items).arrayBuffer());
	return readDates(bytes, header.type);
};
