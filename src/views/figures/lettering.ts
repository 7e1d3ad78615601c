import { skipArcs, type ArcStyle, type Landing } from '#maths/figures/arcs.ts';
import { operationLines, skipsOf, type DrawnLayer } from '#maths/figures/chain.ts';
import { mapText } from '#maths/figures/layer.ts';
import { fillOf, INK, lettering, type FigureStyle } from '#maths/figures/style.ts';
import { circle, label, line, type Point, type SvgElement } from '#maths/figures/svg.ts';
import { shortened, textWidth } from '#maths/figures/text.ts';

/** What the styles of feature maps write over, below and between their blocks. */

interface Caption {
	text: string;
	bold: boolean;
}

const LINE = 1.25;

/** @param size what is said of the size; LeNet's `16@28×28` unless the block says it itself */
export function captions(layer: DrawnLayer, style: FigureStyle, size = mapText(layer.shape)): Caption[] {
	return [
		...(style.names ? [{ text: shortened(layer.name, 22), bold: true }] : []),
		...(style.sizes && size ? [{ text: size, bold: false }] : [])
	];
}

export const captionWidth = (layer: DrawnLayer, style: FigureStyle, size?: string): number =>
	Math.max(0, ...captions(layer, style, size).map(({ text, bold }) => textWidth(text, style.fontSize, bold)));

/** Lines that end above `bottom`. */
export function captionLines(lines: readonly Caption[], x: number, bottom: number, style: FigureStyle): SvgElement[] {
	return lines.map(({ text, bold }, k) => {
		const y = bottom - (lines.length - 1 - k) * LINE * style.fontSize;
		return label(x, y, text, lettering(style, bold ? 1 : 0.95, { bold }));
	});
}

const WORDS = 0.9;

/** A sign says what it does. */
export const isSign = ({ kind, sign }: DrawnLayer): boolean => kind === 'merge' && sign !== '';

const wordsOf = (layer: DrawnLayer) => (isSign(layer) ? [] : operationLines(layer.operations));

export const wordsWidth = (layer: DrawnLayer, style: FigureStyle): number =>
	style.operations ? Math.max(0, ...wordsOf(layer).map((text) => textWidth(text, WORDS * style.fontSize))) : 0;

/** What is done between two blocks, below the gap between them. */
export function wordsBetween(
	layers: readonly DrawnLayer[],
	ends: readonly (readonly [left: number, right: number])[],
	top: number,
	style: FigureStyle
): SvgElement[] {
	if (!style.operations) return [];
	return layers.slice(1).flatMap((layer, i) => {
		const x = ((ends[i]?.[1] ?? 0) + (ends[i + 1]?.[0] ?? 0)) / 2;
		return wordsOf(layer).map((text, k) => label(x, top + k * LINE * style.fontSize, text, lettering(style, WORDS)));
	});
}

/** ⊕ or ⊗ for layers that join others number by number. */
export function mergeSign(layer: DrawnLayer, [x, y]: Point, radius: number, style: FigureStyle): SvgElement[] {
	const arm = 0.5 * radius;
	const turn = layer.sign === '×' ? Math.SQRT1_2 : 0;
	const stroke = (dx: number, dy: number): Point[] => [
		[x - dx, y - dy],
		[x + dx, y + dy]
	];
	const strokes = turn
		? [stroke(arm * turn, arm * turn), stroke(-arm * turn, arm * turn)]
		: [stroke(arm, 0), stroke(0, arm)];
	const fill = style.palette === 'paper' ? '#ffffff' : fillOf(layer, style);
	return [
		circle(x, y, radius, { stroke: INK, width: style.line, fill }),
		...strokes.map((points) => line(points, { stroke: INK, width: 1.4 * style.line }))
	];
}

/** Lines past blocks of a row, where the style wants them. */
export function skipLines(
	layers: readonly DrawnLayer[],
	landings: readonly Landing[],
	style: FigureStyle,
	turn: ArcStyle['turn'] = (point) => point
): SvgElement[] {
	if (!style.skips) return [];
	const names = layers.map(({ name }) => name);
	return skipArcs(skipsOf(layers), landings, names, {
		step: 1.6 * style.fontSize,
		width: style.line,
		stroke: INK,
		turn
	});
}
