import type { Difference } from '#contracts/comparison.ts';
import type { GraphNode } from '#contracts/graph.ts';
import type { Family } from '#contracts/operator.ts';
import type { Cause } from '#contracts/parting.ts';
import { enumerated, formatted, percent } from '#maths/format.ts';
import { permutationOf, type Permutation } from '#methods/comparison/permuted.ts';
import {
	bySize,
	differing,
	edges,
	gridStep,
	isFunction,
	manyFits,
	oneFit,
	type Arrays,
	type Fit
} from '#methods/comparison/seen.ts';

/**
 * What usually makes two exports of one network part, named by what is seen at the first layer that does: its inputs agree,
 * so the cause lies in it.
 */

export interface Parted extends Arrays {
	family: Family;
	/** It is an input of the model. */
	input: boolean;
	/** What else differs of the pair, as the files say. */
	differences: readonly Difference[];
	/** Of its weights that differ: the relative distance, by role. */
	weights: readonly { role: string; relative: number }[];
	/** How each file stored its weights where that rounds them (int8, float16), or null. */
	rounded: readonly [a: string | null, b: string | null];
	/** One file on two engines. */
	engines: boolean;
}

/** Relative distance of weights above rounding. */
const MOVED = 1e-6;
/** Causes that are named. */
const MAX_CAUSES = 3;

type Look = (parted: Parted, differs: Uint8Array) => Cause | null;

const PERMUTED: Readonly<Record<Permutation, readonly [seen: string, check: string]>> = {
	'channels-reversed': [
		'Both hold the same numbers, with the channels in reverse order.',
		'Check the order of colours (RGB or BGR), or of the channels.'
	],
	channels: [
		'Both hold the same numbers, with the channels in another order.',
		'Check the order of the filters, of groups, and of what is concatenated.'
	],
	mirrored: ['Both hold the same numbers, mirrored.', 'Check a flip of the picture, or of the kernel.'],
	'upside-down': ['Both hold the same numbers, upside down.', 'Check a flip of the picture, or where rows begin.'],
	turned: ['Both hold the same numbers, with rows and columns exchanged.', 'Check a transposition, or height × width.'],
	'channels-first': [
		'Both hold the same numbers, channels first in one and last in the other.',
		'Check the layout (NCHW or NHWC) before a reshape or flatten.'
	],
	positions: [
		'Both hold the same numbers, in other positions.',
		'Check the layout (NCHW or NHWC), a transposition, or the order of a reshape.'
	]
};

const numbers: Look = ({ a, b }) => {
	const wrong = [a, b].map((values) => values.reduce((n, value) => n + Number(!Number.isFinite(value)), 0));
	const [ofA, ofB] = wrong as [number, number];
	if (ofA === ofB) return null;
	const [who, n] = ofA > ofB ? ['A', ofA] : ['B', ofB];
	return {
		id: 'numbers',
		seen: `${who} holds ${n} NaN or infinite values that the other has not.`,
		check: 'Check an overflow of half precision, a division by zero, or the logarithm or root of a negative value.'
	};
};

const preprocessing: Look = (parted) => {
	if (!parted.input) return null;
	const [scaled, channels] = [oneFit(parted), manyFits(parted, 'channel')];
	const moved = scaled || channels ? null : permutationOf(parted);
	const line = ({ scale, offset }: Fit) =>
		`B is A times ${formatted(scale)}${Math.abs(offset) > 1e-6 ? `, plus ${formatted(offset)}` : ''}`;
	return {
		id: 'preprocessing',
		seen: scaled
			? `The input itself differs: ${line(scaled)}.`
			: channels
				? 'The input itself differs: each channel is scaled and shifted by itself.'
				: moved
					? `The input itself differs. ${PERMUTED[moved][0]}`
					: 'The input itself differs.',
		check: scaled
			? 'Check the range of the pixels (0 to 1, −1 to 1 or 0 to 255) in the preprocessing of either model.'
			: channels
				? 'Check mean and deviation of each channel in the preprocessing of either model.'
				: moved
					? PERMUTED[moved][1]
					: 'Check resizing, cropping and colours in the preprocessing of either model.'
	};
};

const stored = ({ name }: Difference) => name.endsWith(' stored as');
const reduced = (text: string) => /int|float16|bfloat/i.test(text);

/** How the first weights that the file has rounded are stored; those of the layer itself come first. */
export function roundedIn(nodes: readonly GraphNode[], own: GraphNode): string | null {
	const found = [own, ...nodes]
		.flatMap(({ weights }) => weights)
		.find(({ dtype, stored: kept }) => dtype === 'float32' && kept && reduced(kept));
	return found?.stored ?? null;
}
/** Weights that one of them has rounded. */
const rounded = (one: Difference) => stored(one) && (reduced(one.first) || reduced(one.second));

const weights: Look = ({ weights: all, differences, engines }) => {
	const moved = all.filter(({ relative }) => relative > MOVED);
	if (engines || !moved.length) return null;
	// That is another cause.
	if (differences.some(rounded)) return null;
	const named = moved.map(({ role, relative }) => `${role} by ${formatted(relative)}`);
	return {
		id: 'weights',
		seen: `Its weights differ: ${enumerated(named)}, relative to A.`,
		check: 'Check that both come from the same training, and how its weights were converted.'
	};
};

const quantisation: Look = ({ a, b, differences, rounded: [first, second] }) => {
	const [ofA, ofB] = [gridStep(a), gridStep(b)];
	/** Where both lie on a grid neither is the rounded one. */
	const step = ofA === null ? ofB : ofB === null ? ofA : null;
	const maxAbs = a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
	const check = 'This is what quantisation costs; check its calibration if the answers change.';
	if (step !== null && maxAbs <= 1.01 * step) {
		const who = ofA === null ? 'B' : 'A';
		return {
			id: 'quantisation',
			seen: `${who} holds only multiples of a step of ${formatted(step)}, and nothing differs by more than one step.`,
			check
		};
	}
	const kept = differences.find(rounded);
	if (kept)
		return {
			id: 'quantisation',
			seen: `Weights are rounded: ${kept.name} ${kept.first} in A and ${kept.second} in B.`,
			check
		};
	// What was folded into another layer has no weights of its own to compare.
	if (Boolean(first) === Boolean(second)) return null;
	const seen = first
		? `A is of a file with rounded weights (${first}).`
		: `B is of a file with rounded weights (${second}).`;
	return { id: 'quantisation', seen, check };
};

const layout: Look = (parted) => {
	const moved = parted.input ? null : permutationOf(parted);
	return moved && { id: 'layout', seen: PERMUTED[moved][0], check: PERMUTED[moved][1] };
};

const padding: Look = ({ shape }, differs) => {
	const found = edges(shape, differs);
	if (!found) return null;
	const deep = Object.entries(found).filter(([, depth]) => depth > 0);
	const words = shape.length === 2 ? { top: 'beginning', bottom: 'end' } : {};
	const named = deep.map(([edge]) => (words as Record<string, string>)[edge] ?? edge);
	const depth = Math.max(...deep.map(([, one]) => one));
	return {
		id: 'padding',
		seen: `Only the borders differ: ${enumerated(named)}, up to ${depth} deep.`,
		check:
			'Check the padding: same or valid, on which side an odd one stands, zeros or mirrored values, and whether an average counts it.'
	};
};

const normalisation: Look = (parted) => {
	if (parted.family !== 'normalisation') return null;
	const channels = manyFits(parted, 'channel');
	const fits = channels ?? manyFits(parted, 'position');
	if (!fits) return null;
	const each = channels ? 'Each channel' : 'Each position';
	const scales = fits.filter(({ all }) => all > 0).map(({ scale }) => scale);
	const [min, max] = [Math.min(...scales), Math.max(...scales)];
	// A larger epsilon makes all of them smaller, a smaller one all of them larger.
	if (min > 0 && (max <= 1 + 1e-5 || min >= 1 - 1e-5) && max - min + Math.abs(max - 1) > 1e-5)
		return {
			id: 'epsilon',
			seen: `${each} is scaled by itself, all of them ${max <= 1 + 1e-5 ? 'down' : 'up'}: times ${formatted(min)} to ${formatted(max)}.`,
			check: 'Check the epsilon of the normalisation (1e-3 in Keras, 1e-5 in PyTorch and ONNX).'
		};
	return {
		id: 'statistics',
		seen: `${each} is scaled and shifted by itself: times ${formatted(min)} to ${formatted(max)}.`,
		check: 'Check mean, variance, scale and offset of the normalisation, and that neither runs in training mode.'
	};
};

const activation: Look = (parted, differs) => {
	const check = 'Check the activation:';
	const kind = bySize(parted, differs);
	const share = percent(differs.reduce((n, one) => n + one, 0) / Math.max(1, differs.length));
	if (kind === 'negative') {
		const seen = `Values differ only where one of them is zero or negative (${share} of them).`;
		return { id: 'activation', seen, check: `${check} its slope or curve below zero, or one that is missing.` };
	}
	if (kind === 'large') {
		const tops = [parted.a, parted.b].map((values) => values.reduce((x, y) => Math.max(x, y), -Infinity)) as [number, number]; // prettier-ignore
		const seen = `Only the largest values differ (${share} of them): A reaches ${formatted(tops[0])}, B ${formatted(tops[1])}.`;
		return { id: 'activation', seen, check: `${check} where it is cut off (ReLU6, clip), or a range that saturates.` };
	}
	if (parted.family !== 'activation' || !isFunction(parted)) return null;
	const seen = 'Each value of B follows from that of A alone.';
	return { id: 'activation', seen, check: `${check} its kind, or an approximation of it (GELU by tanh, hard swish).` };
};

const affine: Look = (parted) => {
	const flat = (fits: readonly Fit[]) => fits.every(({ scale }) => Math.abs(scale - 1) < 1e-4);
	const [one, many] = [oneFit(parted), manyFits(parted, 'channel')];
	if (one && !flat([one]))
		return {
			id: 'scale',
			seen: `B is A times ${formatted(one.scale)}${Math.abs(one.offset) > 1e-6 ? `, plus ${formatted(one.offset)}` : ''}.`,
			check: 'Check a factor: a scale, a mean instead of a sum, the share of a dropout, the root of a width.'
		};
	if (!one && (!many || !flat(many))) return null;
	const seen = one
		? `All values differ by ${formatted(one.offset)}.`
		: 'Each channel is shifted by a number of its own.';
	return { id: 'offset', seen, check: 'Check the bias, and that it is added once.' };
};

const precision: Look = ({ a, b, engines }) => {
	const far = a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
	const size = a.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
	if (!(far <= size / 512)) return null;
	return {
		id: 'precision',
		seen: `Differences lie everywhere, and none is larger than ${formatted(far / size)} of the largest value.`,
		check: engines
			? 'Check how precisely the engine computes: half precision, or an approximate exponential.'
			: 'Check half precision (float16), and sums that are added in another order.'
	};
};

/** Settings under the same name that differ. */
const settings: Look = ({ differences, engines }) => {
	const found = differences.filter(({ kind, name, first, second }) => kind === 'attributes' && name !== 'number type' && first && second && !name.endsWith(' stored as')); // prettier-ignore
	if (engines || !found.length) return null;
	const named = found.slice(0, 3).map(({ name, first, second }) => `${name} (${first} in A, ${second} in B)`);
	return { id: 'settings', seen: `Its settings differ: ${enumerated(named)}.`, check: 'Check that both were meant.' };
};

/** In the order in which they are named: what explains all of the difference first. */
const LOOKS: readonly Look[] = [
	numbers,
	preprocessing,
	layout,
	weights,
	padding,
	quantisation,
	normalisation,
	activation,
	affine,
	precision,
	settings
];

/** At most three causes, likeliest first. */
export function causesOf(parted: Parted): Cause[] {
	const differs = differing(parted);
	if (!differs.includes(1)) return [];
	const found = LOOKS.flatMap((look) => look(parted, differs) ?? []).slice(0, MAX_CAUSES);
	if (found.length) return found;
	return [
		{
			id: 'unknown',
			seen: 'Values differ everywhere, by no rule that is looked for here.',
			check: parted.engines
				? 'An operation may be wrong on one of the engines: try a third one.'
				: 'Check strides, dilation, groups and the order of its weights.'
		}
	];
}
