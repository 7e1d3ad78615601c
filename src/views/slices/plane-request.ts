import type { HeadSpec, Prediction } from '#contracts/compute.ts';
import type { LabState } from '#contracts/lab.ts';
import type { SliceHead } from '#contracts/slices.ts';
import { sample } from '#maths/random.ts';
import { rangesOf, type ImageChoice, type PlaneRequest, type Through } from '#state/slices/inputs.ts';
import type { Slices } from '#state/slices/slices.svelte.ts';

/** From what is chosen to the plane that is asked for. */

/** The input that is cut through, where it is numbers. */
export function valuesOf(lab: LabState): { id: string; values: readonly number[] } | null {
	const spec = lab.explained;
	return spec?.kind === 'values' ? { id: spec.id, values: lab.values[spec.id] ?? [] } : null;
}

/** Every image that a plane may go through, besides the current one. */
const imagesOf = (lab: LabState, slices: Slices): ImageChoice[] => [
	...lab.samples.map(({ file, title, url }) => ({ id: file, title, url })),
	...slices.own.images
];

/** What one of the three inputs may be. */
export function choicesOf(lab: LabState, slices: Slices): { id: string; title: string }[] {
	const current = { id: 'current', title: 'The current input' };
	if (slices.tabular)
		return [current, ...(slices.table?.rows ?? []).map((_, i) => ({ id: `row-${i}`, title: `Row ${i + 1}` }))];
	return [current, ...imagesOf(lab, slices)];
}

/** Whether the current row is no more the one that was last taken from the table. */
export function rowChanged(lab: LabState, slices: Slices): boolean {
	const { values } = valuesOf(lab) ?? { values: [] };
	return !!slices.table?.rows[slices.row]?.some((value, i) => value !== values[i]);
}

/** The ids of the three inputs: those of the link while they exist, else the first that differ from the current one. */
export function threeOf(lab: LabState, slices: Slices): readonly string[] {
	const choices = choicesOf(lab, slices);
	const { inputs } = slices.settings;
	const known = (id: string | undefined) => choices.some((choice) => choice.id === id);
	const first = known(inputs[0]) ? (inputs[0] as string) : 'current';
	const same = ({ id, title }: { id: string; title: string }) =>
		slices.tabular ? id === `row-${slices.row}` && !rowChanged(lab, slices) : title === lab.image?.title;
	const free = choices.filter((one) => one.id !== first && (first !== 'current' || !same(one)));
	const others = free.map(({ id }) => id).filter((id) => !inputs.slice(1).includes(id));
	const pick = (id: string | undefined) => (known(id) ? id : others.shift());
	return [first, pick(inputs[1]), pick(inputs[2])].filter((id) => id !== undefined);
}

function through(lab: LabState, slices: Slices, id: string): Through {
	if (id === 'current') return id;
	const row = /^row-(\d+)$/.exec(id);
	if (row) return slices.table?.rows[Number(row[1])] ?? 'current';
	return imagesOf(lab, slices).find((image) => image.id === id) ?? 'current';
}

/** Members of a set that main directions are taken of. */
const MAX_SET_MEMBERS = 400;

/** So many of them at most, always the same ones: a sample by a seed, as the first of a sorted table would be of one kind. */
export const drawn = <T>(all: readonly T[], max: number): readonly T[] =>
	Array.from(sample(all.length, max, 1), (i) => all[i] as T);

/** `6 rows`, or `400 of 5,000 rows, drawn at random`. */
export function drawnWords(all: number, max: number, what: string): string {
	const whole = all.toLocaleString('en');
	return all > max ? `${max} of ${whole} ${what}, drawn at random` : `${whole} ${what}`;
}

/** The user's own images or rows; without any, the samples. */
export function setOf(lab: LabState, slices: Slices): { members: readonly Through[]; words: string } {
	const { images } = slices.own;
	const own = images.length >= 3;
	const all: readonly Through[] = slices.tabular ? (slices.table?.rows ?? []) : own ? images : imagesOf(lab, slices);
	const what = slices.tabular ? 'rows' : own ? 'images of your own' : 'sample images';
	return { members: drawn(all, MAX_SET_MEMBERS), words: drawnWords(all.length, MAX_SET_MEMBERS, what) };
}

/** Two for a yes or no. */
export const classCount = ({ kind, units }: HeadSpec): number => (kind === 'classes' ? units : 2);

/** @param requested the output that a prediction is of; without, what is chosen now */
export function className(lab: LabState, k: number, requested?: SliceHead): string {
	if (k < 0) return 'all others';
	const head = headOf(lab, requested);
	if (!head || head.kind === 'classes') return lab.labelOf(k, head);
	const unit = requested?.unit ?? lab.target?.unit ?? 0;
	const name = lab.labelOf(head.kind === 'binary' ? 0 : unit, head);
	return k ? name : `not ${name}`;
}

export const headOf = (lab: LabState, requested?: SliceHead): HeadSpec | undefined =>
	requested ? lab.heads.find(({ output }) => output === requested.output) : lab.heads[lab.head];

/** The classes that gradients are taken of when none are chosen: the prediction, or what comes next and after that. */
function suggestedUnits(prediction: Prediction | undefined, rivals: boolean): readonly [number, number] {
	const [first = 0, second = 1, third = first] = prediction?.order ?? [];
	return rivals ? [second, third] : [first, second];
}

export function unitsOf(lab: LabState, slices: Slices): readonly [number, number] {
	const head = lab.heads[lab.head];
	if (!head || head.kind !== 'classes') return [1, 0];
	const { units, kind } = slices.settings;
	return units?.every((k) => k < head.units) && units[0] !== units[1]
		? units
		: suggestedUnits(lab.predictions[lab.head], kind === 'adversarial');
}

/** @returns null while something is missing */
export function planeRequestOf(lab: LabState, slices: Slices): PlaneRequest | null {
	const head = lab.heads[lab.head];
	if (!head || !lab.predictions.length) return null;
	const { settings } = slices;
	const target = { output: head.output, unit: head.kind === 'labels' ? (lab.target?.unit ?? 0) : 0 };
	const one = (plane: PlaneRequest['plane'], metric = true): PlaneRequest => ({
		head: target,
		plane,
		inputs: ['current'],
		whole: null,
		box: null,
		metric
	});
	const [unit] = unitsOf(lab, slices);
	switch (settings.kind) {
		case 'three': {
			const ids = threeOf(lab, slices);
			if (ids.length < 3) return null;
			return { ...one({ kind: 'three' }), inputs: ids.map((id) => through(lab, slices, id)) };
		}
		case 'random':
			return one({ kind: 'random', seed: settings.seed });
		case 'gradient':
			return one({ kind: 'gradient', unit, seed: settings.seed });
		case 'adversarial':
			return one({ kind: 'adversarial', units: unitsOf(lab, slices) });
		case 'pca':
			return one({ kind: 'pca', set: setOf(lab, slices).members });
		case 'path':
			return one({
				kind: 'path',
				baseline: settings.baseline,
				unit,
				beside: settings.beside,
				seed: settings.seed
			});
		case 'features': {
			const { values } = valuesOf(lab) ?? { values: [] };
			const within = (i: number) => Math.min(i, Math.max(0, values.length - 1));
			const [first, second] = [within(settings.features[0]), within(settings.features[1])];
			const ranges = rangesOf(slices.table?.rows ?? [], values);
			const [x1, x2] = [first, second].map((i) => spread(ranges[i] ?? [0, 1])) as [[number, number], [number, number]];
			return { ...one({ kind: 'features', first, second }, false), whole: { x1, x2 } };
		}
	}
}

/** A little more than the data has. */
const spread = ([low, high]: readonly [number, number]): [number, number] => {
	const more = 0.05 * (high - low);
	return [low - more, high + more];
};

/** Tells wishes apart: what a plane depends on, without the pictures themselves. */
export const requestKey = (planeRequest: PlaneRequest | null): string =>
	JSON.stringify(planeRequest, (key, value: unknown) => (key === 'blob' || key === 'url' ? undefined : value));
