import { describe, expect, it } from 'vitest';
import { fitted, fittingOf } from '#maths/scatter/bounds.ts';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { matrixOf, projected, steered, TURNED, turned, unprojected, WHOLE } from '#maths/scatter/camera.ts';
import { density } from '#maths/scatter/density.ts';
import { SpatialGrid, within } from '#maths/scatter/grid.ts';
import { convexHull, groups } from '#maths/scatter/groups.ts';
import { stream } from '#maths/random.ts';
import { filled, standardised } from '#maths/table-scaling.ts';
import { PointMap } from '#workers/data/map.ts';
import { thumbnailPositions } from '#draw/thumbnail-positions.ts';

const random = stream(3, 'data');
const cloud = (count: number, dimensions: number) =>
	Float32Array.from({ length: count * dimensions }, () => Math.max(-1, Math.min(1, 0.4 * random.normal())));
const size = { width: 640, height: 400 };

describe('the camera', () => {
	it('shows all of -1..1, and finds the point under a pixel again', () => {
		const camera = { ...WHOLE, x: 0.2, y: -0.1, zoom: 3 };
		const matrix = matrixOf(camera, size, 2);
		const [x, y] = projected(matrix, size, 0.33, -0.05, 0);
		const back = unprojected(matrix, size, x, y);
		expect(back[0]).toBeCloseTo(0.33, 12);
		expect(back[1]).toBeCloseTo(-0.05, 12);
		const whole = matrixOf(WHOLE, size, 2);
		for (const corner of [
			[-1, -1],
			[1, 1]
		] as const) {
			const at = projected(whole, size, corner[0], corner[1], 0);
			expect(at[0] > 0 && at[0] < 640 && at[1] > 0 && at[1] < 400).toBe(true);
		}
	});

	it('keeps the position under the pointer while zooming, and follows a drag', () => {
		const before = unprojected(matrixOf(WHOLE, size, 2), size, 200, 90);
		const near = steered(WHOLE, size, zoomBy(5, [200, 90]), 2);
		const after = unprojected(matrixOf(near, size, 2), size, 200, 90);
		expect(after[0]).toBeCloseTo(before[0], 10);
		expect(after[1]).toBeCloseTo(before[1], 10);
		const dragged = steered(WHOLE, size, moveBy(30, -12), 2);
		const [x, y] = projected(matrixOf(dragged, size, 2), size, ...before, 0);
		expect(x).toBeCloseTo(230, 8);
		expect(y).toBeCloseTo(78, 8);
	});

	it('turns around what is in the middle; what is nearer is larger', () => {
		const camera = turned(TURNED, 120, -40);
		const matrix = matrixOf(camera, size, 3);
		const [x, y] = projected(matrix, size, 0, 0, 0);
		expect([x, y]).toEqual([320, 200]);
		const front = matrixOf({ ...TURNED, yaw: 0, pitch: 0 }, size, 3);
		expect(projected(front, size, 0, 0, 1)[2]).toBeLessThan(projected(front, size, 0, 0, -1)[2]);
	});
});

describe('finding points', () => {
	const positions = cloud(4000, 2);
	const grid = new SpatialGrid(positions);
	const hidden = Uint8Array.from({ length: 4000 }, (_, i) => Number(i % 3 === 0));

	it('the nearest is that of brute force, with and without hidden points', () => {
		for (let k = 0; k < 300; k++) {
			const [x, y] = [random.between(-1.1, 1.1), random.between(-1.1, 1.1)];
			for (const mask of [null, hidden]) {
				let [best, found] = [1, -1];
				for (let i = 0; i < 4000; i++) {
					if (mask?.[i]) continue;
					const d = ((positions[2 * i]! - x) / 0.08) ** 2 + ((positions[2 * i + 1]! - y) / 0.05) ** 2;
					if (d < best) [best, found] = [d, i];
				}
				expect(grid.nearest(x, y, 0.08, 0.05, mask)).toBe(found);
			}
		}
	});

	it('a lasso takes what is inside, by the even-odd rule', () => {
		const star = Float32Array.from({ length: 22 }, (_, k) => {
			const [a, r] = [(Math.floor(k / 2) * 4 * Math.PI) / 11, 0.7];
			return r * (k % 2 ? Math.sin(a) : Math.cos(a)) + 0.1;
		});
		const expected = [...Array(4000).keys()].filter(
			(i) => !hidden[i] && within(star, positions[2 * i]!, positions[2 * i + 1]!)
		);
		expect(expected.length).toBeGreaterThan(150);
		expect([...grid.inside(star, hidden)]).toEqual(expected);
		expect(within(Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1), 0.5, 0.5)).toBe(true);
		expect(within(Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1), 1.5, 0.5)).toBe(false);
	});

	it('pixels mean the same on a flat map and on one in space', () => {
		const flat = new PointMap(Float32Array.of(0, 0, 0.5, 0.5, -0.5, 0.2), 2);
		const canvas = [640, 400] as const;
		const matrix = matrixOf(WHOLE, size, 2);
		const [x, y] = projected(matrix, size, 0.5, 0.5, 0);
		expect(flat.pick(matrix, canvas, [x + 4, y - 3], 8)).toBe(1);
		expect(flat.pick(matrix, canvas, [x + 14, y], 8)).toBe(-1);
		const box = Float32Array.of(x - 9, y - 9, x + 9, y - 9, x + 9, y + 9, x - 9, y + 9);
		expect([...flat.inside(matrix, canvas, box)]).toEqual([1]);
		// Of two under the pointer, the one in front.
		const space = new PointMap(Float32Array.of(0, 0, -0.8, 0, 0, 0.8), 3);
		const front = matrixOf({ ...TURNED, yaw: 0, pitch: 0 }, size, 3);
		expect(space.pick(front, canvas, [320, 200], 6)).toBe(1);
		space.hidden = Uint8Array.of(0, 1);
		expect(space.pick(front, canvas, [320, 200], 6)).toBe(0);
		expect([...space.inside(front, canvas, Float32Array.of(300, 180, 340, 180, 340, 220, 300, 220))]).toEqual([0]);
	});

	it('a million points: a grid in less than a second, a lasso well below', () => {
		const many = Float32Array.from({ length: 2e6 }, () => 2 * random.uniform() - 1);
		const start = performance.now();
		const big = new SpatialGrid(many);
		expect(performance.now() - start).toBeLessThan(2000);
		const square = Float32Array.of(-0.64, -0.64, 0.64, -0.64, 0.64, 0.64, -0.64, 0.64);
		const lasso = performance.now();
		expect(big.inside(square, null).length / 1e6).toBeCloseTo(0.41, 2);
		expect(performance.now() - lasso).toBeLessThan(1500);
	});
});

describe('crowding', () => {
	it('is highest where the points are, and falls as the kernel does', () => {
		const field = density(new Float32Array(2000), 64, 3);
		const middle = field[31 * 64 + 31]!;
		expect(middle).toBeCloseTo(1, 6);
		// Three box filters of 7 cells are a quadratic B-spline, here 5.5 and 0.5 cells from its middle.
		const ratio = field[31 * 64 + 37]! / middle;
		expect(ratio).toBeCloseTo((0.5 * (1.5 - 5.5 / 7) ** 2) / (0.75 - (0.5 / 7) ** 2), 3);
		expect(field[5 * 64 + 5]).toBe(0);
	});
});

describe('groups', () => {
	it('a hull holds all its points and no corner too many', () => {
		const points = cloud(300, 2);
		const hull = convexHull(points);
		const corners = hull.length / 2;
		for (let i = 0; i < 300; i++)
			for (let k = 0; k < corners; k++) {
				const [ax, ay] = [hull[2 * k]!, hull[2 * k + 1]!];
				const [bx, by] = [hull[(2 * k + 2) % hull.length]!, hull[(2 * k + 3) % hull.length]!];
				expect((bx - ax) * (points[2 * i + 1]! - ay) - (by - ay) * (points[2 * i]! - ax)).toBeGreaterThan(-1e-6);
			}
		expect([...convexHull(Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1, 0.5, 0.5, 0.5, 0))].sort()).toEqual([
			0, 0, 0, 0, 1, 1, 1, 1
		]);
		expect(convexHull(Float32Array.of(0.5, 0.25))).toHaveLength(2);
	});

	it('a name stands on a point of its group, the hull around most of them', () => {
		const positions = Float32Array.from({ length: 400 }, (_, k) => {
			const i = k >> 1;
			return (i % 2 ? 0.5 : -0.5) + 0.1 * random.normal() * (i === 6 ? 40 : 1);
		});
		const codes = Int32Array.from({ length: 200 }, (_, i) => (i % 2 ? 1 : 0));
		const [left, right] = groups(positions, 2, codes, 3);
		expect(left!.count).toBe(100);
		expect(Math.abs(left!.at[0] + 0.5)).toBeLessThan(0.1);
		expect(right!.at[1]).toBeGreaterThan(0.3);
		// The stray point is left out.
		expect(Math.max(...left!.hull)).toBeLessThan(0.1);
		expect(groups(positions, 2, codes, 3)).toHaveLength(2);
	});

	it('the hull is around the nearest of its points, in whole points', () => {
		// Of a row of 11 the middle one is nearest to all; the farthest is left out, or the last two of one distance stay.
		const row = (last: number) =>
			groups(
				Float32Array.from([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, last].flatMap((x) => [x / 10, 0])),
				2,
				new Int32Array(11),
				1
			)[0]!;
		expect(row(6).at.map((v) => v + 0)).toEqual([0, 0, 0]);
		const ends = ({ hull }: { hull: Float32Array }) => {
			const xs = [...hull].filter((_, k) => k % 2 === 0).map((x) => Math.round(10 * x));
			return [Math.min(...xs), Math.max(...xs)];
		};
		expect([ends(row(6)), ends(row(5))]).toEqual([
			[-5, 4],
			[-5, 5]
		]);
	});
});

it('maps are brought to -1..1 with one scale, whatever their units', () => {
	const positions = Float32Array.of(1e6, 5, 1e6 + 4, 7, NaN, 6);
	const fitting = fittingOf(positions, 2);
	const own = fitted(positions, 2, fitting);
	expect([...own.subarray(0, 4)]).toEqual([-1, -0.5, 1, 0.5]);
	expect(own[4]).toBe(1e6);
	expect([...fitted(Float32Array.of(3, 3, 3), 3, fittingOf(Float32Array.of(3, 3, 3), 3))]).toEqual([0, 0, 0]);
});

it('columns are standardised; gaps become their mean', () => {
	const values = Float32Array.of(1, 7, 10, 2, 7, NaN, 3, 7, 30);
	const [a, b, c] = [0, 1, 2].map((k) => [...standardised(values, 3)].filter((_, i) => i % 3 === k));
	expect(a!.map((v) => Number(v.toFixed(5)))).toEqual([-1.22474, 0, 1.22474]);
	expect(b).toEqual([0, 0, 0]);
	expect(c).toEqual([-1, 0, 1]);
	const whole = filled(values, 3);
	expect([whole.missing, whole.values[5]]).toEqual([1, 20]);
});

it('pictures on the map never overlap, and the selected come first', () => {
	const positions = cloud(3000, 2);
	const ink = new Uint8Array(12_000);
	ink[4 * 77 + 3] = 2;
	ink[4 * 78 + 3] = 3;
	const matrix = matrixOf(WHOLE, size, 2);
	const spots = thumbnailPositions(positions, 2, ink, { matrix, ...size }, 3000, 30);
	expect(spots.length).toBeGreaterThan(30);
	expect(spots[0]!.point).toBe(77);
	expect(spots.some(({ point }) => point === 78)).toBe(false);
	spots.forEach((a, i) =>
		spots
			.slice(i + 1)
			.forEach((b) => expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(30))
	);
	const again = thumbnailPositions(positions, 2, ink, { matrix, ...size }, 3000, 30);
	expect(again).toEqual(spots);
});
