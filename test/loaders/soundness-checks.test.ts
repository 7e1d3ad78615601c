import type { Batch } from '@uwdata/flechette';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { checkBatch, checkFooter, checkMessages } from '#loaders/arrow-soundness.ts';
import { checkPages } from '#loaders/parquet-soundness.ts';

/** What is checked of files of strangers before a library reads them, at the last value that is good and the first that is not. */

const bytesOf = (length: number) => new Uint8Array(length);

describe('batches of Arrow', () => {
	type Given = Partial<Record<keyof Batch<unknown> | 'data' | 'stride', unknown>>;
	const batch = (given: Given): Batch<unknown> =>
		({ length: 3, nullCount: 0, type: { typeId: 2, stride: 1 }, ...given }) as unknown as Batch<unknown>;
	const check = (given: Given, least?: number) => () => checkBatch(batch(given), least);
	const good = (given: Given, least?: number) => expect(check(given, least)).not.toThrow();
	const bad = (given: Given, why: string, least?: number) => expect(check(given, least)).toThrow(why);

	it('are as long as the table', () => {
		good({ values: bytesOf(3) }, 3);
		bad({ values: bytesOf(3) }, 'shorter than the table', 4);
		bad({ length: -1, values: bytesOf(3) }, 'shorter than the table', -1);
		good({ length: 0, values: bytesOf(0) });
	});

	it('have their gaps, a bit each', () => {
		good({ length: 9, values: bytesOf(9), nullCount: 1, validity: bytesOf(2) });
		bad({ length: 9, values: bytesOf(9), nullCount: 1, validity: bytesOf(1) }, 'Gaps are cut off');
		good({ length: 9, values: bytesOf(9), nullCount: 0, validity: bytesOf(1) });
		good({ length: 8, values: bytesOf(8), nullCount: 1, validity: bytesOf(1) });
	});

	it('have their values: a bit of truth, else as many as an item takes', () => {
		bad({ values: bytesOf(2) }, 'Values are cut off');
		good({ type: { typeId: 2, stride: 4 }, values: bytesOf(12) });
		bad({ type: { typeId: 2, stride: 4 }, values: bytesOf(11) }, 'Values are cut off');
		good({ type: { typeId: 2 }, values: bytesOf(3) });
		good({ length: 9, type: { typeId: 6 }, values: bytesOf(2) });
		bad({ length: 9, type: { typeId: 6 }, values: bytesOf(1) }, 'Values are cut off');
		// Of a list they are its children's affair.
		good({ values: bytesOf(0), children: [] });
	});

	it('have lists one after the other, within their values', () => {
		const lists = (...offsets: number[]) => ({ offsets: Int32Array.from(offsets), values: bytesOf(5) });
		good(lists(0, 2, 2, 5));
		good(lists(1, 2, 3, 4));
		bad(lists(0, 2, 2, 6), 'lies beyond its values');
		bad(lists(0, 3, 2, 5), 'lies beyond its values');
		bad(lists(-1, 2, 3, 4), 'lies beyond its values');
		good({ ...lists(), length: 0 });
		const child = batch({ length: 5, values: bytesOf(5) });
		good({ offsets: Int32Array.of(0, 2, 2, 5), children: [child] });
		bad({ offsets: Int32Array.of(0, 2, 2, 6), children: [child] }, 'lies beyond its values');
		bad({ offsets: Int32Array.of(0, 2, 2, 1), children: [] }, 'lies beyond its values');
		// The child itself is looked at, and may be longer or shorter than the lists are many.
		bad(
			{ offsets: Int32Array.of(0, 0, 0, 0), children: [batch({ length: 5, values: bytesOf(4) })] },
			'Values are cut off'
		);
		good({ offsets: Int32Array.of(0, 0, 0, 0), children: [batch({ length: 1, values: bytesOf(1) })] });
	});

	it('have a place for each item of a union, in any order', () => {
		const union = (...offsets: number[]) => ({
			offsets: Int32Array.from(offsets),
			children: [batch({ length: 3, values: bytesOf(3) })]
		});
		good(union(2, 0, 1));
		bad(union(2, 0, 4), 'lies beyond its values');
		bad(union(2, -1, 0), 'lies beyond its values');
	});

	it('have lists by place and size', () => {
		const views = (offsets: number[], sizes: number[], items = 5) => ({
			offsets: Int32Array.from(offsets),
			sizes: Int32Array.from(sizes),
			children: [batch({ length: items, values: bytesOf(items) })]
		});
		good(views([3, 0, 1], [2, 3, 0]));
		bad(views([3, 0, 1], [3, 3, 0]), 'lies beyond its values');
		bad(views([-1, 0, 1], [2, 3, 0]), 'lies beyond its values');
		bad(views([3, 0, 1], [2, -1, 0]), 'lies beyond its values');
		bad(views([3, 0, 1], [2, 3, 5]), 'lies beyond its values');
		bad({ ...views([0, 0, 0], [1, 0, 0]), children: [] }, 'lies beyond its values');
	});

	it('have lists of one length: as many values as that times the rows', () => {
		const fixed = (items: number, stride = 2) => ({
			stride,
			children: [batch({ length: items, values: bytesOf(items) })]
		});
		good(fixed(6));
		good(fixed(7));
		bad(fixed(5), 'shorter than the table');
		bad({ ...fixed(6), length: 2 ** 52, stride: 2 ** 20 }, 'longer than any');
		// A struct: its fields are as long as they are.
		good({ children: [batch({ length: 3, values: bytesOf(3) }), batch({ length: 3, values: bytesOf(3) })] });
		bad(
			{ children: [batch({ length: 3, values: bytesOf(3) }), batch({ length: 3, values: bytesOf(2) })] },
			'Values are cut off'
		);
	});

	it('have texts in their own bytes, or in buffers that reach so far', () => {
		const text = (size: number, buffer: number, start: number) => {
			const bytes = bytesOf(16);
			const view = new DataView(bytes.buffer);
			view.setInt32(0, size, true);
			view.setInt32(8, buffer, true);
			view.setInt32(12, start, true);
			return [...bytes];
		};
		const texts = (all: number[][], more: Given = {}) => ({
			length: all.length,
			values: Uint8Array.from(all.flat()),
			data: [bytesOf(20), bytesOf(30)],
			type: { typeId: 2, stride: 16 },
			...more
		});
		good(texts([text(12, 9, 99), text(13, 0, 7), text(13, 1, 17)]));
		bad(texts([text(13, 0, 8)]), 'lies beyond its bytes');
		bad(texts([text(3, 0, 0), text(13, 2, 0)]), 'lies beyond its bytes');
		bad(texts([text(13, 0, -1)]), 'lies beyond its bytes');
		bad(texts([text(-1, 0, 0)]), 'has no length');
		good(texts([text(20, 0, 0)]));
		bad({ ...texts([text(3, 0, 0)]), length: 2, type: { typeId: 2, stride: 1 } }, 'Texts are cut off');
		// What is missing is not looked at: bit by bit.
		const nine = Array.from({ length: 9 }, (_, i) => (i === 8 || i === 2 ? text(-1, 0, 0) : text(1, 0, 0)));
		good(texts(nine, { nullCount: 2, validity: Uint8Array.of(0b11111011, 0) }));
		bad(texts(nine, { nullCount: 2, validity: Uint8Array.of(0b11111011, 1) }), 'has no length');
		bad(texts(nine, { nullCount: 2, validity: Uint8Array.of(0b11111111, 0) }), 'has no length');
		bad(texts(nine, { nullCount: 0, validity: Uint8Array.of(0b11111011, 0) }), 'has no length');
	});
});

/** A flatbuffer: fields as numbers of so many bytes, tables, or lists of tables or of bytes. */
type Value =
	| { byte: number }
	| { long: bigint }
	| { table: Table }
	| { tables: readonly Table[] }
	| { list: readonly number[]; count: number };
type Table = readonly (Value | null)[];
function flatbuffer(root: Table): Uint8Array {
	const out: number[] = [0, 0, 0, 0];
	const int = (at: number, value: number) => out.splice(at, 4, ...new Uint8Array(Int32Array.of(value).buffer));
	const write = (table: Table): number => {
		const fields = out.length;
		out.push(
			...new Uint8Array(
				Int16Array.of(4 + 2 * table.length, 4 + 8 * table.length, ...table.map((one, k) => (one ? 4 + 8 * k : 0)))
					.buffer
			)
		);
		const at = out.length;
		out.push(...new Uint8Array(Int32Array.of(at - fields).buffer), ...bytesOf(8 * table.length));
		table.forEach((one, k) => {
			if (!one) return;
			const place = at + 4 + 8 * k;
			if ('byte' in one) out[place] = one.byte;
			else if ('long' in one) out.splice(place, 8, ...new Uint8Array(BigInt64Array.of(one.long).buffer));
			else if ('table' in one) int(place, write(one.table) - place);
			else if ('tables' in one) {
				int(place, out.length - place);
				const list = out.length;
				out.push(...new Uint8Array(Int32Array.of(one.tables.length).buffer), ...bytesOf(4 * one.tables.length));
				one.tables.forEach((inner, i) => int(list + 4 + 4 * i, write(inner) - (list + 4 + 4 * i)));
			} else {
				int(place, out.length - place);
				out.push(...new Uint8Array(Int32Array.of(one.count).buffer), ...one.list);
			}
		});
		return at;
	};
	int(0, write(root));
	return Uint8Array.from(out);
}

describe('messages of Arrow', () => {
	const MOST = 50;
	const message = (kind: number, header: Table, body = 0, said = body): number[] => {
		const buffer = flatbuffer([null, { byte: kind }, { table: header }, ...(said ? [{ long: BigInt(said) }] : [])]);
		return [...new Uint8Array(Int32Array.of(-1, buffer.length).buffer), ...buffer, ...bytesOf(body)];
	};
	const lengths = (...all: bigint[]) => ({
		list: [...new Uint8Array(BigInt64Array.from(all.flatMap((n) => [n, 0n])).buffer)],
		count: all.length
	});
	const batch = (...all: bigint[]): Table => [{ long: 1n }, lengths(...all)];
	const END = [...new Uint8Array(Int32Array.of(-1, 0).buffer)];
	const check =
		(bytes: readonly number[], start = 0) =>
		() =>
			checkMessages(Uint8Array.from(bytes), start, MOST);

	it('follow each other to the end', () => {
		expect(check([...message(3, batch(5n), 8), ...message(3, batch(6n), 16), ...END])).not.toThrow();
		expect(check([])).not.toThrow();
		// Of before version 0.15, without the mark in front.
		expect(check(message(3, batch(5n)).slice(4))).not.toThrow();
		const cut = message(3, batch(5n), 8);
		expect(check(cut)).not.toThrow();
		expect(check(cut.slice(0, -1))).toThrow('A message is cut off');
		expect(check(message(3, batch(5n), 0, -8))).toThrow('A message is cut off');
		expect(check(cut.slice(0, 20))).toThrow('A message has no length');
		expect(check([...new Uint8Array(Int32Array.of(-1, -2).buffer)])).toThrow('A message has no length');
		// The second one, too, is looked at; what follows the end is not.
		expect(check([...cut, ...message(3, batch(-1n))])).toThrow('longer than any');
		expect(check([...cut, ...END, ...message(3, batch(-1n))])).not.toThrow();
		// In a file a footer follows, which has no mark.
		expect(check([9, 9, ...cut, 7, 0, 0, 0, 1, 2, 3, 4], 2)).not.toThrow();
	});

	it('have columns no longer than any, and categories of no more words than can be', () => {
		const most = BigInt(LIMITS.numbers);
		expect(check(message(3, batch(1n, most)))).not.toThrow();
		expect(check(message(3, batch(1n, most + 1n)))).toThrow('longer than any');
		expect(check(message(3, batch(-1n)))).toThrow('longer than any');
		const words = (n: bigint, ...all: bigint[]): Table => [null, { table: [{ long: n }, lengths(...all)] }];
		expect(check(message(2, words(50n, 50n)))).not.toThrow();
		expect(check(message(2, words(51n, 50n)))).toThrow('too many words');
		expect(check(message(2, words(-1n, 50n)))).toThrow('too many words');
		expect(check(message(2, words(50n, 51n)))).toThrow('longer than any');
		// Of a batch the number of rows is not the number of words.
		expect(check(message(3, [{ long: 51n }, lengths(51n)]))).not.toThrow();
		const beyond = (of: Table) => check(message(3, of));
		expect(beyond([null, lengths(1n), { list: [], count: 1 << 26 }])).toThrow('A list has no end');
		expect(beyond([null, lengths(1n), { list: [...bytesOf(16)], count: 1 }])).not.toThrow();
		expect(beyond([null, lengths(1n), { list: [...bytesOf(16)], count: 2 }])).toThrow('A list has no end');
	});

	it('have schemas with an end', () => {
		const field = (children: readonly Table[], more: Value | null = null): Table => [
			null,
			null,
			null,
			null,
			null,
			{ tables: children },
			more
		];
		const schema = (...fields: Table[]): Table => [null, { tables: fields }];
		const deep = (depth: number): Table => (depth ? field([deep(depth - 1)]) : field([]));
		expect(check(message(1, schema(field([]), field([field([])]))))).not.toThrow();
		expect(check(message(1, schema(deep(64))))).not.toThrow();
		expect(check(message(1, schema(deep(65))))).toThrow('has no end');
		expect(check(message(1, [null, null, { list: [], count: 1 << 28 }]))).toThrow('A list has no end');
		expect(check(message(1, schema(field([], { list: [], count: 1 << 28 }))))).toThrow('A list has no end');
		const footer = (root: Table) => {
			const buffer = flatbuffer(root);
			return () =>
				checkFooter(
					Uint8Array.from([...buffer, ...new Uint8Array(Int32Array.of(buffer.length).buffer), ...bytesOf(6)])
				);
		};
		expect(footer([null, { table: schema(field([])) }])).not.toThrow();
		expect(footer([null, { table: schema(deep(65)) }])).toThrow('has no end');
		for (const place of [2, 3])
			for (const [count, fits] of [
				[1, true],
				[2, false]
			] as const) {
				const root = [null, { table: schema(field([])) }, null, null].map((one, k) =>
					k === place ? { list: [...bytesOf(30)], count } : one
				);
				const read = expect(footer(root));
				if (fits) read.not.toThrow();
				else read.toThrow('A list has no end');
			}
	});
});

describe('pages of Parquet', () => {
	const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
	type Struct = { readonly [id: number]: number | boolean | Struct };
	/** Thrift's compact protocol. */
	const struct = (fields: Struct): number[] => {
		let before = 0;
		const out = Object.entries(fields).flatMap(([key, value]) => {
			const step = Number(key) - before;
			before = Number(key);
			const head = (type: number) => (step << 4) | type;
			if (typeof value === 'boolean') return [head(value ? 1 : 2)];
			return typeof value === 'number'
				? [head(5), ...varint(value < 0 ? -2 * value - 1 : 2 * value)]
				: [head(12), ...struct(value)];
		});
		return [...out, 0];
	};
	const word = (n: number) => [n & 255, (n >> 8) & 255, 0, 0];
	const page = (type: number, own: Struct, bytes: readonly number[], size = bytes.length) => [
		...struct({ 1: type, 2: size, 3: bytes.length, [type === 0 ? 5 : type === 2 ? 7 : 8]: own }),
		...bytes
	];
	const data = (values: number, encoding: number, bytes: readonly number[]) =>
		page(0, { 1: values, 2: encoding }, bytes);
	const runOf = (count: number, width: number) => [...varint(2 * count), ...bytesOf(Math.ceil(width / 8))];
	const packed = (groups: number, width: number) => [...varint(2 * groups + 1), ...bytesOf(groups * width)];

	interface Given {
		values?: number;
		rows?: number;
		kind?: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
		type?: string;
		meta?: object;
		path?: string[];
		codec?: string;
	}
	function check(
		bytes: readonly number[],
		{
			values = 10,
			rows = values,
			kind = 'REQUIRED',
			type = 'INT32',
			meta = {},
			path = ['a'],
			codec = 'UNCOMPRESSED'
		}: Given = {}
	) {
		const all = Uint8Array.from([...bytesOf(4), ...bytes, ...bytesOf(3)]);
		const column = {
			type,
			codec,
			path_in_schema: path,
			num_values: BigInt(values),
			data_page_offset: 4n,
			total_compressed_size: BigInt(bytes.length),
			...meta
		};
		const file = { byteLength: all.length, slice: async (start: number, end?: number) => all.slice(start, end).buffer };
		const metadata = {
			row_groups: [{ columns: [{ meta_data: column }], num_rows: BigInt(rows) }]
		} as unknown as FileMetaData;
		const leaf = { element: { name: 'a', repetition_type: kind }, children: [] };
		const schema = { element: { name: 'root' }, children: [leaf] } as unknown as SchemaTree;
		// Unpacks to twice as much.
		const compressors = { GZIP: (given: Uint8Array) => Uint8Array.from([...given, ...given]) };
		return checkPages(file, metadata, schema, compressors, new AbortController().signal);
	}
	const good = (bytes: readonly number[], given?: Given) => expect(check(bytes, given)).resolves.toBeUndefined();
	const bad = (bytes: readonly number[], why: string, given?: Given) =>
		expect(check(bytes, given)).rejects.toThrow(why);

	it('hold as many values as their column, or fewer', async () => {
		await good([...data(6, 0, [1, 2]), ...data(4, 0, [3])]);
		await bad([...data(6, 0, [1, 2]), ...data(5, 0, [3])], 'a column of 10 values holds more');
		await bad(data(6, 0, [1, 2, 3]).slice(0, -1), 'a page is cut off');
		await good([]);
	});

	it('are where the file is, of a column that is in it', async () => {
		await bad(data(6, 0, [1]), 'a column of 10 values', { rows: 11 });
		await good(data(6, 0, [1]), {
			rows: 11,
			kind: 'REPEATED',
			values: 10,
			meta: { num_values: 10n, total_compressed_size: 0n }
		});
		await bad([], 'a column of', { values: LIMITS.numbers + 1 });
		await good([], { values: LIMITS.numbers });
		await bad([], 'is not in the schema', { path: ['b'] });
		await bad([], 'lies beyond its file', { meta: { total_compressed_size: 4n } });
		await good([], { meta: { total_compressed_size: 0n, data_page_offset: 7n } });
		await bad([], 'lies beyond its file', { meta: { data_page_offset: -1n } });
		await bad([], 'lies beyond its file', { meta: { data_page_offset: 2n, total_compressed_size: -1n } });
		// A dictionary comes first where there is one.
		await bad([], 'lies beyond its file', { meta: { dictionary_page_offset: 99n } });
	});

	it('have places in a dictionary: runs not longer than the page, but for what fills the last up', async () => {
		for (const encoding of [2, 8]) {
			await good(data(10, encoding, [3, ...runOf(4, 3), ...runOf(6, 3)]));
			await good(data(10, encoding, [3, ...runOf(10 + 512, 3)]));
			await bad(data(10, encoding, [3, ...runOf(10 + 513, 3)]), 'a run of 523 values where 10 are left');
			await good(data(10, encoding, [3, ...packed(65, 3)]));
			await bad(data(10, encoding, [3, ...packed(66, 3)]), 'a run of 528 values');
			// The second run is where the first ends, of nine bits in two bytes.
			await bad(data(10, encoding, [9, ...runOf(4, 9), ...runOf(600, 9)]), 'a run of 600 values');
			await bad(data(10, encoding, [9, ...packed(1, 9), ...runOf(600, 9)]), 'a run of 600 values');
			// Of no bits there are no runs.
			await good(data(10, encoding, [0, ...runOf(999, 0)]));
		}
		await good(data(10, 0, [3, ...runOf(999, 3)]));
		await bad(data(10, 8, []), 'it ends too early');
		await bad(data(10, 8, [3, 128]), 'it ends too early');
		await bad(data(10, 8, [3, ...Array<number>(10).fill(255)]), 'a number has no end');
	});

	it('have truth values in runs, behind their length', async () => {
		await good(data(10, 3, [...word(2), ...runOf(10, 1)]), { type: 'BOOLEAN' });
		await bad(data(10, 3, [...word(2), ...runOf(600, 1)]), 'a run of 600', { type: 'BOOLEAN' });
		await bad(data(10, 3, [1, 2, 3]), 'it ends too early', { type: 'BOOLEAN' });
		await bad(data(10, 3, [1, ...runOf(600, 1)]), 'a run of 600');
	});

	it('have levels, as many as values, in as many bytes as they say', async () => {
		const optional = { kind: 'OPTIONAL' } as const;
		const levels = runOf(10, 1);
		await good(data(10, 8, [...word(levels.length), ...levels, 3, ...runOf(10, 3)]), optional);
		await bad(data(10, 8, [...word(levels.length), ...levels, 3, ...runOf(600, 3)]), 'a run of 600', optional);
		await bad(data(10, 0, [...word(3), ...runOf(600, 1)]), 'a run of 600', optional);
		await good(data(10, 0, [...word(4), ...runOf(4, 1), ...runOf(6, 1)]), optional);
		await bad(data(10, 0, [...word(2), ...runOf(4, 1), ...runOf(6, 1)]), 'it ends too early', optional);
		await bad(data(10, 0, [...word(99), ...runOf(4, 1)]), 'it ends too early', optional);
		// Repeated: a level of each kind.
		const both = [...word(2), ...runOf(10, 1), ...word(2), ...runOf(10, 1)];
		await good(data(10, 8, [...both, 3, ...runOf(10, 3)]), { kind: 'REPEATED' });
		await bad(data(10, 8, [...both, 3, ...runOf(600, 3)]), 'a run of 600', { kind: 'REPEATED' });
		await bad(data(10, 0, [...word(2), ...runOf(10, 1), ...word(3), ...runOf(600, 1)]), 'a run of 600', {
			kind: 'REPEATED'
		});
	});

	it('of the second version have their levels outside of what is packed', async () => {
		const second = (own: Struct, bytes: readonly number[], size?: number) =>
			page(3, { 1: 10, 4: 8, ...own }, bytes, size);
		const places = [3, ...runOf(10, 3)];
		await good(second({ 5: 0, 6: 0 }, places));
		await bad(second({ 5: 0, 6: 0 }, [3, ...runOf(600, 3)]), 'a run of 600');
		const one = runOf(10, 1);
		await good(second({ 5: 2, 6: 0 }, [...one, ...places]), { kind: 'OPTIONAL' });
		await bad(second({ 5: 3, 6: 0 }, [...runOf(600, 1), ...places]), 'a run of 600', { kind: 'OPTIONAL' });
		await bad(second({ 5: 2, 6: 0 }, [...runOf(4, 1), ...places]), 'it ends too early', { kind: 'OPTIONAL' });
		await good(second({ 5: 0, 6: 0 }, places), { kind: 'OPTIONAL' });
		await good(second({ 5: 2, 6: 2 }, [...one, ...one, ...places]), { kind: 'REPEATED' });
		await bad(second({ 5: 2, 6: 3 }, [...runOf(600, 1), ...one, ...places]), 'a run of 600', { kind: 'REPEATED' });
		await bad(second({ 5: 3, 6: 2 }, [...one, ...runOf(600, 1), ...places]), 'a run of 600', { kind: 'REPEATED' });
		// Unpacked it is twice as long: the head of a run that ends too early before.
		const gzip = { codec: 'GZIP' };
		await bad(second({ 5: 0, 6: 0 }, [8, 128]), 'it ends too early', { codec: 'UNCOMPRESSED' });
		await good(second({ 5: 0, 6: 0 }, [8, 128]), gzip);
		await bad(second({ 5: 0, 6: 0, 7: false }, [8, 128]), 'it ends too early', gzip);
	});

	it('have dictionaries no longer than their bits, and headers with an end', async () => {
		await good(page(2, { 1: 16 }, [1, 2]));
		await bad(page(2, { 1: 17 }, [1, 2]), 'a dictionary is longer than its page');
		// A dictionary's values are not those of the column; pages of other kinds are passed over.
		await good([...page(2, { 1: 16 }, [1, 2]), ...data(10, 0, [1])]);
		await good([...struct({ 1: 1, 2: 1, 3: 1 }), 9, ...data(10, 0, [1])]);
		await bad([...struct({ 1: 0, 2: 1, 3: 1 }), 9], 'has no header of its own');
		await bad([...struct({ 1: 0, 3: 1 }), 9], 'lacks a number');
		await bad([...struct({ 1: 0, 2: -1, 3: 1 }), 9], 'lacks a number');
		const nested = (depth: number): Struct => (depth ? { 9: nested(depth - 1) } : {});
		const deep = (depth: number) => [...struct({ 1: 1, 2: 1, 3: 0, 9: nested(depth) }), ...data(1, 0, [1])];
		await good(deep(6));
		await bad(deep(7), 'a header is too deep');
		// Bytes, doubles and texts are passed over; lists are in no header.
		const passed = [0x15, 2, 0x15, 2, 0x15, 0, 0x13, 77, 0x17, ...bytesOf(8), 0x18, 2, 65, 66, 0];
		await good([...passed, ...data(10, 0, [1])]);
		await bad([0x15, 2, 0x19, 0, 0], 'holds what no header does');
		// A field by its number, where the step is too far for four bits.
		await good([0x15, 2, 0x15, 2, 0x15, 0, 0x05, ...varint(80), 2, 0, ...data(10, 0, [1])]);
	});
});
