import type { Column } from '#contracts/data-set.ts';

type Category = Extract<Column, { kind: 'category' }>;

const inOrder = new Intl.Collator('en', { numeric: true });

/** Categories in a natural order: numbers by size, words by alphabet. @param indices of each item in `words`; -1 is missing */
export function categories(name: string, indices: Int32Array, words: readonly string[]): Category {
	const order = Array.from(words, (_, k) => k).sort((a, b) => byName(words[a]!, words[b]!));
	const rank = new Int32Array(words.length);
	order.forEach((word, k) => (rank[word] = k));
	return {
		kind: 'category',
		name,
		codes: Int32Array.from(indices, (index) => (index < 0 ? -1 : rank[index]!)),
		categories: order.map((word) => words[word]!)
	};
}

/** Numbers first, as negative ones and fractions are no words. */
function byName(a: string, b: string): number {
	const [x, y] = [numeric(a), numeric(b)];
	if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? (Number.isNaN(y) ? inOrder.compare(a, b) : 1) : -1;
	return x - y || inOrder.compare(a, b);
}
const numeric = (text: string) => (text.trim() ? Number(text) : NaN);

/** Texts as categories; an empty one is missing. */
export function categorical(name: string, texts: readonly string[]): Category {
	const indices = new Map<string, number>();
	const codes = Int32Array.from(texts, (text) => {
		if (text === '') return -1;
		const index = indices.get(text) ?? indices.size;
		indices.set(text, index);
		return index;
	});
	return categories(name, codes, [...indices.keys()]);
}

/** Numbers as categories; what is none is missing. Null for fractions, and for more than `max` different ones. */
export function wholeCategories(name: string, values: ArrayLike<number>, max: number): Category | null {
	const seen = new Map<number, number>();
	const codes = new Int32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		codes[i] = -1;
		if (Number.isNaN(value)) continue;
		if (!Number.isInteger(value)) return null;
		let index = seen.get(value);
		if (index === undefined) {
			index = seen.size;
			if (index >= max) return null;
			seen.set(value, index);
		}
		codes[i] = index;
	}
	return seen.size ? categories(name, codes, Array.from(seen.keys(), String)) : null;
}
