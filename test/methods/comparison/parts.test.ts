import { beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonRow, WeightPair } from '#contracts/comparison.ts';
import type { Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { activationDistances } from '#methods/comparison/activations.ts';
import { distanceFigures, distanceOf, readDistances, relativeOfAll } from '#methods/comparison/distance.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { useBackend } from '../../tools/backends.ts';
import { graph, node } from '../../tools/networks.ts';

/** In how many parts two models are compared, and what of them is left out. */

beforeAll(() => useBackend('cpu'));

const signal = new AbortController().signal;
const row = (change: Partial<ComparisonRow>): ComparisonRow => ({
	first: 'a',
	second: 'a',
	type: 'Dense',
	state: 'same',
	found: 'name',
	differences: [],
	weights: [],
	shapes: ['2', '2'],
	...change
});

describe('weights', () => {
	const pair = (first: string, second: string, shape: number[], comparable = true): WeightPair => ({
		...{ role: 'kernel', first, second, shape, secondShape: shape, comparable }
	});
	const requested: string[] = [];
	/** Every weight holds two numbers, whatever the rows say of its size. */
	const holding = (side: string, of: (name: string) => [number, number]): [Model, () => void] => {
		const made: tf.Tensor[] = [];
		const weight = (name: string) => {
			requested.push(`${side}${name}`);
			const tensor = tf.tensor1d(of(name));
			made.push(tensor);
			return tensor;
		};
		return [{ weight } as unknown as Model, () => tf.dispose(made)];
	};
	async function weighed(rows: readonly ComparisonRow[]) {
		const [first, freeFirst] = holding('<', () => [3, 4]);
		const [second, freeSecond] = holding('>', (name) => [3, 4 + Number(name)]);
		requested.length = 0;
		const before = tf.memory().numTensors;
		const parts: { rows: number[]; done: number }[] = [];
		const found = [];
		for await (const { rows: some, done } of weightDistances(first, second, rows, signal)) {
			parts.push({ rows: some.map((one) => one.row), done });
			found.push(...some);
		}
		freeFirst();
		freeSecond();
		expect(tf.memory().numTensors).toBe(before);
		return { parts, found };
	}

	it('are read 64 at a time', async () => {
		const rows = Array.from({ length: 130 }, (_, i) => row({ weights: [pair(`${i}`, `${i}`, [2])] }));
		const { parts, found } = await weighed(rows);
		expect(parts.map((part) => part.rows.length)).toEqual([64, 64, 2]);
		expect(parts.map(({ done }) => done)).toEqual([64 / 130, 128 / 130, 1]);
		// (3, 4) against (3, 4 + i): i of 5.
		expect(found.map(({ relative }) => Math.round(5 * relative))).toEqual(rows.map((_, i) => i));
		expect(requested).toHaveLength(260);
	});

	it('are read when four million numbers wait', async () => {
		const sizes = [2 ** 21, 2 ** 21, 2 ** 22 - 1, 1, 5, 2 ** 23, 7];
		const rows = sizes.map((n, i) => row({ weights: [pair(`${i}`, `${i}`, [n / (n % 2 ? 1 : 2), n % 2 ? 1 : 2])] }));
		const { parts } = await weighed(rows);
		expect(parts.map((part) => part.rows)).toEqual([[0, 1], [2, 3], [4, 5], [6]]); // prettier-ignore
		const all = sizes.reduce((a, b) => a + b);
		expect(parts.map(({ done }) => done)).toEqual([2 ** 22 / all, 2 ** 23 / all, (all - 7) / all, 1]);
	});

	it('that several nodes share are compared once, in one part or in several', async () => {
		const shared = pair('1', '1', [2]);
		const apart = Array.from({ length: 64 }, (_, i) => row({ weights: [pair(`${i + 5}`, `${i + 5}`, [2])] }));
		const rows = [
			row({ weights: [shared, pair('2', '2', [2])] }),
			row({ weights: [shared] }),
			...apart,
			row({ weights: [shared] })
		];
		const { found } = await weighed(rows);
		expect(requested.filter((name) => name === '<1')).toHaveLength(1);
		expect(found.at(-1)!.tensors).toHaveLength(1);
		expect(found.at(-1)!.relative).toBeCloseTo(1 / 5, 6);
		// Of one and two, over both of the first model.
		expect(found[0]!.relative).toBeCloseTo(Math.sqrt((1 + 4) / 50), 6);
		expect(found[0]!.tensors.map(({ maxAbs }) => maxAbs)).toEqual([1, 2]);
		// The same weight beside another one is another pair.
		await weighed([row({ weights: [pair('1', '1', [2]), pair('1', '2', [2]), pair('2', '1', [2])] })]);
		expect(requested).toEqual(['<1', '>1', '<1', '>2', '<2', '>1']);
	});

	it('that cannot be compared, or are empty, are left out', async () => {
		const rows = [
			row({ weights: [] }),
			row({ weights: [pair('1', '1', [2], false)] }),
			row({ weights: [pair('1', '1', [0, 3])] }),
			row({ weights: [pair('2', '2', [2]), pair('1', '1', [2], false)] })
		];
		const { parts, found } = await weighed(rows);
		expect(parts).toEqual([{ rows: [3], done: 1 }]);
		expect(found[0]!.tensors).toHaveLength(1);
		expect(requested).toEqual(['<2', '>2']);
		expect((await weighed([])).parts).toEqual([]);
	});

	it('are freed when the work is given up', async () => {
		const [first, free] = holding('<', () => [3, 4]);
		const rows = Array.from({ length: 130 }, (_, i) => row({ weights: [pair(`${i}`, `${i}`, [2])] }));
		const controller = new AbortController();
		const before = tf.memory().numTensors;
		let parts = 0;
		const work = async () => {
			for await (const _ of weightDistances(first, first, rows, controller.signal)) {
				parts++;
				controller.abort();
			}
		};
		await expect(work()).rejects.toThrow('cancelled');
		free();
		expect(parts).toBe(1);
		expect(tf.memory().numTensors).toBe(before);
		const own = tf.tensor1d([1]);
		const failing = {
			weight: (name: string) => {
				if (name === '1') throw new Error('gone');
				return own;
			}
		} as unknown as Model;
		await expect(async () => {
			for await (const _ of weightDistances(failing, failing, rows, signal));
		}).rejects.toThrow('gone');
		own.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('activations', () => {
	/** A model whose node `n` gives `values(n)`, whatever its graph says of the size. */
	function running(sizes: Record<string, (number | null)[]>, values: (id: string) => tf.Tensor, dtype = 'float32') {
		const runs: string[][] = [];
		const nodes = Object.entries(sizes).map(([id, shape]) => node(id, 'Relu', [], { shape, dtype }));
		const run = (_: object, fetches: readonly string[]) => {
			runs.push([...fetches]);
			return fetches.map(values);
		};
		return { runs, side: { model: { graph: graph(nodes), run } as unknown as Model, feeds: {} } };
	}
	const pairs = (...names: string[]) => names.map((name) => row({ first: name, second: name.toUpperCase() }));

	it('are held up to 128 MiB of each model at once', async () => {
		const mib = (n: number): number[] => [1, n, 1024, 256];
		const sizes = {
			a: mib(100),
			b: mib(28),
			c: mib(127),
			d: [1, null, 256, 1023],
			e: mib(200),
			f: mib(300),
			g: [1, 5]
		};
		const first = running(sizes, () => tf.tensor1d([3, 4]));
		const second = running({}, (id) => tf.tensor1d([3, 4 + (id.charCodeAt(0) - 65)]));
		const steps: number[] = [];
		const before = tf.memory().numTensors;
		const rows = [row({ second: null }), ...pairs('a', 'b', 'c', 'd', 'e', 'f', 'g')];
		const found = await activationDistances(first.side, second.side, rows, {
			signal,
			progress: (done) => steps.push(done)
		});
		expect(first.runs).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f'], ['g']]); // prettier-ignore
		expect(second.runs).toEqual([['A', 'B'], ['C', 'D', 'E'], ['F'], ['G']]); // prettier-ignore
		expect(steps).toEqual([2 / 7, 5 / 7, 6 / 7, 1]);
		expect(found.map((one) => one.row)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(found.map(({ maxAbs }) => maxAbs)).toEqual([0, 1, 2, 3, 4, 5, 6]);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('are left out where one side lacks them, shapes differ, or they are text', async () => {
		const first = running({ a: [1, 2], b: [1, 2] }, (id) => tf.tensor1d(id === 'a' ? [1, 2] : [1]));
		const second = running({}, () => tf.tensor1d([1, 2]));
		const context = { signal, progress: () => {} };
		const rows = [
			row({ first: null }),
			row({ second: null }),
			row({ first: 'a', shapes: ['2', '3'] }),
			row({ first: 'b', second: 'B' }),
			row({ first: 'a', second: 'A' })
		];
		// Sizes that are known only now differ for `b`.
		expect((await activationDistances(first.side, second.side, rows, context)).map((one) => one.row)).toEqual([4]);
		expect(first.runs).toEqual([['b', 'a']]);
		const text = running({ a: [1, 2] }, () => tf.tensor1d([1, 2]), 'string');
		expect(await activationDistances(text.side, second.side, rows, context)).toHaveLength(1);
		expect(text.runs).toEqual([['b']]);
		const empty = running({ a: [1, 0] }, () => tf.zeros([1, 0]));
		expect(await activationDistances(empty.side, empty.side, [row({})], context)).toEqual([]);
	});

	it('are not asked for any more when the work is given up', async () => {
		const sizes = { a: [1, 2 ** 26], b: [1, 2 ** 26] };
		const one = running(sizes, () => tf.tensor1d([1, 2]));
		const other = running(sizes, () => tf.tensor1d([1, 2]));
		const controller = new AbortController();
		const before = tf.memory().numTensors;
		const work = activationDistances(one.side, other.side, pairs('a', 'b'), {
			signal: controller.signal,
			progress: () => controller.abort()
		});
		await expect(work).rejects.toThrow('cancelled');
		expect(one.runs).toEqual([['a'], ['b']]);
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('distances', () => {
	it('of several parts of a tensor are those of the whole', () => {
		// Largest |a|, |b|, |a - b|; then sums of (a/|a|)², (b/|b|)², ((a-b)/|a-b|)², and of ab, each over its largest.
		const parts = [2, 4, 3, 1.5, 2, 1.25, 0.5, 1, 10, 1, 9, 2, 3, 2.5, -0.25, 2];
		const d2 = 9 * 1.25 + 81 * 2.5;
		const a2 = 4 * 1.5 + 100 * 2;
		const b2 = 16 * 2 + 1 * 3;
		const found = distanceOf(parts);
		expect(found).toMatchObject({ maxAbs: 9, invalid: 3, squares: [d2, a2] });
		expect(found.relative).toBeCloseTo(Math.sqrt(d2 / a2), 12);
		expect(found.cosine).toBeCloseTo((2 * 4 * 0.5 - 10 * 0.25) / Math.sqrt(a2 * b2), 12);
		// What rounds beyond one is one.
		expect(distanceOf([1, 1, 0, 1, 1, 0, 1.0000001, 0]).cosine).toBe(1);
		expect(distanceOf([1, 1, 2, 1, 1, 1, -1.0000001, 0]).cosine).toBe(-1);
	});

	it('of all together are of their sums', () => {
		const one = (d2: number, a2: number) => ({ relative: 0, maxAbs: 0, cosine: 1, squares: [d2, a2] as const, invalid: 0 }); // prettier-ignore
		expect(relativeOfAll([one(9, 16), one(16, 84)])).toBe(0.5);
		expect(relativeOfAll([])).toBe(0);
		expect(relativeOfAll([one(1, 0)])).toBe(Infinity);
	});

	it('of a tensor of more than four million numbers are found part by part', async () => {
		const n = 2 ** 22 + 3;
		const [a, b] = [tf.fill([n], 2), tf.fill([n], 2)];
		const change = tf.concat([tf.zeros([n - 1]), tf.tensor1d([6])]);
		const c = tf.add(b, change);
		const before = tf.memory().numTensors;
		const figures = distanceFigures(a, c);
		expect(figures.shape).toEqual([2, 8]);
		const [found] = await readDistances([figures]);
		expect(tf.memory().numTensors).toBe(before);
		expect(found!.relative).toBeCloseTo(6 / (2 * Math.sqrt(n)), 9);
		expect(found!.maxAbs).toBe(6);
		expect(await readDistances([])).toEqual([]);
		tf.dispose([a, b, c, change]);
	});
});
