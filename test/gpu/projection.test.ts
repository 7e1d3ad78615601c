import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { ProjectionApi } from '#contracts/projection.ts';
import { startEngine } from '#engine/device.ts';
import type { Control } from '#engine/projection/engine.ts';
import { gpuProjection } from '#engine/projection/gpu-engine.ts';
import { fewNearest, gpuFidelity } from '#engine/projection/gpu-distances.ts';
import { gpuPrincipal, gpuProjected } from '#engine/projection/gpu-linear.ts';
import { exactOnGpu, gpuNeighbours, nearestOnGpu } from '#engine/projection/gpu-neighbours.ts';
import { GpuRows } from '#engine/projection/gpu-rows.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import * as tf from '#engine/tf.ts';
import { affinities } from '#maths/projection/affinities.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { exactNeighbours, nearestOf } from '#maths/projection/exact-neighbours.ts';
import { fuzzyGraph, type Graph } from '#maths/projection/fuzzy-graph.ts';
import { gatherLayout } from '#maths/projection/gather-layout.ts';
import { principal } from '#maths/projection/principal.ts';
import { fidelity } from '#maths/projection/quality.ts';
import { projected, randomAxes } from '#maths/projection/random-axes.ts';
import { comparable, finish, type Metric, type Neighbours, type Rows } from '#maths/projection/rows.ts';
import { randomStart } from '#maths/projection/start.ts';
import { tsneLayout, type TsneOptions } from '#maths/projection/tsne-layout.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';
import { tsneKernels } from '#methods/projection/tsne.ts';
import { umapKernels } from '#methods/projection/umap.ts';
import { projecting } from '#workers/compute/projection.ts';
import { connect, serve } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { gaussianMixture } from '../tools/mixture.ts';

const control = (signal = new AbortController().signal): Control => ({
	signal,
	phase: () => {},
	step: () => {},
	wantsFrame: false
});

/** Rows in buffers of at most so many rows each. */
async function held({ values, count, width }: Rows, per = count): Promise<GpuRows> {
	const rows = await GpuRows.create(count, width, 4 * width * per);
	rows.write(values);
	return rows;
}

const gpuUmap = async (graph: Graph, start: Float32Array, options: LayoutOptions, control: Control) =>
	(await gpuProjection.run(umapKernels, { graph, start, options }, control)).result;
const gpuTsne = async (graph: Graph, start: Float32Array, options: TsneOptions, control: Control) =>
	(await gpuProjection.run(tsneKernels, { graph, start, options }, control)).result;

const table = curveTable(fitCurve(0.1, 1));
const data = gaussianMixture(150, { width: 21, clusters: 4 });
const graph = finish(fuzzyGraph(finish(exactNeighbours(comparable(data, 'euclidean'), 9)), 150));

let device: GPUDevice;
let tensors: number;

beforeAll(async () => {
	await startEngine('webgpu');
	device = (tf.backend() as WebGPUBackend).device;
});
beforeEach(() => {
	tensors = tf.memory().numTensors;
	device.pushErrorScope('validation');
});
afterEach(async () => {
	expect((await device.popErrorScope())?.message).toBeUndefined();
	expect(tf.memory().numTensors).toBe(tensors);
});
afterAll(() => tf.removeBackend('webgpu'));

/** The same distances, and the same rows but for ties. */
function expectNeighbours(found: Neighbours, expected: Neighbours): void {
	expectClose({ data: found.distances }, { data: expected.distances }, { rtol: 1e-4, atol: 2e-3 });
	let other = 0;
	found.indices.forEach((row, at) => (other += row === expected.indices[at] ? 0 : 1));
	expect(other / found.indices.length).toBeLessThan(0.01);
}

describe.each(['euclidean', 'cosine', 'manhattan', 'correlation'] as Metric[])(
	'neighbours by %s distance',
	(metric) => {
		const own = comparable(data, metric);

		it.each([150, 40])('are the processor’s, with %d rows to a buffer', async (per) => {
			const rows = await held(data, per);
			expect(rows.chunks.length).toBe(Math.ceil(150 / per));
			const found = await exactOnGpu(rows, null, 7, metric, control());
			expectNeighbours(found, finish(exactNeighbours(own, 7)));
			expect(await exactOnGpu(rows, null, 7, metric, control())).toEqual(found);
			const sampled = Int32Array.of(149, 3, 77);
			expectNeighbours(await exactOnGpu(rows, sampled, 5, metric, control()), finish(nearestOf(own, sampled, 5)));
			expectNeighbours(await fewNearest(rows, sampled, 5, metric, control()), finish(nearestOf(own, sampled, 5)));
			rows.dispose();
		});

		it('of new rows too, and a map’s fidelity', async () => {
			const rows = await held(data, 64);
			const fresh = gaussianMixture(5, { width: 21, clusters: 4, seed: 9 });
			const queries = await held(fresh);
			const found = await nearestOnGpu(queries, rows, 4, metric, control());
			expectNeighbours(found, finish(nearestOf(own, comparable(fresh, metric), 4)));
			const map = randomStart(150, 2, 3);
			const judged = await gpuFidelity(rows, map, 2, 5, metric, control());
			const expected = finish(fidelity(own, map, 2, 5));
			expect(judged.sampled).toBe(150);
			for (const key of ['trustworthiness', 'continuity', 'overlap', 'triplets'] as const)
				expect(Math.abs(judged[key] - expected[key])).toBeLessThan(2e-3);
			queries.dispose();
			rows.dispose();
		});
	}
);

it('rows without a direction are as far as umap-learn says', async () => {
	const values = Float32Array.of(0, 0, 0, 1, 2, 3, 0, 0, 0, 2, 4, 6, -1, -2, -3);
	const rows = await held({ values, count: 5, width: 3 });
	const { distances } = await exactOnGpu(rows, null, 4, 'cosine', control());
	expectClose({ data: distances.subarray(0, 8) }, { data: [0, 1, 1, 1, 0, 1, 1, 2] }, { atol: 1e-5 });
	rows.dispose();
});

it('cells find nearly all, and say how many', async () => {
	const many = gaussianMixture(700, { width: 8, clusters: 6 });
	const rows = await held(many, 400);
	const { neighbours, recall } = await gpuNeighbours(rows, 8, 'euclidean', 'approximate', 1, control());
	const exact = finish(exactNeighbours(comparable(many, 'euclidean'), 8));
	let kept = 0;
	for (let i = 0; i < 700; i++) {
		const own = new Set(exact.indices.subarray(8 * i, 8 * i + 8));
		neighbours.indices.subarray(8 * i, 8 * i + 8).forEach((j) => (kept += own.has(j) ? 1 : 0));
	}
	expect(recall).toBeGreaterThan(0.98);
	expect(Math.abs(kept / exact.indices.length - recall)).toBeLessThan(0.015);
	rows.dispose();
});

describe('UMAP’s layout', () => {
	const options = (dimensions: 2 | 3, epochs: number) =>
		({ dimensions, epochs, negatives: 5, rate: 1, seed: 7, table }) as const;

	it.each([2, 3] as const)('is its twin’s, step for step, in %d dimensions', async (dimensions) => {
		const start = randomStart(150, dimensions, 1);
		const expected = finish(gatherLayout(graph, start, options(dimensions, 2)));
		const found = await gpuUmap(graph, start, options(dimensions, 2), control());
		expectClose({ data: found }, { data: expected }, { rtol: 1e-3, atol: 1e-3 });
		expect(found).not.toEqual(start);
	});

	it('is the same to the bit, with a submission in eight epochs, and frames on the way', async () => {
		const { queue } = device;
		const submit = queue.submit.bind(queue);
		let submitted = 0;
		queue.submit = (buffers) => {
			submitted++;
			submit(buffers);
		};
		const start = randomStart(150, 2, 1);
		const first = await gpuUmap(graph, start, options(2, 80), control());
		queue.submit = submit;
		// One more to read the result.
		expect(submitted).toBeLessThanOrEqual(80 / 8 + 1);
		const frames: Float32Array[] = [];
		const watched = {
			...control(),
			wantsFrame: true,
			step: ({ positions }: { positions?: Float32Array }) => frames.push(positions!)
		};
		expect(await gpuUmap(graph, start, options(2, 80), watched)).toEqual(first);
		expect(frames.length).toBe(10);
		expect(frames.at(-1)).toEqual(first);
		const judged = finish(fidelity(comparable(data, 'euclidean'), first, 2, 9));
		const twin = finish(gatherLayout(graph, start, options(2, 80)));
		const expected = finish(fidelity(comparable(data, 'euclidean'), twin, 2, 9));
		expect(Math.abs(judged.trustworthiness - expected.trustworthiness)).toBeLessThan(0.02);
		expect(Math.abs(judged.overlap - expected.overlap)).toBeLessThan(0.06);
	});

	it('stops when it is told to', async () => {
		const controller = new AbortController();
		const map = gpuUmap(graph, randomStart(150, 2, 1), options(2, 100_000), control(controller.signal));
		setTimeout(() => controller.abort(), 50);
		await expect(map).rejects.toThrow(/cancelled/);
	});
});

it.each([2, 3] as const)('t-SNE’s layout is the processor’s in %d dimensions', async (dimensions) => {
	const wide = finish(affinities(finish(exactNeighbours(comparable(data, 'euclidean'), 30)), 150, 10));
	const start = randomStart(150, dimensions, 2).map((value) => value * 0.1);
	const options = { dimensions, iterations: 12, early: 6, exaggeration: 4, theta: 0 } as const;
	const expected = start.slice();
	finish(tsneLayout(wide, expected, options));
	const found = await gpuTsne(wide, start, options, control());
	expectClose({ data: found }, { data: expected }, { rtol: 1e-3, atol: 1e-3 });
	expect(await gpuTsne(wide, start, options, control())).toEqual(found);
});

it.each([
	[gaussianMixture(120, { width: 17, clusters: 3 }), 50],
	[gaussianMixture(90, { width: 220, clusters: 3, rank: 4 }), 90]
] as const)('principal components and projections are the processor’s (%#)', async (rows, per) => {
	const own = await held(rows, per);
	const found = await gpuPrincipal(own, 2, 1, control());
	const expected = finish(principal(rows, 2, 1));
	expectClose({ data: found.variances }, { data: expected.variances }, { rtol: 1e-3 });
	expectClose({ data: [found.total] }, { data: [expected.total] }, { rtol: 1e-3 });
	expectClose({ data: found.axes }, { data: expected.axes }, { rtol: 1e-2, atol: 2e-3 });
	const { axes, mean } = expected;
	expectClose(
		{ data: await gpuProjected(own, axes, 2, mean, control()) },
		{ data: finish(projected(rows, axes, 2, mean)) },
		{ rtol: 1e-3, atol: 1e-3 }
	);
	const random = randomAxes(rows.width, 3, 1);
	expectClose(
		{ data: await gpuProjected(own, random, 3, undefined, control()) },
		{ data: finish(projected(rows, random, 3)) },
		{ rtol: 1e-3, atol: 1e-3 }
	);
	own.dispose();
});

it('takes rows batch by batch from tensors, over the ends of buffers', async () => {
	const rows = await GpuRows.create(20, 6, 4 * 6 * 7);
	const values = Float32Array.from({ length: 120 }, (_, i) => i);
	for (let first = 0; first < 20; first += 8) {
		const some = values.slice(6 * first, 6 * (first + 8));
		const batch = tf.tidy(() => tf.sub(tf.add(tf.tensor2d(some, [some.length / 6, 6]), 1), 1) as tf.Tensor2D);
		rows.copy(batch, first);
		batch.dispose();
	}
	expect(await rows.values()).toEqual(values);
	rows.dispose();
});

it('says what would fit before it starts', async () => {
	await expect(GpuRows.create(2_000_000, 2048)).rejects.toThrow(/do not fit here; 262144 would/);
});

it('is answered as a worker answers, from rows to a map', async () => {
	const { port1, port2 } = new MessageChannel();
	serve<ProjectionApi>(port1 as never, projecting(tensorEngine).api);
	port1.start();
	port2.start();
	const api = connect<ProjectionApi>(port2 as never).remote;
	const { handle } = await api.holdRows(data.values.slice(0, 21 * 140), 21);
	for (const method of ['umap', 'tsne', 'pca', 'random']) {
		const request = {
			method,
			parameters: { epochs: 30, iterations: 50, neighbours: 8, perplexity: 8 },
			dimensions: 2,
			metric: 'euclidean',
			seed: 1
		} as const;
		const map = await api.project(handle, request);
		expect(map.engine).toBe('WebGPU');
		expect(map.positions.every(Number.isFinite)).toBe(true);
		expect((await api.project(handle, request)).positions).toEqual(map.positions);
	}
	await api.dropRows(handle);
	port1.close();
	port2.close();
});
