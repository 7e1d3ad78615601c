import { describe, expect, it } from 'vitest';
import { agreement, areas, fragmentation } from '#maths/slices/labels.ts';
import { Refinement } from '#maths/slices/refine.ts';
import { shareBound } from '#maths/slices/share-bound.ts';
import { labelsOf } from '../../tools/labels-of.ts';

type Field = (x: number, y: number) => readonly number[];

/** Scores of classes at a position 0..1 of the picture. */
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

function evaluated(field: Field, pixels: Int32Array, width: number, height: number, planes: number): Float32Array {
	const values = new Float32Array(pixels.length * planes);
	pixels.forEach((pixel, k) => {
		values.set(field((pixel % width) / width, Math.floor(pixel / width) / height), k * planes);
	});
	return values;
}

function refined(field: Field, width: number, height: number, planes: number): Refinement {
	const one = new Refinement(width, height, planes);
	for (let pixels = one.next(); pixels.length; pixels = one.next())
		one.put(pixels, evaluated(field, pixels, width, height, planes));
	one.interpolate();
	return one;
}

const worst = (values: Float32Array, full: Float32Array) =>
	full.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0);

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
		expect(worst(one.values, full)).toBeLessThan(0.11);
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
			one.put(pixels, evaluated(ring, pixels, 100, 80, 2));
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
		one.put(first, evaluated(straight, first, 512, 512, 2));
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
		expect(one.check(pixel, evaluated(speck, pixel, 512, 512, 2)).wrong).toBe(1);
		for (let pixels = one.next(); pixels.length; pixels = one.next())
			one.put(pixels, evaluated(speck, pixels, 512, 512, 2));
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
		const { wrong, error } = one.check(drawn, evaluated(ring, drawn, 256, 256, 2));
		expect(wrong).toBe(0);
		expect(error).toBeLessThan(0.11);
	});
});

describe('what is between the pixels that are evaluated', () => {
	/** The same class everywhere. */
	const calm =
		(value: (x: number, y: number) => number): Field =>
		(x, y) => [0.9, value(x, y)];

	it('is shown as straight lines say until it is known, and asks for no more where they are right', () => {
		const [width, height] = [200, 120];
		const bilinear = calm((x, y) => 0.1 + 0.3 * x + 0.2 * y - 0.4 * x * y);
		const full = whole(bilinear, width, height, 2);
		const one = new Refinement(width, height, 2, { stride: 16 });
		for (let pixels = one.next(), round = 0; pixels.length; pixels = one.next(), round++) {
			const indices = [...pixels].flatMap((pixel) => [pixel, width * height + pixel]);
			if (round)
				expect(Math.max(...indices.map((index) => Math.abs(one.values[index]! - full[index]!)))).toBeLessThan(1e-6);
			one.put(pixels, evaluated(bilinear, pixels, width, height, 2));
		}
		// 200 / 64 is about 4: cells of 4 pixels, the last ones cut off.
		expect(one.evaluated).toBe(51 * 31);
		one.interpolate();
		expect(worst(one.values, full)).toBeLessThan(1e-6);
	});

	it('is asked for where a straight line was wrong, and only there', () => {
		const bump = calm((x, y) => 0.45 * Math.exp(-((512 * x - 200) ** 2 + (512 * y - 304) ** 2) / 32));
		const one = refined(bump, 512, 512, 2);
		const full = whole(bump, 512, 512, 2);
		expect(worst(one.values, full)).toBeLessThan(0.1);
		const extra = [...one.known.keys()].filter((pixel) => {
			const [x, y] = [pixel % 512, Math.floor(pixel / 512)];
			return one.known[pixel] && ((x % 8 && x < 511) || (y % 8 && y < 511));
		});
		// The four cells around it are split once: of 25 cells 9 were known.
		expect(extra).toHaveLength(16);
		for (const pixel of extra)
			expect(Math.max(Math.abs((pixel % 512) - 200), Math.abs(Math.floor(pixel / 512) - 304))).toBeLessThanOrEqual(8);
	});

	it('is of the nearest corner without a plane, where no plane is the largest', () => {
		const labelled = (classes: readonly number[], labels: readonly number[], first: readonly number[]) => {
			const one = new Refinement(9, 5, 2, { stride: 4, classes });
			const pixels = one.next();
			expect([...pixels]).toEqual([0, 4, 8, 36, 40, 44]);
			one.put(
				pixels,
				first.flatMap((value) => [value, 1 - value]),
				labels
			);
			one.interpolate();
			return Array.from({ length: 5 }, (_, y) => [...one.labels.subarray(9 * y, 9 * y + 9)].join(''));
		};
		expect(labelled([3, -1], [5, 6, 9, 7, 8, 4], [0, 0, 0, 0, 0, 0])).toEqual([
			...['555666699', '555666699', '555666699'],
			...['777888844', '777888844']
		]);
		// The last column is of a plane, that of class 0, and just so.
		expect(labelled([0, -1], [5, 6, 0, 7, 8, 0], [0, 0, 0.51, 0, 0, 0.51])).toEqual([
			...['555666660', '555666660', '555666660'],
			...['777888880', '777888880']
		]);
		expect(labelled([0, -1], [5, 6, 0, 7, 0, 0], [0, 0, 0.9, 0, 0.9, 0.9])[1]).toMatch(/^5{3}/);
	});

	it('is drawn for a check at most once, and judged by its largest error', () => {
		const one = refined(straight, 400, 300, 2);
		const left = [...one.known.keys()].filter((pixel) => !one.known[pixel]);
		expect([...one.sample(400 * 300, 3)].sort((a, b) => a - b)).toEqual(left);
		expect(one.sample(0, 3)).toHaveLength(0);
		const pixels = one.sample(2, 3);
		const values = [...pixels].flatMap((pixel) => [one.values[pixel]! + 0.01, one.values[400 * 300 + pixel]! - 0.0625]);
		const { wrong, error } = one.check(pixels, values);
		expect(error).toBeCloseTo(0.0625, 6);
		expect(wrong).toBe(0);
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
