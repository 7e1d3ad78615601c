import { describe, expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import { POINT } from '#contracts/scatter.ts';
import { histogramOf, verdict } from '../src/views/embedding/quality/believing.ts';
import { byCategory, byNumber, byQuantile, inkOf } from '../src/views/embedding/map/colouring.ts';
import { namesOn, nextPoint, occupied, pointDisplay } from '../src/views/embedding/map/pointing.ts';
import { pcg } from '#maths/hash-normal.ts';
import { found } from '#workers/data/search.ts';
import { matrixOf, WHOLE } from '#maths/scatter/camera.ts';

const data: DataSet = {
	name: 'six',
	count: 6,
	rows: null,
	images: null,
	columns: [
		{ kind: 'category', name: 'digit', codes: Int32Array.of(0, 1, 2, 0, 1, 2), categories: ['1', '3', '13'] },
		{ kind: 'text', name: 'file', values: ['a.png', 'b.png', 'Cat 3.png', 'd', 'e', 'f'] },
		{ kind: 'number', name: 'slant', values: Float32Array.of(0.5, -0.25, 0.75, 3, 2, NaN) }
	],
	label: 'digit'
};

const { signal } = new AbortController();

describe('search', () => {
	it.each([
		['3', [1, 2, 4, 5]],
		['digit:1', [0, 2, 3, 5]],
		['file: CAT', [2]],
		['slant:>0.6', [2, 3, 4]],
		['slant:0.5..2', [0, 2, 4]],
		['slant:<=-0.25', [1]],
		['#4', [3]],
		['nothing of it', []]
	])('%s', async (query, expected) => {
		expect([...(await found(data, query, signal))!]).toEqual(expected);
	});
	it('asks for nothing without words', async () => expect(await found(data, '  ', signal)).toBeNull());
});

describe('a scale by quantiles', () => {
	const scale = Array.from({ length: 101 }, (_, k) => `#${k.toString(16).padStart(2, '0')}0000`);
	const reds = (values: Float32Array) => {
		const ink = inkOf(values.length, byQuantile('d', values, scale), '#ffffff', null, null, null);
		return Array.from(values, (_, i) => ink[4 * i]!);
	};
	it('uses all colours where most values are much alike', () => {
		const values = Float32Array.from({ length: 2000 }, (_, i) => (i < 1900 ? 0.9 + i * 1e-5 : i / 2000 - 0.95));
		const own = reds(values);
		expect(new Set(own.slice(0, 1900)).size).toBeGreaterThan(15);
		expect(own[1899]! - own[0]!).toBeGreaterThan(85);
		expect([Math.min(...own), Math.max(...own)]).toEqual([0, 100]);
		expect(reds(Float32Array.of(NaN, 0, 1))[0]).toBe(128);
	});
	it('has one colour per value where there are few, by how many lie below', () => {
		const values = Float32Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 / 15 : 1));
		const own = new Set(reds(values));
		// Mid-ranks 0.3, 0.75, 0.95, stretched to the ends.
		expect([...own]).toEqual([0, 69, 100]);
		const colouring = byQuantile('d', values, scale);
		expect(colouring).toMatchObject({ low: 0, high: 1, quantiles: { median: 0 } });
	});
});

describe('ink', () => {
	const codes = Int32Array.of(0, 1, -1);
	const colouring = byCategory('kind', codes, ['a', 'b'], ['#ff0000', '#0000ff']);
	const point = (ink: Uint8Array, i: number) => [...ink.subarray(4 * i, 4 * i + 4)];

	it('is the category’s colour, with what is selected, shown and lit', () => {
		const plain = inkOf(3, colouring, '#ffffff', null, null, null);
		expect(point(plain, 0)).toEqual([255, 0, 0, POINT.plain]);
		expect(point(plain, 1)).toEqual([0, 0, 255, POINT.plain]);
		const selected = inkOf(3, colouring, '#ffffff', Int32Array.of(1), null, null);
		expect([0, 1, 2].map((i) => selected[4 * i + 3])).toEqual([POINT.pale, POINT.selected, POINT.pale]);
		const only = inkOf(3, colouring, '#ffffff', null, Int32Array.of(2), null);
		expect([0, 1, 2].map((i) => only[4 * i + 3])).toEqual([POINT.hidden, POINT.hidden, POINT.plain]);
		const lit = inkOf(3, colouring, '#ffffff', null, null, 0);
		expect([0, 1, 2].map((i) => lit[4 * i + 3])).toEqual([POINT.plain, POINT.pale, POINT.pale]);
	});

	it('is the position on the scale, grey for what is no number; far strays do not stretch it', () => {
		const values = Float32Array.from({ length: 200 }, (_, i) => (i === 7 ? 1e6 : i === 8 ? NaN : i));
		const scale = byNumber('size', values, ['#000000', '#ffffff']);
		expect(scale.kind === 'number' && scale.high < 250).toBe(true);
		const ink = inkOf(200, scale, '#ffffff', null, null, null);
		expect(point(ink, 0).slice(0, 3)).toEqual([0, 0, 0]);
		expect(point(ink, 7).slice(0, 3)).toEqual([255, 255, 255]);
		expect(point(ink, 8).slice(0, 3)).toEqual([128, 132, 140]);
	});
});

describe('on the map', () => {
	const size = { width: 400, height: 400 };
	const matrix = matrixOf(WHOLE, size, 2);

	it('more points are smaller and fainter; nearer ones larger', () => {
		const [few, many, near] = [pointDisplay(100, 1, 4e5), pointDisplay(1e6, 1, 4e5), pointDisplay(1e6, 20, 4e5)];
		expect(many.size).toBeLessThan(few.size);
		expect(many.opacity).toBeLessThan(few.opacity);
		expect(near.size).toBeGreaterThan(many.size);
		expect(many.size).toBeGreaterThan(1);
	});

	it('how much of a map is taken: all of a sheet, little of two islands', () => {
		const sheet = Float32Array.from({ length: 80_000 }, (_, k) => pcg(k) / 2147483648 - 1);
		expect(occupied(sheet, 2)).toBeGreaterThan(0.98);
		expect(
			occupied(
				sheet.map((v) => Math.sign(v) * (0.9 + 0.05 * v)),
				2
			)
		).toBeLessThan(0.03);
		expect(occupied(Float32Array.of(0, 0, 0, NaN, 1e6, 0), 3)).toBe(0.01);
	});

	it('of names that would overlap, the larger group’s stays', () => {
		const placement = (category: number, x: number, count: number) => ({
			category,
			x,
			y: 0,
			z: 0,
			hull: new Float32Array(0),
			count
		});
		const names = namesOn(
			[placement(0, 0, 5), placement(1, 0.05, 50), placement(2, 0.8, 1)],
			['one', 'two', 'three'],
			matrix,
			size
		);
		expect(names.map(({ text }) => text).sort()).toEqual(['', 'three', 'two']);

		// At the edge a name is still read whole: ten characters take some 36 pixels to each side of their middle.
		const [edge] = namesOn([placement(0, 0.99, 1)], ['at an edge'], matrix, size);
		expect(edge?.text).toBe('at an edge');
		expect(edge?.x).toBeLessThan(size.width - 3.6 * 'at an edge'.length);
	});

	it('an arrow key goes to the nearest point on that side', () => {
		const positions = Float32Array.of(0, 0, 0.2, 0.02, 0.5, 0, 0.1, -0.6, -0.3, 0);
		const step = (from: number, by: readonly [number, number]) =>
			nextPoint(positions, 2, matrix, size, from, by, (i) => i === 1);
		expect(nextPoint(positions, 2, matrix, size, 0, [1, 0], () => false)).toBe(1);
		expect(step(0, [1, 0])).toBe(2);
		expect(step(0, [-1, 0])).toBe(4);
		expect(step(0, [0, 1])).toBe(3);
		expect(step(-1, [0, 1])).toBe(0);
		expect(step(2, [1, 0])).toBe(-1);
	});
});

describe('belief', () => {
	const quality = {
		k: 15,
		trustworthiness: 0.99,
		continuity: 0.98,
		overlap: 0.4,
		triplets: 0.8,
		distortion: new Float32Array(0),
		sampled: 1
	};
	it('says what may be read, and what not', () => {
		expect(verdict(quality)).toMatch(/are clusters in the data.*global structure can be trusted/);
		expect(verdict({ ...quality, continuity: 0.8 })).toContain('split');
		expect(verdict({ ...quality, trustworthiness: 0.8 })).toContain('overlap here');
		expect(verdict({ ...quality, trustworthiness: 0.6, continuity: 0.6 })).toContain('little');
		expect(verdict({ ...quality, triplets: 0.52 })).toContain('mean nothing');
		expect(verdict({ ...quality, overlap: 0.1 })).toContain('chance');
	});
	it('the histogram counts each point once', () => {
		const { shares, median } = histogramOf(Float32Array.of(0, 0.1, 0.1, 1, NaN), 10);
		expect(shares).toEqual([0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0.5]);
		expect(median).toBeCloseTo(0.1, 6);
	});
});
