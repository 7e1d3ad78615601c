import { describe, expect, it } from 'vitest';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { membersOf } from '#maths/members.ts';
import { fastStream } from '#maths/random.ts';
import { clusterNames } from '#workers/data/cluster-names.ts';
import { found } from '#workers/data/search.ts';
import { tableOf } from '#workers/data/table.ts';
import { processorTime } from '../tools/processor-time.ts';

const { normal, uniform, below } = fastStream(9, 'layout');
const COUNT = 1200;
const kinds = Int32Array.from({ length: COUNT }, (_, i) => i % 3);
const positions = Float32Array.from(
	[...kinds].flatMap((k) => [0.7 * (k - 1) + 0.06 * normal(), (k === 1 ? 0.6 : -0.4) + 0.06 * normal()])
);
const OWN = ['orbit rocket moon', 'violin cello opera', 'yeast oven flour'].map((words) => words.split(' '));
const SHARED = 'the a of and in to with for on by'.split(' ');
const text = (k: number) =>
	[...Array.from({ length: 8 }, () => SHARED[below(SHARED.length)]!), ...OWN[k]!.filter(() => uniform() < 0.5)].join(
		' '
	);

const { signal } = new AbortController();
const outlets = { signal, progress: () => {} };
const data = (columns: readonly Column[], rows: DataSet['rows'] = null): DataSet => ({
	name: 'planted',
	count: COUNT,
	rows,
	images: null,
	columns,
	label: null
});
const named = (columns: readonly Column[], rows: DataSet['rows'] = null) =>
	clusterNames(positions, tableOf(data(columns, rows)), outlets);
/** The planted kind of each group. */
const kindOf = (codes: Int32Array) => [0, 1, 2].map((group) => kinds[membersOf(codes, group)[0]!]!);

describe('groups are named', () => {
	it('by the words of their texts, where there are any', async () => {
		const words: Column = { kind: 'text', name: 'review', values: Array.from(kinds, text) };
		const { codes, names, from } = await named([words]);
		expect(from).toBe('words');
		expect(names).toHaveLength(3);
		kindOf(codes).forEach((kind, group) => expect(names[group]!.split(' · ').sort()).toEqual([...OWN[kind]!].sort()));
	});

	it('by the values of categories, with their column where there are several', async () => {
		const kind: Column = { kind: 'category', name: 'kind', codes: kinds.slice(), categories: ['ant', 'bee', 'cat'] };
		const { codes, names, from } = await named([kind]);
		expect(from).toBe('values');
		expect(names).toEqual(kindOf(codes).map((k) => ['ant', 'bee', 'cat'][k]));
		const noise: Column = { kind: 'category', name: 'day', codes: kinds.map(() => below(2)), categories: ['a', 'b'] };
		expect((await named([noise, kind])).names).toEqual(kindOf(codes).map((k) => `kind: ${['ant', 'bee', 'cat'][k]}`));
	});

	it('by the columns that stand out, else by numbers', async () => {
		const values = new Float32Array(2 * COUNT);
		kinds.forEach((k, i) => values.set([normal(), 3 * k + normal()], 2 * i));
		values[1] = NaN;
		const { codes, names, from } = await named([], { values, width: 2, names: ['noise', 'size'] });
		expect(from).toBe('columns');
		// That in the middle is like the mean of the others.
		expect(names).toEqual(kindOf(codes).map((k, group) => ['low size', `group ${group + 1}`, 'high size'][k]));
		expect(await named([])).toMatchObject({ from: 'numbers', names: ['group 1', 'group 2', 'group 3'] });
		// Columns without names say nothing.
		expect((await named([], { values, width: 2, names: [] })).from).toBe('numbers');
	});

	it('or not at all, when that is cancelled', async () => {
		const slow = {
			kind: 'text',
			name: 't',
			values: new Proxy([] as string[], { get: () => 'word '.repeat(400) })
		} as const;
		await expect(
			clusterNames(positions, tableOf(data([slow])), { ...outlets, signal: AbortSignal.abort() })
		).rejects.toThrow(/cancelled/);
	});
});

it('what is kept is not what was handed over', () => {
	const column: Column = { kind: 'number', name: 'x', values: Float32Array.of(1, 2) };
	const kept = tableOf({ ...data([column]), count: 2 }).columns[0]!;
	structuredClone(column.values, { transfer: [column.values.buffer] });
	expect(kept).toMatchObject({ values: Float32Array.of(1, 2) });
});

it('a million rows are searched a part at a time, and one label’s are chosen at once', async () => {
	const count = 1_000_000;
	const codes = Int32Array.from({ length: count }, (_, i) => i % 10);
	const texts = Array.from({ length: count }, (_, i) => `Row ${i} of the table`);
	const columns: Column[] = [
		{ kind: 'text', name: 't', values: texts },
		{ kind: 'category', name: 'c', codes, categories: ['zero', ...Array.from({ length: 9 }, (_, k) => `no ${k}`)] }
	];
	let longest = 0;
	let before = process.cpuUsage();
	const timer = setInterval(() => {
		longest = Math.max(longest, process.cpuUsage(before).user / 1000);
		before = process.cpuUsage();
	});
	const items = await found({ count, columns }, 'row 99999', signal);
	clearInterval(timer);
	expect([...items!]).toEqual([99_999, ...Array.from({ length: 10 }, (_, i) => 999_990 + i)]);
	// 100,000 rows at a time.
	expect(longest).toBeLessThan(400);
	let members = new Int32Array();
	expect(processorTime(() => (members = membersOf(codes, 3)))).toBeLessThan(50);
	expect([members.length, members[0], members.at(-1)]).toEqual([100_000, 3, 999_993]);
});
