import { describe, expect, it } from 'vitest';
import { agreement, areas, fragmentation } from '#maths/slices/labels.ts';
import { Refinement } from '#maths/slices/refine.ts';
import { shareBound } from '#maths/slices/share-bound.ts';
import { labelsOf } from '../../tools/labels-of.ts';

type Field = (x: number, y: number) => readonly number[];

/** Scores of classes at a place 0..1 of the picture. */
const softmax = (scores: readonly number[]) => {
	const top = Math.max(...scores);
	const powers = scores.map((score) => Math.exp(score - top));
	const sum = powers.reduce((a, b) => a + b);
	return powers.map((power) => power / sum);
};
const ring: Field = (x, y) => {
	const d = 60 * (Math.hypot(x - 0.5, y - 0.45) - 0.3);
	return softmax([d, -d]);
};
const wedges: Field = (x, y) => softmax([30 * (x - 0.2 * y), 12, 30 * y * (1.3 - x)]);
const island: Field = (x, y) => softmax([0, 400 * (0.02 - Math.hypot(x - 0.31, y - 0.77))]);
const straight: Field = (x, y) => softmax([8 * (x + 0.5 * y) - 6, 0]);

function whole(field: Field, width: number, height: number, planes: number): Float32Array {
	const values = new Float32Array(planes * width * height);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			field(x / width, y / height).forEach((value, p) => (values[(p * height + y) * width + x] = value));
	return values;
}

function answers(field: Field, pixels: Int32Array, width: number, height: number, planes: number): Float32Array {
	const values = new Float32Array(pixels.length * planes);
	pixels.forEach((pixel, k) => {
		values.set(field((pixel % width) / width, Math.floor(pixel / width) / height), k * planes);
	});
	return values;
}

function refined(field: Field, width: number, height: number, planes: number): Refinement {
	const one = new Refinement(width, height, planes);
	for (let pixels = one.next(); pixels.length; pixels = one.next())
		one.put(pixels, answers(field, pixels, width, height, planes));
	one.interpolate();
	return one;
}

describe('a field that is evaluated where the boundary crosses', () => {
	it.each([
		['a ring', ring, 2, 512, 512],
		['three wedges', wedges, 3, 512, 512],
		['a straight line', straight, 2, 512, 512],
		['an island of a few cells', island, 2, 512, 512],
		['an uneven picture', ring, 2, 333, 201]
	] as const)('equals the full one for %s', (_, field, planes, width, height) => {
		const full = whole(field, width, height, planes);
		const one = refined(field, width, height, planes);
		const pixels = width * height;
		const same = agreement(labelsOf(one.values, planes, pixels), labelsOf(full, planes, pixels));
		expect(1 - same).toBe(0);
		const error = full.reduce((worst, value, i) => Math.max(worst, Math.abs(value - one.values[i]!)), 0);
		expect(error).toBeLessThan(0.11);
		expect(one.evaluated / pixels).toBeLessThan(width < 500 ? 0.35 : 0.2);
		expect(one.evaluated).toBe(one.known.reduce((sum, known) => sum + known, 0));
	});

	it('evaluates no pixel twice, and what is known is exact', () => {
		const one = new Refinement(100, 80, 2);
		const seen = new Set<number>();
		for (let pixels = one.next(); pixels.length; pixels = one.next()) {
			for (const pixel of pixels) {
				expect(seen.has(pixel)).toBe(false);
				seen.add(pixel);
			}
			one.put(pixels, answers(ring, pixels, 100, 80, 2));
		}
		const full = whole(ring, 100, 80, 2);
		for (const pixel of seen) expect(one.values[pixel]).toBe(full[pixel]);
	});

	it('tells classes apart that share a plane', () => {
		// Four quarters; the planes are class 3 and the largest of the others.
		const quarter = (pixel: number) => Number(pixel % 128 >= 50) + 2 * Number(pixel >= 128 * 70);
		const one = new Refinement(128, 128, 2, { classes: [3, -1] });
		for (let pixels = one.next(); pixels.length; pixels = one.next())
			one.put(
				pixels,
				Array.from(pixels, quarter).flatMap((k) => (k === 3 ? [0.9, 0.1] : [0.1, 0.9])),
				Array.from(pixels, quarter)
			);
		one.interpolate();
		expect([...one.labels]).toEqual(Array.from({ length: 128 ** 2 }, (_, pixel) => quarter(pixel)));
		expect(one.evaluated).toBeLessThan(128 ** 2 / 2);
	});

	it('is coarse first: a first picture costs a hundredth', () => {
		const one = new Refinement(512, 512, 2);
		const first = one.next();
		expect(first.length).toBe(17 * 17);
		one.put(first, answers(straight, first, 512, 512, 2));
		one.interpolate();
		expect(
			agreement(labelsOf(one.values, 2, 512 ** 2), labelsOf(whole(straight, 512, 512, 2), 2, 512 ** 2))
		).toBeGreaterThan(0.98);
	});

	it('finds by its own check what it missed, and mends it', () => {
		// A speck between the corners of all first cells: 3 x 3 pixels.
		const speck: Field = (x, y) => softmax([0, Math.hypot(512 * x - 203, 512 * y - 331) < 2 ? 9 : -9]);
		const one = refined(speck, 512, 512, 2);
		const full = labelsOf(whole(speck, 512, 512, 2), 2, 512 ** 2);
		expect(agreement(labelsOf(one.values, 2, 512 ** 2), full)).toBeLessThan(1);
		const pixel = Int32Array.of(331 * 512 + 203);
		expect(one.check(pixel, answers(speck, pixel, 512, 512, 2)).wrong).toBe(1);
		for (let pixels = one.next(); pixels.length; pixels = one.next())
			one.put(pixels, answers(speck, pixels, 512, 512, 2));
		one.interpolate();
		expect(agreement(labelsOf(one.values, 2, 512 ** 2), full)).toBe(1);
	});

	it('draws its checks from what it left out, by a seed', () => {
		const one = refined(ring, 256, 256, 2);
		const drawn = one.sample(200, 7);
		expect(new Set(drawn).size).toBe(200);
		expect([...drawn].every((pixel) => !one.known[pixel])).toBe(true);
		expect(one.sample(200, 7)).toEqual(drawn);
		expect(one.sample(200, 8)).not.toEqual(drawn);
		const { wrong, error } = one.check(drawn, answers(ring, drawn, 256, 256, 2));
		expect(wrong).toBe(0);
		expect(error).toBeLessThan(0.11);
	});
});

describe('what a map of classes is like', () => {
	const map = (rows: readonly string[]) => Int32Array.from(rows.join(''), Number);
	it('counts pieces over sides and corners', () => {
		expect(fragmentation(map(['0011', '0110', '1100']), 4)).toBe(3);
		expect(fragmentation(map(['0101', '1010', '0101', '1010']), 4)).toBe(2);
		expect(fragmentation(map(['000', '010', '000', '222']), 3)).toBe(3);
	});
	it('measures areas and agreement', () => {
		expect(areas(map(['0011', '2211']), [0, 1, 2])).toEqual([2, 4, 2]);
		expect(areas(map(['0011', '2251']), [1, -1])).toEqual([3, 5]);
		expect(agreement(map(['0011']), map(['0111']))).toBe(0.75);
	});
	it('takes the first of equal values', () => {
		expect([...labelsOf([1, 2, 1, 3, 2, 0], 2, 3)]).toEqual([1, 0, 0]);
	});
});

describe('what a check proves', () => {
	it('is Clopper and Pearson’s bound', () => {
		// Closed form for none found: 1 - 0.05^(1/n).
		for (const n of [10, 128, 1024]) expect(shareBound(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 9);
		// Tabulated: 2 of 100 at 95 % one-sided.
		expect(shareBound(2, 100)).toBeCloseTo(0.0616, 3);
		expect(shareBound(0, 0)).toBe(1);
		expect(shareBound(5, 5)).toBe(1);
	});
});
