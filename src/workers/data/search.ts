import { throwIfAborted } from '#contracts/errors.ts';
import { indicesWhere } from '#maths/members.ts';
import type { Table } from '#workers/data/table.ts';

/** Items by what their cells hold. */

/** Rows that are looked at before others get their turn. */
const TOGETHER = 100_000;

/**
 * Items of which any cell holds the words; `column:words` looks into one, also by numbers; `#12` is a row.
 * @returns item numbers, ascending; null for no words
 */
export async function found(
	{ columns, count }: Pick<Table, 'columns' | 'count'>,
	query: string,
	signal: AbortSignal
): Promise<Int32Array<ArrayBuffer> | null> {
	const requested = query.trim().toLowerCase();
	if (!requested) return null;
	const [, name, rest] = /^([^:]+):(.*)$/.exec(requested) ?? [];
	const own = name ? columns.filter((column) => column.name.toLowerCase() === name.trim()) : [];
	const words = own.length ? rest!.trim() : requested;
	const hits = new Uint8Array(count);
	for (const column of own.length ? own : columns) {
		if (column.kind === 'number' && !own.length) continue;
		const meets =
			column.kind === 'number'
				? numberTest(column.values, words)
				: column.kind === 'category'
					? categoryTest(column.codes, column.categories, words)
					: (i: number) => column.values[i]!.toLowerCase().includes(words);
		for (let i = 0; meets && i < count; i++) {
			if (!hits[i] && meets(i)) hits[i] = 1;
			if (i % TOGETHER !== TOGETHER - 1) continue;
			await new Promise((resolve) => setTimeout(resolve));
			throwIfAborted(signal);
		}
	}
	const row = /^#(\d+)$/.exec(words);
	if (row && Number(row[1]) >= 1 && Number(row[1]) <= count) hits[Number(row[1]) - 1] = 1;
	return indicesWhere(count, (i) => hits[i] === 1);
}

type Test = (item: number) => boolean;

function categoryTest(codes: Int32Array, categories: readonly string[], words: string): Test {
	const matching = categories.map((text) => text.toLowerCase().includes(words));
	return (i) => matching[codes[i]!] ?? false;
}

/** `>3`, `<=0.5`, `2..4`, `7` */
function numberTest(values: ArrayLike<number>, words: string): Test | null {
	const ends = words.split('..').map((end) => end.trim());
	if (ends.length === 2 && ends.every((end) => /^[\d.e+-]+$/.test(end))) {
		const [low, high] = ends.map(Number) as [number, number];
		return (i) => values[i]! >= low && values[i]! <= high;
	}
	const compared = /^(<=|>=|<|>|=)?\s*([\d.e+-]+)$/.exec(words);
	if (!compared) return null;
	const limit = Number(compared[2]);
	return {
		'<': (i: number) => values[i]! < limit,
		'>': (i: number) => values[i]! > limit,
		'<=': (i: number) => values[i]! <= limit,
		'>=': (i: number) => values[i]! >= limit,
		'=': (i: number) => values[i]! === limit
	}[(compared[1] ?? '=') as '='];
}
