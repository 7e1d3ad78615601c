import type { DataSet } from '#contracts/data-set.ts';
import { cellText } from '#state/data-set.svelte.ts';
import type { DataAnswers } from '#state/answers.svelte.ts';

/** What is said of an item. */

export interface Fact {
	name: string;
	text: string;
}

/** Its columns, and what the model says; the label first. */
export function factsOf(
	data: DataSet,
	item: number,
	label: string | null,
	answers: DataAnswers | null,
	nameOf: (unit: number) => string,
	most = 12
): Fact[] {
	const columns = [...data.columns].sort((a, b) => Number(b.name === label) - Number(a.name === label));
	const facts = columns.slice(0, most).map((column) => ({ name: column.name, text: cellText(column, item) }));
	if (answers)
		facts.splice(label ? 1 : 0, 0, {
			name: 'the model says',
			text: `${nameOf(answers.units[item]!)}, ${(100 * answers.confidence[item]!).toFixed(1)} %`
		});
	return facts;
}

/** What to call an item where there is room for little. */
export function titleOf(data: DataSet, item: number, label: string | null): string {
	const named = data.columns.find(({ kind }) => kind === 'text');
	const category = data.columns.find(({ name }) => name === label);
	const text = named ? cellText(named, item) : '';
	return [`${item + 1}`, category ? cellText(category, item) : '', text].filter(Boolean).join(' · ');
}

/** Items of which any cell holds the words; `column:words` looks into one. */
export function found(data: DataSet, query: string): Int32Array | null {
	const wanted = query.trim().toLowerCase();
	if (!wanted) return null;
	const [, name, rest] = /^([^:]+):(.*)$/.exec(wanted) ?? [];
	const own = name ? data.columns.filter((column) => column.name.toLowerCase() === name.trim()) : [];
	const columns = own.length ? own : data.columns;
	const words = own.length ? rest!.trim() : wanted;
	const hits = new Uint8Array(data.count);
	for (const column of columns) {
		if (column.kind === 'category') {
			const matching = column.categories.map((text) => text.toLowerCase().includes(words));
			column.codes.forEach((code, i) => matching[code] && (hits[i] = 1));
		} else if (column.kind === 'text') {
			column.values.forEach((text, i) => text.toLowerCase().includes(words) && (hits[i] = 1));
		} else if (own.length) numberHits(column.values, words, hits);
	}
	const row = /^#(\d+)$/.exec(words);
	if (row && Number(row[1]) >= 1 && Number(row[1]) <= data.count) hits[Number(row[1]) - 1] = 1;
	return Int32Array.from(hits.keys()).filter((i) => hits[i]);
}

/** `>3`, `<=0.5`, `2..4`, `7` */
function numberHits(values: ArrayLike<number>, words: string, hits: Uint8Array): void {
	const between = /^(-?[\d.e+-]+)\s*\.\.\s*(-?[\d.e+-]+)$/.exec(words);
	const compared = /^(<=|>=|<|>|=)?\s*(-?[\d.e+-]+)$/.exec(words);
	const [low, high] = between ? [Number(between[1]), Number(between[2])] : [NaN, NaN];
	const [sign, limit] = compared ? [compared[1] ?? '=', Number(compared[2])] : ['', NaN];
	for (let i = 0; i < values.length; i++) {
		const v = values[i]!;
		if (
			(between && v >= low && v <= high) ||
			(sign === '<' && v < limit) ||
			(sign === '<=' && v <= limit) ||
			(sign === '>' && v > limit) ||
			(sign === '>=' && v >= limit) ||
			(sign === '=' && v === limit)
		)
			hits[i] = 1;
	}
}
