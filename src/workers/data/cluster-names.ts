import type { ClusterNames } from '#contracts/data-api.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import type { Column } from '#contracts/data-set.ts';
import { clusters } from '#maths/scatter/clusters.ts';
import { separation } from '#maths/separation.ts';
import { WordCounts, wordsOf } from '#maths/words.ts';
import type { SampledRows, Table } from '#workers/data/table.ts';

/** Names for the groups that a flat map shows, from what is said of their items. */

const MAX_GROUPS = 40;
/** Items whose words are counted: names need no more. */
const COUNTED = 60_000;
/** Words, values or columns in a name. */
const [WORDS, VALUES, FACTS] = [3, 4, 2];
/** A mean that is so many standard deviations off stands out (Cohen: 0.8 is large). */
const FAR = 0.8;
const TURN = 20;

interface Outlets {
	signal: AbortSignal;
	progress(value: { done: number }): void;
}

/** Gives its names; empty where nothing stands out. */
type Naming = (table: Table, codes: Int32Array, count: number, outlets: Outlets) => Promise<string[]>;

/** From the first kind of thing that says something of at least half of the groups, with numbers for the rest. */
export async function clusterNames(positions: Float32Array, table: Table, outlets: Outlets): Promise<ClusterNames> {
	const { codes, count } = clusters(positions, MAX_GROUPS);
	for (const [from, naming] of [
		['words', byWords],
		['values', byValues],
		['columns', byColumns]
	] as const satisfies readonly (readonly [ClusterNames['from'], Naming])[]) {
		const names = await naming(table, codes, count, outlets);
		if (names.filter(Boolean).length * 2 >= count && count > 0)
			return { codes, names: names.map((name, k) => name || `group ${k + 1}`), from };
	}
	return { codes, names: Array.from({ length: count }, (_, k) => `group ${k + 1}`), from: 'numbers' };
}

/** Texts, and categories that are whole phrases. */
function textsOf(columns: readonly Column[]): ((item: number) => string)[] {
	return columns.flatMap((column) => {
		if (column.kind === 'text') return [(item: number) => column.values[item] ?? ''];
		if (column.kind !== 'category') return [];
		const spaces = column.categories.reduce((sum, text) => sum + text.split(/\s+/).length - 1, 0);
		const phrases = column.categories.length > 20 && spaces > 2 * column.categories.length;
		return phrases ? [(item: number) => column.categories[column.codes[item]!] ?? ''] : [];
	});
}

const byWords: Naming = async ({ columns, count }, codes, groups, { signal, progress }) => {
	const texts = textsOf(columns);
	if (!texts.length || groups < 2) return [];
	const counts = new WordCounts(groups);
	const step = Math.max(1, count / COUNTED);
	let since = performance.now();
	for (let k = 0; k < count; k += step) {
		const item = Math.floor(k);
		counts.add(codes[item] ?? -1, wordsOf(texts.map((text) => text(item)).join('\n')));
		if (performance.now() - since < TURN) continue;
		await new Promise((resolve) => setTimeout(resolve));
		throwIfAborted(signal);
		progress({ done: k / count });
		since = performance.now();
	}
	return counts.telling(WORDS).map((words) => words.map(({ word }) => word).join(' · '));
};

/** Values of categories, with their column where there are several. */
const byValues: Naming = (table, codes, groups) => {
	const columns = table.columns.filter((column) => column.kind === 'category');
	if (!columns.length || groups < 2) return Promise.resolve([]);
	const counts = new WordCounts(groups);
	codes.forEach((code, item) =>
		counts.add(
			code,
			columns.flatMap(({ codes: own }, c) => (own[item]! >= 0 ? [`${c} ${own[item]!}`] : []))
		)
	);
	const name = (word: string) => {
		const [c, value] = word.split(' ').map(Number) as [number, number];
		const { name: column, categories } = columns[c]!;
		return columns.length > 1 ? `${column}: ${categories[value]}` : (categories[value] ?? '');
	};
	return Promise.resolve(
		counts.telling(VALUES, 3, 0.2).map((words) =>
			words
				.map(({ word }) => name(word))
				.filter(Boolean)
				.join(', ')
		)
	);
};

/** The columns whose means are furthest off those of all others. */
const byColumns: Naming = ({ rows }, codes, groups) => {
	if (!rows || groups < 2) return Promise.resolve([]);
	return Promise.resolve(Array.from({ length: groups }, (_, k) => outstanding(rows, codes, k)));
};

function outstanding({ items, values, width, names }: SampledRows, codes: Int32Array, group: number): string {
	const all = Int32Array.from(items.keys());
	const own = all.filter((n) => codes[items[n]!] === group);
	const others = all.filter((n) => codes[items[n]!] !== group);
	if (own.length < 4 || others.length < 4) return '';
	return separation(values, width, own, others, FACTS)
		.filter(({ effect }) => Math.abs(effect) > FAR)
		.map(({ column, effect }) => `${effect > 0 ? 'high' : 'low'} ${names[column] ?? `number ${column + 1}`}`)
		.join(', ');
}
