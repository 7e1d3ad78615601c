import { mkdtempSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '#contracts/model.ts';
import type { LayerParting, LayerValues, PartingDetail, PartingProgress } from '#contracts/parting.ts';
import * as tf from '#engine/tf.ts';
import { lookedAt } from '#loaders/npy/arrays.ts';
import { loadArrays } from '#loaders/npz/load.ts';
import { orderings } from '#methods/comparison/axis-orders.ts';
import { apart } from '#methods/comparison/layer-figures.ts';
import { partingOf } from '#methods/comparison/parting.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { parting } from '#workers/compute/parting.ts';
import { Session } from '#workers/compute/session.ts';
import { Transferred } from '#workers/rpc.ts';
import { useBackend } from '../../tools/backends.ts';
import { loadContext } from '../../tools/files.ts';
import { smallModel, type LayerSpec } from '../../tools/small-model.ts';

/** Two small networks on one input: which layer is named, and why. */

const noise = (i: number, seed = 1) => Math.sin(12.9898 * i * seed + 4.1 * seed) * 0.9;
const wave = (n: number, seed = 1) => Float32Array.from({ length: n }, (_, i) => noise(i, seed));
const kernel = (shape: number[], seed: number) => [shape, wave(shape.reduce((n, m) => n * m, 1), seed).map((x) => 0.4 * x)] as const; // prettier-ignore
const CHANNELS = { gamma: [[4], [1, 0.5, 2, 1.5]], beta: [[4], [0.1, 0, -0.3, 0.2]], mean: [[4], [0.1, -0.1, 0.2, 0]], variance: [[4], [0.02, 0.5, 1, 0.1]] } as const; // prettier-ignore

const conv = (change: Partial<LayerSpec> = {}): LayerSpec => ({
	id: 'conv',
	type: 'Conv2D',
	attributes: { strides: [1, 1], padding: 'same', dilations: [1, 1] },
	weights: { kernel: kernel([3, 3, 2, 4], 2) },
	...change
});
const norm = (epsilon = 1e-3): LayerSpec => ({ id: 'norm', type: 'BatchNormalization', attributes: { epsilon }, weights: CHANNELS }); // prettier-ignore
const relu = (type = 'Relu', attributes = {}): LayerSpec => ({ id: 'relu', type, attributes });
const second: LayerSpec = conv({ id: 'conv2', weights: { kernel: kernel([3, 3, 4, 4], 3) } });
const flatten: LayerSpec = { id: 'flatten', type: 'Flatten' };
const dense: LayerSpec = { id: 'dense', type: 'Dense', weights: { kernel: kernel([256, 5], 4) } };
const whole = [conv(), norm(), relu(), second, flatten, dense];
const net = (...layers: LayerSpec[]) => smallModel({ x: [null, 8, 8, 2] }, layers);

const feeds = () => ({
	x: tf.tensor(
		wave(128, 7).map((x) => 2 * x),
		[1, 8, 8, 2]
	)
});
async function parted(first: Model, other: Model): Promise<readonly LayerParting[]> {
	const input = feeds();
	const rows = compareGraphs(first.graph, other.graph);
	const before = tf.memory().numTensors;
	const found = await partingOf({ model: first, feeds: input }, { model: other, feeds: input }, rows, {
		signal: new AbortController().signal,
		progress: () => {}
	});
	expect(tf.memory().numTensors).toBe(before);
	input.x.dispose();
	return found;
}
const beyond = (layers: readonly LayerParting[]) => layers.find(({ relative, unlike }) => unlike || relative > 1e-3);

/** What the worker tells of two models. */
function worker(first: Model, other: Model | null = null, values = wave(128, 7).map((x) => 2 * x)) {
	const data = { kind: 'values', values: [...values] } as const;
	const session = (model: Model) => {
		const one = new Session({ model, format: 'test', warnings: [] }, 'test');
		const [spec] = one.inputs;
		one.feed({ [spec!.id]: data });
		return one;
	};
	const [a, b] = [session(first), other && session(other)];
	const rows = other ? compareGraphs(first.graph, other.graph) : [];
	const api = parting({
		opened: () => a,
		second: () => ({ session: b!, rows }),
		alone: (_, job) => job(),
		together: (_, job) => job()
	});
	const context = { signal: new AbortController().signal, progress: () => {} };
	const plain = async <T>(answer: Promise<T | Transferred<T>> | T | Transferred<T>): Promise<T> => {
		const value = await answer;
		return value instanceof Transferred ? value.value : value;
	};
	const detail = async () => {
		const layers = await plain(api.part(0, { [b!.inputs[0]!.id]: data }, new Map(), context));
		const found = beyond(layers)!;
		return { found, detail: (await plain(api.partDetail(0, found, context))) as PartingDetail };
	};
	return { api, context, plain, detail, dispose: () => [a, b].forEach((one) => one?.dispose()) };
}

beforeAll(() => useBackend('cpu'));

describe('two files of one network', () => {
	it('that are the same part nowhere', async () => {
		const layers = await parted(net(...whole), net(...whole));
		expect(layers.map(({ a }) => a)).toEqual(['x', 'conv', 'norm', 'relu', 'conv2', 'flatten', 'dense']);
		expect(layers.every(({ relative, maxAbs, unlike, order }) => !relative && !maxAbs && !unlike && order === 'same')).toBe(true); // prettier-ignore
	});

	const tuned = conv({ weights: { kernel: [[3, 3, 2, 4], kernel([3, 3, 2, 4], 2)[1].map((x, i) => x + 0.05 * noise(i, 5))] } }); // prettier-ignore
	const mirrored = [
		{ id: 'pad', type: 'Pad', attributes: { paddings: [[0, 0], [1, 1], [1, 1], [0, 0]], value: 0.7 } }, // prettier-ignore
		conv({ attributes: { strides: [1, 1], padding: 'valid', dilations: [1, 1] } })
	];
	const shuffled = [2, 0, 3, 1];
	const permuted = conv({
		weights: { kernel: [[3, 3, 2, 4], kernel([3, 3, 2, 4], 2)[1].map((_, i, all) => all[i - (i % 4) + shuffled[i % 4]!]!)] } // prettier-ignore
	});
	it.each([
		['weights', 'conv', [tuned, ...whole.slice(1)]],
		['padding', 'conv', [...mirrored, ...whole.slice(1)]],
		['layout', 'conv', [permuted, ...whole.slice(1)]],
		['epsilon', 'norm', [conv(), norm(1e-5), ...whole.slice(2)]],
		['activation', 'relu', [conv(), norm(), relu('LeakyRelu', { alpha: 0.2 }), ...whole.slice(3)]],
		['activation', 'relu', [conv(), norm(), relu('Elu'), ...whole.slice(3)]],
		['activation', 'relu', [conv(), norm(), { ...relu('Abs'), id: 'other' }, ...whole.slice(3)]],
		['offset', 'conv2', [...whole.slice(0, 3), { ...second, weights: { ...second.weights, bias: [[4], [1, -1, 2, 3]] as const } }, ...whole.slice(4)]] // prettier-ignore
	] as const)('%s: it is named, in %s', async (cause, layer, changed) => {
		const { detail, dispose } = worker(net(...whole), net(...changed));
		const { found, detail: seen } = await detail();
		expect(found.a).toBe(layer);
		expect(seen.causes[0]!.id).toBe(cause);
		// The largest difference lies where it is said to be.
		const [a, b] = seen.values;
		const far = a.map((x, i) => Math.abs(x - b[i]!));
		expect(far[seen.largest!.index]).toBeCloseTo(found.maxAbs, 5);
		const [y, x, c] = seen.largest!.at as [number, number, number];
		expect((y * 8 + x) * 4 + c).toBe(seen.largest!.index);
		const norms = [far, a].map((values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)));
		expect(found.relative).toBeCloseTo(norms[0]! / norms[1]!, 5);
		dispose();
	});

	it('a normalisation that a convolution has taken up is found by its values', async () => {
		const [gamma, beta, mean, variance] = (['gamma', 'beta', 'mean', 'variance'] as const).map((role) => CHANNELS[role][1]); // prettier-ignore
		const scale = gamma!.map((g, c) => g / Math.sqrt(variance![c]! + 1e-3));
		const folded = conv({
			weights: {
				kernel: [[3, 3, 2, 4], kernel([3, 3, 2, 4], 2)[1].map((x, i) => x * scale[i % 4]!)],
				bias: [[4], beta!.map((b, c) => b - mean![c]! * scale[c]!)]
			}
		});
		const layers = await parted(net(...whole), net(folded, ...whole.slice(2)));
		expect(layers.find(({ b }) => b === 'conv')).toMatchObject({ a: 'norm', found: 'values' });
		expect(layers.map(({ a }) => a)).toEqual(['x', 'norm', 'relu', 'conv2', 'flatten', 'dense']);
		expect(beyond(layers)).toBeUndefined();
	});

	it('layers of other names and kinds, channels first, are found by their values', async () => {
		const turned: LayerSpec = { id: 'nchw', type: 'Transpose', attributes: { permutation: [0, 3, 1, 2] } };
		const layers = await parted(net(conv(), relu(), flatten), net(conv(), relu(), turned, flatten));
		expect(layers.find(({ a }) => a === 'flatten')).toMatchObject({ b: 'flatten', order: 'b-channels-first', relative: 0 }); // prettier-ignore
		// Another name and another kind; no value reaches six.
		const other = await parted(net(conv(), { id: 'a', type: 'Relu' }), net(conv(), turned, { id: 'b', type: 'Relu6' }));
		expect(other.find(({ a }) => a === 'a')).toMatchObject({ b: 'b', found: 'values', order: 'b-channels-first', relative: 0 }); // prettier-ignore
	});

	it('report what is known on the way, and stop when told', async () => {
		const input = feeds();
		const [first, other] = [net(...whole), net(...whole)];
		const rows = compareGraphs(first.graph, other.graph);
		const steps: PartingProgress[] = [];
		const controller = new AbortController();
		const before = tf.memory().numTensors;
		const run = (progress: (step: PartingProgress) => void) =>
			partingOf({ model: first, feeds: input }, { model: other, feeds: input }, rows, { signal: controller.signal, progress }); // prettier-ignore
		await run((step) => steps.push(step));
		expect(steps[0]!.layers).toHaveLength(7);
		expect(steps.at(-1)!.done).toBe(1);
		controller.abort();
		await expect(run(() => {})).rejects.toThrow('cancelled');
		expect(tf.memory().numTensors).toBe(before);
		input.x.dispose();
	});
});

describe('one file on two engines', () => {
	it('is compared with the numbers of the other, and parts where these do', async () => {
		const { api, context, plain, dispose } = worker(net(...whole));
		const values = (await plain(api.layerValues(['x', 'conv', 'relu', 'no such layer'], context))) as readonly LayerValues[]; // prettier-ignore
		expect(values.map(({ id, shape }) => [id, shape])).toEqual([['x', [1, 8, 8, 2]], ['conv', [1, 8, 8, 4]], ['relu', [1, 8, 8, 4]]]); // prettier-ignore
		const same = await plain(api.partValues(values, context));
		expect(same.every(({ relative, found }) => relative === 0 && found === 'engine')).toBe(true);
		const wrong = values.map((one) => (one.id === 'relu' ? { ...one, values: one.values.map((x) => Math.min(x, 0.5)) } : one)); // prettier-ignore
		const layers = await plain(api.partValues(wrong, context));
		expect(beyond(layers)!.a).toBe('relu');
		const detail = (await plain(api.partValuesDetail(wrong[2]!, context))) as PartingDetail;
		expect(detail.causes[0]!.id).toBe('activation');
		await expect(plain(api.partValuesDetail({ ...wrong[2]!, values: new Float32Array(3) }, context))).rejects.toThrow('another shape'); // prettier-ignore
		dispose();
	});

	it('agrees with itself on WebAssembly', async () => {
		const first = worker(net(...whole));
		const ids = ['x', 'conv', 'norm', 'relu', 'conv2', 'flatten', 'dense'];
		const values = (await first.plain(first.api.layerValues(ids, first.context))) as readonly LayerValues[];
		first.dispose();
		await useBackend('wasm');
		const other = worker(net(...whole));
		const layers = await other.plain(other.api.partValues(values, other.context));
		expect(layers.map(({ a }) => a)).toEqual(ids);
		expect(beyond(layers)).toBeUndefined();
		expect(layers.some(({ relative }) => relative > 0)).toBe(true);
		other.dispose();
		await useBackend('cpu');
	});
});

describe('outputs of layers as .npz', () => {
	it('are read back as they were, here and by NumPy, in the file’s own order', async () => {
		const model = net(...whole);
		// As a file would have it that holds channels first.
		const node = model.graph.nodes.find(({ id }) => id === 'conv2')!;
		Object.assign(node, { axes: [0, 3, 1, 2] });
		const { api, context, plain, dispose } = worker(model);
		const steps: number[] = [];
		const blob = (await api.layerFile(['conv', 'conv2', 'dense'], { ...context, progress: (done) => steps.push(done as number) })) as Blob; // prettier-ignore
		expect(steps.at(-1)).toBe(1);
		const values = (await plain(api.layerValues(['conv', 'conv2', 'dense'], context))) as readonly LayerValues[];
		const members = unzipSync(new Uint8Array(await blob.arrayBuffer()));
		expect(Object.keys(members)).toEqual(['conv.npy', 'conv2.npy', 'dense.npy']);
		const files = Object.entries(members).map(([path, bytes]) => ({ path, blob: new Blob([bytes.slice()]) }));
		expect((await lookedAt(files[1]!)).header.shape).toEqual([1, 4, 8, 8]);
		const read = await loadArrays({ name: 'a', files }, files, loadContext());
		for (const { id, values: own, shape } of values) {
			const array = read.model.weight(read.model.graph.nodes.flatMap(({ weights }) => weights).find(({ name }) => name.startsWith(id) && (id !== 'conv' || !name.startsWith('conv2')))!.name); // prettier-ignore
			const found = await array.data();
			const [, h, w, c] = shape as [number, number, number, number];
			if (id !== 'conv2') expect([...found]).toEqual([...own]);
			else
				for (let i = 0; i < own.length; i++)
					expect(found[((i % c) * h + Math.floor(i / c / w)) * w + (Math.floor(i / c) % w)]).toBe(own[i]);
		}
		const folder = mkdtempSync(join(tmpdir(), 'layers-'));
		writeFileSync(join(folder, 'a.npz'), new Uint8Array(await blob.arrayBuffer()));
		const script = `import numpy, json; z = numpy.load(r"${join(folder, 'a.npz')}"); print(json.dumps([[n, list(z[n].shape), str(z[n].dtype), z[n].ravel().astype(float).tolist()[:3]] for n in z.files]))`; // prettier-ignore
		const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
		// Without Python's NumPy the reader of this project has judged alone.
		if (status === 0) {
			const numpy = JSON.parse(stdout) as [string, number[], string, number[]][];
			expect(numpy.map(([name, shape, dtype]) => [name, shape, dtype])).toEqual([['conv', [1, 8, 8, 4], '<f4'], ['conv2', [1, 4, 8, 8], '<f4'], ['dense', [1, 5], '<f4']].map(([name, shape]) => [name, shape, 'float32'])); // prettier-ignore
			expect(numpy[2]![3]).toEqual([...values[2]!.values.subarray(0, 3)]);
		}
		read.model.dispose();
		dispose();
	});
});

it('orders are those in which one side may have its channels first', () => {
	const kinds = (a: number[], b: number[], grid: number[] | null = null) => orderings(a, b, grid).map(({ order, axes }) => [order, axes.join('')]); // prettier-ignore
	expect(kinds([2, 3, 4], [2, 3, 4])).toEqual([['same', '']]);
	expect(kinds([2, 3, 4], [4, 2, 3])).toEqual([['same', ''], ['b-channels-first', '120']]); // prettier-ignore
	expect(kinds([4, 2, 3], [2, 3, 4])).toEqual([['same', ''], ['a-channels-first', '201']]); // prettier-ignore
	expect(kinds([24], [2, 3, 4])).toEqual([['same', ''], ['a-channels-first', '201']]); // prettier-ignore
	expect(kinds([2, 3, 4], [24])).toEqual([['same', ''], ['b-channels-first', '120']]); // prettier-ignore
	expect(kinds([24], [24], [2, 3, 4])).toEqual([['same', ''], ['b-channels-first', '120'], ['a-channels-first', '201']]); // prettier-ignore
	expect(kinds([24], [24])).toEqual([['same', '']]);
	expect(kinds([5, 4], [4, 5])).toEqual([['same', ''], ['b-channels-first', '10'], ['a-channels-first', '10']]); // prettier-ignore
	expect(kinds([24], [25])).toEqual([]);
});

it('signatures of equal sizes lie as far apart as their figures, and constants beside nothing', () => {
	const one = { size: 4, low: -1, high: 2, mean: 0.5, rms: 1 };
	expect(apart(one, one)).toBe(0);
	expect(apart(one, { ...one, high: 2.2 })).toBeCloseTo(0.1, 12);
	expect(apart(one, { ...one, mean: 0.8 })).toBeCloseTo(0.3, 12);
	expect(apart(one, { ...one, size: 5 })).toBe(Infinity);
	const zero = { size: 4, low: 0, high: 0, mean: 0, rms: 0 };
	expect(apart(zero, zero)).toBe(Infinity);
	expect(apart(one, { ...one, mean: NaN })).toBe(Infinity);
});
