import type { DerivedInput, PlaneWindow } from '#contracts/playground.ts';
import { derive } from '#maths/playground/data.ts';
import type { NetworkLayout } from '#maths/playground/layout.ts';
import { signedColour } from '../boundary/colouring.ts';

/** Where units and weights of a small network are drawn. */

/** Units of a layer that are drawn; the others are counted. */
const MAX_DRAWN_UNITS = 16;
/** Columns that are drawn, the outputs' among them; the layers before that are counted. */
const MAX_DRAWN_COLUMNS = 32;
/** CSS pixels of a unit's map: large where all of them find room so, else small. */
const [LARGE, SMALL] = [56, 36];
/** Units of a layer that are drawn large at most: more would be higher than a screen. */
const MAX_LARGE_UNITS = 8;
/** CSS pixels between two units, and between two layers at least. */
export const GAP = 10;
const BETWEEN = 56;
export const TOP = 44;

interface DrawnColumn {
	/** 0 is the inputs. */
	layer: number;
	/** Its middle. */
	x: number;
	/** Units that are drawn, and that are not. */
	count: number;
	left: number;
}
interface DrawnUnit {
	layer: number;
	unit: number;
	x: number;
	y: number;
	/** Its plane among all neurons; -1 for an input. */
	plane: number;
}
export interface DrawnEdge {
	/** Of the unit that it ends in. */
	layer: number;
	from: number;
	to: number;
	/** Of its weight among all parameters. */
	index: number;
	/** From the right of one unit to the left of the next, in CSS pixels; level at both ends. */
	curve: readonly [x: number, y: number, toX: number, toY: number];
}
export interface DrawnNetwork {
	width: number;
	height: number;
	/** CSS pixels of a unit's map. */
	unit: number;
	columns: readonly DrawnColumn[];
	units: readonly DrawnUnit[];
	edges: readonly DrawnEdge[];
	/** Layers that are not drawn. */
	left: number;
}

/** @param room CSS pixels from left to right; what needs more is wider */
export function drawnNetwork(layout: NetworkLayout, room: number): DrawnNetwork {
	const widths = [layout.inputs, ...layout.layers.map(({ units }) => units)];
	const left = Math.max(0, widths.length - MAX_DRAWN_COLUMNS);
	const shown = widths
		.map((_, layer) => layer)
		.filter((layer) => layer < MAX_DRAWN_COLUMNS - 1 || layer === widths.length - 1);
	const large =
		24 + shown.length * LARGE + (shown.length - 1) * BETWEEN <= room &&
		shown.every((layer) => (widths[layer] as number) <= MAX_LARGE_UNITS);
	const side = large ? LARGE : SMALL;
	const pitch = Math.max(side + BETWEEN, (room - side - 24) / Math.max(1, shown.length - 1));
	const columns = shown.map((layer, index): DrawnColumn => {
		const units = widths[layer] as number;
		const count = Math.min(units, MAX_DRAWN_UNITS);
		return { layer, x: 12 + side / 2 + index * pitch, count, left: units - count };
	});
	const units = columns.flatMap(({ layer, x, count }) =>
		Array.from({ length: count }, (_, unit) => ({
			layer,
			unit,
			x: x - side / 2,
			y: TOP + unit * (side + GAP),
			plane: layer === 0 ? -1 : (layout.layers[layer - 1]?.before ?? 0) + unit
		}))
	);
	const middle = (unit: number) => TOP + unit * (side + GAP) + side / 2;
	const edges = columns.slice(1).flatMap((column, index) => {
		const [below, { layer }] = [columns[index] as DrawnColumn, column];
		const own = layout.layers[layer - 1];
		const all: DrawnEdge[] = [];
		if (!own || below.layer !== layer - 1) return all;
		const [a, b] = [below.x + side / 2, column.x - side / 2];
		for (let to = 0; to < column.count; to++)
			for (let from = 0; from < below.count; from++) {
				const curve = [a, middle(from), b, middle(to)] as const;
				all.push({ layer, from, to, index: own.weights + to * own.inputs + from, curve });
			}
		return all;
	});
	return {
		width: (columns.at(-1) as DrawnColumn).x + side / 2 + 12,
		height: TOP + Math.max(...columns.map(({ count }) => count)) * (side + GAP) + 14,
		unit: side,
		columns,
		units,
		edges,
		left
	};
}

/** An input's own map, in the colours of the others and scaled to its largest value there. */
export function inputMap(input: DerivedInput, { x1, x2 }: PlaneWindow, side: number): ImageData {
	const values = Array.from({ length: side * side }, (_, i) => {
		const [column, row] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
		return derive(input, x1[0] + (column / side) * (x1[1] - x1[0]), x2[1] - (row / side) * (x2[1] - x2[0]));
	});
	const maxAbs = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
	const picture = new ImageData(side, side);
	for (const [i, value] of values.entries()) {
		const colour = parseInt(signedColour(value / maxAbs).slice(1), 16);
		picture.data.set([colour >> 16, (colour >> 8) & 255, colour & 255, 255], 4 * i);
	}
	return picture;
}
