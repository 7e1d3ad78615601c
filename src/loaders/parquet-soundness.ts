import type { AsyncBuffer, ColumnMetaData, Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { LIMITS } from '#contracts/data-loader.ts';
import { throwIfAborted } from '#contracts/errors.ts';

/**
 * What hyparquet takes on trust in a file of a stranger: runs of levels, or of indices in a dictionary, that are longer than
 * their page, which it would write down for minutes. (Parquet format: Encodings.md, RLE / bit-packing hybrid; parquet.thrift)
 */

/** Values that writers may fill a page's last run up with. */
const SLACK = 512;
const [DATA, DICTIONARY, DATA_V2] = [0, 2, 3];
/** PLAIN_DICTIONARY, RLE, RLE_DICTIONARY. */
const [OLD_INDICES, RUNS, INDICES] = [2, 3, 8];

const broken = (what: string) => new Error(`Parquet: ${what}.`);

/** Fields by number: whole numbers and structs. */
type Fields = Map<number, number | boolean | Fields>;

/** Thrift's compact protocol, as far as headers of pages go. */
class Reader {
	readonly #view: DataView;
	constructor(
		readonly bytes: Uint8Array,
		public at = 0,
		readonly end = bytes.length
	) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	byte(): number {
		if (this.at >= this.end) throw broken('it ends too early');
		return this.bytes[this.at++]!;
	}
	word(): number {
		if (this.at + 4 > this.end) throw broken('it ends too early');
		this.at += 4;
		return this.#view.getUint32(this.at - 4, true);
	}
	varint(): number {
		let [value, scale] = [0, 1];
		for (let k = 0; k < 10; k++, scale *= 128) {
			const byte = this.byte();
			value += (byte & 127) * scale;
			if (byte < 128) return value;
		}
		throw broken('a number has no end');
	}

	struct(depth = 0): Fields {
		const fields: Fields = new Map();
		for (let id = 0; depth < 8;) {
			const head = this.byte();
			if (!(head & 15)) return fields;
			const own = head >> 4 ? id + (head >> 4) : this.#signed();
			id = own;
			const value = this.#value(head & 15, depth);
			if (value !== null) fields.set(own, value);
		}
		throw broken('a header is too deep');
	}

	#signed(): number {
		const value = this.varint();
		return value % 2 ? -(value + 1) / 2 : value / 2;
	}

	#value(type: number, depth: number): number | boolean | Fields | null {
		if (type === 1 || type === 2) return type === 1;
		if (type >= 4 && type <= 6) return this.#signed();
		if (type === 12) return this.struct(depth + 1);
		if (type !== 3 && type !== 7 && type !== 8) throw broken('a header holds what no header does');
		const length = type === 3 ? 1 : type === 7 ? 8 : this.varint();
		this.at += length;
		return null;
	}
}

const bitsFor = (level: number) => (level ? 32 - Math.clz32(level) : 0);

/** @returns how many values the run holds @throws Error where those are more than are left */
function passRun(reader: Reader, width: number, left: number): number {
	const head = reader.varint();
	const count = head % 2 ? 8 * Math.floor(head / 2) : head / 2;
	if (count > left + SLACK) throw broken(`a run of ${count} values where ${left} are left`);
	reader.at += head % 2 ? (count / 8) * width : Math.ceil(width / 8);
	return count;
}

function checkRuns(reader: Reader, width: number, values: number): void {
	for (let seen = 0; seen < values;) seen += passRun(reader, width, values - seen);
}

interface Column {
	meta: ColumnMetaData;
	/** Highest level of repetition and of definition. */
	levels: readonly [repetition: number, definition: number];
	unpack(bytes: Uint8Array, size: number): Uint8Array;
}

const numberOf = (fields: Fields, id: number): number => {
	const value = fields.get(id);
	if (typeof value !== 'number' || value < 0) throw broken('a header lacks a number');
	return value;
};
const structOf = (fields: Fields, id: number): Fields => {
	const value = fields.get(id);
	if (!(value instanceof Map)) throw broken('a page has no header of its own');
	return value;
};

function checkIndices(page: Uint8Array, from: number, encoding: number, values: number, { meta }: Column): void {
	const reader = new Reader(page, from);
	if (encoding !== INDICES && encoding !== OLD_INDICES && encoding !== RUNS) return;
	// Truth values in runs say their length, indices how many bits they take.
	const width = meta.type === 'BOOLEAN' ? 1 : reader.byte();
	if (meta.type === 'BOOLEAN') reader.word();
	// How many of the values are there is known only after their levels: no run may be longer than all.
	while (width && reader.at < page.length) passRun(reader, width, values);
}

/** @returns how many values the page holds; 0 for a dictionary */
function checkPage(header: Fields, bytes: Uint8Array, column: Column): number {
	const size = numberOf(header, 2);
	const { levels, unpack } = column;
	const type = header.get(1);
	if (type === DICTIONARY) {
		if (numberOf(structOf(header, 7), 1) > 8 * size) throw broken('a dictionary is longer than its page');
	} else if (type === DATA) {
		const own = structOf(header, 5);
		const values = numberOf(own, 1);
		const page = unpack(bytes, size);
		let at = 0;
		for (const level of levels) {
			if (!level) continue;
			const reader = new Reader(page, at);
			const length = reader.word();
			at += 4 + length;
			checkRuns(new Reader(page, reader.at, Math.min(page.length, at)), bitsFor(level), values);
		}
		checkIndices(page, at, numberOf(own, 2), values, column);
		return values;
	} else if (type === DATA_V2) {
		const own = structOf(header, 8);
		const values = numberOf(own, 1);
		const [definition, repetition] = [numberOf(own, 5), numberOf(own, 6)];
		if (levels[0]) checkRuns(new Reader(bytes, 0, repetition), bitsFor(levels[0]), values);
		if (levels[1] && definition)
			checkRuns(new Reader(bytes, repetition, repetition + definition), bitsFor(levels[1]), values);
		const packed = bytes.subarray(repetition + definition);
		const page = own.get(7) === false ? packed : unpack(packed, Math.max(0, size - repetition - definition));
		checkIndices(page, 0, numberOf(own, 4), values, column);
		return values;
	}
	return 0;
}

function checkColumn(bytes: Uint8Array, column: Column): void {
	const maxValues = Number(column.meta.num_values);
	const reader = new Reader(bytes);
	for (let values = 0; reader.at < bytes.length - 1;) {
		const header = reader.struct();
		const size = numberOf(header, 3);
		if (reader.at + size > bytes.length) throw broken('a page is cut off');
		values += checkPage(header, bytes.subarray(reader.at, reader.at + size), column);
		if (values > maxValues) throw broken(`a column of ${maxValues} values holds more`);
		reader.at += size;
	}
}

/**
 * @param path of the column, from the root
 * @returns the highest level of repetition and of definition
 */
function levelsOf(root: SchemaTree, path: readonly string[]): [number, number] {
	const levels: [number, number] = [0, 0];
	let node = root;
	for (const name of path) {
		const next = node.children.find(({ element }) => element.name === name);
		if (!next) throw broken('a column is not in the schema');
		node = next;
		levels[0] += Number(node.element.repetition_type === 'REPEATED');
		levels[1] += Number(node.element.repetition_type !== 'REQUIRED');
	}
	return levels;
}

/** Reads the heads of all pages once. @throws Error for a file that would not be read to its end, or an abort */
export async function checkPages(
	file: AsyncBuffer,
	{ row_groups: groups }: FileMetaData,
	schema: SchemaTree,
	compressors: Compressors,
	signal: AbortSignal
): Promise<void> {
	for (const { columns, num_rows: rows } of groups)
		for (const { meta_data: meta } of columns) {
			throwIfAborted(signal);
			if (!meta) throw broken('a column says nothing of itself');
			const levels = levelsOf(schema, meta.path_in_schema);
			const maxValues = Number(meta.num_values);
			if (maxValues > LIMITS.values || (!levels[0] && maxValues !== Number(rows)))
				throw broken(`a column of ${maxValues} values`);
			const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
			const length = Number(meta.total_compressed_size);
			if (!(start >= 0 && length >= 0 && start + length <= file.byteLength))
				throw broken('a column lies beyond its file');
			const unpack = (bytes: Uint8Array, size: number) => compressors[meta.codec]?.(bytes, size) ?? bytes;
			checkColumn(new Uint8Array(await file.slice(start, start + length)), { meta, levels, unpack });
		}
}
