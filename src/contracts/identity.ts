/**
 * What a result was computed from: one key per thing that it depends on. A result is shown as it is while all its keys
 * are those of now; else it is the old one, and said to be (views/panels/Computed.svelte). Nobody compares by hand.
 */

/** What a result may depend on, what people notice first before the rest; with the words for a result of another one. */
const WORDS = {
	model: 'of the previous model',
	second: 'of the previous second model',
	data: 'of the previous data set',
	input: 'of the previous input',
	explained: 'of another input of the model',
	others: 'with other inputs beside it',
	weights: 'with the previous weights',
	moment: 'of another step',
	preprocessing: 'with the previous preprocessing',
	head: 'of another output',
	target: 'of another class',
	layer: 'of another layer',
	channel: 'of another channel',
	parameters: 'with other settings',
	seed: 'with another seed'
} as const;

export type Facet = keyof typeof WORDS;

export const FACETS = Object.keys(WORDS) as readonly Facet[];

/** Keys by facet. Two are the same thing exactly if their keys are equal. */
export type Identity = Readonly<Partial<Record<Facet, string>>>;

/** A value that never goes without what it was computed from. */
export interface Result<T> {
	readonly value: T;
	readonly of: Identity;
}

/** All that the predictions of the open model for the chosen input depend on. */
export const PREDICTED: readonly Facet[] = ['model', 'weights', 'input', 'preprocessing'];

/** All that explanations of a prediction depend on: they are for one of the inputs. */
export const EXPLAINED: readonly Facet[] = [...PREDICTED, 'explained'];

/** All that predictions depend on where something else takes the place of the explained input: the others stay beside it. */
export const REPLACED: readonly Facet[] = ['model', 'weights', 'preprocessing', 'explained', 'others'];

/** The facets that a result depends on and that are not as they were; one that is unknown now is not, either. */
export function differing(of: Identity, now: Identity): readonly Facet[] {
	return FACETS.filter((facet) => of[facet] !== undefined && of[facet] !== now[facet]);
}

/** Whether two speak of different things: facets that only one knows say nothing. */
export function contradict(one: Identity, other: Identity): boolean {
	return FACETS.some((facet) => one[facet] !== undefined && other[facet] !== undefined && one[facet] !== other[facet]);
}

/** Some facets of an identity. */
export function picked(identity: Identity, facets: readonly Facet[]): Identity {
	return Object.fromEntries(
		facets.flatMap((facet) => (identity[facet] === undefined ? [] : [[facet, identity[facet]]]))
	);
}

/** What is made of several results: where they disagree it is of nothing that is chosen now. */
export function joint(...identities: readonly Identity[]): Identity {
	const all: Record<string, string> = {};
	for (const identity of identities)
		for (const [facet, key] of Object.entries(identity)) all[facet] = (all[facet] ?? key) === key ? key : 'several';
	return all;
}

/** `of the previous input, of another class`: the two that matter most; empty for none. */
export function differenceWords(facets: readonly Facet[]): string {
	return facets
		.slice(0, 2)
		.map((facet) => WORDS[facet])
		.join(', ');
}

/** A key for plain data: equal for equal content, whatever the order in which it was written. */
export function keyOf(value: unknown): string {
	return JSON.stringify(value, (_, part: unknown) =>
		part && typeof part === 'object' && !Array.isArray(part) && !ArrayBuffer.isView(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
			: part
	);
}
