import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { TypedColumn } from '#loaders/typed-column.ts';
import { TypedTable } from '#loaders/typed-table.ts';
import { PNG } from './samples/images.ts';

/** Columns of values with types, value by value. */

const columnOf = (...values: readonly unknown[]) => {
	const column = new TypedColumn('x');
	for (const value of values) column.push(value);
	return column;
};
const all = (column: TypedColumn) => Int32Array.from({ length: column.count }, (_, i) => i);
const made = (...values: readonly unknown[]) => {
	const column = columnOf(...values);
	return column.column(all(column), null);
};
const number = (...values: number[]) => ({ kind: 'number', name: 'x', values: Float64Array.from(values) });
const category = (categories: readonly string[], ...codes: number[]) => ({
	kind: 'category',
	name: 'x',
	categories,
	codes: Int32Array.from(codes)
});
const states = (column: TypedColumn) => Array.from(all(column), (i) => column.state(i));
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

describe('a column of typed values', () => {
	it('of numbers: what is missing is none, before the first and behind', () => {
		expect(made(null, undefined, 1, 2n, null, 0.5)).toEqual(number(NaN, NaN, 1, 2, NaN, 0.5));
		expect(made(1, 'x', true)).toEqual({ kind: 'text', name: 'x', values: ['1', 'x', 'true'] });
		expect(made(...Array.from({ length: 600 }, (_, i) => i))).toEqual(
			number(...Array.from({ length: 600 }, (_, i) => i))
		);
		const named = columnOf(1, 0, 2, -1).column(Int32Array.of(0, 1, 2, 3), ['a', 'b']);
		expect(named).toEqual({ kind: 'category', name: 'x', codes: Int32Array.of(1, 0, -1, -1), categories: ['a', 'b'] });
		expect(columnOf(1, 2, 3).column(Int32Array.of(2, 0), null)).toEqual(number(3, 1));
	});

	it('of whole numbers that are too large: all written out, none changed', () => {
		const large = columnOf(5, null, SAFE + 1n, -SAFE - 1n, 7);
		expect(large.exact).toBe(true);
		const words = large.column(all(large), null);
		expect(words).toEqual({ kind: 'text', name: 'x', values: ['5', '', '9007199254740992', '-9007199254740992', '7'] });
		expect(columnOf(SAFE, -SAFE).exact).toBe(false);
		expect(made(SAFE, -SAFE)).toEqual(number(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER));
	});

	it('of dates, truth and words', () => {
		const date = made(new Date(5), null, new Date(NaN), 'x');
		expect(date).toEqual({ ...number(5, NaN, NaN, NaN), date: true });
		expect(made(true, null, false, true)).toEqual(category(['false', 'true'], 1, -1, 0, 1));
		expect(made('b', null, 'a', 'b', 'b')).toEqual(category(['a', 'b'], 1, -1, 0, 1, 1));
		expect(made(new TextEncoder().encode('ä'), 'b', 'b')).toEqual(category(['ä', 'b'], 0, 1, 1));
		expect(made(['a', 'b'], ['c'], ['c'])).toEqual(category(['a, b', 'c'], 0, 1, 1));
		expect(made(['a', 1n], ['c'], ['c'])).toEqual(category(['["a","1"]', 'c'], 0, 1, 1));
	});

	it('of words: texts where more than seven of ten differ, but for two', () => {
		const kind = (different: number, count: number) =>
			made(...Array.from({ length: count }, (_, i) => `w${i % different}`))?.kind;
		expect([kind(7, 10), kind(8, 10), kind(2, 2), kind(3, 3)]).toEqual(['category', 'text', 'category', 'text']);
		expect([kind(LIMITS.categories, 2000), kind(LIMITS.categories + 1, 2002)]).toEqual(['category', 'text']);
	});

	it('of lists: each of the shape of the first; a gap in one is counted', () => {
		const lists = columnOf(null, [1, 2], Float32Array.of(3, 4), [5], [], [6, null], [null, null], 'x', [7, 8]);
		expect([lists.kind, lists.shape, lists.width, lists.missing]).toEqual(['vector', [2], 2, 1]);
		expect(states(lists)).toEqual([
			...['absent', 'good', 'good', 'other', 'absent'],
			...['good', 'absent', 'other', 'good']
		]);
		expect([...lists.vectors.subarray(0, 18)]).toEqual([
			...[NaN, NaN, 1, 2, 3, 4, NaN, NaN, NaN, NaN],
			...[6, NaN, NaN, NaN, NaN, NaN, 7, 8]
		]);
		expect(lists.column(all(lists), null)).toBeNull();
		const nested = columnOf(
			[
				[1, 2, 3],
				[4, 5, 6]
			],
			[[1], [2]]
		);
		expect([nested.shape, nested.width, states(nested)]).toEqual([[2, 3], 6, ['good', 'other']]);
		expect([columnOf([[1, 2], [3]]).kind, columnOf([]).kind, columnOf([], [1]).kind]).toEqual([
			'ragged',
			'empty',
			'vector'
		]);
		expect(states(columnOf([], [1]))).toEqual(['absent', 'good']);
		const many = columnOf(...Array.from({ length: 300 }, (_, i) => [i, -i]));
		expect([...many.vectors.subarray(598, 600)]).toEqual([299, -299]);
	});

	it('of pictures, alone or in a struct with their path', () => {
		const pictures = columnOf({ bytes: PNG, path: 'a.png' }, null, PNG, 'x', Uint8Array.of(0, 1, 2));
		expect([pictures.kind, pictures.elsewhere]).toEqual(['picture', 0]);
		expect(states(pictures)).toEqual(['good', 'absent', 'good', 'other', 'other']);
		expect(pictures.pictures.map(({ size }) => size)).toEqual([PNG.length, 0, PNG.length, 0, 0]);
		const named = columnOf({ bytes: null, path: 'a.png' }, { bytes: null, path: null }, { bytes: null, path: 'b.png' });
		expect([named.kind, named.elsewhere]).toEqual(['empty', 2]);
		expect(columnOf(Uint8Array.of(0, 1, 2)).kind).toBe('bytes');
	});

	it('of structs: a column for each field, missing where one lacks it', () => {
		const structs = columnOf(null, { a: 1, b: { c: 'u' } }, { a: 2 }, null, { b: { c: 'v' }, d: 3 });
		const flat = structs.flat();
		expect(flat.map(({ name, count }) => `${name} ${count}`)).toEqual(['x.a 5', 'x.b.c 5', 'x.d 5']);
		const rows = all(structs);
		expect(flat.map((column) => column.column(rows, null))).toEqual([
			{ ...number(NaN, 1, 2, NaN, NaN), name: 'x.a' },
			{ ...category(['u', 'v'], -1, 0, -1, -1, 1), name: 'x.b.c' },
			{ ...number(NaN, NaN, NaN, NaN, 3), name: 'x.d' }
		]);
		const wide = columnOf(Object.fromEntries(Array.from({ length: LIMITS.categories + 1 }, (_, k) => [`f${k}`, k])));
		expect(wide.fields.size).toBe(LIMITS.categories);
		expect(columnOf({ ['n'.repeat(90)]: 1 }).flat()[0]!.name).toBe(`x.${'n'.repeat(78)}`);
	});
});

describe('a table of typed columns', () => {
	const tableOf = (
		columns: Readonly<Record<string, readonly unknown[]>>,
		hints?: ConstructorParameters<typeof TypedTable>[1]
	) => {
		const table = new TypedTable(Object.keys(columns), hints);
		Object.values(columns).forEach((values, c) => values.forEach((value) => table.push(c, value)));
		return table.finish('t');
	};

	it('embeds its numbers: no date, no label, nothing that numbers the rows', () => {
		const data = tableOf(
			{
				a: [1, 2, 3],
				id: [7, 8, 9],
				n: [0, 1, 2],
				d: [0, 1, 2].map((n) => new Date(n)),
				label: ['u', 'v', 'u'],
				b: [4, null, 6]
			},
			{ classes: new Map(), indexes: new Set(['n']) }
		);
		expect(data.rows).toEqual({ values: Float32Array.of(1, 4, 2, NaN, 3, 6), width: 2, names: ['a', 'b'] });
		expect([data.name, data.count, data.images, data.label]).toEqual(['t', 3, null, 'label']);
		expect(data.notes).toEqual(['“n” is an index of the rows: it is not embedded.', '“d” holds dates, not embedded.']);
	});

	it('takes for the label what the file says to be classes', () => {
		const hints = { classes: new Map([['c', ['zero', 'one']]]), indexes: new Set<string>() };
		const data = tableOf({ a: [1, 2], label: ['u', 'v'], c: [1, 0] }, hints);
		expect(data.label).toBe('c');
		expect(data.columns.find(({ name }) => name === 'c')).toMatchObject({
			codes: Int32Array.of(1, 0),
			categories: ['zero', 'one']
		});
	});

	it('keeps the rows whose lists are there, the widest of them, gaps filled with means', () => {
		const data = tableOf({
			v: [[1, 2, 3], null, [4, null, 9], [5], [7, 8, 9]],
			w: [[1], [1], [1], [1], [1]],
			a: [1, 2, 3, 4, 5]
		});
		expect(data.rows?.width).toBe(3);
		expect([...data.rows!.values]).toEqual([1, 2, 3, 4, 5, 9, 7, 8, 9]);
		expect([data.count, data.columns.map(({ name }) => name)]).toEqual([3, ['a']]);
		expect(data.columns[0]).toMatchObject({ values: Float64Array.of(1, 3, 5) });
		expect(data.notes).toEqual([
			'1 of 5 rows is left out: “v” is missing there.',
			expect.stringMatching(/^1 of 5 rows is left out: the lists in “v” have other lengths/),
			'1 number is missing in the lists of “v”: it is filled with the mean at its index.',
			'“w” holds lists or pictures, too: it is left out.'
		]);
		expect(tableOf({ w: [[1]], v: [[2, 3]] }).rows).toMatchObject({ width: 2, names: ['v 0', 'v 1'] });
		const two = tableOf({ v: [[1, 2], null, null, [null, 4], [null, 5]] });
		expect(two.notes).toEqual([
			'2 of 5 rows are left out: “v” is missing there.',
			'2 numbers are missing in the lists of “v”: each is filled with the mean at its index.'
		]);
		// Half may be of another length.
		expect(tableOf({ v: [[1, 2], [3]] }).count).toBe(1);
		expect(() => tableOf({ v: [[1, 2], [3], [4]] })).toThrow(/have different lengths: 2 of 3 rows/);
	});

	it('has pictures, and no numbers beside them to embed', () => {
		const data = tableOf({ p: [PNG, null, PNG, 'x'], q: [PNG, PNG, PNG, PNG], a: [1, 2, 3, 4] });
		expect([data.count, data.rows, data.images?.length]).toEqual([2, null, 2]);
		expect(data.columns[0]).toMatchObject({ values: Float64Array.of(1, 3) });
		expect(data.notes).toEqual([
			'1 of 4 rows is left out: “p” is missing there.',
			'1 of 4 rows is left out: “p” holds no picture that can be read there.',
			'“q” holds lists or pictures, too: it is left out.'
		]);
	});

	it('says what is left out, and why there is nothing', () => {
		const { notes } = tableOf({
			a: [1],
			bytes: [Uint8Array.of(0, 1)],
			ragged: [[[1, 2], [3]]],
			none: [null],
			large: [SAFE + 1n],
			nested: [[[1, 2]]]
		});
		expect(notes?.map((note) => /^“(\w+)” (\S+ \S+)/.exec(note)?.slice(1).join(': '))).toEqual([
			...['bytes: holds bytes', 'ragged: holds lists', 'none: is empty:'],
			...['large: holds whole', 'nested: holds lists']
		]);
		expect(notes?.at(-1)).toContain('1 × 2');
		expect(() => tableOf({ a: ['x'] })).toThrow('no column of numbers to embed');
		expect(() => tableOf({ a: [[[1, 2], [3]]] })).toThrow('have several lengths');
		expect(() => tableOf({ a: [{ bytes: null, path: 'p' }] })).toThrow('does not hold them');
	});

	it('gives a field that is called as a column is a name of its own', () => {
		const { columns } = tableOf({ a: [{ b: 1 }], 'a.b': [2] });
		expect(new Set(columns.map(({ name }) => name)).size).toBe(2);
	});

	it('is stopped while it grows where its lists would not fit', () => {
		const table = new TypedTable(['v', 'a']);
		table.push(0, [1, 2, 3, 4]);
		table.push(1, 5);
		expect(() => table.check(LIMITS.rows, 't')).not.toThrow();
		const wide = new TypedTable(['v']);
		wide.push(0, new Float32Array(1000));
		expect(() => wide.check(LIMITS.values / 1000, 't')).not.toThrow();
		expect(() => wide.check(LIMITS.values / 1000 + 1, 't')).toThrow();
	});
});
