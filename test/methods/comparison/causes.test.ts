import { describe, expect, it } from 'vitest';
import type { GraphNode } from '#contracts/graph.ts';
import { causesOf, roundedIn, type Parted } from '#methods/comparison/causes.ts';
import { permutationOf } from '#methods/comparison/permuted.ts';
import {
	bySize,
	differing,
	edges,
	gridStep,
	isFunction,
	largestAt,
	manyFits,
	oneFit
} from '#methods/comparison/seen.ts';

const noise = (i: number) => Math.sin(12.9898 * i + 4.1) * 1.7 + Math.cos(3.7 * i * i);
const wave = (n: number, f: (i: number) => number = noise) => Float32Array.from({ length: n }, (_, i) => f(i));
const size = (shape: readonly number[]) => shape.reduce((n, m) => n * m, 1);

/** A map of 6 x 6 x 4, b made of it. */
function parted(b: (value: number, i: number, all: Float32Array) => number, change: Partial<Parted> = {}): Parted {
	const shape = change.shape ?? [6, 6, 4];
	const a = change.a ?? wave(size(shape));
	return {
		shape,
		family: 'weighted',
		input: false,
		differences: [],
		weights: [],
		rounded: [null, null],
		engines: false,
		...change,
		a,
		b: Float32Array.from(a, (value, i) => b(value, i, a))
	};
}
const ids = (one: Parted) => causesOf(one).map(({ id }) => id);

describe('the usual causes', () => {
	it('are none where nothing differs but rounding', () => {
		expect(ids(parted((x) => x))).toEqual([]);
		expect(ids(parted((x) => x * (1 + 1e-7)))).toEqual([]);
	});

	it('padding: the borders alone', () => {
		const edge = parted((x, i) => {
			const [row, column] = [Math.floor(i / 24), Math.floor(i / 4) % 6];
			return row === 0 || column === 5 ? x + noise(7 * i) : x;
		});
		expect(ids(edge)[0]).toBe('padding');
		expect(causesOf(edge)[0]!.seen).toBe('Only the borders differ: top and right, up to 1 deep.');
		// The inside too: not the padding.
		expect(ids({ ...edge, b: edge.b.map((x, i) => (i === 4 * (3 * 6 + 3) ? x + 1 : x)) })).not.toContain('padding');
		const sequence = parted((x, i) => (i >= 4 * 8 ? x + noise(3 * i) : x), { shape: [9, 4] });
		expect(causesOf(sequence)[0]!.seen).toBe('Only the borders differ: end, up to 1 deep.');
		expect(edges([2, 2, 1], Uint8Array.of(1, 0, 0, 0))).toBeNull();
		expect(edges([3, 3], new Uint8Array(9))).toBeNull();
		expect(edges([9], Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0))).toBeNull();
	});

	it('epsilon: all channels of a normalisation one way; statistics: each its own', () => {
		const variances = [0.01, 0.1, 1, 10];
		const beta = [0.3, -0.2, 0.1, 0];
		const scaled = (from: number, to: number) => (x: number, i: number) => {
			const c = i % 4;
			return (x - beta[c]!) * Math.sqrt((variances[c]! + from) / (variances[c]! + to)) + beta[c]!;
		};
		const down = parted(scaled(1e-5, 1e-3), { family: 'normalisation' });
		expect(ids(down)[0]).toBe('epsilon');
		expect(causesOf(down)[0]!.seen).toMatch(/all of them down: times 0\.95\d? to 1\.$/);
		const up = parted(scaled(1e-3, 1e-5), { family: 'normalisation' });
		expect(causesOf(up)[0]!.seen).toMatch(/all of them up: times 1 to 1\.05\.$/);
		const other = parted((x, i) => x * [0.9, 1.1, 1.2, 0.8][i % 4]! + 0.1, { family: 'normalisation' });
		expect(ids(other)[0]).toBe('statistics');
		// Of layer normalisation each place has its own.
		const positions = parted((x, i) => x * (1 - 0.01 * (1 + (Math.floor(i / 4) % 3))), { family: 'normalisation' });
		expect(causesOf(positions)[0]!.seen).toMatch(
			/^Each position is scaled by itself, all of them down: times 0\.97 to 0\.99\.$/
		);
		expect(ids({ ...down, family: 'weighted' })).not.toContain('epsilon');
	});

	it('layout: the same numbers in other positions', () => {
		const shape = [5, 5, 3];
		const a = wave(75);
		const at = (y: number, x: number, c: number) => a[(y * 5 + x) * 3 + c]!;
		const from = (f: (y: number, x: number, c: number) => number) => {
			const b = Float32Array.from(a, (_, i) => f(Math.floor(i / 15), Math.floor(i / 3) % 5, i % 3));
			return permutationOf({ shape, a, b });
		};
		expect(from((y, x, c) => at(y, x, 2 - c))).toBe('channels-reversed');
		expect(from((y, x, c) => at(y, x, [1, 2, 0][c]!))).toBe('channels');
		expect(from((y, x, c) => at(y, 4 - x, c))).toBe('mirrored');
		expect(from((y, x, c) => at(4 - y, x, c))).toBe('upside-down');
		expect(from((y, x, c) => at(x, y, c))).toBe('turned');
		expect(from((y, x, c) => at(4 - y, 4 - x, c))).toBe('positions');
		expect(from(at)).toBeNull();
		expect(from((y, x, c) => at(y, x, c) + 0.1)).toBeNull();
		// [C, H, W] in one, [H, W, C] in the other: number (c, y, x) of b is number (y, x, c) of a.
		const first = new Float32Array(75);
		for (let i = 0; i < 75; i++) first[((i % 3) * 5 + Math.floor(i / 15)) * 5 + (Math.floor(i / 3) % 5)] = a[i]!;
		expect(permutationOf({ shape, a, b: first })).toBe('channels-first');
		const turned = parted((_, i, all) => all[i - (i % 4) + [2, 0, 3, 1][i % 4]!]!);
		expect(ids(turned)[0]).toBe('layout');
		expect(causesOf(turned)[0]!.seen).toContain('channels in another order');
	});

	it('activation: negative values, large ones, or a function of each', () => {
		const relu = wave(144, (i) => Math.max(0, noise(i)));
		const leaky = parted((_, i) => (noise(i) < 0 ? 0.1 * noise(i) : noise(i)), { a: relu, family: 'activation' });
		expect(causesOf(leaky)[0]!.id).toBe('activation');
		expect(causesOf(leaky)[0]!.check).toContain('below zero');
		const six = parted((x) => Math.min(1.5, x), { a: relu, family: 'activation' });
		expect(causesOf(six)[0]!.seen).toMatch(
			/^Only the largest values differ \(\d+\.\d % of them\): A reaches .*, B 1\.5\.$/
		);
		const a = wave(400, (i) => 1 / (1 + Math.exp(-3 * Math.sin(i))));
		expect(ids(parted((x) => x ** 3, { shape: [400], a, family: 'activation' }))[0]).toBe('activation');
		expect(isFunction({ shape: [400], a, b: wave(400) })).toBe(false);
		expect(bySize({ shape: [3], a: Float32Array.of(1, 2, 3), b: Float32Array.of(1, 2, 4) }, Uint8Array.of(0, 0, 1))).toBe('large'); // prettier-ignore
		expect(bySize({ shape: [3], a: Float32Array.of(1, 5, 3), b: Float32Array.of(1, 5, 4) }, Uint8Array.of(0, 0, 1))).toBeNull(); // prettier-ignore
	});

	it('preprocessing: the input itself', () => {
		const first = (b: (x: number, i: number, all: Float32Array) => number) => causesOf(parted(b, { input: true, family: 'input', shape: [8, 6, 3] }))[0]!; // prettier-ignore
		expect(first((x) => 255 * x)).toMatchObject({ id: 'preprocessing', seen: 'The input itself differs: B is A times 255.' }); // prettier-ignore
		expect(first((x) => 2 * x - 1).seen).toBe('The input itself differs: B is A times 2, plus −1.');
		expect(first((x, i) => (x - [0.4, 0.5, 0.6][i % 3]!) / [0.2, 0.3, 0.4][i % 3]!).check).toContain(
			'mean and deviation'
		);
		expect(first((_, i, all) => all[i - (i % 3) + 2 - (i % 3)]!).check).toContain('RGB or BGR');
		expect(first((x, i) => x + noise(5 * i)).check).toContain('resizing');
	});

	it('quantisation: at most a step, or weights that are rounded', () => {
		const step = 0.05;
		const rounded = parted((x) => Math.fround(Math.round(x / step) * step));
		expect(ids(rounded)[0]).toBe('quantisation');
		expect(causesOf(rounded)[0]!.seen).toContain('B holds only multiples of a step of 0.05');
		expect(gridStep(rounded.b)).toBeCloseTo(step, 5);
		expect(gridStep(rounded.a)).toBeNull();
		expect(gridStep(Float32Array.of(0, 1, 2))).toBeNull();
		expect(ids(parted((x) => Math.round(x / step) * step + 3 * step))).not.toContain('quantisation');
		const stored = { kind: 'attributes', name: 'kernel stored as', first: 'float32', second: 'int8' } as const;
		const kernel = parted((x, i) => x + 0.01 * noise(3 * i), { differences: [stored], weights: [{ role: 'kernel', relative: 0.01 }] }); // prettier-ignore
		expect(causesOf(kernel)[0]).toMatchObject({ id: 'quantisation', seen: 'Weights are rounded: kernel stored as float32 in A and int8 in B.' }); // prettier-ignore
		// A normalisation beside the convolution that has taken it up: the files alone say it.
		const folded = parted((x, i) => x + 0.02 * noise(5 * i), { rounded: [null, 'int8'] });
		expect(causesOf(folded)[0]).toMatchObject({ id: 'quantisation', seen: 'B is of a file with rounded weights (int8).' }); // prettier-ignore
		expect(ids({ ...folded, rounded: ['int8', 'int8'] })).not.toContain('quantisation');
		expect(ids(kernel)).not.toContain('weights');
	});

	it('weights, offsets, factors, precision, numbers, settings, and what is none of these', () => {
		const other = (x: number, i: number) => x + noise(3 * i);
		const tuned = parted(other, { weights: [{ role: 'kernel', relative: 0.125 }, { role: 'bias', relative: 0 }] }); // prettier-ignore
		expect(causesOf(tuned)[0]).toMatchObject({ id: 'weights', seen: 'Its weights differ: kernel by 0.125, relative to A.' }); // prettier-ignore
		expect(ids({ ...tuned, engines: true })).toEqual(['unknown']);
		expect(ids(parted((x) => x + 0.5))[0]).toBe('offset');
		expect(ids(parted((x, i) => x + [0.5, 1, -1, 2][i % 4]!))[0]).toBe('offset');
		expect(causesOf(parted((x) => 0.5 * x))[0]).toMatchObject({ id: 'scale', seen: 'B is A times 0.5.' });
		expect(ids(parted((x, i) => x + 1e-3 * noise(3 * i)))).toEqual(['precision']);
		const nan = parted((x, i) => (i === 9 ? NaN : x));
		expect(causesOf(nan)[0]!.seen).toBe('B holds 1 NaN or infinite values that the other has not.');
		expect(largestAt(nan)).toBe(9);
		const strides = { kind: 'attributes', name: 'strides', first: '[1,1]', second: '[2,2]' } as const;
		const [setting, ...none] = causesOf(parted(other, { differences: [strides] }));
		expect(setting).toMatchObject({ id: 'settings', seen: 'Its settings differ: strides ([1,1] in A, [2,2] in B).' });
		expect(none).toEqual([]);
		expect(ids(parted(other))).toEqual(['unknown']);
	});

	it('rest on differences above rounding, and on lines that leave little over', () => {
		const a = Float32Array.of(1, 100, NaN, 3);
		expect([...differing({ shape: [4], a, b: Float32Array.of(1.0001, 100.1, NaN, NaN) })]).toEqual([0, 1, 0, 1]);
		expect(largestAt({ shape: [2], a: Float32Array.of(1, 2), b: Float32Array.of(1, 2) })).toBe(-1);
		const one = parted((x) => 3 * x - 2);
		expect(oneFit(one)!.scale).toBeCloseTo(3, 5);
		expect(oneFit(one)!.offset).toBeCloseTo(-2, 5);
		expect(manyFits({ ...one, shape: [144] }, 'channel')).toBeNull();
	});
});

it('says how the first rounded weights are stored, those of the layer first', () => {
	const node = (weights: { dtype: string; stored?: string }[]) => ({ weights }) as unknown as GraphNode;
	const plain = node([{ dtype: 'float32' }, { dtype: 'int32', stored: 'int64' }]);
	const small = node([{ dtype: 'float32' }, { dtype: 'float32', stored: 'int8' }]);
	const half = node([{ dtype: 'float32', stored: 'float16' }]);
	expect(roundedIn([plain, small, half], plain)).toBe('int8');
	expect(roundedIn([plain, small, half], half)).toBe('float16');
	expect(roundedIn([plain], plain)).toBeNull();
});
