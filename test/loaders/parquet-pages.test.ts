import type { FileMetaData, SchemaTree } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { checkPages } from '#loaders/parquet-soundness.ts';

/** What is checked of pages of strangers before a library reads them, at the last value that is good and the first that is not. */

const bytesOf = (length: number) => new Uint8Array(length);

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
	/** How long what is unpacked is said to be. */
	let sizes: number[] = [];
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
		const compressors = {
			GZIP(given: Uint8Array, size: number) {
				sizes.push(size);
				return Uint8Array.from([...given, ...given]);
			}
		};
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
		await bad([], 'a column of', { values: LIMITS.values + 1 });
		await good([], { values: LIMITS.values });
		await bad([], 'is not in the schema', { path: ['b'] });
		await bad([], 'lies beyond its file', { meta: { total_compressed_size: 4n } });
		await good([], { meta: { total_compressed_size: 0n, data_page_offset: 7n } });
		await bad([], 'lies beyond its file', { meta: { data_page_offset: -1n } });
		await bad([], 'lies beyond its file', { meta: { data_page_offset: 2n, total_compressed_size: -1n } });
		// A dictionary comes first where there is one.
		await bad([], 'lies beyond its file', { meta: { dictionary_page_offset: 99n } });
	});

	it('have indices in a dictionary: runs not longer than the page, but for what fills the last up', async () => {
		for (const encoding of [2, 8]) {
			await good(data(10, encoding, [3, ...runOf(4, 3), ...runOf(6, 3)]));
			await good(data(10, encoding, [3, ...runOf(10 + 512, 3)]));
			await bad(data(10, encoding, [3, ...runOf(10 + 513, 3)]), 'a run of 523 values where 10 are left');
			// Of two bytes, the first of which says nothing but that another follows.
			await bad(data(10, encoding, [3, ...runOf(576, 3)]), 'a run of 576 values');
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
		const indices = [3, ...runOf(10, 3)];
		await good(second({ 5: 0, 6: 0 }, indices));
		await bad(second({ 5: 0, 6: 0 }, [3, ...runOf(600, 3)]), 'a run of 600');
		const one = runOf(10, 1);
		await good(second({ 5: 2, 6: 0 }, [...one, ...indices]), { kind: 'OPTIONAL' });
		await bad(second({ 5: 3, 6: 0 }, [...runOf(600, 1), ...indices]), 'a run of 600', { kind: 'OPTIONAL' });
		await bad(second({ 5: 2, 6: 0 }, [...runOf(4, 1), ...indices]), 'it ends too early', { kind: 'OPTIONAL' });
		await good(second({ 5: 0, 6: 0 }, indices), { kind: 'OPTIONAL' });
		await good(second({ 5: 2, 6: 2 }, [...one, ...one, ...indices]), { kind: 'REPEATED' });
		await bad(second({ 5: 2, 6: 3 }, [...runOf(600, 1), ...one, ...indices]), 'a run of 600', { kind: 'REPEATED' });
		await bad(second({ 5: 3, 6: 2 }, [...one, ...runOf(600, 1), ...indices]), 'a run of 600', { kind: 'REPEATED' });
		// Unpacked it is twice as long: the head of a run that ends too early before.
		const gzip = { codec: 'GZIP' };
		await bad(second({ 5: 0, 6: 0 }, [8, 128]), 'it ends too early', { codec: 'UNCOMPRESSED' });
		await good(second({ 5: 0, 6: 0 }, [8, 128]), gzip);
		await bad(second({ 5: 0, 6: 0, 7: false }, [8, 128]), 'it ends too early', gzip);
		// Levels are not in what is unpacked.
		sizes = [];
		await good(second({ 5: 2, 6: 2 }, [...one, ...one, 8, 128], 24), { ...gzip, kind: 'REPEATED' });
		await good(second({ 5: 2, 6: 2 }, [...one, ...one, 8, 128], 3), { ...gzip, kind: 'REPEATED' });
		expect(sizes).toEqual([20, 0]);
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
		const passed = [0x15, 2, 0x15, 2, 0x15, 0, 0x13, 77, 0x17, ...bytesOf(8).fill(7), 0x18, 2, 65, 66, 0];
		await good([...passed, ...data(10, 0, [1])]);
		for (const type of [9, 10, 11, 13]) await bad([0x15, 2, 0x10 + type, 0, 0], 'holds what no header does');
		// Numbers of 16, 32 and 64 bits and truth are in it.
		for (const type of [4, 5, 6])
			await good([0x15, 2, 0x10 + type, 2, 0x10 + type, 0, 0x11, 0x12, 0, ...data(1, 0, [1])]);
		// A field by its number, where the step is too far for four bits.
		await good([0x15, 2, 0x15, 2, 0x15, 0, 0x05, ...varint(80), 2, 0, ...data(10, 0, [1])]);
	});
});
