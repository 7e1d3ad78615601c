import type { PlaneBox, PlaneKind } from '#contracts/slices.ts';
import type { BaselineKind } from '#contracts/method.ts';
import { SIDES } from '#maths/slices/cost.ts';

/** What the link says of a slice: a valid request for any strings. */

export interface SliceRequest {
	kind: PlaneKind['kind'];
	/** Of `three`: the second and third input; the first of them may be another than the current. Empty for the default. */
	inputs: readonly string[];
	seed: number;
	/** Classes whose gradients span it; null for those that the prediction suggests. */
	units: readonly [number, number] | null;
	baseline: BaselineKind;
	beside: 'gradient' | 'noise';
	features: readonly [number, number];
	/** Pixels of the longer side; null for what the time allows. */
	side: number | null;
	/** The part that is looked at; null for all of it. */
	box: PlaneBox | null;
	/** Draws the way of Integrated Gradients. */
	path: boolean;
	adaptive: boolean;
}

const KINDS: readonly PlaneKind['kind'][] = ['three', 'random', 'gradient', 'adversarial', 'pca', 'path', 'features'];
const BASELINES: readonly BaselineKind[] = ['black', 'white', 'grey', 'mean', 'blur'];

type Option = (key: string, otherwise: string) => string;

const among = <T extends string>(text: string, all: readonly T[], otherwise: T): T =>
	all.find((one) => one === text) ?? otherwise;

function whole(text: string, max: number): number | null {
	return /^\d{1,10}$/.test(text) ? Math.min(max, Number(text)) : null;
}
function pair(text: string): readonly [number, number] | null {
	const [a, b] = text.split(',').map((part) => whole(part, 1e6));
	return typeof a === 'number' && typeof b === 'number' ? [a, b] : null;
}
/** Sides of a box in one unit are at most so different. */
const SLIMMEST = 1e6;

/** @param metric both sides are in one unit */
function box(text: string, metric: boolean): PlaneBox | null {
	const values = text.split(',').map((part) => (part.trim() ? Number(part) : NaN));
	const [a, b, c, d] = values as [number, number, number, number];
	const [width, height] = [b - a, d - c];
	// The numbers of an input are in 32 bits.
	const fits = (n: number) => Number.isFinite(Math.fround(n));
	if (values.length !== 4 || ![...values, width, height].every(fits) || !(width > 0 && height > 0)) return null;
	if (metric && Math.max(width / height, height / width) > SLIMMEST) return null;
	return { x1: [a, b], x2: [c, d] };
}

/** @param option reads what the link keeps under `slices.KEY` */
export function requestOf(option: Option, tabular: boolean): SliceRequest {
	const requested = among(option('plane', ''), KINDS, tabular ? 'features' : 'three');
	const kind = requested === 'features' && !tabular ? 'three' : requested;
	const side = whole(option('side', ''), 4096);
	return {
		kind,
		inputs: option('inputs', '').split(',').filter(Boolean).slice(0, 3),
		seed: whole(option('seed', '1'), 2 ** 31 - 1) ?? 1,
		units: pair(option('classes', '')),
		baseline: among(option('baseline', ''), BASELINES, 'black'),
		beside: among(option('beside', ''), ['gradient', 'noise'] as const, 'gradient'),
		features: pair(option('features', '')) ?? [0, 1],
		side: SIDES.find((one) => one === side) ?? null,
		box: box(option('box', ''), kind !== 'features'),
		path: option('path', '') === '1',
		adaptive: option('every', '') !== '1'
	};
}

/** With so many digits that the ends stay apart, however close they are. */
export function boxText({ x1, x2 }: PlaneBox): string {
	const text = (ends: readonly [low: number, high: number]) => {
		const share = Math.max(...ends.map(Math.abs)) / (ends[1] - ends[0]);
		const digits = Math.min(17, 5 + Math.ceil(Math.log10(Math.max(10, share))));
		return ends.map((n) => Number(n.toPrecision(digits)));
	};
	return [...text(x1), ...text(x2)].join(',');
}
