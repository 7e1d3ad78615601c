import { describe, expect, it } from 'vitest';
import { hashNormal } from '#maths/hash-normal.ts';
import {
	boxAround,
	coordinates,
	dot,
	finestSteps,
	isFine,
	minus,
	norm,
	planeAlong,
	planeOfFeatures,
	planeThrough,
	pointOn,
	shapely
} from '#maths/slices/frame.ts';

const vector = (seed: number, length = 784) => Float64Array.from({ length }, (_, i) => hashNormal(seed, 0, i));
const images = [vector(1), vector(2), vector(3)] as const;

describe('the plane through three images', () => {
	const { frame, lengths, cosine } = planeThrough(...images)!;
	const [x1, x2, x3] = images;

	it('has an orthonormal frame', () => {
		expect(Math.abs(dot(frame.u, frame.v))).toBeLessThan(1e-15);
		expect(norm(frame.u)).toBeCloseTo(1, 14);
		expect(norm(frame.v)).toBeCloseTo(1, 14);
	});

	it('puts them at (0, 0), (|a|, 0) and (c1, c2), as get_plane does', () => {
		const a = minus(x2, x1);
		const b = minus(x3, x1);
		const c1 = dot(a, b) / norm(a);
		const c2 = norm(b.map((value, i) => value - (c1 * a[i]!) / norm(a)));
		const expected = [
			[0, 0],
			[norm(a), 0],
			[c1, c2]
		];
		images.forEach((image, k) => {
			const { at, off } = coordinates(frame, image);
			expect(at[0]).toBeCloseTo(expected[k]![0]!, 11);
			expect(at[1]).toBeCloseTo(expected[k]![1]!, 11);
			expect(off).toBeLessThan(1e-12);
		});
		expect(lengths[0]).toBeCloseTo(norm(a), 12);
		expect(cosine).toBeCloseTo(dot(a, b) / norm(a) / norm(b), 12);
	});

	it('passes through them: x = x1 + p u + q v to rounding', () => {
		for (const image of images) {
			const back = pointOn(frame, coordinates(frame, image).at);
			expect(norm(minus(back, image)) / norm(image)).toBeLessThan(1e-14);
		}
	});

	it('keeps distances: the plane is measured in the input’s own L2', () => {
		const [p, q] = [pointOn(frame, [1, 2]), pointOn(frame, [4, -2])];
		expect(norm(minus(p, q))).toBeCloseTo(5, 12);
	});
});

it('keeps the right angle for directions that are nearly one', () => {
	const first = vector(4);
	const second = first.map((value, i) => value + 1e-5 * hashNormal(9, 0, i));
	const { frame } = planeAlong(vector(5), first, second)!;
	expect(Math.abs(dot(frame.u, frame.v))).toBeLessThan(1e-14);
});

it('refuses what spans no plane', () => {
	const [x1, x2] = images;
	expect(planeThrough(x1, x1, x2)).toBeNull();
	expect(planeThrough(x1, x2, x1)).toBeNull();
	expect(planeThrough(x1, x2, pointOn({ origin: x1, u: minus(x2, x1), v: x1 }, [0.3, 0]))).toBeNull();
	expect(
		planeAlong(
			x1,
			x1.map(() => NaN),
			x2
		)
	).toBeNull();
});

it('says how far a point is from the plane', () => {
	const { frame } = planeThrough([0, 0, 0], [2, 0, 0], [1, 3, 0])!;
	expect(coordinates(frame, [1.5, 1, -4])).toEqual({ at: [1.5, 1], off: 4 });
});

it('has two features as their own axes', () => {
	const frame = planeOfFeatures([5, 6, 7, 8], 3, 1);
	expect(coordinates(frame, [5, 6, 7, 8])).toEqual({ at: [8, 6], off: 0 });
	expect([...pointOn(frame, [-1, 2.5])]).toEqual([5, 2.5, 7, -1]);
});

it('shows the bounding box and a tenth more, but no slit', () => {
	const box = boxAround([
		[0, 0],
		[10, 0],
		[4, 5]
	]);
	expect(box).toEqual({ x1: [-1, 11], x2: [-0.5, 5.5] });
	expect(shapely(box)).toEqual(box);
	expect(shapely({ x1: [0, 10], x2: [2, 3] })).toEqual({ x1: [0, 10], x2: [0, 5] });
});

it('knows where float32 ends', () => {
	const { frame } = planeThrough(...images)!;
	const around = (size: number) => ({ x1: [-size, size] as const, x2: [-size, size] as const });
	expect(isFine(frame, around(1), 512, 512)).toBe(true);
	expect(isFine(frame, around(1e-4), 512, 512)).toBe(false);
});

it('the finest steps are four last places of the largest that is added there', () => {
	const four = 4 * 2 ** -23;
	const steps = (origin: [number, number], shared: [number, number], x1: [number, number], x2: [number, number]) =>
		finestSteps({ origin, shared }, { x1, x2 }).map((step) => step / four);
	expect(steps([0, 0], [0, 0], [-8, 2], [1, 3])).toEqual([8, 3]);
	expect(steps([9, 2], [0, 0], [-8, 2], [1, 3])).toEqual([9, 3]);
	// Half of what the other axis adds lies in the same numbers.
	expect(steps([0, 0], [0.5, 0.25], [-8, 2], [-100, 40])).toEqual([50, 100]);
	expect(steps([0, 0], [0.5, 0.25], [-800, 2], [1, 3])).toEqual([800, 200]);
});
