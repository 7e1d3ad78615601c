import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ComparisonRow, RowDistances, Weighed } from '#contracts/comparison.ts';
import type { Model } from '#contracts/model.ts';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { activationDistances } from '#methods/comparison/activations.ts';
import { distanceFigures, readDistances } from '#methods/comparison/distance.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { comparing } from '#workers/compute/comparison.ts';
import { Session } from '#workers/compute/session.ts';
import type { CallContext } from '#workers/rpc.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';

const names = ['model', 'untrained', 'epoch-01', 'epoch-03', 'epoch-07'] as const;

function shipped(model: string, variant: string = 'model'): Source {
	const files = [`${variant}.json`, `${variant}.bin`];
	return {
		name: model,
		files: files.map((path) => ({ path, blob: new Blob([readFileSync(join('models', model, path))]) }))
	};
}
const opened = async (model: string, variant?: string) =>
	(await openSource(shipped(model, variant), loadContext())).model;

/** The same, slowly and in float64. */
function reference(a: ArrayLike<number>, b: ArrayLike<number>) {
	let [a2, b2, d2, ab, maxAbs] = [0, 0, 0, 0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i]!, b[i]!];
		a2 += x * x;
		b2 += y * y;
		d2 += (x - y) ** 2;
		ab += x * y;
		maxAbs = Math.max(maxAbs, Math.abs(x - y));
	}
	return { relative: Math.sqrt(d2 / a2), maxAbs, cosine: ab / Math.sqrt(a2 * b2) };
}
const wave = (n: number, f: (i: number) => number) => Float32Array.from({ length: n }, (_, i) => f(i));
async function distance(a: Float32Array, b: Float32Array) {
	const [x, y] = [tf.tensor1d(a), tf.tensor1d(b)];
	const [found] = await readDistances([distanceFigures(x, y)]);
	tf.dispose([x, y]);
	return found!;
}
const near = (actual: number, expected: number, rtol = 2e-6) =>
	expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
		rtol * Math.abs(expected) + 1e-12
	);
async function all(steps: AsyncIterable<Weighed>): Promise<RowDistances[]> {
	const rows: RowDistances[] = [];
	for await (const step of steps) rows.push(...step.rows);
	return rows;
}

describe.each(['cpu', 'wasm'] as const)('distances on %s', (backend) => {
	let tensors = 0;
	beforeAll(() => useBackend(backend));
	beforeEach(() => (tensors = tf.memory().numTensors));
	afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

	it.each([1, 7, 1025, 70_001])('of %i numbers are those of float64', async (n) => {
		const a = wave(n, (i) => Math.sin(i * 0.7) + 0.3);
		const b = wave(n, (i) => Math.sin(i * 0.7) + 0.3 + 0.05 * Math.cos(i * 1.3));
		const [found, expected] = [await distance(a, b), reference(a, b)];
		near(found.relative, expected.relative);
		near(found.maxAbs, expected.maxAbs, 1e-7);
		near(found.cosine, expected.cosine);
	});

	it('hold where squares would overflow or vanish', async () => {
		for (const scale of [1e30, 1e-30]) {
			const a = wave(500, (i) => scale * (1 + Math.sin(i)));
			const b = wave(500, (i) => scale * (1 + Math.sin(i + 0.01)));
			const [found, expected] = [await distance(a, b), reference(a, b)];
			near(found.relative, expected.relative, 1e-5);
			near(found.cosine, expected.cosine);
		}
	});

	it('say what is zero, infinite or no number', async () => {
		expect(await distance(new Float32Array(4), new Float32Array(4))).toMatchObject({ relative: 0, cosine: NaN });
		expect(
			(
				await distance(
					new Float32Array(4),
					wave(4, () => 1)
				)
			).relative
		).toBe(Infinity);
		const holes = await distance(Float32Array.of(1, NaN, 3, Infinity), Float32Array.of(1, 2, 4, 4));
		expect(holes.invalid).toBe(2);
		near(holes.relative, 1 / Math.sqrt(10));
	});

	it('of the trained digits to their checkpoints are those of the files', async () => {
		const first = await opened('digits');
		const read = (variant: string) => {
			const bytes = readFileSync(join('models/digits', `${variant}.bin`));
			return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
		};
		for (const variant of names) {
			const second = await opened('digits', variant);
			const rows = compareGraphs(first.graph, second.graph);
			expect(rows.every(({ state }) => state === 'same')).toBe(true);
			const found = await all(weightDistances(first, second, rows, new AbortController().signal));
			expect(found).toHaveLength(rows.filter(({ weights }) => weights.length).length);
			const squares = found.flatMap(({ tensors: list }) => list.map((one) => one.squares));
			const sum = (k: 0 | 1) => squares.reduce((n, pair) => n + pair[k], 0);
			const expected = reference(read('model'), read(variant));
			near(Math.sqrt(sum(0) / sum(1)), expected.relative, 1e-5);
			near(Math.max(...found.flatMap(({ tensors: list }) => list.map(({ maxAbs }) => maxAbs))), expected.maxAbs);
			if (variant === 'model') expect(found.every(({ relative }) => relative === 0)).toBe(true);
			else expect(found.every(({ relative }) => relative > 0)).toBe(true);
			second.dispose();
		}
		first.dispose();
	});

	it('of activations are those of the tensors themselves', async () => {
		const [first, second] = [await opened('digits'), await opened('digits', 'epoch-01')];
		const input = tf.tensor(
			wave(784, (i) => Math.max(0, Math.sin(i * 0.05))),
			[1, 28, 28, 1]
		);
		const feeds = { [first.graph.inputs[0]!]: input };
		const rows = compareGraphs(first.graph, second.graph);
		const steps: number[] = [];
		const signal = new AbortController().signal;
		const found = await activationDistances({ model: first, feeds }, { model: second, feeds }, rows, {
			signal,
			progress: (done) => steps.push(done)
		});
		expect(found.map(({ row }) => row)).toEqual(rows.map((_, i) => i));
		expect(found[0]).toMatchObject({ relative: 0, maxAbs: 0 });
		for (const { row, relative, cosine } of found.slice(1)) {
			const [x] = first.run(feeds, [rows[row]!.first!]);
			const [y] = second.run(feeds, [rows[row]!.second!]);
			const expected = reference(await x!.data(), await y!.data());
			near(relative, expected.relative, 1e-5);
			near(cosine, expected.cosine, 1e-5);
			tf.dispose([x!, y!]);
		}
		expect(steps.at(-1)).toBe(1);
		tf.dispose(input);
		first.dispose();
		second.dispose();
	});
});

describe('the second model', () => {
	beforeAll(() => useBackend('cpu'));

	const turn = <T>(_: AbortSignal, job: () => Promise<T>) => job();
	const context = (change: Partial<CallContext> = {}): CallContext => ({
		signal: new AbortController().signal,
		progress: () => {},
		...change
	});
	async function models() {
		const first = new Session(await openSource(shipped('digits'), loadContext()), 'digits');
		return { first, ...comparing({ opened: () => first, alone: turn, together: turn }) };
	}
	type Opened = { key: number; rows: readonly ComparisonRow[] };

	it('leaves tensors and bytes as they were when it goes, is replaced, or cannot be opened', async () => {
		const { first, api, forget } = await models();
		const before = tf.memory();
		const used = () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes });
		const one = (await api.openSecond(shipped('digits', 'untrained'), {}, context())) as Opened;
		const open = used();
		expect(open.bytes).toBeGreaterThan(before.numBytes);
		await api.weighSecond(one.key, context());
		expect(used()).toEqual(open);
		const two = (await api.openSecond(shipped('digits', 'epoch-03'), {}, context())) as Opened;
		expect(used()).toEqual(open);
		await expect(api.weighSecond(one.key, context())).rejects.toThrow('not open any more');
		const bad = { name: 'bad', files: [{ path: 'model.json', blob: new Blob(['{"modelTopology": ']) }] };
		await expect(api.openSecond(bad, {}, context())).rejects.toThrow('not valid JSON');
		const aborted = new AbortController();
		aborted.abort();
		await expect(api.openSecond(shipped('photos'), {}, context({ signal: aborted.signal }))).rejects.toThrow();
		expect(used()).toEqual(open);
		await api.weighSecond(two.key, context());
		await api.closeSecond(context());
		expect(used()).toEqual({ tensors: before.numTensors, bytes: before.numBytes });
		await api.openSecond(shipped('photos'), {}, context());
		forget();
		expect(used()).toEqual({ tensors: before.numTensors, bytes: before.numBytes });
		first.dispose();
	});

	it('stops weighing when told, and leaves nothing', async () => {
		const { first, api } = await models();
		const one = (await api.openSecond(shipped('digits', 'untrained'), {}, context())) as Opened;
		const before = tf.memory().numTensors;
		const controller = new AbortController();
		const job = api.weighSecond(one.key, context({ signal: controller.signal }));
		controller.abort();
		await expect(job).rejects.toThrow('cancelled');
		expect(tf.memory().numTensors).toBe(before);
		await api.closeSecond(context());
		first.dispose();
	});

	it('digits against photos: what each lacks is there', async () => {
		const [first, second]: Model[] = [await opened('digits'), await opened('photos')];
		const rows = compareGraphs(first!.graph, second!.graph);
		const count = (state: string) => rows.filter((row) => row.state === state).length;
		expect(count('added')).toBeGreaterThan(10);
		expect(rows.filter(({ first: id }) => id !== null)).toHaveLength(first!.graph.nodes.length);
		expect(rows.filter(({ second: id }) => id !== null)).toHaveLength(second!.graph.nodes.length);
		const found = await all(weightDistances(first!, second!, rows, new AbortController().signal));
		found.forEach(({ row }) => expect(rows[row]!.weights.some(({ comparable }) => comparable)).toBe(true));
		first!.dispose();
		second!.dispose();
	});
});
