import { choice, number } from '#contracts/parameter.ts';
import type { DrawnLayer } from '#maths/figures/chain.ts';
import { mixed } from '#maths/figures/colours.ts';
import { extent, isMap, sizeText } from '#maths/figures/layer.ts';
import { mapLayers, windowOn } from '#maths/figures/map-layers.ts';
import { scaled } from '#maths/figures/projection.ts';
import { fillOf, INK, strokeOf, type FigureStyle } from '#maths/figures/style.ts';
import { placeRow } from '#maths/figures/row.ts';
import { group, line, rect, type Box, type Point, type SvgElement } from '#maths/figures/svg.ts';
import { DETAIL, SCALES } from '../options.ts';
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

/** Feature maps as stacked sheets (LeCun et al. 1998). */

type Scale = 'linear' | 'root' | 'log';

interface Block {
	layer: DrawnLayer;
	kind: 'maps' | 'vector' | 'merge';
	/** Of one sheet. */
	width: number;
	height: number;
	sheets: number;
	/** From sheet to sheet. */
	shift: number;
	/** Pixels per row and column of the map. */
	cell: readonly [rows: number, columns: number];
	/** Left end; the block stands about y = 0. */
	x: number;
}

const MERGE = 9;

const spread = (block: Pick<Block, 'sheets' | 'shift'>) => (block.sheets - 1) * block.shift;
const breadth = (block: Pick<Block, 'width' | 'sheets' | 'shift'>) => block.width + spread(block);
const tall = (block: Pick<Block, 'height' | 'sheets' | 'shift'>) => block.height + spread(block);

/** The sheet in front: the last one, down to the right. */
function front(block: Block): Box {
	const y = -tall(block) / 2 + spread(block);
	return { x: block.x + spread(block), y, width: block.width, height: block.height };
}

function sizes(layers: readonly DrawnLayer[], { options }: Drawing): Omit<Block, 'x'>[] {
	const maps = layers.filter(isMap).map(extent);
	const max = Math.max(1, ...maps.flatMap(([h, w]) => [h, w]));
	const deepest = Math.max(1, ...maps.map(([, , c]) => c));
	const longest = Math.max(1, ...layers.filter((layer) => !isMap(layer)).map((layer) => extent(layer)[2]));
	const side = options['side'] as number;
	const scale = options['scale'] as Scale;
	const maxSheets = options['sheets'] as number;
	return layers.map((layer) => {
		const [h, w, c] = extent(layer);
		const base = { layer, sheets: 1, shift: 0, cell: [1, 1] as const };
		if (isSign(layer)) return { ...base, kind: 'merge', width: 2 * MERGE, height: 2 * MERGE };
		if (!isMap(layer)) {
			const length = scaled(c, longest, side * 1.1, options['vectors'] as Scale, 10);
			return { ...base, kind: 'vector', width: 12, height: length };
		}
		const [height, width] = [scaled(h, max, side, scale, 5), scaled(w, max, side, scale, 5)];
		// Colours are counted; many channels are only compared.
		const sheets = Math.max(
			1,
			Math.min(c, maxSheets, c <= 4 ? c : Math.round(scaled(c, deepest, maxSheets, 'root', 4)))
		);
		return {
			...base,
			kind: 'maps',
			width,
			height,
			sheets,
			shift: options['shift'] as number,
			cell: [height / h, width / w]
		};
	});
}

function blocksOf(drawing: Drawing): Block[] {
	const { layers, style, options } = drawing;
	const blocks = sizes(layers, drawing);
	const items = blocks.map((block) => ({
		breadth: breadth(block),
		caption: block.kind === 'merge' ? 0 : captionWidth(block.layer, style),
		words: wordsWidth(block.layer, style)
	}));
	const xs = placeRow(items, (options['gap'] as number) * style.spacing, 0.9 * style.fontSize);
	return blocks.map((block, i) => ({ ...block, x: xs[i] as number }));
}

function sheets(block: Block, style: FigureStyle): SvgElement[] {
	const { layer } = block;
	const fill = fillOf(layer, style);
	const paint = { stroke: strokeOf(layer, style), width: style.line };
	const top = -tall(block) / 2;
	if (block.kind === 'merge') return mergeSign(layer, [block.x + MERGE, 0], MERGE, style);
	if (block.kind === 'vector') {
		// A slanted strip, as LeNet's own figure has it.
		const slant = lean(block, 1);
		const points: Point[] = [
			[block.x, top],
			[block.x + block.width - slant, top],
			[block.x + block.width, -top],
			[block.x + slant, -top]
		];
		return [line(points, { ...paint, fill }, true)];
	}
	return Array.from({ length: block.sheets }, (_, k) => {
		const shade =
			style.palette === 'paper' || block.sheets < 2 ? fill : mixed(fill, '#ffffff', 0.5 * (1 - k / (block.sheets - 1)));
		const box = { x: block.x + k * block.shift, y: top + k * block.shift, width: block.width, height: block.height };
		return rect(box, { ...paint, fill: shade });
	});
}

/** How far the lower (or upper, -1) end of a strip stands to the side. */
const lean = ({ kind, width }: Block, end: number) => (kind === 'vector' && end > 0 ? 0.6 * width : 0);

/** The window on the front sheet, and its rays to what it becomes. */
function cone(before: Block, after: Block, style: FigureStyle): SvgElement[] {
	const steps = after.layer.operations.filter(({ finishing }) => !finishing).length;
	const paint = { stroke: INK, width: 0.8 * style.line };
	const sheet = front(before);
	const target = after.kind === 'maps' ? front(after) : null;
	const window = windowOn(before.kind === 'maps' ? before.layer : undefined, after.layer, steps);
	const entry: Point = target ? [target.x + 0.3 * target.width, target.y + 0.42 * target.height] : [after.x, 0];
	if (!window) {
		const ends = before.kind === 'merge' ? [0] : [-1, 1];
		const h1 = after.kind === 'merge' ? 0 : tall(after) / 2;
		if (after.kind === 'vector' || before.kind === 'vector')
			return ends.map((s) =>
				line(
					[
						[before.x + breadth(before) + 2 - lean(before, -s), sheet.y + ((s + 1) / 2) * sheet.height],
						[after.x - 2 + lean(after, s), s * h1]
					],
					{ ...paint, dash: '3 3' }
				)
			);
		return [
			line(
				[
					[before.x + breadth(before) + 3, 0],
					[after.x - 3, 0]
				],
				{ ...paint, dash: after.kind === 'merge' || before.kind === 'merge' ? '' : '3 3' }
			)
		];
	}
	const [h, w] = [Math.max(3, window[0] * before.cell[0]), Math.max(3, window[1] * before.cell[1])];
	const box: Box = {
		x: sheet.x + Math.min(0.58 * sheet.width, sheet.width - w),
		y: sheet.y + Math.min(0.56 * sheet.height, sheet.height - h),
		width: Math.min(w, sheet.width),
		height: Math.min(h, sheet.height)
	};
	const corners: Point[] = [
		[box.x, box.y],
		[box.x + box.width, box.y],
		[box.x + box.width, box.y + box.height],
		[box.x, box.y + box.height]
	];
	return [
		line([corners[1] as Point, entry, corners[2] as Point], { ...paint, fill: INK, opacity: 0.1 }),
		line([corners[1] as Point, entry, corners[2] as Point], paint),
		...[corners[0], corners[3]].map((corner) => line([corner as Point, entry], { ...paint, opacity: 0.45 })),
		rect(box, { ...paint, fill: style.palette === 'paper' ? '#ffffff' : fillOf(after.layer, style), width: style.line })
	];
}

function draw(drawing: Drawing): SvgElement[] {
	const { layers, style } = drawing;
	const blocks = blocksOf(drawing);
	const indices = new Map(blocks.map((block, i) => [block.layer.id, i]));
	const out = blocks.map((block) => {
		const { layer } = block;
		return group(sheets(block, style), `${layer.name}: ${sizeText(layer.shape)}`, layer.id);
	});
	blocks.forEach((after, i) => {
		const before = blocks[i - 1];
		if (before && after.layer.from.some((id) => indices.get(id) === i - 1))
			out.push(group(cone(before, after, style), `${before.layer.name} → ${after.layer.name}`));
	});
	const tops = blocks.map((block) => {
		const lines = block.kind === 'merge' ? [] : captions(block.layer, style);
		const bottom = -tall(block) / 2 - 0.55 * style.fontSize;
		out.push(...captionLines(lines, block.x + breadth(block) / 2, bottom, style));
		return bottom - lines.length * 1.25 * style.fontSize + 0.2 * style.fontSize;
	});
	const bottom = Math.max(0, ...blocks.map(tall)) / 2 + 1.8 * style.fontSize;
	const ends = blocks.map((block) => [block.x, block.x + breadth(block)] as const);
	out.push(...wordsBetween(layers, ends, bottom, style));
	const landings = blocks.map((block, i) => ({ x: block.x + breadth(block) / 2, y: tops[i] as number }));
	out.push(...skipLines(layers, landings, style));
	return out;
}

const networkStyle: NetworkStyle = {
	id: 'lenet',
	title: 'LeNet',
	order: 2,
	summary: 'Layers as stacks of feature maps, with the kernel window and its output.',
	options: [
		DETAIL,
		number('side', 'Largest map', '', 130, { min: 30, max: 500, step: 10 }),
		choice('scale', 'Map size', '', SCALES, 'root'),
		choice('vectors', 'Vector length', '', SCALES, 'log'),
		number(
			'sheets',
			'Sheets of the layer with most channels',
			'Others have fewer, by the square root of their channels.',
			12,
			{ min: 1, max: 64, step: 1, integer: true }
		),
		number('shift', 'Sheet offset', '', 5, { min: 1, max: 20, step: 1 }),
		number('gap', 'Layer spacing', '', 34, { min: 5, max: 300, step: 1 })
	],
	visible: (layers, options) => mapLayers(layers, options['detail'] as string),
	draw
};

export default networkStyle;
