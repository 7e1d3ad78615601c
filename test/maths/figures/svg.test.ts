import { describe, expect, it } from 'vitest';
import { skipArcs } from '#maths/figures/arcs.ts';
import {
	arrowhead,
	boundsOf,
	circle,
	curve,
	group,
	label,
	line,
	rect,
	scene,
	svgText,
	textBox,
	writable
} from '#maths/figures/svg.ts';
import { DEFAULT_STYLE, fillOf, INK, lettering, strokeOf } from '#maths/figures/style.ts';
import { shortened, textWidth, whole } from '#maths/figures/text.ts';

const serif = { size: 10, family: 'serif', fill: '#000000' };

describe('elements of a figure', () => {
	it('have their positions in hundredths, and no more than they need', () => {
		expect(rect({ x: 1.005, y: 2, width: 3.14159, height: 4 }, { fill: '#ffffff' })).toEqual({
			tag: 'rect',
			attributes: { x: 1, y: 2, width: 3.14, height: 4, fill: '#ffffff', stroke: 'none' }
		});
		expect(
			rect({ x: 0, y: 0, width: 1, height: 1 }, { stroke: '#111111', width: 1.239, opacity: 0.456, dash: '2 1' }, 3)
		).toMatchObject({
			attributes: {
				rx: 3,
				fill: 'none',
				stroke: '#111111',
				'stroke-width': 1.24,
				'stroke-linejoin': 'round',
				opacity: 0.46,
				'stroke-dasharray': '2 1'
			}
		});
		expect(circle(1.236, 2.344, 3.004, { opacity: -1, stroke: '#222222' }).attributes).toEqual({
			cx: 1.24,
			cy: 2.34,
			r: 3,
			fill: 'none',
			stroke: '#222222',
			'stroke-width': 1,
			'stroke-linejoin': 'round',
			opacity: 0
		});
	});

	it('are lines and curves from point to point', () => {
		const points = [
			[0, 1],
			[2, 3.456],
			[4, 5]
		] as const;
		expect(line(points, {}).attributes['d']).toBe('M0 1L2 3.46L4 5');
		expect(line(points, {}, true).attributes['d']).toBe('M0 1L2 3.46L4 5Z');
		expect(curve([...points, [6, 7], [8, 9], [1, 1], [2, 2]], {}).attributes['d']).toBe(
			'M0 1C2 3.46 4 5 6 7C8 9 1 1 2 2'
		);
		expect(curve(points, {}).attributes['d']).toBe('M0 1');
	});

	it('end in arrows as wide as 0.84 of their length', () => {
		expect(arrowhead([10, 0], [0, 0], 5, '#000000')).toMatchObject({
			attributes: { d: 'M10 0L5 2.1L5 -2.1Z', fill: '#000000' }
		});
		expect(arrowhead([3, 4], [0, 0], 10, '#000000').attributes['d']).toBe('M3 4L-6.36 -1.48L0.36 -6.52Z');
		expect(arrowhead([1, 1], [1, 1], 10, '#000000').attributes['d']).toBe('M1 1L1 1L1 1Z');
	});

	it('are letters, in what XML can hold', () => {
		expect(label(1.239, 2, 'a\u0001b', serif)).toEqual({
			tag: 'text',
			attributes: {
				x: 1.24,
				y: 2,
				'font-family': 'serif',
				'font-size': 10,
				'text-anchor': 'middle',
				fill: '#000000'
			},
			text: 'a\ufffdb'
		});
		expect(label(0, 0, '', { ...serif, bold: true, italic: true, anchor: 'end' }).attributes).toMatchObject({
			'font-weight': 'bold',
			'font-style': 'italic',
			'text-anchor': 'end'
		});
		expect(writable('tab\tline\n\u{1f600} \ud800 \uffff')).toBe('tab\tline\n\u{1f600} \ufffd \ufffd');
	});

	it('belong together under a title', () => {
		expect(group([])).toEqual({ tag: 'g', attributes: {}, children: [] });
		expect(group([circle(0, 0, 1, {})], 'T\u0000', 'id').children).toMatchObject([
			{ tag: 'title', text: 'T\ufffd' },
			{ tag: 'circle' }
		]);
		expect(group([], '', 'id').attributes).toEqual({ 'data-layer': 'id' });
	});
});

describe('what a figure covers', () => {
	it('is the box around each element', () => {
		expect(boundsOf([circle(5, 6, 2, {})])).toEqual({ x: 3, y: 4, width: 4, height: 4 });
		expect(boundsOf([rect({ x: -1, y: 2, width: 3, height: 4 }, {})])).toEqual({ x: -1, y: 2, width: 3, height: 4 });
		expect(
			boundsOf([
				group([
					line(
						[
							[1, -2],
							[-3, 8]
						],
						{}
					)
				]),
				circle(0, 0, 1, {})
			])
		).toEqual({ x: -3, y: -2, width: 4, height: 10 });
		expect(boundsOf([])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
		expect(boundsOf([{ tag: 'path', attributes: { d: '' } }])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
		expect(boundsOf([circle(4, 5, 0, {})])).toEqual({ x: 4, y: 5, width: 0, height: 0 });
	});

	it('knows how wide letters are at most', () => {
		expect(textWidth('ilm', 10)).toBeCloseTo(10 * (0.32 + 0.32 + 0.98), 12);
		expect(textWidth('a A(漢\u00e9', 20)).toBeCloseTo(20 * (0.63 + 0.4 + 0.74 + 0.4 + 1 + 0.66), 12);
		expect(textWidth('aa', 10, true)).toBeCloseTo(1.1 * 12.6, 12);
		const box = (anchor: 'start' | 'middle' | 'end') => textBox(label(100, 50, 'aa', { ...serif, anchor }));
		expect(box('start')).toEqual({ x: 100, y: 42.2, width: 12.6, height: 10 });
		expect(box('middle').x).toBeCloseTo(93.7, 12);
		expect(box('end').x).toBeCloseTo(87.4, 12);
		expect(textBox(label(0, 0, 'aa', { ...serif, bold: true })).width).toBeCloseTo(13.86, 12);
	});

	it('is the page, with a margin, and paper where one is wanted', () => {
		const elements = [rect({ x: 10, y: 20, width: 30.2, height: 40 }, {})];
		const page = scene(elements, { title: 'T', description: 'D', margin: 5, background: '#ffffff' });
		expect(page).toMatchObject({ width: 41, height: 50, title: 'T', description: 'D' });
		expect(page.elements).toMatchObject([
			{ tag: 'rect', attributes: { x: 0, y: 0, width: 41, height: 50, fill: '#ffffff' } },
			{ tag: 'g', attributes: { transform: 'translate(-5 -15)' } }
		]);
		expect(svgText(scene([], { title: 'a"b', description: '', margin: 2, background: '' }))).toBe(
			'<?xml version="1.0" encoding="UTF-8"?>\n' +
				'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="4" height="4" viewBox="0 0 4 4">\n' +
				'<title>a&quot;b</title>\n<desc/>\n<g transform="translate(2 2)"/>\n</svg>\n'
		);
	});

	it('shortens names in their middle', () => {
		expect(shortened('abcdefgh', 8)).toBe('abcdefgh');
		expect(shortened('abcdefghi', 8)).toBe('abcd…ghi');
		expect(shortened('abcdefghi', 7)).toBe('abc…ghi');
		expect(whole(1567.6)).toBe('1,568');
	});
});

describe('lines above a row', () => {
	const landings = [
		{ x: 0, y: 100 },
		{ x: 50, y: 80 },
		{ x: 100, y: 100 }
	];
	const style = { step: 10, width: 1.5, stroke: '#123456' };

	it('rise above what they pass, bend by circles and end in a head', () => {
		const [arc] = skipArcs([{ from: 0, to: 2 }], landings, ['a', 'b', 'c'], style);
		expect(arc!.children![0]).toEqual({ tag: 'title', attributes: {}, text: 'a → c' });
		expect(arc!.children![1]).toEqual({
			tag: 'path',
			attributes: {
				// Ten above the block that is passed; eight to bend; 2.8 beside the middles.
				d: 'M2.8 100L2.8 78Q2.8 70 10.8 70L89.2 70Q97.2 70 97.2 78L97.2 98',
				fill: 'none',
				stroke: '#123456',
				'stroke-width': 1.5,
				'stroke-linejoin': 'round'
			}
		});
		expect(arc!.children![2]!.attributes['d']).toBe('M97.2 100L93.84 92L100.56 92Z');
	});

	it('lie above each other, bend less where they are short, and turn with the row', () => {
		const skips = [
			{ from: 0, to: 2 },
			{ from: 1, to: 2 }
		];
		const arcs = skipArcs(skips, landings, [], style);
		const d = (i: number) => String(arcs[i]!.children![1]!.attributes['d']);
		expect(d(0)).toContain('Q2.8 60 ');
		expect(d(1)).toMatch(/^M52\.8 80L52\.8 78Q52\.8 70 60\.8 70/);
		const near = [
			{ x: 0, y: 100 },
			{ x: 10, y: 100 }
		];
		const [short] = skipArcs([{ from: 0, to: 1 }], near, [], style);
		expect(short!.children![1]!.attributes['d']).toBe('M2.8 100L2.8 92.2Q2.8 90 5 90L5 90Q7.2 90 7.2 92.2L7.2 98');
		const [turned] = skipArcs([{ from: 0, to: 1 }], near, [], { ...style, turn: ([x, y]) => [y, x] });
		expect(turned!.children![1]!.attributes['d']).toBe('M100 2.8L92.2 2.8Q90 2.8 90 5L90 5Q90 7.2 92.2 7.2L98 7.2');
	});
});

describe('the style', () => {
	it('is by kind, by hand, or white with black lines', () => {
		const layer = { kind: 'dense', colour: '' } as const;
		expect(fillOf(layer, DEFAULT_STYLE)).toBe('#4cab7b');
		expect(fillOf({ ...layer, colour: '#010203' }, { ...DEFAULT_STYLE, palette: 'paper' })).toBe('#010203');
		expect(fillOf(layer, { ...DEFAULT_STYLE, palette: 'paper' })).toBe('#ffffff');
		const own = { ...DEFAULT_STYLE, colours: { dense: '#aabbcc' } };
		expect(fillOf(layer, { ...own, palette: 'own' })).toBe('#aabbcc');
		expect(fillOf({ ...layer, kind: 'input' }, { ...own, palette: 'own' })).toBe('#e6e6e6');
		expect(fillOf(layer, own)).toBe('#4cab7b');
		expect(strokeOf(layer, { ...DEFAULT_STYLE, palette: 'paper' })).toBe(INK);
		// 38 % of white is left.
		expect(strokeOf({ ...layer, colour: '#ffffff' }, DEFAULT_STYLE)).toBe('#616161');
		expect(lettering(DEFAULT_STYLE, 0.5, { bold: true })).toEqual({
			size: 6.5,
			family: 'sans-serif',
			fill: INK,
			bold: true
		});
		expect(lettering(DEFAULT_STYLE).size).toBe(13);
	});
});
