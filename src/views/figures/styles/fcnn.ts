import { flag, number } from '#contracts/parameter.ts';
import { finishingText, type DrawnLayer } from '#maths/figures/chain.ts';
import { elided } from '#maths/figures/elision.ts';
import { neurons, type FigureLayer } from '#maths/figures/layer.ts';
import { mapLayers } from '#maths/figures/map-layers.ts';
import { fillOf, INK, lettering, strokeOf, type FigureStyle } from '#maths/figures/style.ts';
import { boundsOf, circle, curve, group, label, line, rect, type Point, type SvgElement } from '#maths/figures/svg.ts';
import { shortened, textWidth, whole } from '#maths/figures/text.ts';
import type { LayerSlice } from '#state/figures/figures.svelte.ts';
import { skipLines } from '../lettering.ts';
import type { Drawing, NetworkStyle } from '../network-style.ts';
import { direction } from '../options.ts';

/** Neurons as circles, weights as lines. */

const FLAT = new Set<FigureLayer['kind']>(['input', 'flatten', 'global-pooling', 'dense', 'recurrent', 'merge']);

/** ColorBrewer's ends of red and blue, which colour-blind eyes tell apart. */
const NEGATIVE = '#2166ac';
const POSITIVE = '#b2182b';
const PLAIN = '#6f7680';

interface Column {
	layer: DrawnLayer;
	shown: number[];
	left: number;
	/** Centre of each shown neuron along the column, and of the gap; 0 is the middle. */
	positions: number[];
	gap: number;
	/** Half of the column's extent. */
	half: number;
	/** Along the figure. */
	at: number;
}

function columnOf(layer: DrawnLayer, max: number, pitch: number, slot: number): Omit<Column, 'at'> {
	const { shown, gap, left } = elided(neurons(layer), max);
	const length = (shown.length - 1) * pitch + (left ? slot : 0);
	const positions = shown.map((_, i) => i * pitch + (left && i >= gap ? slot : 0) - length / 2);
	const middle = left
		? ((positions[gap - 1] as number) + (positions[gap] ?? (positions[gap - 1] as number) + slot)) / 2
		: 0;
	return { layer, shown, left, positions, gap: middle, half: length / 2 };
}

const titleOf = ({ name, layer }: { name: string; layer: DrawnLayer }) => `${name}: ${whole(neurons(layer))} units`;

function labels(layer: DrawnLayer, left: number, style: FigureStyle): string[] {
	const n = neurons(layer);
	const units = `${whole(n)} ${layer.kind === 'convolution' ? (n === 1 ? 'channel' : 'channels') : n === 1 ? 'unit' : 'units'}`;
	const finishing = finishingText(layer.operations);
	return [
		...(style.names ? [shortened(layer.name, 24)] : []),
		...(style.sizes || left ? [units] : []),
		...(style.operations && finishing ? [finishing] : [])
	];
}

/** The kernel's rows are the neurons before it: only then do its numbers belong to the lines. */
function requestFor(before: Column, after: Column): LayerSlice | null {
	const { layer } = after;
	if (!layer.kernel || layer.from[0] !== before.layer.id || layer.from.length !== 1) return null;
	const outputs = neurons(layer);
	return layer.parameters === (neurons(before.layer) + 1) * outputs ||
		layer.parameters === neurons(before.layer) * outputs
		? { layer: layer.id, kernel: layer.kernel, rows: before.shown, columns: after.shown }
		: null;
}

function columns({ layers, options, style }: Pick<Drawing, 'layers' | 'options' | 'style'>): Column[] {
	const diameter = options['size'] as number;
	const pitch = diameter + (options['neuron-gap'] as number);
	const slot = Math.max(pitch, style.fontSize * 3.2);
	const bare = layers.map((layer) => columnOf(layer, options['most'] as number, pitch, slot));
	const down = options['direction'] === 'down';
	let at = 0;
	let before = 0;
	return bare.map((column, i) => {
		// Labels stand side by side below the columns; in a figure that runs down they have a margin of their own.
		const words = labels(column.layer, column.left, style);
		const widest = Math.max(0, ...words.map((text) => textWidth(text, style.fontSize, true)));
		const min = down ? 0 : (before + widest) / 2 + style.fontSize;
		if (i) at += Math.max(min, diameter + (options['gap'] as number) * style.spacing);
		before = widest;
		return { ...column, at };
	});
}

/** In (along the figure, across it); what is outside turns it. */
function edges(before: Column, after: Column, drawing: Drawing, turn: (p: Point) => Point): SvgElement[] {
	const { options, style, slices } = drawing;
	const radius = (options['size'] as number) / 2;
	// A slice of the layers as they were a moment ago fits no more.
	const slice = options['weights'] === true ? slices.get(after.layer.id) : undefined;
	const values = slice?.length === before.positions.length * after.positions.length ? slice : undefined;
	const max = (values && maxAbs(values)) || 1;
	const base = (options['edge'] as number) * style.line;
	return before.positions.flatMap((from, i) =>
		after.positions.map((to, j) => {
			const weight = values?.[i * after.positions.length + j];
			const share = weight === undefined ? 1 : Math.abs(weight) / max;
			const colour = weight === undefined || options['by-colour'] !== true ? PLAIN : weight < 0 ? NEGATIVE : POSITIVE;
			const paint = {
				stroke: style.palette === 'paper' && weight === undefined ? INK : colour,
				width: weight !== undefined && options['by-width'] === true ? base * (0.15 + 3 * share) : base,
				// Plain edges are paler, as none of them says more than another.
				opacity:
					(options['opacity'] as number) *
					(weight === undefined ? 0.6 : options['by-opacity'] === true ? 0.04 + 0.96 * share : 1)
			};
			const [a, b]: [Point, Point] = [
				[before.at + radius, from],
				[after.at - radius, to]
			];
			if (options['curved'] !== true) return line([turn(a), turn(b)], paint);
			const middle = (a[0] + b[0]) / 2;
			return curve([turn(a), turn([middle, a[1]]), turn([middle, b[1]]), turn(b)], paint);
		})
	);
}

function circles(column: Column, drawing: Drawing, turn: (p: Point) => Point): SvgElement[] {
	const { options, style } = drawing;
	const { layer, left } = column;
	const radius = (options['size'] as number) / 2;
	const paint = { fill: fillOf(layer, style), stroke: strokeOf(layer, style), width: style.line };
	const dots = column.positions.map((position) => {
		const [x, y] = turn([column.at, position]);
		return circle(x, y, radius, paint);
	});
	if (!left) return dots;
	const [x, y] = turn([column.at, column.gap]);
	const more = `${whole(left)} more`;
	const small = lettering(style, 0.82);
	const patch = (width: number, top: number, height: number) =>
		rect({ x: x - width / 2, y: y + top, width, height }, { fill: '#ffffff', opacity: 0.88 }, 2);
	return [
		...dots,
		patch(1.3 * style.fontSize, -0.7 * style.fontSize, 0.7 * style.fontSize),
		patch(textWidth(more, small.size) + 2, 0.1 * style.fontSize, 0.95 * style.fontSize),
		label(x, y - 0.12 * style.fontSize, '⋯', lettering(style, 1.2)),
		label(x, y + 0.85 * style.fontSize, more, small)
	];
}

/** What the strongest drawn line of each pair of columns weighs, and what the colours mean. */
function legend(list: readonly Column[], side: number, bottom: number, drawing: Drawing): SvgElement {
	const { style, options, slices } = drawing;
	const down = options['direction'] === 'down';
	const text = lettering(style, 0.82, { fill: '#444444' });
	const base = (options['edge'] as number) * style.line;
	const width = options['by-width'] === true ? 3.15 * base : base;
	const parts = list.slice(1).flatMap((after, i) => {
		const before = list[i] as Column;
		const slice = slices.get(after.layer.id);
		if (slice?.length !== before.positions.length * after.positions.length) return [];
		const words = `|w| ≤ ${Number(maxAbs(slice).toPrecision(2))}`;
		const middle = (before.at + after.at) / 2;
		return down
			? [label(side + style.fontSize, middle, words, { ...text, anchor: 'start' })]
			: [label(middle, bottom, words, text)];
	});
	if (!parts.length || options['by-colour'] !== true) return group(parts);
	const entries = [
		[NEGATIVE, 'negative'],
		[POSITIVE, 'positive']
	] as const;
	const y = bottom + 1.5 * style.fontSize;
	let x = down ? 0 : ((list[0]?.at ?? 0) + (list.at(-1)?.at ?? 0)) / 2 - 7.5 * style.fontSize;
	for (const [stroke, words] of entries) {
		parts.push(
			line(
				[
					[x, y],
					[x + 20, y]
				],
				{ stroke, width }
			),
			label(x + 25, y + 0.35 * text.size, words, { ...text, anchor: 'start' })
		);
		x += 45 + textWidth(words, text.size);
	}
	return group(parts, 'Weights');
}

const maxAbs = (values: Float32Array) => values.reduce((max, w) => Math.max(max, Math.abs(w)), 0);

function draw(drawing: Drawing): SvgElement[] {
	const { style, options, slices } = drawing;
	const down = options['direction'] === 'down';
	const turn = ([along, across]: Point): Point => (down ? [across, along] : [along, across]);
	const list = columns(drawing);
	const radius = (options['size'] as number) / 2;
	const indices = new Map(list.map((column, i) => [column.layer.id, i]));
	const out: SvgElement[] = [];
	for (const after of list)
		for (const id of after.layer.from) {
			const at = indices.get(id) as number;
			if (list[at + 1] !== after) continue;
			const lines = edges(list[at] as Column, after, drawing, turn);
			out.push(group(lines, `${list[at]?.layer.name} → ${after.layer.name}`));
		}
	for (const column of list)
		out.push(
			group(circles(column, drawing, turn), titleOf({ name: column.layer.name, layer: column.layer }), column.layer.id)
		);
	const half = Math.max(0, ...list.map((column) => column.half)) + radius;
	for (const column of list) {
		const words = labels(column.layer, column.left, style);
		const height = 1.3 * style.fontSize;
		words.forEach((text, i) => {
			const bold = style.names && i === 0;
			const first = down ? -((words.length - 1) / 2) * height + 0.35 * style.fontSize : half + 1.6 * style.fontSize;
			const y = (down ? column.at : 0) + first + i * height;
			const anchor = down ? 'end' : 'middle';
			const x = down ? -half - style.fontSize : column.at;
			out.push(label(x, y, text, lettering(style, bold ? 1 : 0.9, { anchor, bold })));
		});
	}
	const landings = list.map(({ at, half: own }) => ({ x: at, y: -own - radius - 4 }));
	out.push(
		...skipLines(drawing.layers, landings, style, ([along, across]) => (down ? [-across, along] : [along, across]))
	);
	if (options['weights'] === true && options['legend'] === true && slices.size) {
		const lines = Math.max(0, ...list.map((column) => labels(column.layer, column.left, style).length));
		const bottom = down
			? (list.at(-1)?.at ?? 0) + radius + style.fontSize
			: half + 1.6 * style.fontSize + (lines ? (lines - 0.4) * 1.3 * style.fontSize : 0) + 0.6 * style.fontSize;
		const { x, width } = boundsOf(out);
		out.push(legend(list, down ? x + width : half, bottom, drawing));
	}
	return out;
}

const networkStyle: NetworkStyle = {
	id: 'fcnn',
	title: 'FCNN',
	order: 1,
	summary: 'Neurons as circles, weights as lines; long layers show their first and last neurons.',
	options: [
		direction('right'),
		number('most', 'Neurons per layer', 'Longer layers leave out the middle and say how many.', 12, {
			min: 2,
			max: 48,
			step: 1,
			integer: true
		}),
		number('size', 'Diameter', '', 18, { min: 4, max: 60, step: 1 }),
		number('neuron-gap', 'Neuron spacing', '', 9, { min: 0, max: 60, step: 1 }),
		number('gap', 'Layer spacing', '', 150, { min: 20, max: 600, step: 10 }),
		number('edge', 'Edge width', '', 0.6, { min: 0.1, max: 4, step: 0.1 }),
		number('opacity', 'Edge opacity', '', 0.9, { min: 0.05, max: 1, step: 0.05 }),
		flag('curved', 'Curved edges', '', false),
		flag(
			'weights',
			'Edges from the weights',
			'Of dense layers whose inputs are the neurons before them; each pair of layers is scaled to its strongest line.',
			true
		),
		flag('by-colour', 'Colour by sign', '', true),
		flag('by-width', 'Width by magnitude', '', true),
		flag('by-opacity', 'Opacity by magnitude', '', true),
		flag('legend', 'Legend of weights', '', true)
	],
	/** What is done with weights matters only where they are drawn. */
	relevant: (id, options) =>
		options['weights'] === true || !['by-colour', 'by-width', 'by-opacity', 'legend'].includes(id),
	/** The dense part of a network: what comes before its last grid is a matter for the other styles. */
	visible(layers) {
		const flat = layers.filter(({ kind, shape }) => FLAT.has(kind) && (shape.length === 1 || kind === 'flatten'));
		if (flat.length < 2) return mapLayers(layers, 'auto');
		const ids = new Set(flat.map(({ id }) => id));
		return ({ id }) => ids.has(id);
	},
	slices(layers, options) {
		if (options['weights'] !== true) return [];
		const list = layers.map((layer) => ({ ...columnOf(layer, options['most'] as number, 1, 1), at: 0 }));
		return list.slice(1).flatMap((after, i) => requestFor(list[i] as Column, after) ?? []);
	},
	draw
};

export default networkStyle;
