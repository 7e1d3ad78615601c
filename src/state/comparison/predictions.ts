import type { HeadSpec, Prediction } from '#contracts/compute.ts';
import { formatted, toldApart } from '#maths/format.ts';
import { unitName } from '#maths/unit-names.ts';

/** What two models predict for one input, side by side. */

/** A model's heads, what they predicted, and the names of its classes. */
export interface ModelPredictions {
	heads: readonly HeadSpec[];
	predictions: readonly Prediction[];
	labels: readonly string[] | null;
}

export interface ListedPrediction {
	name: string;
	/** Probability; null for heads without one. */
	share: number | null;
	score: number;
	/** 0..1, for a bar. */
	length: number;
}

export interface ComparedPredictions {
	kind: HeadSpec['kind'];
	/** Best first; values in their own order. */
	first: readonly ListedPrediction[];
	second: readonly ListedPrediction[];
	/** Whether the predictions differ; null where there is none, or where they are of other things. */
	flips: boolean | null;
	/** The unit whose probability, or value, differs most; null where they are of other things. */
	maxDifference: { name: string; first: number; second: number } | null;
}

const SHOWN = 5;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const hasShares = ({ kind }: HeadSpec) => kind === 'classes' || kind === 'labels' || kind === 'binary';

/** The head of the same index, else the first of the same kind. */
function partner(head: HeadSpec, index: number, heads: readonly HeadSpec[]): number {
	const there = heads[index];
	if (there?.kind === head.kind) return index;
	return heads.findIndex(({ kind }) => kind === head.kind);
}

function named({ kind, units }: HeadSpec, labels: readonly string[] | null): (unit: number) => string {
	if (kind === 'binary') return () => labels?.[labels.length === 2 ? 1 : 0] ?? 'yes';
	const word = kind === 'value' ? 'output' : kind === 'grid' ? 'channel' : 'class';
	return (unit) => (kind === 'value' ? null : unitName(labels, unit, units)) ?? `${word} ${unit}`;
}

function listed(
	head: HeadSpec,
	{ scores, probabilities, order }: Prediction,
	name: (unit: number) => string
): ListedPrediction[] {
	const shares = hasShares(head);
	const units = shares ? order.subarray(0, SHOWN) : Int32Array.from(scores.keys()).subarray(0, SHOWN);
	const maxAbs = scores.reduce((max, score) => Math.max(max, Math.abs(score)), 1e-30);
	return Array.from(units, (unit) => {
		const score = scores[unit] ?? NaN;
		const share = shares ? (probabilities[unit] ?? NaN) : null;
		return { name: name(unit), share, score, length: share ?? Math.abs(score) / maxAbs };
	});
}

/** What is said, so that two models say the same or not. */
function decisionOf(
	head: HeadSpec,
	{ probabilities, order }: Prediction,
	name: (unit: number) => string
): string | null {
	if (head.kind === 'classes') return order.length ? name(order[0] as number) : null;
	if (head.kind !== 'labels' && head.kind !== 'binary') return null;
	return Array.from(probabilities.keys())
		.filter((unit) => (probabilities[unit] as number) > 0.5)
		.map(name)
		.join('\n');
}

/**
 * @param index of the head in the first model
 * @returns null where the second model has no such output
 */
export function comparePredictions(
	first: ModelPredictions,
	second: ModelPredictions,
	index: number
): ComparedPredictions | null {
	const head = first.heads[index];
	const other = head ? partner(head, index, second.heads) : -1;
	const otherHead = second.heads[other];
	const [one, two] = [first.predictions[index], second.predictions[other]];
	if (!head || !otherHead || !one || !two) return null;
	const alike = head.units === otherHead.units;
	// Nameless classes are the same as those of the same number.
	const [labels, otherLabels] = alike
		? [first.labels ?? second.labels, second.labels ?? first.labels]
		: [first.labels, second.labels];
	const [name, otherName] = [named(head, labels), named(otherHead, otherLabels)];
	const comparable = labels && otherLabels ? labels.some((label) => otherLabels.includes(label)) : alike;
	const same = alike && range(head.units).every((unit) => name(unit) === otherName(unit));
	const [own, others] = [decisionOf(head, one, name), decisionOf(otherHead, two, otherName)];
	return {
		kind: head.kind,
		first: listed(head, one, name),
		second: listed(otherHead, two, otherName),
		flips: own === null || others === null || !comparable ? null : own !== others,
		maxDifference: same ? furthest(hasShares(head), one, two, name) : null
	};
}

/** What differs most, in a sentence: never a difference that its own digits deny. */
export function maxDifferenceInWords({ maxDifference, first }: ComparedPredictions): string {
	if (!maxDifference) return '';
	const shares = first[0]?.share !== null;
	if (maxDifference.first === maxDifference.second) return 'Both outputs are equal.';
	const distinct = toldApart(maxDifference.first, maxDifference.second, shares);
	if (distinct) return `Largest difference: ${maxDifference.name}, ${distinct[0]} and ${distinct[1]}.`;
	const gap = Math.abs(maxDifference.first - maxDifference.second);
	return `The outputs agree within ${shares ? `${formatted(100 * gap)} %` : formatted(gap)}.`;
}

function furthest(
	shares: boolean,
	one: Prediction,
	two: Prediction,
	name: (unit: number) => string
): ComparedPredictions['maxDifference'] {
	const [a, b] = shares ? [one.probabilities, two.probabilities] : [one.scores, two.scores];
	let best = 0;
	const gap = (unit: number) => Math.abs((a[unit] as number) - (b[unit] as number));
	for (let unit = 1; unit < a.length; unit++) if (gap(unit) > gap(best)) best = unit;
	return a.length ? { name: name(best), first: a[best] as number, second: b[best] as number } : null;
}
