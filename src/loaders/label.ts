import { LIMITS } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { wholeCategories } from '#loaders/categories.ts';

/** Which column of a table is most likely its label. */

type Category = Extract<Column, { kind: 'category' }>;

const LABEL = /^(labels?|class(es)?|targets?|category|species|digit|cluster|variety|diagnosis)$/i;
/** What holds classes whatever their numbers are. */
const CLASSES = /(^|[ _.-])(labels?|class(es)?|category|species)([ _.-]|$)/i;
const LABEL_PART = /(^|[ _.-])(label|class|target|category)([ _.-]|$)/i;
const IDENTITY = /^(|_|id|index|idx|row|key|#|unnamed: ?\d+(_level_\d+)?|__index_level_\d+__)$/i;
const MAX_LABEL_CLASSES = 200;

/** Whether a column of this name only numbers the rows. */
export const isIdentity = (name: string): boolean => IDENTITY.test(name);

/** A column of few whole numbers as a category, missing ones apart; null for any other. */
export function fewIntegers(column: Column): Category | null {
	if (column.kind !== 'number' || column.date) return null;
	const found = wholeCategories(column.name, column.values, LIMITS.categories);
	const many = found?.categories.length ?? 0;
	const count = column.values.length;
	// A class comes again: else they are measured or counted.
	if (!found || (count >= 20 && many > 0.7 * count)) return null;
	if (many <= MAX_LABEL_CLASSES) return found;
	// Many are classes where hardly a number between is left out.
	const values = found.categories.map(Number);
	const range = values.at(-1)! - values[0]! + 1;
	return range <= 1.2 * many || (CLASSES.test(column.name) && 2 * many <= count) ? found : null;
}

/** The columns, with the one that is most likely the label as a category. */
export function labelled(columns: readonly Column[]): { columns: readonly Column[]; label: string | null } {
	for (const pattern of [LABEL, LABEL_PART, /^y$/i]) {
		for (const column of columns) {
			if (!pattern.test(column.name)) continue;
			const label = column.kind === 'category' ? column : fewIntegers(column);
			if (label) return { columns: columns.map((other) => (other === column ? label : other)), label: label.name };
		}
	}
	const words = columns.filter(
		(c) => c.kind === 'category' && c.categories.length > 1 && c.categories.length <= MAX_LABEL_CLASSES
	);
	return { columns, label: words.at(-1)?.name ?? null };
}
