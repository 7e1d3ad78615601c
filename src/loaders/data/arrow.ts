import type { DataType, Table } from '@uwdata/flechette';
import { LIMITS, type DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { unpackedLz4 } from '#maths/lz4.ts';
import { checkBatch, checkFooter, checkMessages } from '#loaders/arrow-soundness.ts';
import { begins, checkRows, letters, stem } from '#loaders/data-files.ts';
import { hintsOf } from '#loaders/table-metadata.ts';
import { TypedTable } from '#loaders/typed-table.ts';

const PIECE = 20_000;
const FILE = letters('ARROW1');
const FEATHER_1 = letters('FEA1');
/** A buffer that says it is larger when unpacked is broken. */
const MAX_BUFFER_BYTES = 2 ** 31;

/** A file begins with its name, a stream with a marker and the length of its schema. */
async function isArrow(file: SourceFile): Promise<boolean> {
	return (
		(await begins(file, FILE)) ||
		(await begins(file, FEATHER_1)) ||
		(/\.(arrows?|feather|ipc)$/i.test(file.path) && (await begins(file, [255, 255, 255, 255])))
	);
}

/** Apache Arrow's IPC files and streams (Feather 2), by flechette; their buffers may be packed by LZ4 or Zstandard. */
const loader: DataLoader = {
	id: 'arrow',
	title: 'Arrow (IPC, Feather)',
	extensions: ['.arrow', '.arrows', '.feather', '.ipc'],
	single: true,

	async match({ files }) {
		const found = await Promise.all(files.slice(0, 10).map(isArrow));
		return found.filter(Boolean).length === 1 ? 0.95 : 0;
	},

	async load({ files }, { signal, progress }): Promise<DataSet> {
		const found = await Promise.all(files.map(isArrow));
		const file = files[found.indexOf(true)]!;
		const { path, blob } = file;
		if (await begins(file, FEATHER_1))
			throw new LabError(
				`“${path}” is of the first version of Feather, which is no longer written.`,
				'Write it again as Feather 2: pandas.read_feather(…).to_feather(…).'
			);
		const table = await opened(path, new Uint8Array(await blob.arrayBuffer()));
		const { numRows, numCols, schema } = table;
		checkRows(numRows, numCols, `“${path}”`);
		const typed = new TypedTable(
			schema.fields.map(({ name }) => (name as string | null) ?? ''),
			hintsOf(schema.metadata ?? new Map())
		);
		for (let start = 0; start < numRows; start += PIECE) {
			const end = Math.min(numRows, start + PIECE);
			for (let c = 0; c < numCols; c++) {
				const column = table.getChildAt(c);
				const bytes = isListOfBytes(schema.fields[c]!.type);
				for (let i = start; i < end; i++) {
					const value: unknown = column.at(i);
					// What has the type of bytes is a picture or text; these are numbers.
					typed.push(c, bytes && value instanceof Uint8Array ? Array.from(value) : value);
				}
			}
			typed.check(numRows, path);
			progress(end / numRows, 'Reading the table');
			await new Promise((resolve) => setTimeout(resolve));
			throwIfAborted(signal);
		}
		return typed.finish(stem(path));
	}
};

/** @throws LabError in place of what the library says of a broken file */
async function opened(path: string, bytes: Uint8Array): Promise<Table> {
	const [{ tableFromIPC, setCompressionCodec, CompressionType, Endianness }, { decompressZstd }] = await Promise.all([
		import('@uwdata/flechette'),
		import('hyparquet-compressors')
	]);
	const sized = (unpack: (packed: Uint8Array, size: number) => Uint8Array) => ({
		decode(packed: Uint8Array, size: number) {
			if (!(size >= 0 && size <= MAX_BUFFER_BYTES)) throw new Error(`A buffer of ${size} bytes.`);
			const whole = unpack(packed, size);
			if (whole.length !== size) throw new Error('A buffer is not as long as it says.');
			return whole;
		},
		// What is not smaller when packed is written as it is.
		encode: (whole: Uint8Array) => whole
	});
	setCompressionCodec(CompressionType.LZ4_FRAME, sized(unpackedLz4));
	setCompressionCodec(
		CompressionType.ZSTD,
		sized((packed, size) => decompressZstd(packed, new Uint8Array(size)))
	);
	let table: Table;
	try {
		const whole = FILE.every((byte, i) => bytes[i] === byte);
		checkMessages(bytes, whole ? 8 : 0, LIMITS.rows);
		if (whole) checkFooter(bytes);
		table = tableFromIPC(bytes, { useBigInt: true, useDate: true });
		for (const { data } of table.children) data.forEach((batch) => checkBatch(batch));
	} catch (cause) {
		throw new LabError(
			`“${path}” is no Arrow file that can be read: it is broken or cut off.`,
			'Write it again as Feather 2 or an Arrow IPC file, e.g. with pandas or pyarrow.',
			{ cause }
		);
	}
	if (table.schema.endianness === Endianness.Big)
		throw new LabError(
			`“${path}” has its bytes in the order of big-endian machines.`,
			'Write it again on the machine where you open it.'
		);
	return table;
}

function isListOfBytes(type: DataType): boolean {
	const [child, ...others] = 'children' in type ? (type.children ?? []) : [];
	const inner = child?.type;
	return !others.length && !!inner && 'bitWidth' in inner && inner.bitWidth === 8;
}

export default loader;
