import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { bmp } from '#maths/bmp.ts';
import {
	bytesPerItem,
	isNumeric,
	isText,
	npyHeaderOf,
	readNumbers,
	readTexts,
	transposed,
	type NpyHeader
} from '#maths/read-npy.ts';
import { begins, checkRows, letters, pieces, stem } from '#loaders/data-files.ts';
import { categorical } from '#loaders/categories.ts';
import { fewIntegers, labelled } from '#loaders/label.ts';

const MAGIC = [0x93, ...letters('NUMPY')];

interface Array_ {
	file: SourceFile;
	name: string;
	header: NpyHeader;
	items: number;
}

/** NumPy's arrays: one of them (or the largest of an .npz) is the rows, one number or word per row beside it is a column. */
const loader: DataLoader = {
	id: 'npy',
	title: 'NumPy (.npy, .npz)',
	extensions: ['.npy', '.npz'],

	async match({ files }) {
		const found = await Promise.all(files.slice(0, 40).map((file) => begins(file, MAGIC)));
		return found.some(Boolean) ? 0.95 : 0;
	},

	async load(source, context): Promise<DataSet> {
		const arrays: Array_[] = [];
		for (const file of source.files.slice(0, 40)) if (await begins(file, MAGIC)) arrays.push(await looked(file));
		const main = arrays
			.filter(({ header }) => isNumeric(header) && header.shape.length > 0)
			.sort((a, b) => b.items - a.items)[0];
		if (!main)
			throw new LabError(`“${source.name}” holds no array of numbers.`, 'Save it with numpy.save or numpy.savez.');
		const [count = 0, ...inner] = main.header.shape;
		const width = inner.reduce((product, n) => product * n, 1);
		const rows = await numbers(main, context, 0.9);
		const columns: Column[] = [];
		for (const other of arrays)
			if (other !== main && other.header.shape.length === 1 && other.items === count) {
				const column = await columnOf(other, context);
				if (column) columns.push(column);
			}
		const byName = labelled(columns);
		// Beside an array of rows there is mostly one thing only: its labels.
		const label = byName.label ?? (columns.length === 1 ? columns[0]!.name : null);
		const coded = byName.columns.map((column) => (column.name === label ? (fewIntegers(column) ?? column) : column));
		const size = pictureSize(inner);
		return {
			name: arrays.length > 1 ? stem(source.name) : main.name,
			count,
			rows: { values: rows, width, names: [] },
			images: size && count <= LIMITS.images ? pictures(rows, count, ...size) : null,
			columns: coded,
			label: coded.some(({ name, kind }) => name === label && kind === 'category') ? label : null
		};
	}
};

async function looked(file: SourceFile): Promise<Array_> {
	const head = new Uint8Array(await file.blob.slice(0, 70_000).arrayBuffer());
	const header = npyHeaderOf(head);
	const wrong = (why: string) =>
		new LabError(`“${file.path}” cannot be read: ${why}.`, 'Save it again with numpy.save.');
	if (typeof header === 'string') throw wrong(header);
	const items = header.shape.reduce((product, n) => product * n, 1);
	if (isNumeric(header) || isText(header)) {
		const needed = header.start + items * bytesPerItem(header.type);
		if (file.blob.size < needed) throw wrong(`it should hold ${items.toLocaleString('en')} items and ends before`);
	}
	const [count = 1, ...inner] = header.shape;
	checkRows(
		count,
		inner.reduce((product, n) => product * n, 1),
		`“${file.path}”`
	);
	return { file, name: stem(file.path), header, items };
}

async function numbers(
	{ file, header, items }: Array_,
	context: DataContext,
	share: number
): Promise<Float32Array<ArrayBuffer>> {
	const values = new Float32Array(items);
	const size = bytesPerItem(header.type);
	let at = 0;
	for await (const { bytes, done } of pieces(file, header.start, size << 20, context.signal)) {
		readNumbers(bytes.subarray(0, (items - at) * size), header.type, values, at);
		at = Math.min(items, at + Math.floor(bytes.length / size));
		context.progress(share * done, 'Reading the numbers');
	}
	return header.fortran && header.shape.length > 1 ? transposed(values, header.shape) : values;
}

async function columnOf(array: Array_, context: DataContext): Promise<Column | null> {
	const { header, file, name, items } = array;
	if (isNumeric(header)) return { kind: 'number', name, values: await numbers(array, context, 1) };
	if (!isText(header)) return null;
	const bytes = new Uint8Array(await file.blob.slice(header.start).arrayBuffer());
	const texts = readTexts(bytes, header.type, LIMITS.cell).slice(0, items);
	const few = new Set(texts).size <= LIMITS.categories;
	return few ? categorical(name, texts) : { kind: 'text', name, values: texts };
}

/** H x W, H x W x 1, 3 or 4, as pictures are. */
function pictureSize(inner: readonly number[]): [width: number, height: number, channels: 1 | 3 | 4] | null {
	const [height = 0, width = 0, channels = 1] = inner;
	if (inner.length < 2 || inner.length > 3 || Math.min(width, height) < 4 || Math.max(width, height) > 1024)
		return null;
	return channels === 1 || channels === 3 || channels === 4 ? [width, height, channels] : null;
}

/** One scale for all of them: 0..255 and 0..1 as they are, anything else from its least to its greatest. */
function pictures(rows: Float32Array, count: number, width: number, height: number, channels: 1 | 3 | 4): Blob[] {
	let [low, high] = [Infinity, -Infinity];
	for (const v of rows) {
		if (v < low) low = v;
		if (v > high) high = v;
	}
	if (low >= 0 && high <= 255) [low, high] = [0, high <= 1 ? 1 : 255];
	const scale = 255 / (high - low || 1);
	const size = width * height * channels;
	const pixels = new Uint8ClampedArray(size);
	return Array.from({ length: count }, (_, i) => {
		for (let k = 0; k < size; k++) pixels[k] = (rows[i * size + k]! - low) * scale;
		return new Blob([bmp(pixels, width, height, channels)], { type: 'image/bmp' });
	});
}

export default loader;
