import { textWidth } from '#maths/figures/text.ts';

/** A figure as data: what is shown in the page and what is written to a file come from the same elements. */

type SvgTag = 'g' | 'rect' | 'circle' | 'path' | 'text' | 'title' | 'desc';

export interface SvgElement {
	tag: SvgTag;
	/** Plain presentation attributes: no classes, no variables, so that every program draws the same. */
	attributes: Readonly<Record<string, string | number>>;
	text?: string;
	children?: readonly SvgElement[];
}

export interface SvgScene {
	width: number;
	height: number;
	title: string;
	description: string;
	elements: readonly SvgElement[];
}

export interface Paint {
	fill?: string;
	stroke?: string;
	width?: number;
	opacity?: number;
	dash?: string;
}

export type Point = readonly [x: number, y: number];

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Hundredths of a unit are finer than any printer. */
const rounded = (value: number) => Math.round(value * 100) / 100;

/** Whatever XML 1.0 has no way to write becomes the replacement character. */
export const writable = (text: string): string =>
	text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');

function painted({ fill = 'none', stroke = 'none', width = 1, opacity = 1, dash = '' }: Paint) {
	return {
		fill,
		stroke,
		...(stroke === 'none' ? {} : { 'stroke-width': rounded(width), 'stroke-linejoin': 'round' }),
		...(opacity < 1 ? { opacity: rounded(Math.max(0, opacity)) } : {}),
		...(dash ? { 'stroke-dasharray': dash } : {})
	};
}

export function circle(x: number, y: number, radius: number, paint: Paint): SvgElement {
	return { tag: 'circle', attributes: { cx: rounded(x), cy: rounded(y), r: rounded(radius), ...painted(paint) } };
}

export function rect({ x, y, width, height }: Box, paint: Paint, radius = 0): SvgElement {
	const bounds = { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
	return { tag: 'rect', attributes: { ...bounds, ...(radius ? { rx: radius } : {}), ...painted(paint) } };
}

const written = (points: readonly Point[]) => points.map(([x, y]) => `${rounded(x)} ${rounded(y)}`);

/** Straight stretches. */
export function line(points: readonly Point[], paint: Paint, closed = false): SvgElement {
	const [first = '', ...rest] = written(points);
	return {
		tag: 'path',
		attributes: { d: `M${first}${rest.map((p) => `L${p}`).join('')}${closed ? 'Z' : ''}`, ...painted(paint) }
	};
}

/** One cubic Bézier curve after another: a start, then three points each. */
export function curve(points: readonly Point[], paint: Paint): SvgElement {
	const [first = '', ...rest] = written(points);
	let d = `M${first}`;
	for (let i = 0; i + 2 < rest.length; i += 3) d += `C${rest.slice(i, i + 3).join(' ')}`;
	return { tag: 'path', attributes: { d, ...painted(paint) } };
}

/** The head of an arrow that ends at `tip`, coming from `from`. */
export function arrowhead(tip: Point, from: Point, size: number, fill: string): SvgElement {
	const [dx, dy] = [tip[0] - from[0], tip[1] - from[1]];
	const length = Math.hypot(dx, dy) || 1;
	const [ux, uy] = [dx / length, dy / length];
	const wing = (side: number): Point => [
		tip[0] - size * ux - side * 0.42 * size * uy,
		tip[1] - size * uy + side * 0.42 * size * ux
	];
	return line([tip, wing(1), wing(-1)], { fill }, true);
}

export interface Lettering {
	size: number;
	family: string;
	fill: string;
	anchor?: 'start' | 'middle' | 'end';
	bold?: boolean;
	italic?: boolean;
}

/** One line of text; y is its baseline. */
export function label(x: number, y: number, text: string, lettering: Lettering): SvgElement {
	const { size, family, fill, anchor = 'middle', bold = false, italic = false } = lettering;
	return {
		tag: 'text',
		attributes: {
			x: rounded(x),
			y: rounded(y),
			'font-family': family,
			'font-size': rounded(size),
			...(bold ? { 'font-weight': 'bold' } : {}),
			...(italic ? { 'font-style': 'italic' } : {}),
			'text-anchor': anchor,
			fill
		},
		text: writable(text)
	};
}

/** Elements that belong to one layer; programs show its title, and the page knows what was clicked. */
export function group(children: readonly SvgElement[], title = '', layer = ''): SvgElement {
	const attributes: Record<string, string> = layer ? { 'data-layer': writable(layer) } : {};
	const heading: SvgElement[] = title ? [{ tag: 'title', attributes: {}, text: writable(title) }] : [];
	return { tag: 'g', attributes, children: [...heading, ...children] };
}

/** What a text covers, by the estimate of `textWidth`. */
export function textBox({ attributes, text = '' }: SvgElement): Box {
	const size = Number(attributes['font-size']);
	const width = textWidth(text, size, attributes['font-weight'] === 'bold');
	const x = Number(attributes['x']);
	const shift = { start: 0, middle: 0.5, end: 1 }[String(attributes['text-anchor'])] ?? 0;
	return { x: x - shift * width, y: Number(attributes['y']) - 0.78 * size, width, height: size };
}

function boxOf(element: SvgElement): Box | null {
	const of = (name: string) => Number(element.attributes[name]);
	switch (element.tag) {
		case 'rect':
			return { x: of('x'), y: of('y'), width: of('width'), height: of('height') };
		case 'circle':
			return { x: of('cx') - of('r'), y: of('cy') - of('r'), width: 2 * of('r'), height: 2 * of('r') };
		case 'text':
			return textBox(element);
		case 'path': {
			// All commands here are absolute and take pairs; control points only make the box larger.
			const values = String(element.attributes['d'])
				.match(/-?[\d.]+/g)
				?.map(Number);
			if (!values?.length) return null;
			const xs = values.filter((_, i) => i % 2 === 0);
			const ys = values.filter((_, i) => i % 2 === 1);
			const [x, y] = [Math.min(...xs), Math.min(...ys)];
			return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
		}
		default:
			return null;
	}
}

/** What the elements cover. */
export function boundsOf(elements: readonly SvgElement[]): Box {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	const stack = [...elements];
	for (let element = stack.pop(); element; element = stack.pop()) {
		if (element.children) stack.push(...element.children);
		const box = boxOf(element);
		if (!box) continue;
		left = Math.min(left, box.x);
		top = Math.min(top, box.y);
		right = Math.max(right, box.x + box.width);
		bottom = Math.max(bottom, box.y + box.height);
	}
	return left <= right
		? { x: left, y: top, width: right - left, height: bottom - top }
		: { x: 0, y: 0, width: 0, height: 0 };
}

/** Elements anywhere on the plane -> a page that holds them with a margin. */
export function scene(
	elements: readonly SvgElement[],
	{ title, description, margin, background }: { title: string; description: string; margin: number; background: string }
): SvgScene {
	const { x, y, width, height } = boundsOf(elements);
	const [w, h] = [Math.ceil(width + 2 * margin), Math.ceil(height + 2 * margin)];
	const moved: SvgElement = {
		tag: 'g',
		attributes: { transform: `translate(${rounded(margin - x)} ${rounded(margin - y)})` },
		children: elements
	};
	const paper = background ? [rect({ x: 0, y: 0, width: w, height: h }, { fill: background })] : [];
	return {
		width: w,
		height: h,
		title: writable(title),
		description: writable(description),
		elements: [...paper, moved]
	};
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => ESCAPES[c] as string);

function elementText({ tag, attributes, text = '', children = [] }: SvgElement): string {
	const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
	const inside = escaped(text) + children.map(elementText).join('');
	return inside ? `<${tag}${list.join('')}>${inside}</${tag}>` : `<${tag}${list.join('')}/>`;
}

/** A complete SVG 1.1 file with real text. */
export function svgText({ width, height, title, description, elements }: SvgScene): string {
	const head: SvgElement[] = [
		{ tag: 'title', attributes: {}, text: title },
		{ tag: 'desc', attributes: {}, text: description }
	];
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		...[...head, ...elements].map(elementText),
		'</svg>',
		''
	].join('\n');
}
