import { describe, expect, it } from 'vitest';
import { displacement, keptShare, sampleSize, spread } from '#maths/projection/agreement.ts';
import { superposed } from '#maths/projection/procrustes.ts';
import { fastStream } from '#maths/random.ts';

const { normal } = fastStream(3, 'sample');
const map = (count: number, d: number) => Float32Array.from({ length: count * d }, normal);

/** Every row turned by the matrix (row vector times matrix), scaled and moved. */
function changed(rows: Float32Array, turn: readonly (readonly number[])[], scale: number, by: readonly number[]) {
	const d = by.length;
	return rows.map((_, k) => {
		const [i, c] = [Math.floor(k / d), k % d];
		return by[c]! + scale * turn.reduce((sum, row, r) => sum + rows[i * d + r]! * row[c]!, 0);
	});
}
const [cos, sin] = [Math.cos(1.2), Math.sin(1.2)];
const TURNS = {
	'turned in the plane': [
		[cos, sin],
		[-sin, cos]
	],
	'mirrored in the plane': [
		[cos, sin],
		[sin, -cos]
	],
	'turned in space': [
		[cos, sin, 0],
		[-sin * cos, cos * cos, sin],
		[sin * sin, -cos * sin, cos]
	],
	'mirrored in space': [
		[cos, sin, 0],
		[-sin, cos, 0],
		[0, 0, -1]
	]
};

/** Of complex numbers: the turn that fits best has the phase of Σ a b̄, the mirrored one that of Σ a b. */
function disparityInThePlane(a: Float32Array, b: Float32Array): number {
	const own = (rows: Float32Array) => {
		const n = rows.length / 2;
		const mean = [0, 1].map((d) => rows.reduce((sum, v, k) => (k % 2 === d ? sum + v : sum), 0) / n);
		const free = Array.from(rows, (v, k) => v - mean[k % 2]!);
		const size = Math.hypot(...free);
		return free.map((v) => v / size);
	};
	const [x, y] = [own(a), own(b)];
	const sums = [1, -1].map((conjugate) => {
		let [re, im] = [0, 0];
		for (let k = 0; k < x.length; k += 2) {
			re += x[k]! * y[k]! + conjugate * x[k + 1]! * y[k + 1]!;
			im += x[k + 1]! * y[k]! - conjugate * x[k]! * y[k + 1]!;
		}
		return Math.hypot(re, im);
	});
	return 1 - Math.max(...sums) ** 2;
}
/** Numbers that Python makes, too. */
const waves = (count: number, d: number, f: number, g: number) =>
	Float32Array.from({ length: count * d }, (_, k) => Math.sin(f * k + g) * (1 + (k % d)));

describe('one map laid onto another', () => {
	it.each(Object.entries(TURNS))('finds a copy again that was %s, scaled and moved', (_, turn) => {
		const d = turn.length as 2 | 3;
		const reference = map(60, d);
		const { positions, disparity } = superposed(reference, changed(reference, turn, 37, [5, -2, 11].slice(0, d)), d);
		expect(disparity).toBeLessThan(1e-6);
		expect(Math.max(...displacement(positions, reference, d))).toBeLessThan(1e-4);
	});

	it('says what scipy.spatial.procrustes (1.17) says', () => {
		expect(superposed(waves(40, 2, 12.9898, 0.3), waves(40, 2, 4.1414, 1.1), 2).disparity).toBeCloseTo(
			0.9996329101594229,
			6
		);
		expect(superposed(waves(40, 3, 7.233, 0.2), waves(40, 3, 3.771, 2), 3).disparity).toBeCloseTo(0.999821179686047, 6);
		const a = waves(40, 2, 12.9898, 0.3);
		const near = waves(40, 2, 4.1414, 1.1).map((v, k) => a[k]! + 0.4 * v);
		expect(superposed(a, near, 2).disparity).toBeCloseTo(0.13797649675696705, 6);
	});

	it('says of random maps what complex numbers say, either way round', () => {
		for (let run = 0; run < 5; run++) {
			const [a, b] = [map(50, 2), map(50, 2)];
			const mixed = b.map((v, k) => v + run * a[k ^ 1]!);
			expect(superposed(a, mixed, 2).disparity).toBeCloseTo(disparityInThePlane(a, mixed), 6);
			expect(superposed(mixed, a, 2).disparity).toBeCloseTo(disparityInThePlane(a, mixed), 6);
		}
	});

	it('comes to the size of the reference, however little they agree', () => {
		const [a, b] = [map(400, 2), map(400, 2)];
		const { positions } = superposed(
			a,
			b.map((v) => 100 * v),
			2
		);
		const spreadOf = (rows: Float32Array) => Math.hypot(...rows);
		expect(spreadOf(positions) / spreadOf(a)).toBeCloseTo(1, 1);
	});

	it('leaves out rows without a position, and takes points that coincide', () => {
		const a = map(20, 2);
		const holed = changed(a, TURNS['turned in the plane'], 2, [1, 1]);
		holed[6] = NaN;
		const { positions, disparity } = superposed(a, holed, 2);
		expect(disparity).toBeLessThan(1e-6);
		expect([Number.isNaN(positions[6]), positions[0]!.toFixed(3)]).toEqual([true, a[0]!.toFixed(3)]);
		const point = superposed(a, new Float32Array(40).fill(3), 2);
		expect(point.disparity).toBe(1);
		expect(point.positions.every(Number.isFinite)).toBe(true);
		expect(() => superposed(a, new Float32Array(8), 2)).toThrow(RangeError);
	});
});

describe('kept neighbours', () => {
	const lists = (...rows: number[][]) => ({
		k: rows[0]!.length,
		indices: Int32Array.from(rows.flat()),
		distances: new Float32Array(rows.flat().length)
	});
	it('are counted in the items that both looked at', () => {
		const a = lists([1, 2], [0, 2], [0, 1]);
		expect(keptShare(a, a)).toBe(1);
		expect(keptShare(a, lists([2, 1], [3, 4], [4, 0]))).toBe(0.5);
		expect(keptShare(a, lists([3, 1]))).toBe(0.5);
		expect(keptShare(lists([3, 1]), a)).toBe(0.5);
	});
	it('of items spread over all, each once, the first for those who look at fewer', () => {
		for (const count of [1, 2, 7, 500, 1000, 60_000]) {
			const many = spread(count, 500);
			expect(new Set(many).size).toBe(Math.min(500, count));
			expect([...spread(count, 50)]).toEqual([...many.subarray(0, 50)]);
			expect(many.every((i) => i >= 0 && i < count)).toBe(true);
		}
		expect(sampleSize(2000, 784)).toBe(500);
		expect(sampleSize(60_000, 784)).toBe(63);
		expect(sampleSize(20, 1e9)).toBe(20);
	});
});
