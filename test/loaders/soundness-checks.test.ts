import type { Batch } from '@uwdata/flechette';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { checkBatch, checkFooter, checkMessages } from '#loaders/arrow-soundness.ts';

/** What is checked of Arrow files of strangers before a library reads them, at the last value that is good and the first that is not. */

const bytesOf = (length: number) => new Uint8Array(length);

describe('batches of Arrow', () => {
	type Given = Partial<Record<keyof Batch<unknown> | 'data' | 'stride', unknown>>;
	const batch = (given: Given): Batch<unknown> =>
		({ length: 3, nullCount: 0, type: { typeId: 2, stride: 1 }, ...given }) as unknown as Batch<unknown>;
	const check = (given: Given, min?: number) => () => checkBatch(batch(given), min);
	const good = (given: Given, min?: number) => expect(check(given, min)).not.toThrow();
	const bad = (given: Given, why: string, min?: number) => expect(check(given, min)).toThrow(why);

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
		good({ ...lists(9), length: 0 });
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

	it('have an offset for each item of a union, in any order', () => {
		const union = (...offsets: number[]) => ({
			offsets: Int32Array.from(offsets),
			children: [batch({ length: 3, values: bytesOf(3) })]
		});
		good(union(2, 0, 1));
		bad(union(2, 0, 4), 'lies beyond its values');
		bad(union(2, -1, 0), 'lies beyond its values');
	});

	it('have lists by offset and size', () => {
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
		// Of one number each, too.
		good(fixed(3, 1));
		bad(fixed(2, 1), 'shorter than the table');
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
		good(texts([text(12, 9, -1), text(0, 9, -1)]));
		bad(texts([text(3, 0, 0), text(3, 0, 0), text(-1, 0, 0)]), 'has no length');
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
			const offset = at + 4 + 8 * k;
			if ('byte' in one) out[offset] = one.byte;
			else if ('long' in one) out.splice(offset, 8, ...new Uint8Array(BigInt64Array.of(one.long).buffer));
			else if ('table' in one) int(offset, write(one.table) - offset);
			else if ('tables' in one) {
				int(offset, out.length - offset);
				const list = out.length;
				out.push(...new Uint8Array(Int32Array.of(one.tables.length).buffer), ...bytesOf(4 * one.tables.length));
				one.tables.forEach((inner, i) => int(list + 4 + 4 * i, write(inner) - (list + 4 + 4 * i)));
			} else {
				int(offset, out.length - offset);
				out.push(...new Uint8Array(Int32Array.of(one.count).buffer), ...one.list);
			}
		});
		return at;
	};
	int(0, write(root));
	return Uint8Array.from(out);
}

describe('messages of Arrow', () => {
	const MAX_ROWS = 50;
	const message = (kind: number, header: Table, body = 0, declared = body): number[] => {
		const buffer = flatbuffer([
			null,
			{ byte: kind },
			{ table: header },
			...(declared ? [{ long: BigInt(declared) }] : [])
		]);
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
			checkMessages(Uint8Array.from(bytes), start, MAX_ROWS);

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
		const max = BigInt(LIMITS.values);
		expect(check(message(3, batch(1n, max)))).not.toThrow();
		expect(check(message(3, batch(1n, max + 1n)))).toThrow('longer than any');
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
		for (const offset of [2, 3])
			// With what stands behind, of 24 bytes each.
			for (const [count, fits] of [
				[2, true],
				[3, false]
			] as const) {
				const root = [null, { table: schema(field([])) }, null, null].map((one, k) =>
					k === offset ? { list: [...bytesOf(38)], count } : one
				);
				const read = expect(footer(root));
				if (fits) read.not.toThrow();
				else read.toThrow('A list has no end');
			}
	});
});
