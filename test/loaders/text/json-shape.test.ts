import { describe, expect, it } from 'vitest';
import { jsonLines, jsonRows } from '#loaders/text/json-rows.ts';
import { namesOver, rowOf, rowsOf } from '#loaders/text/json-shape.ts';

/** Rows as plain objects. */
const rows = (json: unknown) => rowsOf(json)?.map((row) => Object.fromEntries(row)) ?? null;
const row = (value: unknown, names?: readonly string[]) => {
	const found = rowOf(value, names);
	return found && Object.fromEntries(found);
};

describe('a row of JSON', () => {
	it('has a column for each field, and for those of objects within, four deep', () => {
		expect(row({ a: 1, b: { c: 'x', d: { e: { f: 2, g: { h: 3 } } } } })).toEqual({
			...{ a: '1', 'b.c': 'x', 'b.d.e.f': '2', 'b.d.e.g': '{"h":3}' }
		});
		expect(row({ a: null, b: true, c: ['u', 'v'], d: [1, 'v'], e: [] })).toEqual({
			...{ a: '', b: 'true', c: 'u, v', d: '[1,"v"]', e: '' }
		});
	});
	it('or for each index of a list', () => {
		expect(row([1, { a: 2 }])).toEqual({ 'column 1': '1', 'column 2': '{"a":2}' });
		expect(row([1, 2, 3], ['u', 'v'])).toEqual({ u: '1', v: '2', 'column 3': '3' });
		expect([row(5), row('x'), row(null)]).toEqual([null, null, null]);
	});
	it('a list of words over one of as many other things names them', () => {
		expect(namesOver(['a', 'b'], ['x', 1])).toEqual(['a', 'b']);
		const no = [
			[
				['a', 'b'],
				['x', 'y']
			],
			[
				['a', 'b'],
				['x', null]
			],
			[['a', 'b'], [1]],
			[
				['a', 1],
				['x', 1]
			],
			[[], []],
			['ab', [1, 2]],
			[['a', 'b'], 'xy']
		] as const;
		expect(no.map(([first, second]) => namesOver(first, second))).toEqual(no.map(() => null));
	});
});

describe('rows of JSON', () => {
	it('are what a list holds, if all are rows', () => {
		expect(rows([{ a: 1 }, { b: 2 }])).toEqual([{ a: '1' }, { b: '2' }]);
		expect(
			rows([
				['a', 'b'],
				['x', 1],
				['y', 2]
			])
		).toEqual([
			{ a: 'x', b: '1' },
			{ a: 'y', b: '2' }
		]);
		// Only what is right below them tells that words are names.
		expect(
			rows([
				['a', 'b'],
				['x', 1],
				['y', 'z']
			])
		).toEqual([
			{ a: 'x', b: '1' },
			{ a: 'y', b: 'z' }
		]);
		expect([rows([{ a: 1 }, 5]), rows([]), rows('x'), rows(null), rows({})]).toEqual(Array(5).fill(null));
	});
	it('names beside data, as pandas splits them', () => {
		expect(
			rows({
				columns: ['a', 7],
				index: [0, 1],
				data: [
					[1, 2],
					[3, 4, 5]
				]
			})
		).toEqual([
			{ a: '1', 7: '2' },
			{ a: '3', 7: '4' }
		]);
		expect(rows({ columns: ['a'], data: [{ b: 1 }] })).toEqual([{ b: '1' }]);
		expect(rows({ schema: 'x', data: [{ b: 1 }] })).toEqual([{ b: '1' }]);
	});
	it('columns of one length, of more than one row', () => {
		expect(rows({ a: [1, 2], b: ['x', 'y'] })).toEqual([
			{ a: '1', b: 'x' },
			{ a: '2', b: 'y' }
		]);
		expect([rows({ a: [1], b: [2] }), rows({ a: [1, 2], b: [1] }), rows({ a: [1, 2], b: 'x' })]).toEqual([
			null,
			null,
			null
		]);
	});
	it('objects by index or by name: rows where the outer keys are indices, or what is in one is of two kinds', () => {
		expect(rows({ 0: { a: 1, b: 2 }, 1: { a: 3, b: 4 } })).toEqual([
			{ index: '0', a: '1', b: '2' },
			{ index: '1', a: '3', b: '4' }
		]);
		expect(rows({ a: { 0: 1, 1: 2 }, b: { 0: 3, 1: 4 } })).toEqual([
			{ a: '1', b: '3' },
			{ a: '2', b: '4' }
		]);
		expect(rows({ r: { a: 1, b: 'x' }, s: { a: 2, b: 'y' } })).toEqual([
			{ index: 'r', a: '1', b: 'x' },
			{ index: 's', a: '2', b: 'y' }
		]);
		// Nothing is of every kind.
		expect(rows({ r: { a: 1, b: null }, s: { a: 2, b: 5 } })).toEqual([
			{ r: '1', s: '2' },
			{ r: '', s: '5' }
		]);
		expect(rows({ a: { x: 1, y: 2 } })).toEqual([{ a: '1' }, { a: '2' }]);
	});
	it('many short lists of numbers by their words', () => {
		const vectors = (count: number, ...list: unknown[]) =>
			rows(Object.fromEntries(Array.from({ length: count }, (_, k) => [`w${k}`, list])));
		expect(vectors(10, 1, null)?.[3]).toEqual({ name: 'w3', vector: '[1,null]' });
		expect(vectors(10, 1, 2, 3, 4)).toHaveLength(10);
		// Fewer, longer, or of words: they are columns.
		expect(vectors(9, 1, 2)).toHaveLength(2);
		expect(vectors(10, 1, 2, 3, 4, 5)).toHaveLength(5);
		expect(vectors(10, 'a', 'b')).toHaveLength(2);
		expect(rows({ ...Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`w${k}`, [1, 2]])), x: [1] })).toBeNull();
	});
	it('the only list of rows among other things', () => {
		expect(rows({ count: 2, tags: ['u'], results: [{ a: 1 }, { a: 2 }] })).toEqual([{ a: '1' }, { a: '2' }]);
		expect(rows({ n: 1, results: [[1, 2]] })).toEqual([{ 'column 1': '1', 'column 2': '2' }]);
		expect(rows({ n: 1, one: [{ a: 1 }], two: [{ a: 1 }] })).toBeNull();
	});
});

it('one value of JSON is no larger than any', async () => {
	const sized = (size: number) => ({
		path: 'a.json',
		blob: Object.defineProperty(new Blob(['{}']), 'size', { value: size })
	});
	const { signal } = new AbortController();
	await expect(jsonRows(sized((256 << 20) + 1), signal)).rejects.toThrow('“a.json” has more than 256 MB in one piece');
	expect(await jsonRows(sized(256 << 20), signal)).toBeNull();
});

describe('JSON line by line', () => {
	const { signal } = new AbortController();
	async function read(text: string, piece?: number) {
		const source = await jsonLines({ path: 'a.jsonl', blob: new Blob([text]) }, signal, piece);
		if (!source) return null;
		const found: (readonly [number, ...string[]])[] = [];
		for await (const { records } of source.rows(signal))
			for (const { line, cells } of records) found.push([line, ...cells]);
		return { names: source.names, found, met: source.met() };
	}
	const good = (count: number) => '{"a": 1}\n'.repeat(count);

	it('has the names of all fields, in the order of the file; blank lines keep their numbers', async () => {
		const expected = {
			names: ['a', 'b'],
			found: [
				[1, '1', ''],
				[3, '', 'x']
			],
			met: []
		};
		expect(await read('{"a": 1}\n\n{"b": "x"}\n')).toEqual(expected);
		expect(await read('{"a": 1}\n\n{"b": "x"}', 4)).toEqual(expected);
		expect(await read('{"a": 1}')).toEqual({ names: ['a'], found: [[1, '1']], met: [] });
	});

	it('may name the indices of its lists first', async () => {
		expect(await read('["u", "v"]\n[1, 2]\n[3, 4]')).toEqual({
			...{ names: ['u', 'v'], met: [] },
			found: [
				[2, '1', '2'],
				[3, '3', '4']
			]
		});
		expect((await read('["u", "v"]\n["x", "y"]'))?.found).toEqual([
			[1, 'u', 'v'],
			[2, 'x', 'y']
		]);
	});

	it('passes over a line in twenty, and says which', async () => {
		expect(await read('x\n{"a": 1}')).toMatchObject({ found: [[2, '1']], met: ['Line 1 is no JSON and left out.'] });
		expect(await read('x\ny\n{"a": 1}')).toBeNull();
		expect(await read(`${good(39)}x\ny\n`)).toBeNull();
		expect((await read(`${good(40)}x\n5\n`))?.met).toEqual([
			'2 lines (the first is line 41) are no JSON and left out.'
		]);
		expect([await read('x'), await read('')]).toEqual([null, null]);
	});

	it('keeps whole numbers that no number holds', async () => {
		expect((await read('{"a": 12345678901234567890, "b": [1234567890123456789]}'))?.found).toEqual([
			[1, '12345678901234567890', '1234567890123456789']
		]);
		expect((await read('{"a": "x: 12345678901234567890, y"}'))?.found).toEqual([[1, 'x: 12345678901234567890, y']]);
	});
});
