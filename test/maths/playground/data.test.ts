import { describe, expect, it } from 'vitest';
import { dataset, derivedInputs } from '#maths/playground/data.ts';
import { boardClass, classesOf, hillsValue, planeValue } from '#maths/playground/generators.ts';
import { DATA_KINDS, DERIVED_INPUTS, type DataSpec, type Points } from '#maths/playground/spec.ts';
import { expectClose } from '../../close.ts';

const GENERATED = DATA_KINDS.filter((kind) => kind !== 'points');
type Generated = (typeof GENERATED)[number];

const spec = (kind: Generated, changes: Partial<DataSpec> = {}): DataSpec => ({
	kind,
	size: 600,
	noise: 0,
	trainShare: 0.5,
	seed: 3,
	...changes
});

const rows = ({ x1, x2, y }: Points) => Array.from(x1, (v, i) => [v, x2[i]!, y[i]!] as const);
const all = (set: DataSpec) => {
	const { train, test } = dataset(set);
	return [...rows(train), ...rows(test)];
};

/** The class or value that the formula gives to a point without noise. */
const TRUE: Readonly<Record<Generated, (x1: number, x2: number) => number>> = {
	circle: (x1, x2) => (Math.hypot(x1, x2) < 2.5 ? 1 : 0),
	xor: (x1, x2) => (x1 * x2 >= 0 ? 1 : 0),
	gauss: () => NaN,
	spiral: (x1, x2) => nearestArm(x1, x2, 2),
	moons: (x1, x2) => {
		// Back to make_moons' own coordinates: which half circle is it on?
		const [u, v] = [x1 / 3 + 0.5, x2 / 3 + 0.25];
		return Math.abs(Math.hypot(u, v) - 1) < 1e-9 ? 0 : Math.abs(Math.hypot(u - 1, v - 0.5) - 1) < 1e-9 ? 1 : NaN;
	},
	spirals: (x1, x2) => nearestArm(x1, x2, 3),
	checkerboard: boardClass,
	plane: planeValue,
	gaussians: hillsValue
};

/** The arm whose angle fits the radius: angle = 2π · 1.75 r / 5 + that of the arm. */
function nearestArm(x1: number, x2: number, arms: number): number {
	const turn = Math.atan2(x1, x2) / (2 * Math.PI) - (1.75 * Math.hypot(x1, x2)) / 5;
	const step = Math.round(arms * (turn - Math.floor(turn))) % arms;
	return arms - 1 - step;
}

describe.each(GENERATED)('%s', (kind) => {
	it('is the same for the same seed, and another for another', () => {
		expect(dataset(spec(kind, { noise: 0.2 }))).toEqual(dataset(spec(kind, { noise: 0.2 })));
		expect(all(spec(kind, { seed: 4 }))).not.toEqual(all(spec(kind)));
	});

	it('follows its formula without noise', () => {
		const points = all(spec(kind));
		expect(points).toHaveLength(600);
		if (kind === 'gauss') {
			for (const own of [0, 1]) {
				const some = points.filter(([, , y]) => y === own);
				const mean = (k: 0 | 1) => some.reduce((total, p) => total + p[k], 0) / some.length;
				const centre = own ? 2 : -2;
				for (const k of [0, 1] as const) {
					expect(Math.abs(mean(k) - centre)).toBeLessThan(5 * Math.sqrt(0.5 / 300));
					const variance = some.reduce((total, p) => total + (p[k] - centre) ** 2, 0) / some.length;
					expect(variance).toBeGreaterThan(0.3);
					expect(variance).toBeLessThan(0.7);
				}
			}
		} else
			for (const [x1, x2, y] of points)
				// The middle of a spiral belongs to all arms.
				if (!kind.startsWith('spiral') || Math.hypot(x1, x2) > 1e-6) expect(y).toBeCloseTo(TRUE[kind](x1, x2), 12);
	});

	it('has balanced classes in a bounded window', () => {
		const points = all(spec(kind));
		for (const [x1, x2] of points) expect(Math.max(Math.abs(x1), Math.abs(x2))).toBeLessThan(6.0001);
		const classes = classesOf(kind);
		if (!classes) return expect(points.every(([, , y]) => y >= -1.2 && y <= 1.2)).toBe(true);
		for (let own = 0; own < classes; own++) {
			const count = points.filter(([, , y]) => y === own).length;
			// Where the label follows the point, classes are even on average only.
			const slack = kind === 'xor' ? 5 * Math.sqrt(600 / 4) : 0;
			expect(Math.abs(count - 600 / classes)).toBeLessThanOrEqual(slack);
		}
		return undefined;
	});

	it('gets noisier', () => {
		const moved = (noise: number) => {
			const calm = dataset(spec(kind)).train;
			const noisy = dataset(spec(kind, { noise })).train;
			return noisy.y.filter((y, i) => y !== calm.y[i] || noisy.x1[i] !== calm.x1[i]).length;
		};
		expect(moved(0.5)).toBeGreaterThan(30);
		expect(moved(0)).toBe(0);
	});
});

/** Sums over all numbers, each weighted by its index, of x1, x2 and y: with noise, 600 points of seed 3. */
const SETS: Readonly<Record<Generated, string>> = {
	circle: '-30.781 26.070 -7.869',
	xor: '9.213 -49.509 5.249',
	gauss: '3.541 -11.775 -4.209',
	spiral: '13.642 -31.380 -4.209',
	moons: '-9.721 27.758 -4.209',
	spirals: '-5.120 24.786 -2.804',
	checkerboard: '-15.692 -23.055 -12.251',
	plane: '8.484 -58.404 -7.451',
	gaussians: '8.484 -58.404 -2.065'
};

it.each(GENERATED)('%s is the same from one version to the next: links name it by its seed', (kind) => {
	const { train, test } = dataset(spec(kind, { noise: 0.3 }));
	const sum = (of: (points: Points) => Float64Array) =>
		[...of(train), ...of(test)].reduce((all, value, i) => all + value * Math.cos(i), 0).toFixed(3);
	expect([sum(({ x1 }) => x1), sum(({ x2 }) => x2), sum(({ y }) => y)].join(' ')).toBe(SETS[kind]);
});

it('noise reads the colour of the board at most so far off', () => {
	const points = all(spec('checkerboard', { noise: 0.3 }));
	// 0.3 times the side of a square, of 3.
	const inside = (v: number) => Math.abs(v / 3 - Math.round(v / 3)) * 3 > 0.9;
	const wrong = points.filter(([x1, x2, y]) => y !== boardClass(x1, x2));
	expect(wrong.length).toBeGreaterThan(30);
	expect(wrong.some(([x1, x2]) => inside(x1) && inside(x2))).toBe(false);
});

describe('the division', () => {
	it.each([
		[0, 0, 600],
		[0.1, 60, 540],
		[0.9, 540, 60],
		[1, 600, 0]
	])('share %f', (trainShare, train, test) => {
		const set = dataset(spec('circle', { trainShare }));
		expect([set.train.y.length, set.test.y.length]).toEqual([train, test]);
		// No point is in both.
		const own = new Set(rows(set.train).map(String));
		expect(rows(set.test).some((row) => own.has(String(row)))).toBe(false);
	});

	it('takes own points, at most as many as asked for', () => {
		const points: Points = {
			x1: Float64Array.from({ length: 40 }, (_, i) => i),
			x2: Float64Array.from({ length: 40 }, (_, i) => -i),
			y: Float64Array.from({ length: 40 }, (_, i) => i % 4),
			classes: 4
		};
		const set = dataset({ kind: 'points', size: 30, noise: 0, trainShare: 0.5, seed: 1, points });
		expect([set.train.y.length, set.test.y.length, set.classes]).toEqual([15, 15, 4]);
		for (const [x1, x2, y] of rows(set.train)) expect([x2, y]).toEqual([-x1, x1 % 4]);
		expect(() => dataset({ kind: 'points', size: 3, noise: 0, trainShare: 1, seed: 1 })).toThrow('no points');
	});
});

it('values and squares lie where TensorFlow Playground and a chess board have them', () => {
	// regressGaussian: six of height 1 and -1 in turn, which fall to 0 within 2.
	const hills = [
		[-4, 2.5, 1],
		[0, 2.5, -1],
		[4, 2.5, 1],
		[-4, -2.5, -1],
		[0, -2.5, 1],
		[4, -2.5, -1]
	] as const;
	for (const [x1, x2, height] of hills) {
		expect(hillsValue(x1, x2)).toBe(height);
		expect([hillsValue(x1 + 1, x2), hillsValue(x1, x2 - 0.5)]).toEqual([0.5 * height, 0.75 * height]);
		expect(Math.abs(hillsValue(x1, x2 > 0 ? x2 + 2.1 : x2 - 2.1))).toBe(0);
	}
	expect(Math.abs(hillsValue(2, 0))).toBe(0);
	expect([planeValue(3, 4), planeValue(-6, -6)]).toEqual([0.7, -1.2]);
	expect([boardClass(1, 1), boardClass(4, 1), boardClass(1, -1), boardClass(-1, -1), boardClass(-4, 2)]).toEqual([
		0, 1, 1, 0, 0
	]);
});

it('inputs are what they are called', () => {
	const [x1, x2] = [1.5, -0.25];
	expectClose(
		{ data: derivedInputs({ x1: Float64Array.of(9, x1), x2: Float64Array.of(9, x2) }, DERIVED_INPUTS).subarray(7) },
		{ data: [x1, x2, x1 ** 2, x2 ** 2, x1 * x2, Math.sin(x1), Math.sin(x2)] },
		{ rtol: 1e-6 }
	);
});
