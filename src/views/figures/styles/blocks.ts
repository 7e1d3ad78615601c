import { choice, flag, number } from '#contracts/parameter.ts';
import { operationsOf, type DrawnLayer } from '#maths/figures/chain.ts';
import { mixed } from '#maths/figures/colours.ts';
import { newLayer } from '#maths/figures/layer.ts';
import { framed, nested } from '#maths/figures/nested.ts';
import { fillOf, INK, lettering, strokeOf, type FigureStyle } from '#maths/figures/style.ts';
import { arrowhead, curve, group, label, line, rect, type Point, type SvgElement } from '#maths/figures/svg.ts';
import { shortened, textWidth, whole } from '#maths/figures/text.ts';
import type { Drawing, NetworkStyle } from '../network-style.ts';
import { direction } from '../options.ts';

/** Every layer a table, as Keras's plot_model draws them. */

/** Cells side by side, each of lines. */
type Row = readonly (readonly string[])[];

interface Table {
	layer: DrawnLayer;
	heading: string;
	rows: Row[];
	width: number;
	height: number;
	/** Of the heading, then of each row. */
	heights: number[];
}

const LINE = 1.35;

const shapeText = (shape: readonly (number | null)[]) => `(${[null, ...shape].map((n) => n ?? 'None').join(', ')})`;

function shapesText(shapes: readonly (readonly (number | null)[])[]): string[] {
	const texts = [...new Set(shapes.map(shapeText))];
	return texts.length > 3 ? [...texts.slice(0, 2), `and ${texts.length - 2} more`] : texts;
}

function tableOf(layer: DrawnLayer, { options, style }: Drawing): Table {
	const on = (id: string) => options[id] === true;
	const type = layer.type && on('type') && layer.type !== layer.name ? ` (${layer.type})` : '';
	const heading = `${shortened(layer.name, 36)}${type}`;
	const activation = layer.kind === 'activation' ? '' : layer.activation;
	const window = layer.window ? `${layer.window.join(' × ')}${stride(layer)}` : '';
	const facts = [
		...(on('window') && window ? [`Window ${window}`] : []),
		...(on('activation') && activation ? [`Activation ${activation}`] : []),
		...(on('dtype') ? [layer.dtype] : []),
		...(on('parameters') && layer.parameters
			? [`${whole(layer.parameters)} ${layer.parameters === 1 ? 'parameter' : 'parameters'}`]
			: []),
		...(on('trainable') && layer.trainable !== null ? [layer.trainable ? 'trainable' : 'frozen'] : [])
	];
	const shapes: Row[] = on('shapes')
		? [
				[
					...(layer.fed.length ? [['Input shape', ...shapesText(layer.fed)]] : []),
					['Output shape', shapeText(layer.shape)]
				]
			]
		: [];
	const rows: Row[] = [...shapes, ...factRows(facts, style)];
	const small = 0.88 * style.fontSize;
	const cell = (words: readonly string[]) => Math.max(...words.map((text) => textWidth(text, small))) + 1.4 * small;
	const width = Math.max(
		textWidth(heading, style.fontSize, true) + 1.6 * style.fontSize,
		...rows.map((row) => row.length * Math.max(...row.map(cell)))
	);
	const heights = [
		1.9 * style.fontSize,
		...rows.map((row) => Math.max(...row.map((words) => words.length)) * LINE * small + 0.6 * small)
	];
	return { layer, heading, rows, width: Math.ceil(width), height: heights.reduce((sum, h) => sum + h, 0), heights };
}

const stride = ({ strides, kind }: DrawnLayer) =>
	strides && kind !== 'pooling' && strides.some((n) => n > 1) ? `, stride ${strides[0]}` : '';

/** Facts joined into lines that are not much longer than a pair of shapes. */
function factRows(facts: readonly string[], style: FigureStyle): Row[] {
	const lines: string[] = [];
	for (const fact of facts) {
		const longer = lines.length ? `${lines.at(-1)} · ${fact}` : fact;
		if (lines.length && textWidth(longer, style.fontSize) <= 22 * style.fontSize) lines[lines.length - 1] = longer;
		else lines.push(fact);
	}
	return lines.length ? [[lines]] : [];
}

function tableElements(table: Table, left: number, top: number, style: FigureStyle): SvgElement[] {
	const { layer, heading, rows, width, heights } = table;
	const fill = fillOf(layer, style);
	const stroke = strokeOf(layer, style);
	const paint = { stroke, width: style.line };
	const small = lettering(style, 0.88);
	let y = top + (heights[0] as number);
	const out = [
		rect({ x: left, y: top, width, height: table.height }, { ...paint, fill: '#ffffff' }),
		rect(
			{ x: left, y: top, width, height: heights[0] as number },
			{ ...paint, fill: style.palette === 'paper' ? '#ffffff' : fill }
		),
		label(left + width / 2, top + 1.3 * style.fontSize, heading, lettering(style, 1, { bold: true }))
	];
	rows.forEach((row, r) => {
		const height = heights[r + 1] as number;
		const part = width / row.length;
		if (r)
			out.push(
				line(
					[
						[left, y],
						[left + width, y]
					],
					{ stroke: mixed(stroke, '#ffffff', 0.5), width: 0.7 * style.line }
				)
			);
		row.forEach((words, k) => {
			const x = left + k * part;
			if (k)
				out.push(
					line(
						[
							[x, y],
							[x, y + height]
						],
						{ stroke: mixed(stroke, '#ffffff', 0.5), width: 0.7 * style.line }
					)
				);
			words.forEach((text, i) => {
				const first = y + (height - (words.length - 1) * LINE * small.size) / 2 + 0.35 * small.size;
				const pale = words.length > 1 && i === 0 && row.length + words.length > 2 && /shape$/.test(text);
				out.push(label(x + part / 2, first + i * LINE * small.size, text, { ...small, fill: pale ? '#555555' : INK }));
			});
		});
		y += height;
	});
	return out;
}

/** Each nested model as one layer. */
function folded(layers: readonly DrawnLayer[]): DrawnLayer[] {
	const holder = new Map(layers.map((layer) => [layer.id, layer.group.length ? `group/${layer.group[0]}` : layer.id]));
	const members = new Map<string, DrawnLayer[]>();
	for (const layer of layers) {
		const id = holder.get(layer.id) as string;
		members.set(id, [...(members.get(id) ?? []), layer]);
	}
	return [...members].map(([id, list]) => {
		const [first, last] = [list[0] as DrawnLayer, list.at(-1) as DrawnLayer];
		const from = [...new Set(list.flatMap((layer) => layer.from.map((source) => holder.get(source) as string)))].filter(
			(source) => source !== id
		);
		if (!first.group.length) return { ...first, from };
		const trainable = list.map((layer) => layer.trainable).filter((flag) => flag !== null);
		return {
			...newLayer(id, {
				name: first.group[0] as string,
				kind: 'other',
				type: `${list.length} layers`,
				shape: last.shape,
				dtype: last.dtype,
				parameters: list.reduce((sum, layer) => sum + layer.parameters, 0),
				trainable: trainable.length ? trainable.some(Boolean) : null
			}),
			from,
			fed: first.fed,
			operations: operationsOf(last)
		};
	});
}

/** A start, then three points for each stretch: curves leave and arrive along the direction of the drawing. */
function smooth(route: readonly number[], across: boolean): Point[] {
	const points: Point[] = [[route[0] as number, route[1] as number]];
	for (let i = 2; i + 1 < route.length; i += 2) {
		const [from, to] = [points.at(-1) as Point, [route[i] as number, route[i + 1] as number] as const];
		if (Math.hypot(to[0] - from[0], to[1] - from[1]) < 0.01) continue;
		const pull = (across ? to[0] - from[0] : to[1] - from[1]) / 2;
		const [dx, dy] = across ? [pull, 0] : [0, pull];
		points.push([from[0] + dx, from[1] + dy], [to[0] - dx, to[1] - dy], to);
	}
	return points;
}

function draw(drawing: Drawing): SvgElement[] {
	const { style, options } = drawing;
	const nesting = options['nested'];
	const layers = nesting === 'folded' ? folded(drawing.layers) : drawing.layers;
	const tables = layers.map((layer) => tableOf(layer, drawing));
	const indices = new Map(layers.map(({ id }, i) => [id, i]));
	const edges = layers.flatMap(({ from }, to) => from.map((id) => [indices.get(id) as number, to] as const));
	const across = options['direction'] === 'right';
	const groups = framed(layers.map(({ group: names }) => (nesting === 'frames' ? names : [])));
	const leaves = tables.map(({ width, height }, i) => ({
		width,
		height,
		group: groups[i] as string[]
	}));
	const gap = (options['gap'] as number) * style.spacing;
	const layout = nested(leaves, edges, {
		direction: across ? 'right' : 'down',
		nodeGap: 0.9 * gap,
		rankGap: gap,
		padding: 1.2 * style.fontSize,
		heading: 1.4 * style.fontSize
	});
	const frames = layout.frames.map((frame) => {
		const title = lettering(style, 0.95, { anchor: 'start', bold: true, fill: '#444444' });
		const fill = style.palette === 'paper' ? '#ffffff' : mixed('#ffffff', '#8090a0', 0.08 * frame.depth);
		return group(
			[
				rect(frame, { fill, stroke: '#666666', width: style.line, dash: '5 4' }, 6),
				label(frame.x + 0.8 * style.fontSize, frame.y + 1.4 * style.fontSize, shortened(frame.title, 40), title)
			],
			frame.title
		);
	});
	const lines = edges.flatMap(([from, to], e) => {
		const skip = (layers[to] as DrawnLayer).from[0] !== (layers[from] as DrawnLayer).id;
		if (skip && !style.skips) return [];
		const points = smooth(layout.routes[e] ?? [], across);
		const tip = points.at(-1) as Point;
		const head = arrowhead(tip, across ? [tip[0] - 9, tip[1]] : [tip[0], tip[1] - 9], 6 + 2 * style.line, INK);
		const names = [layers[from]?.name, layers[to]?.name];
		return [group([curve(points, { stroke: INK, width: style.line }), head], names.join(' → '))];
	});
	const blocks = tables.map((table, i) => {
		const [x, y] = [layout.x[i] as number, layout.y[i] as number];
		const parts = tableElements(table, x - table.width / 2, y - table.height / 2, style);
		return group(parts, table.heading, table.layer.id);
	});
	return [...frames, ...lines, ...blocks];
}

const networkStyle: NetworkStyle = {
	id: 'blocks',
	title: 'plot_model',
	order: 4,
	summary: 'Layers as tables of shapes and settings with their connections, like plot_model of Keras.',
	options: [
		direction('down'),
		choice('nested', 'Nested models', 'Models and scopes inside the model.', {
			frames: 'In frames',
			folded: 'One table each',
			flat: 'Flattened'
		}),
		number('gap', 'Table spacing', '', 30, { min: 8, max: 200, step: 1 }),
		flag('type', 'Type', '', true),
		flag('shapes', 'Shapes', '', true),
		flag('window', 'Window', '', true),
		flag('activation', 'Activation', '', true),
		flag('dtype', 'Data type', '', false),
		flag('parameters', 'Parameters', '', true),
		flag('trainable', 'Trainable', '', false)
	],
	ignores: ['names', 'sizes', 'operations'],
	visible: () => () => true,
	draw
};

export default networkStyle;
