import { rgb } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { formatColours, KIND_COLOURS, parseColours } from '#maths/figures/colours.ts';
import { linked } from '#maths/figures/chain.ts';
import { documentText, parseDocument, type FigureDocument } from '#maths/figures/document.ts';
import { added, example, moved, without } from '#maths/figures/edit.ts';
import { KINDS, mapText, neurons, newLayer, sizeText } from '#maths/figures/layer.ts';
import { corner, faces, oblique, orthographic, projected, scaled } from '#maths/figures/projection.ts';
import { skipLevels } from '#maths/figures/arcs.ts';
import { placeRow } from '#maths/figures/row.ts';
import { shortened } from '#maths/figures/text.ts';
import { svgText, scene, label } from '#maths/figures/svg.ts';
import {
	applySettings,
	networkStyleOf,
	savedSettings,
	setValue,
	STYLE,
	styleOf,
	valuesOf
} from '../../src/views/figures/settings.ts';

/** Contrast ratio of black on a colour (WCAG 2.1). */
function blackContrast(colour: string): number {
	const { r, g, b } = rgb(colour);
	const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
	return (0.2126 * (x as number) + 0.7152 * (y as number) + 0.0722 * (z as number) + 0.05) / 0.05;
}

describe('a list as a file', () => {
	const hostile = `<script>alert(1)</script>&"'\u0007`;
	const figure: FigureDocument = {
		title: hostile,
		networkStyle: 'lenet',
		settings: { look: 'paper', 'lenet-side': '200' },
		layers: [
			newLayer('a', { name: hostile, kind: 'input', shape: [8, 8, null], colour: '#aabbcc' }),
			newLayer('b', { inputs: ['', 'a'], group: ['m'], shown: false, window: [3, 1], trainable: true, parameters: 12 })
		]
	};

	it('comes back as it was, but for weights', () => {
		const text = documentText({
			...figure,
			layers: figure.layers.map((layer) => ({ ...layer, kernel: 'secret/kernel' }))
		});
		expect(text).not.toContain('secret');
		expect(parseDocument(text)).toEqual(figure);
	});

	const valid = JSON.parse(documentText(figure)) as { layers: Record<string, unknown>[] };
	const broken: [string, unknown][] = [
		['not JSON', '{'],
		['another format', { ...valid, format: 'x' }],
		['a version to come', { ...valid, version: 2 }],
		['a kind that there is not', { ...valid, layers: [{ ...valid.layers[0], kind: 'magic' }] }],
		['a negative size', { ...valid, layers: [{ ...valid.layers[0], shape: [-1] }] }],
		['a size that is no number', { ...valid, layers: [{ ...valid.layers[0], shape: ['28'] }] }],
		['endless sizes', { ...valid, layers: [{ ...valid.layers[0], shape: [1e300] }] }],
		['two of one id', { ...valid, layers: [valid.layers[0], valid.layers[0]] }],
		[
			'too many layers',
			{ ...valid, layers: Array.from({ length: 2001 }, (_, i) => ({ ...valid.layers[0], id: `l${i}` })) }
		],
		['a colour with more in it', { ...valid, layers: [{ ...valid.layers[0], colour: '#fff" onload="x' }] }]
	];
	it.each(broken)('is refused in words: %s', (_, value) => {
		const found = parseDocument(typeof value === 'string' ? value : JSON.stringify(value));
		expect(typeof found).toBe('string');
		expect(found).toMatch(/\.$/);
	});

	it('needs only what says what a layer is', () => {
		const text = JSON.stringify({
			format: 'vitrine-figure',
			version: 1,
			layers: [{ id: 'x', kind: 'dense', shape: [3] }]
		});
		expect(parseDocument(text)).toMatchObject({
			title: '',
			layers: [{ id: 'x', name: 'x', inputs: [''], kernel: '' }]
		});
	});
});

describe('changes of a list', () => {
	const skip = [newLayer('a'), newLayer('b'), newLayer('c', { inputs: ['', 'a'] }), newLayer('d', { inputs: ['b'] })];

	it('a layer that goes leaves its lines to what fed it', () => {
		expect([...linked(without(skip, 'b'))]).toEqual([
			['a', []],
			['c', ['a']],
			['d', ['a']]
		]);
	});

	it('a layer that moves keeps lines by name and takes those by index', () => {
		const next = moved(skip, 'd', 2);
		expect(next.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'c']);
		expect(linked(next).get('c')).toEqual(['d', 'a']);
		expect(moved(skip, 'a', 99).at(-1)?.id).toBe('a');
		expect(moved(skip, 'nobody', 0)).toEqual(skip);
	});

	it('a new layer has sizes that follow', () => {
		const { layers, id } = added(example(), 0, 'pooling');
		expect(layers[1]).toMatchObject({ id, shape: [16, 16, 1], window: [2, 2] });
		expect(added(layers, 1, 'pooling').id).not.toBe(id);
		expect(added([], -1, 'flatten').layers[0]?.shape).toEqual([784]);
	});

	it('sizes read as in papers', () => {
		expect(mapText([28, 14, 16])).toBe('16@28×14');
		expect(mapText([1568])).toBe('1,568');
		expect(sizeText([28, null, 3])).toBe('28 × ? × 3');
		expect(neurons({ kind: 'flatten', shape: [7, 7, 32] })).toBe(1568);
		expect(neurons({ kind: 'convolution', shape: [7, 7, 32] })).toBe(32);
		expect(shortened('a-very-long-name', 8)).toBe('a-ve…ame');
	});
});

describe('geometry', () => {
	it('projects as the textbooks say', () => {
		const cabinet = oblique(45, 0.5);
		expect(projected(cabinet, [2, 3, 0])).toEqual([2, -3]);
		const [x, y] = projected(cabinet, [0, 0, 2]);
		expect(x).toBeCloseTo(Math.SQRT1_2, 12);
		expect(y).toBeCloseTo(-Math.SQRT1_2, 12);
		// Isometric: all three axes equally long, 120 degrees apart.
		const iso = orthographic(45, Math.asin(Math.tan(Math.PI / 6)) * (180 / Math.PI));
		for (const axis of [iso.x, iso.y, iso.z]) expect(Math.hypot(...axis)).toBeCloseTo(Math.sqrt(2 / 3), 12);
		expect(iso.x[0] * iso.y[0] + iso.x[1] * iso.y[1]).toBeCloseTo(-1 / 3, 12);
		expect(iso.x[0] * iso.z[0] + iso.x[1] * iso.z[1]).toBeCloseTo(1 / 3, 12);
	});

	it('shows three faces that share their edges', () => {
		const box = { at: [1, 2, 3], size: [2, 4, 6] } as const;
		expect(corner(box, [1, -1, 0])).toEqual([2, 0, 3]);
		const { front, top, right } = faces(oblique(30, 0.5), box);
		expect([top[0], top[1]]).toEqual([front[3], front[2]]);
		expect([right[0], right[3]]).toEqual([front[1], front[2]]);
		expect(right[2]).toEqual(top[2]);
	});

	it('scales linearly, by root and by logarithm', () => {
		expect(scaled(50, 100, 200, 'linear')).toBe(100);
		expect(scaled(25, 100, 200, 'root')).toBe(100);
		expect(scaled(3, 15, 200, 'log')).toBe(100);
		expect(scaled(0, 100, 200, 'linear', 7)).toBe(7);
	});

	it('puts skips that meet on different levels, short ones below', () => {
		const skips = [
			{ from: 0, to: 9 },
			{ from: 1, to: 3 },
			{ from: 2, to: 5 },
			{ from: 3, to: 6 }
		];
		expect(skipLevels(skips)).toEqual([2, 0, 1, 0]);
	});

	it('places a row by its widest claim', () => {
		const item = { breadth: 10, caption: 0, words: 0 };
		expect(placeRow([item, item], 5, 2)).toEqual([0, 15]);
		expect(
			placeRow(
				[
					{ ...item, caption: 50 },
					{ ...item, caption: 30 }
				],
				5,
				2
			)
		).toEqual([0, 42]);
		expect(placeRow([item, { ...item, left: 7 }], 5, 2)).toEqual([0, 22]);
		const [, b, c] = placeRow([item, { ...item, words: 40 }, { ...item, words: 40 }], 5, 2) as [number, number, number];
		expect((b + 10 + c) / 2 - 20 - ((10 + b) / 2 + 20)).toBeGreaterThanOrEqual(2);
	});
});

describe('colours', () => {
	/** sRGB -> linear. */
	const linear = (hex: string) =>
		[1, 3, 5].map((i) => {
			const c = parseInt(hex.slice(i, i + 2), 16) / 255;
			return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
		});
	/** Machado, Oliveira & Fernandes 2009, severity 1. */
	const eyes: Record<string, number[][]> = {
		usual: [
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 1]
		],
		protanopia: [
			[0.152286, 1.052583, -0.204868],
			[0.114503, 0.786281, 0.099216],
			[-0.003882, -0.048116, 1.051998]
		],
		deuteranopia: [
			[0.367322, 0.860646, -0.227968],
			[0.280085, 0.672501, 0.047413],
			[-0.01182, 0.04294, 0.968881]
		],
		tritanopia: [
			[1.255528, -0.076749, -0.178779],
			[-0.078411, 0.930809, 0.147602],
			[0.004733, 0.691367, 0.3039]
		]
	};
	const lab = ([r, g, b]: number[]) => {
		const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
		const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.9505);
		const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
		const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.089);
		return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
	};
	const seen = (hex: string, eye: number[][]) => {
		const rgb = linear(hex);
		return lab(
			eye.map((row) =>
				Math.max(
					0,
					row.reduce((sum, w, k) => sum + w * rgb[k]!, 0)
				)
			)
		);
	};

	it.each(Object.entries(eyes))('by kind can be told apart by eyes with %s', (_, eye) => {
		KINDS.forEach((a, i) =>
			KINDS.slice(i + 1).forEach((b) => {
				const [p, q] = [seen(KIND_COLOURS[a], eye), seen(KIND_COLOURS[b], eye)];
				expect(Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!), `${a} and ${b}`).toBeGreaterThan(8);
			})
		);
	});

	it('leave black text readable', () => {
		for (const kind of KINDS) expect(blackContrast(KIND_COLOURS[kind]), kind).toBeGreaterThan(4.5);
	});

	it('travel in the link', () => {
		const own = { convolution: '#123456', 'global-pooling': '#abcdef' } as const;
		expect(parseColours(formatColours(own))).toEqual(own);
		expect(parseColours('magic-123456,dense-xyz,constructor-000000,,pooling-00ff0')).toEqual({});
	});
});

describe('settings', () => {
	function link(initial: Record<string, string> = {}) {
		const kept: Record<string, string> = { ...initial };
		return {
			kept,
			option: (key: string, otherwise: string) => kept[key] ?? otherwise,
			setOption(key: string, value: string, otherwise: string) {
				if (value === otherwise) delete kept[key];
				else kept[key] = value;
			}
		};
	}

	it('are valid for any link', () => {
		const lab = link({
			'figures.look': 'gaudy',
			'figures.size': '1e9',
			'figures.names': 'false',
			'figures.manner': 'none'
		});
		expect(styleOf(valuesOf(lab, STYLE), '')).toMatchObject({ palette: 'kinds', fontSize: 40, names: false });
		expect(networkStyleOf(lab, example()).id).toBe('lenet');
		expect(networkStyleOf(lab, [newLayer('a')]).id).toBe('fcnn');
	});

	it('go into a file and come back', () => {
		const lab = link();
		setValue(lab, STYLE, 'line', 2.5);
		setValue(lab, networkStyleOf(lab, example()).options, 'side', 210, 'lenet');
		expect(lab.kept).toEqual({ 'figures.line': '2.5', 'figures.lenet-side': '210' });
		const saved = savedSettings(lab);
		const other = link({ 'figures.look': 'paper' });
		applySettings(other, { ...saved, evil: '1' }, 'alexnet');
		expect(other.kept).toEqual({ 'figures.line': '2.5', 'figures.lenet-side': '210', 'figures.manner': 'alexnet' });
	});
});

describe('the file', () => {
	it('escapes what is text and leaves out what XML cannot hold', () => {
		const text = svgText(
			scene([label(0, 0, '<b>&"\u0000\ud800', { size: 10, family: 'serif', fill: '#000000' })], {
				title: '<x>',
				description: 'a & b',
				margin: 4,
				background: ''
			})
		);
		expect(text).toContain('&lt;b&gt;&amp;&quot;\ufffd\ufffd</text>');
		expect(text).toContain('<title>&lt;x&gt;</title>');
	});
});
