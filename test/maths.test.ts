import { describe, expect, it } from 'vitest';
import { scaleBytes, scaleColours, scales } from '#maths/colour.ts';
import { hash, hashNormal, pcg } from '#maths/hash-normal.ts';
import { classNamesIn } from '#loaders/class-names.ts';
import { gaussLegendre } from '#maths/quadrature.ts';
import { fieldStats, quantile } from '#maths/statistics.ts';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { bounded, imageBounds, imagePoint, steered } from '#maths/viewport.ts';
import { expectClose } from './close.ts';

describe('Gauss-Legendre quadrature', () => {
	// Published nodes and weights, moved to [0, 1].
	it.each([
		[2, [0.2113248654, 0.7886751346], [0.5, 0.5]],
		[3, [0.1127016654, 0.5, 0.8872983346], [0.2777777778, 0.4444444444, 0.2777777778]],
		[
			4,
			[0.0694318442, 0.3300094782, 0.6699905218, 0.9305681558],
			[0.1739274226, 0.3260725774, 0.3260725774, 0.1739274226]
		],
		[
			5,
			[0.046910077, 0.2307653449, 0.5, 0.7692346551, 0.953089923],
			[0.1184634425, 0.2393143352, 0.2844444444, 0.2393143352, 0.1184634425]
		]
	])('has the published nodes for n = %i', (n, nodes, weights) => {
		const rule = gaussLegendre(n);
		expectClose({ data: rule.nodes }, { data: nodes }, { atol: 1e-10 });
		expectClose({ data: rule.weights }, { data: weights }, { atol: 1e-10 });
	});

	it.each([1, 7, 50, 400])('is exact for polynomials up to degree 2n - 1, n = %i', (n) => {
		const { nodes, weights } = gaussLegendre(n);
		for (const degree of [0, 1, n, 2 * n - 1].filter((d) => d <= 2 * n - 1))
			expectClose(
				{ data: [nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0)] },
				{ data: [1 / (degree + 1)] },
				{ rtol: 1e-12, atol: 1e-12 }
			);
	});
});

describe('seeded noise', () => {
	it('is standard normal: moments and Kolmogorov-Smirnov', () => {
		const n = 100_000;
		const draws = Float64Array.from({ length: n }, (_, i) => hashNormal(7, Math.floor(i / 500), i % 500));
		const moment = (k: number) => draws.reduce((sum, x) => sum + x ** k, 0) / n;
		// Five standard errors each.
		expect(Math.abs(moment(1))).toBeLessThan(0.016);
		expect(Math.abs(moment(2) - 1)).toBeLessThan(0.023);
		expect(Math.abs(moment(3))).toBeLessThan(0.062);
		expect(Math.abs(moment(4) - 3)).toBeLessThan(0.16);
		const erf = (x: number) => {
			const t = 1 / (1 + 0.3275911 * Math.abs(x));
			const y =
				1 -
				((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
					t *
					Math.exp(-x * x);
			return x < 0 ? -y : y;
		};
		const distance = draws
			.sort()
			.reduce((max, x, i) => Math.max(max, Math.abs((i + 0.5) / n - (1 + erf(x / Math.SQRT2)) / 2)), 0);
		expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
	});

	it('is that of an independent program, to the bit', () => {
		// In Python, with numbers of any size cut to 32 bits.
		expect([0, 1, 2, 12345, 0xffffffff].map(pcg)).toEqual([
			...[129708002, 2831084092, 2055130248, 4099845390],
			3861530882
		]);
		expect([hash(1, 2, 3, 4), hash(0, 0, 0, 0), hash(-1, 0, 0, 0)]).toEqual([1787075052, 2368882721, 3389361097]);
		expect(hashNormal(1, 0, 0)).toBeCloseTo(1.854903159825799, 12);
		expect(hashNormal(7, 3, 11)).toBeCloseTo(-0.06327142697202008, 12);
	});

	it('does not repeat between seeds, samples and cells', () => {
		const values = [hashNormal(1, 0, 0), hashNormal(2, 0, 0), hashNormal(1, 1, 0), hashNormal(1, 0, 1)];
		expect(new Set(values).size).toBe(4);
		expect(hashNormal(1, 0, 0)).toBe(values[0]);
	});
});

describe('statistics of a field', () => {
	it('leaves out what is no number, and counts it', () => {
		const stats = fieldStats(Float32Array.from([1, -3, NaN, 2, Infinity]));
		expect(stats).toMatchObject({ min: -3, max: 2, sum: 0, magnitude: 6, invalid: 2 });
		expect(stats.tail.at(-1)).toBe(3);
		expect(fieldStats(new Float32Array(3)).tail.every((x) => x === 0)).toBe(true);
		expect(fieldStats(Float32Array.from([NaN])).invalid).toBe(1);
	});
	it('interpolates quantiles', () => {
		expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
		expect(quantile([0, 10], 0.91)).toBeCloseTo(9.1, 12);
	});
});

describe('class names', () => {
	it.each([
		['cat\ndog\n', ['cat', 'dog']],
		['0 cat\n1 dog', ['cat', 'dog']],
		['0: cat\r\n1: dog', ['cat', 'dog']],
		['n01440764 tench, Tinca tinca\nn01443537 goldfish', ['tench, Tinca tinca', 'goldfish']],
		['["cat", "dog"]', ['cat', 'dog']],
		['{"0": "cat", "1": "dog"}', ['cat', 'dog']],
		['{"dog": 1, "cat": 0}', ['cat', 'dog']],
		['{"labels": ["cat", "dog"]}', ['cat', 'dog']],
		['{"0": ["n01440764", "tench"]}', ['tench']],
		['{"modelTopology": {}}', null],
		['{broken', null],
		['\u0000\u0001binary', null],
		['', null]
	])('are found in %j', (text, names) => expect(classNamesIn(text)?.names ?? null).toEqual(names));
});

describe('the shared window', () => {
	const image = { width: 200, height: 100 };
	const canvas = { width: 100, height: 100 };
	it('fits the whole image, and finds points back', () => {
		const window = { x: 0.5, y: 0.5, zoom: 1 };
		expect(imageBounds(window, image, canvas)).toEqual({ x: 0, y: 25, width: 100, height: 50 });
		expect(imagePoint(window, image, canvas, 50, 50)).toEqual([0.5, 0.5]);
	});
	it('is moved by pixels, and bounded where the image ends', () => {
		const window = { x: 0.5, y: 0.5, zoom: 4 };
		// Fitted, the image is 100 by 50; four times that now.
		expect(imageBounds(window, image, canvas)).toEqual({ x: -150, y: -50, width: 400, height: 200 });
		expect(imagePoint(window, image, canvas, 0, 100)).toEqual([0.375, 0.75]);
		expect(steered(window, image, canvas, moveBy(40, -20))).toEqual({ x: 0.4, y: 0.6, zoom: 4 });
		expect(bounded({ x: 0, y: 1, zoom: 0.5 })).toEqual({ x: 0.5, y: 0.5, zoom: 1 });
		expect(bounded({ x: 0.3, y: 0.3, zoom: 99 })).toEqual({ x: 0.3, y: 0.3, zoom: 64 });
		// The place (10, 70) of the canvas is (0.4, 0.6) of the image.
		const near = steered(window, image, canvas, zoomBy(2, [10, 70]));
		expectClose({ data: [near.x, near.y, near.zoom] }, { data: [0.45, 0.55, 8] }, { rtol: 1e-12 });
		expect(steered(window, image, canvas, zoomBy(99, [50, 50])).zoom).toBe(64);
		expect(steered(window, image, canvas, zoomBy(0.01, [10, 50]))).toEqual({ x: 0.5, y: 0.5, zoom: 1 });
	});
	it('zooms about a point and stays inside', () => {
		const before = imagePoint({ x: 0.5, y: 0.5, zoom: 1 }, image, canvas, 30, 40);
		const zoomed = steered({ x: 0.5, y: 0.5, zoom: 1 }, image, canvas, zoomBy(2, [30, 40]));
		expectClose({ data: imagePoint(zoomed, image, canvas, 30, 40) }, { data: before }, { atol: 1e-9 });
		expect(bounded({ x: 9, y: -9, zoom: 2 })).toEqual({ x: 0.75, y: 0.25, zoom: 2 });
		expect(steered({ x: 0.5, y: 0.5, zoom: 2 }, image, canvas, moveBy(20, 0)).x).toBeCloseTo(0.4, 12);
	});
});

describe('colour scales', () => {
	it('have the published ends, middles and classes', () => {
		// ColorBrewer's RdBu, PuOr and BrBG of eleven; viridis and greys of matplotlib.
		expect([scaleColours('rdbu', 3), scaleColours('puor', 3), scaleColours('brbg', 3)]).toEqual([
			['#053061', '#f2efee', '#67001f'],
			['#7f3b08', '#f3eeea', '#2d004b'],
			['#543005', '#eef1ea', '#003c30']
		]);
		expect(scaleColours('viridis', 2)).toEqual(['#440154', '#fde725']);
		expect(scaleColours('greys', 2)).toEqual(['#000000', '#ffffff']);
		expect(scaleColours('none such', 2)).toEqual(scaleColours('viridis', 2));
		expect(scaleColours('viridis', 1)).toEqual([scaleColours('viridis', 3)[1]]);
		expect([...scaleBytes('greys', 2)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
	});
	it.each(scales)('$title runs from one end to the other', ({ id, kind }) => {
		const bytes = scaleBytes(id, 256);
		const light = (i: number) => 0.2126 * bytes[4 * i]! + 0.7152 * bytes[4 * i + 1]! + 0.0722 * bytes[4 * i + 2]!;
		if (kind === 'diverging') expect(light(128)).toBeGreaterThan(Math.max(light(0), light(255)) + 80);
		else for (let i = 8; i < 256; i += 8) expect(light(i)).toBeGreaterThan(light(i - 8));
		expect(scaleColours(id, 5)).toHaveLength(5);
	});
});
