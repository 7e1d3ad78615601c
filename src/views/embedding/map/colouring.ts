import type { Column, DataSet } from '#contracts/data-set.ts';
import type { MapQuality } from '#contracts/projection.ts';
import { POINT } from '#contracts/scatter.ts';
import { categoryColours } from '#maths/class-colours.ts';
import { losses } from '#maths/evaluation.ts';
import { quantileScale, type QuantileScale } from '#maths/quantile-scale.ts';
import type { DataPredictions } from '#state/embedding/predictions.svelte.ts';

/** What the colour of a point says. */

export type Colouring =
	| {
			kind: 'category';
			title: string;
			codes: Int32Array;
			categories: readonly string[];
			/** A CSS colour per category. */
			colours: readonly string[];
			counts: Uint32Array;
	  }
	| {
			kind: 'number';
			title: string;
			values: ArrayLike<number>;
			low: number;
			high: number;
			/** CSS colours from low to high. */
			colours: readonly string[];
			/** Where equal steps of colour hold equally many points. */
			quantiles?: QuantileScale;
			/** Milliseconds since 1970. */
			date?: boolean;
	  }
	| { kind: 'plain'; title: string };

export function byCategory(
	title: string,
	codes: Int32Array,
	categories: readonly string[],
	colours?: readonly string[]
): Colouring {
	const counts = new Uint32Array(categories.length);
	for (const code of codes) if (code >= 0) counts[code]!++;
	return { kind: 'category', title, codes, categories, colours: colours ?? categoryColours(categories.length), counts };
}

/** Values looked at for the ends of a scale. */
const LOOKED = 50_000;

/** The ends of the scale leave out the outermost per cent on either side where that changes much. */
export function byNumber(
	title: string,
	values: ArrayLike<number>,
	colours: readonly string[],
	ends?: readonly [number, number]
): Extract<Colouring, { kind: 'number' }> {
	const step = Math.max(1, values.length / LOOKED);
	const sample = Array.from({ length: Math.ceil(values.length / step) }, (_, k) => values[Math.floor(k * step)]!);
	const finite = Float64Array.from(sample.filter(Number.isFinite)).sort();
	const at = (share: number) => finite[Math.round(share * (finite.length - 1))] ?? 0;
	let [low, high] = ends ?? [at(0), at(1)];
	if (!ends) {
		const [inner, outer] = [at(0.99) - at(0.01), high - low];
		if (outer > 4 * inner && inner > 0) [low, high] = [at(0.01), at(0.99)];
	}
	return { kind: 'number', title, values, low, high: high > low ? high : low + 1, colours };
}

/** Equal steps of colour hold equally many values. */
export function byQuantile(title: string, values: ArrayLike<number>, colours: readonly string[]): Colouring {
	const quantiles = quantileScale(values);
	return { kind: 'number', title, values, low: quantiles.low, high: quantiles.high, colours, quantiles };
}

/** 0..1: where a value stands on the scale; NaN for unknown. */
export function positionOn({ quantiles, low, high }: Extract<Colouring, { kind: 'number' }>, value: number): number {
	return quantiles ? quantiles.at(value) : Math.min(1, Math.max(0, (value - low) / (high - low)));
}

export interface Choice {
	id: string;
	title: string;
	group: 'data' | 'model' | 'map';
}

/** What can be the colour now. */
export function choices(
	data: DataSet,
	predictions: DataPredictions | null,
	truth: Int32Array | null,
	quality: MapQuality | null
): Choice[] {
	const columns = data.columns.filter(({ kind }) => kind !== 'text');
	return [
		...columns.map(({ name }): Choice => ({ id: `column:${name}`, title: name, group: 'data' })),
		...(predictions
			? ([
					{ id: 'prediction', title: 'Prediction', group: 'model' },
					{ id: 'confidence', title: 'Confidence', group: 'model' }
				] as const)
			: []),
		...(predictions && truth
			? ([
					{ id: 'error', title: 'Correct or wrong', group: 'model' },
					{ id: 'loss', title: 'Loss', group: 'model' }
				] as const)
			: []),
		...(quality ? ([{ id: 'distortion', title: 'Distortion', group: 'map' }] as const) : []),
		{ id: 'plain', title: 'One colour', group: 'map' }
	];
}

interface Known {
	data: DataSet;
	predictions: DataPredictions | null;
	/** The true class of each item in the model's numbering; -1 for unknown. */
	truth: Int32Array | null;
	quality: MapQuality | null;
	/** Of a unit of the model. */
	nameOf: (unit: number) => string;
	/** The class of the model that each category of a column means; null where they mean none. */
	meaning: (column: Extract<Column, { kind: 'category' }>) => ArrayLike<number> | null;
	/** A scale, low to high. */
	scale: readonly string[];
}

export function colouringOf(
	id: string,
	{ data, predictions, truth, quality, nameOf, meaning, scale }: Known
): Colouring {
	const column = id.startsWith('column:') ? data.columns.find(({ name }) => name === id.slice(7)) : null;
	if (column) return columnColouring(column, scale, meaning);
	if (id === 'distortion' && quality) return byQuantile('Distortion', quality.distortion, scale);
	if (!predictions) return { kind: 'plain', title: 'One colour' };
	if (id === 'confidence') return byNumber('Confidence', predictions.confidence, scale, [0, 1]);
	if (id === 'prediction')
		return byCategory(
			'Prediction',
			predictions.units,
			Array.from({ length: predictions.classes }, (_, k) => nameOf(k))
		);
	if (truth && id === 'error') {
		const codes = truth.map((label, i) => (label < 0 ? -1 : label === predictions.units[i] ? 0 : 1));
		return byCategory('Correct or wrong', codes, ['right', 'wrong'], ['#94a4a2', '#bd1f01']);
	}
	if (truth && id === 'loss')
		return byNumber('Loss', losses(predictions.probabilities, truth, predictions.classes), scale);
	return { kind: 'plain', title: 'One colour' };
}

function columnColouring(column: Column, scale: readonly string[], meaning: Known['meaning']): Colouring {
	if (column.kind === 'category') {
		const { name, codes, categories } = column;
		return byCategory(name, codes, categories, categoryColours(categories.length, meaning(column)));
	}
	if (column.kind === 'number') {
		const colouring = byNumber(column.name, column.values, scale);
		return column.date ? { ...colouring, date: true } : colouring;
	}
	return { kind: 'plain', title: 'One colour' };
}

const UNKNOWN = [128, 132, 140] as const;

const bytes = (colour: string) =>
	[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];

/** Red, green, blue and a state per point. */
export function inkOf(
	count: number,
	colouring: Colouring,
	plain: string,
	selection: Int32Array | null,
	only: Int32Array | null,
	lit: number | null
): Uint8Array<ArrayBuffer> {
	const ink = new Uint8Array(4 * count);
	const palette = colouring.kind === 'plain' ? [bytes(plain)] : colouring.colours.map(bytes);
	const last = palette.length - 1;
	const rest = selection ? POINT.pale : POINT.plain;
	const numeric = colouring.kind === 'number' ? colouring : null;
	const positionOf = numeric && (numeric.quantiles?.at ?? ((value: number) => positionOn(numeric, value)));
	for (let i = 0; i < count; i++) {
		let colour: readonly number[] = palette[0] ?? UNKNOWN;
		if (colouring.kind === 'category') colour = palette[colouring.codes[i]!] ?? UNKNOWN;
		else if (positionOf) {
			const t = positionOf(numeric.values[i]!);
			colour = Number.isNaN(t) ? UNKNOWN : palette[Math.round(last * t)]!;
		}
		const at = 4 * i;
		ink[at] = colour[0]!;
		ink[at + 1] = colour[1]!;
		ink[at + 2] = colour[2]!;
		ink[at + 3] = lit !== null && colouring.kind === 'category' && colouring.codes[i] !== lit ? POINT.pale : rest;
	}
	if (selection) for (const i of selection) ink[4 * i + 3] = POINT.selected;
	if (only) {
		const shown = new Uint8Array(count);
		for (const i of only) shown[i] = 1;
		for (let i = 0; i < count; i++) if (!shown[i]) ink[4 * i + 3] = POINT.hidden;
	}
	return ink;
}
