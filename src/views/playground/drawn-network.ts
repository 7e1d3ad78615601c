import type { DerivedInput, PlaneWindow } from '#contracts/playground.ts';
import { derive } from '#maths/playground/data.ts';
import type { NetworkLayout } from '#maths/playground/layout.ts';
import { signedColour } from './colouring.ts';

/** Where units and weights of a small network are drawn. */

/** Units of a layer that are drawn; the others are counted. */
export const MOST_DRAWN = 16;
/** CSS pixels of a unit's map, and between two. */
export const UNIT = 36;
export const GAP = 10;
export const TOP = 44;

export interface DrawnUnit {
	layer: number;
	unit: number;
	x: number;
	y: number;
	/** Its plane among all neurons; -1 for an input. */
	plane: number;
}
export interface DrawnEdge {
	id: string;
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
	/** Middle of each layer's column. */
	columns: readonly number[];
	units: readonly DrawnUnit[];
	edges: readonly DrawnEdge[];
	/** Units of each layer that are not drawn. */
	hidden: readonly number[];
}

export function drawnNetwork(layout: NetworkLayout, room: number): DrawnNetwork {
	const widths = [layout.inputs, ...layout.layers.map(({ units }) => units)];
	const pitch = Math.max(92, (room - UNIT - 24) / Math.max(1, widths.length - 1));
	const columns = widths.map((_, layer) => 12 + UNIT / 2 + layer * pitch);
	const drawn = widths.map((count) => Math.min(count, MOST_DRAWN));
	const units = drawn.flatMap((count, layer) =>
		Array.from({ length: count }, (_, unit) => ({
			layer,
			unit,
			x: (columns[layer] as number) - UNIT / 2,
			y: TOP + unit * (UNIT + GAP),
			plane: layer === 0 ? -1 : (layout.layers[layer - 1]?.before ?? 0) + unit
		}))
	);
	const middle = (unit: number) => TOP + unit * (UNIT + GAP) + UNIT / 2;
	const edges = layout.layers.flatMap(({ inputs, weights }, l) => {
		const all: DrawnEdge[] = [];
		const [a, b] = [(columns[l] as number) + UNIT / 2, (columns[l + 1] as number) - UNIT / 2];
		for (let to = 0; to < (drawn[l + 1] as number); to++)
			for (let from = 0; from < (drawn[l] as number); from++) {
				const [ya, yb] = [middle(from), middle(to)];
				const curve = [a, ya, b, yb] as const;
				all.push({ id: `${l}:${from}:${to}`, layer: l + 1, from, to, index: weights + to * inputs + from, curve });
			}
		return all;
	});
	return {
		width: (columns[columns.length - 1] as number) + UNIT / 2 + 12,
		height: TOP + Math.max(...drawn) * (UNIT + GAP) + 14,
		columns,
		units,
		edges,
		hidden: widths.map((count, layer) => count - (drawn[layer] as number))
	};
}

/** An input's own map, in the colours of the others and scaled to its largest value there. */
export function inputMap(input: DerivedInput, { x1, x2 }: PlaneWindow, side: number): ImageData {
	const values = Array.from({ length: side * side }, (_, i) => {
		const [column, row] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
		return derive(input, x1[0] + (column / side) * (x1[1] - x1[0]), x2[1] - (row / side) * (x2[1] - x2[0]));
	});
	const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
	const picture = new ImageData(side, side);
	for (const [i, value] of values.entries()) {
		const colour = parseInt(signedColour(value / largest).slice(1), 16);
		picture.data.set([colour >> 16, (colour >> 8) & 255, colour & 255, 255], 4 * i);
	}
	return picture;
}
