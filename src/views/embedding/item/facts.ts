import type { DataSet } from '#contracts/data-set.ts';
import { cellText } from '#state/data/data-set.svelte.ts';
import type { DataPredictions } from '#state/embedding/predictions.svelte.ts';

/** What is said of an item. */

export interface Fact {
	name: string;
	text: string;
}

/** Its columns, and what prediction; the label first. */
export function factsOf(
	data: DataSet,
	item: number,
	label: string | null,
	predictions: DataPredictions | null,
	nameOf: (unit: number) => string,
	max = 12
): Fact[] {
	const columns = [...data.columns].sort((a, b) => Number(b.name === label) - Number(a.name === label));
	const facts = columns.slice(0, max).map((column) => ({ name: column.name, text: cellText(column, item) }));
	if (predictions)
		facts.splice(label ? 1 : 0, 0, {
			name: 'prediction',
			text: `${nameOf(predictions.units[item]!)}, ${(100 * predictions.confidence[item]!).toFixed(1)} %`
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
