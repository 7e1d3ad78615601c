import { choice, number } from '#contracts/parameter.ts';
import type { DrawnLayer } from '#maths/figures/chain.ts';
import { mixed } from '#maths/figures/colours.ts';
import { extent, isMap, sizeText } from '#maths/figures/layer.ts';
import { mapLayers, windowOn } from '#maths/figures/map-layers.ts';
import {
	corner,
	faces,
	oblique,
	orthographic,
	projected,
	scaled,
	type Cuboid,
	type Projection,
	type Vector
} from '#maths/figures/projection.ts';
import { placeRow } from '#maths/figures/row.ts';
import { fillOf, INK, lettering, strokeOf, type FigureStyle } from '#maths/figures/style.ts';
import { boundsOf, group, label, line, type Point, type SvgElement } from '#maths/figures/svg.ts';
import { textWidth, whole } from '#maths/figures/text.ts';
import {
	captionLines,
	captions,
	captionWidth,
	isSign,
	mergeSign,
	skipLines,
	wordsBetween,
	wordsWidth
} from '../lettering.ts';
import type { Drawing, NetworkStyle } from '../network-style.ts';
import { DETAIL, SCALES } from '../options.ts';

/** Layers as boxes in space (Krizhevsky et al. 2012): height and width of the maps, and their number along the way. */

type Scale = 'linear' | 'root' | 'log';

interface Solid {
	layer: DrawnLayer;
	kind: 'maps' | 'vector' | 'merge';
	box: Cuboid;
	/** Pixels per row and column. */
	cell: readonly [rows: number, columns: number];
}

const MERGE = 9;

const projectionOf = ({ options }: Drawing): Projection =>
	options['projection'] === 'orthographic'
		? orthographic(options['azimuth'] as number, options['elevation'] as number)
		: oblique(options['angle'] as number, 0.5);

function solids(drawing: Drawing): Solid[] {
	const { layers, options } = drawing;
	const maps = layers.filter(isMap).map(extent);
	const max = Math.max(1, ...maps.flatMap(([h, w]) => [h, w]));
	const deepest = Math.max(1, ...maps.map(([, , c]) => c));
	const longest = Math.max(1, ...layers.filter((layer) => !isMap(layer)).map((layer) => extent(layer)[2]));
	const side = options['side'] as number;
	const scale = options['scale'] as Scale;
	return layers.map((layer) => {
		const [h, w, c] = extent(layer);
		const at: Vector = [0, 0, 0];
		const base = { layer, cell: [1, 1] as const };
		if (isSign(layer)) return { ...base, kind: 'merge', box: { at, size: [2 * MERGE, 2 * MERGE, 0] } };
		if (!isMap(layer)) {
			const length = scaled(c, longest, side * 1.2, options['vectors'] as Scale, 10);
			return { ...base, kind: 'vector', box: { at, size: [9, length, 9] } };
		}
		const [height, width] = [scaled(h, max, side, scale, 5), scaled(w, max, side, scale, 5)];
		const depth = scaled(c, deepest, options['depth'] as number, options['channels'] as Scale, 3);
		return { ...base, kind: 'maps', box: { at, size: [depth, height, width] }, cell: [height / h, width / w] };
	});
}

function coverOf(projection: Projection, box: Cuboid) {
	const { front, top, right } = faces(projection, box);
	const all = [...front, ...top, ...right];
	const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
	return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const sizeLabels = ({ layer, kind }: Solid): [height: string, width: string, channels: string] => {
	const [h, w, c] = layer.shape.length === 3 ? layer.shape : extent(layer);
	const words = [h, w, c].map((n) => (n === null || n === undefined ? '?' : whole(n)));
	return kind === 'maps'
		? (words as [string, string, string])
		: ['', '', kind === 'vector' ? (words[2] as string) : ''];
};

function solidsOf(drawing: Drawing, projection: Projection): Solid[] {
	const { style, options } = drawing;
	const list = solids(drawing);
	const size = 0.9 * style.fontSize;
	const items = list.map((solid) => {
		const { left, right } = coverOf(projection, solid.box);
		const [height, width] = style.sizes ? sizeLabels(solid) : ['', ''];
		// The width stands beside the middle of the edge that runs away from the eye.
		const edge = projected(projection, corner(solid.box, [1, -1, 0]))[0];
		return {
			breadth: right - left,
			caption: solid.kind === 'merge' ? 0 : captionWidth(solid.layer, style, ''),
			words: wordsWidth(solid.layer, style),
			left: height ? textWidth(height, size) + 6 : 0,
			right: Math.max(0, edge + textWidth(width, size) + 8 - right)
		};
	});
	const xs = placeRow(items, (options['gap'] as number) * style.spacing, 0.9 * style.fontSize);
	return list.map((solid, i) => {
		const shift = (xs[i] as number) - coverOf(projection, solid.box).left;
		return { ...solid, box: { ...solid.box, at: [shift / projection.x[0], 0, 0] } };
	});
}

function body({ layer, kind, box }: Solid, projection: Projection, { style, options }: Drawing): SvgElement[] {
	if (kind === 'merge') return mergeSign(layer, projected(projection, box.at), MERGE, style);
	const fill = fillOf(layer, style);
	const paint = { stroke: strokeOf(layer, style), width: style.line, opacity: options['opacity'] as number };
	const shades =
		style.palette === 'paper' ? [fill, fill, fill] : [fill, mixed(fill, '#ffffff', 0.42), mixed(fill, '#000000', 0.14)];
	const { front, top, right } = faces(projection, box);
	return [front, top, right].map((points, k) => line(points, { ...paint, fill: shades[k] as string }, true));
}

/** The window on the face that looks to the next layer, and the pyramid to one cell of it. */
function pyramid(before: Solid, after: Solid, projection: Projection, style: FigureStyle): SvgElement[] {
	const steps = after.layer.operations.filter(({ finishing }) => !finishing).length;
	const window = windowOn(before.kind === 'maps' ? before.layer : undefined, after.layer, steps);
	const stroke = { stroke: INK, width: 0.8 * style.line };
	const face = corner(before.box, [1, 0, 0]);
	const entry = projected(projection, corner(after.box, [-1, 0, 0]));
	if (!window) {
		const start = projected(projection, face);
		const plain = before.kind === 'merge' || after.kind === 'merge';
		if (!plain && after.kind === 'vector')
			return [-1, 1].map((sign) => {
				const ends = [corner(before.box, [1, sign, 0]), corner(after.box, [-1, sign, 0])];
				return line(
					ends.map((end) => projected(projection, end)),
					{ ...stroke, dash: '3 3' }
				);
			});
		return [line([start, entry], { ...stroke, dash: plain ? '' : '3 3' })];
	}
	const [h, w] = [Math.max(4, window[0] * before.cell[0]), Math.max(4, window[1] * before.cell[1])];
	const [height, width] = [Math.min(h, before.box.size[1]), Math.min(w, before.box.size[2])];
	const [cy, cz] = [(before.box.size[1] - height) * 0.12, -(before.box.size[2] - width) * 0.12];
	const at = (sy: number, sz: number) =>
		projected(projection, [face[0], face[1] + cy + (sy * height) / 2, face[2] + cz + (sz * width) / 2]);
	const base: Point[] = [at(-1, -1), at(-1, 1), at(1, 1), at(1, -1)];
	const sides = base.map((point, k) => [point, base[(k + 1) % 4] as Point, entry]);
	const tint = style.palette === 'paper' ? '#ffffff' : fillOf(after.layer, style);
	return [
		...sides.map((side) => line(side, { fill: tint, opacity: 0.28 }, true)),
		...base.map((point) => line([point, entry], { ...stroke, opacity: 0.7 })),
		line(base, { ...stroke, fill: tint, width: style.line }, true)
	];
}

function sizeWords(solid: Solid, projection: Projection, style: FigureStyle): SvgElement[] {
	if (!style.sizes) return [];
	const { box } = solid;
	const [height, width, channels] = sizeLabels(solid);
	const small = lettering(style, 0.9);
	const at = (...signs: [number, number, number]) => projected(projection, corner(box, signs));
	const [left, bottom, edge] = [at(-1, -0.4, -1), at(0, -1, -1), at(1, -1, 0)];
	return [
		...(height ? [label(left[0] - 4, left[1] + 0.33 * small.size, height, { ...small, anchor: 'end' })] : []),
		...(width ? [label(edge[0] + 4, edge[1] + 0.75 * small.size, width, { ...small, anchor: 'start' })] : []),
		...(channels ? [label(bottom[0], bottom[1] + 1.1 * small.size, channels, small)] : [])
	];
}

function draw(drawing: Drawing): SvgElement[] {
	const { layers, style } = drawing;
	const projection = projectionOf(drawing);
	const list = solidsOf(drawing, projection);
	const indices = new Map(list.map(({ layer }, i) => [layer.id, i]));
	const out: SvgElement[] = [];
	// From left to right, so that what is nearer to the output covers the tips of the pyramids.
	list.forEach((solid, i) => {
		const { layer } = solid;
		const before = list[i - 1];
		if (before && layer.from.some((id) => indices.get(id) === i - 1))
			out.push(group(pyramid(before, solid, projection, style), `${before.layer.name} → ${layer.name}`));
		out.push(group(body(solid, projection, drawing), `${layer.name}: ${sizeText(layer.shape)}`, layer.id));
	});
	const covers = list.map(({ box }) => coverOf(projection, box));
	const tops = list.map((solid, i) => {
		const { left, right, top } = covers[i] as (typeof covers)[number];
		const lines = solid.kind === 'merge' ? [] : captions(solid.layer, style, '');
		const bottom = top - 0.55 * style.fontSize;
		out.push(...captionLines(lines, (left + right) / 2, bottom, style));
		return bottom - lines.length * 1.05 * style.fontSize;
	});
	for (const solid of list) out.push(...sizeWords(solid, projection, style));
	const { y, height } = boundsOf(out);
	const ends = covers.map(({ left, right }) => [left, right] as const);
	out.push(...wordsBetween(layers, ends, y + height + 1.5 * style.fontSize, style));
	const landings = covers.map(({ left, right }, i) => ({ x: (left + right) / 2, y: tops[i] as number }));
	out.push(...skipLines(layers, landings, style));
	return out;
}

const networkStyle: NetworkStyle = {
	id: 'alexnet',
	title: 'AlexNet',
	order: 3,
	summary: 'Layers as boxes (height, width and channels), with kernels as pyramids.',
	options: [
		DETAIL,
		choice(
			'projection',
			'Projection',
			'Cabinet keeps the front to scale; orthographic is the view of a distant camera.',
			{ cabinet: 'Cabinet', orthographic: 'Orthographic' }
		),
		number('angle', 'Angle', '', 40, { min: 5, max: 80, step: 1, unit: '°' }),
		number('azimuth', 'Azimuth', '', 30, { min: 5, max: 70, step: 1, unit: '°' }),
		number('elevation', 'Elevation', '', 20, { min: 0, max: 60, step: 1, unit: '°' }),
		number('side', 'Largest map', '', 150, { min: 30, max: 500, step: 10 }),
		choice('scale', 'Map size', '', SCALES, 'root'),
		number('depth', 'Longest box', '', 56, { min: 5, max: 300, step: 1 }),
		choice('channels', 'Length scale', '', SCALES, 'root'),
		choice('vectors', 'Vector length', '', SCALES, 'log'),
		number('gap', 'Layer spacing', '', 22, { min: 0, max: 300, step: 1 }),
		number('opacity', 'Box opacity', '', 0.92, { min: 0.1, max: 1, step: 0.02 })
	],
	relevant: (id, options) =>
		id === 'angle'
			? options['projection'] === 'cabinet'
			: !/^(azimuth|elevation)$/.test(id) || options['projection'] !== 'cabinet',
	visible: (layers, options) => mapLayers(layers, options['detail'] as string),
	draw
};

export default networkStyle;
