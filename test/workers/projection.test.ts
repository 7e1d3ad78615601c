import { describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { ProjectionApi, ProjectionFrame, ProjectionRequest } from '#contracts/projection.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { fastestProjection } from '#state/embedding/projection-worker.ts';
import { projectionMethods } from '#methods/projections.ts';
import { projecting } from '#workers/compute/projection.ts';
import { connect, type Remote, remote, serve } from '#workers/rpc.ts';
import { gaussianMixture, swissRoll } from '../tools/mixture.ts';

/** The API as threads speak it, over a channel, with the engine that needs no GPU. */
async function over(use: (api: Remote<ProjectionApi>) => Promise<void>): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	serve<ProjectionApi>(port1 as never, projecting(() => typedEngine).api);
	port1.start();
	port2.start();
	try {
		await use(connect<ProjectionApi>(port2 as never).remote);
	} finally {
		port1.close();
		port2.close();
	}
}

const request = (method: string, changes: Partial<ProjectionRequest> = {}): ProjectionRequest => ({
	method,
	parameters: { epochs: 60, iterations: 100 },
	dimensions: 2,
	metric: 'euclidean',
	seed: 1,
	...changes
});

/** Share of pairs of rows with the same label among each row's three nearest on the map. */
function together(positions: Float32Array, labels: Int32Array, dimensions = 2): number {
	let same = 0;
	for (let i = 0; i < labels.length; i++) {
		const apart = (j: number) =>
			Array.from({ length: dimensions }, (_, d) => positions[dimensions * i + d]! - positions[dimensions * j + d]!)
				.map((x) => x * x)
				.reduce((a, b) => a + b);
		const near = Array.from(labels.keys())
			.filter((j) => j !== i)
			.sort((a, b) => apart(a) - apart(b))
			.slice(0, 3);
		same += near.filter((j) => labels[j] === labels[i]).length / 3;
	}
	return same / labels.length;
}

const mixture = gaussianMixture(300, { width: 16, clusters: 5 });

describe.each([...projectionMethods.keys()])('%s', (method) => {
	it.each([2, 3] as const)('maps, says what it cost and is told again, in %d dimensions', (dimensions) =>
		over(async (api) => {
			const { handle } = await api.holdRows(mixture.values.slice(), 16);
			const frames: ProjectionFrame[] = [];
			const requested = request(method, { dimensions });
			const result = await api
				.with({
					progress: (frame) => frames.push(frame as ProjectionFrame)
				})
				.project(handle, requested);
			expect(result.positions.length).toBe(300 * dimensions);
			expect(result.positions.every(Number.isFinite)).toBe(true);
			expect(new Set(result.positions).size).toBeGreaterThan(300);
			expect(result.engine).toBe(method === 'umap-js' ? 'umap-js' : 'typed arrays');
			expect(result.recall).toBe(1);
			expect(result.milliseconds.layout).toBeGreaterThan(0);
			expect(frames.every(({ done }, i) => done >= (frames[i - 1]?.done ?? 0) && done <= 1)).toBe(true);
			const again = await api.project(handle, requested);
			expect(again.positions).toEqual(result.positions);
			if (method !== 'random') expect(together(result.positions, mixture.labels, dimensions)).toBeGreaterThan(0.9);
		})
	);

	it.each([1, 2, 3, 5])('takes %d rows, all at one position', (count) =>
		over(async (api) => {
			const { handle } = await api.holdRows(new Float32Array(4 * count).fill(1), 4);
			const map = api.project(handle, request(method));
			if (method === 'umap-js' && count < 3) await expect(map).rejects.toThrow(/takes 3 to/);
			else expect((await map).positions.every(Number.isFinite)).toBe(true);
		})
	);
});

it('labels pull their kind together, unknown ones do not', () =>
	over(async (api) => {
		// Labels that the data does not have.
		const labels = Int32Array.from({ length: 300 }, (_, i) => (i % 3) - (i % 10 ? 0 : 5));
		const { handle } = await api.holdRows(mixture.values.slice(), 16);
		const plain = await api.project(handle, request('umap'));
		const guided = await api.project(
			handle,
			request('umap', {
				labels: labels.map((label) => Math.max(-1, label)),
				parameters: { epochs: 60, 'label-weight': 0.9 }
			})
		);
		expect(together(guided.positions, labels)).toBeGreaterThan(together(plain.positions, labels) + 0.3);
	}));

it('begins where it is told, and goes on from there', () =>
	over(async (api) => {
		const { handle } = await api.holdRows(mixture.values.slice(), 16);
		const first = await api.project(handle, request('umap', { parameters: { epochs: 200 } }));
		const start = first.positions;
		const next = await api.project(handle, request('umap', { start, seed: 2 }));
		const moved = next.positions.reduce((sum, x, i) => sum + Math.abs(x - start[i]!), 0) / start.length;
		const size = start.reduce((sum, x) => sum + Math.abs(x), 0) / start.length;
		expect(moved).toBeLessThan(0.5 * size);
	}));

it('judges a map, per row and as a whole', () =>
	over(async (api) => {
		const { handle } = await api.holdRows(mixture.values.slice(), 16);
		const { positions } = await api.project(handle, request('pca'));
		const quality = await api.mapQuality(handle, positions, 2, 15, 'euclidean');
		expect(quality).toMatchObject({ k: 15, sampled: 300 });
		expect(quality.trustworthiness).toBeGreaterThan(0.7);
		expect(quality.distortion.length).toBe(300);
		const mean = quality.distortion.reduce((sum, value) => sum + value / 300, 0);
		expect(1 - mean).toBeCloseTo(quality.overlap, 5);
		const near = await api.nearest(handle, Int32Array.of(5, 9), 4, 'cosine');
		expect(near.indices.length).toBe(8);
	}));

it('hears at once that it is cancelled, and goes on with the same rows', () =>
	over(async (api) => {
		const data = swissRoll(6000);
		const { handle } = await api.holdRows(data.values.slice(), 3);
		for (const [method, wait] of [
			['umap', 30],
			['umap', 1500],
			['tsne', 200]
		] as const) {
			const controller = new AbortController();
			const map = api
				.with({
					signal: controller.signal
				})
				.project(handle, request(method, { parameters: { epochs: 2000, iterations: 2000 } }));
			setTimeout(() => controller.abort(), wait);
			await expect(map).rejects.toThrow(/cancelled/);
			// The thread answers again as soon as it has stopped.
			const began = performance.now();
			await api.projections();
			expect(performance.now() - began).toBeLessThan(400);
		}
		const { positions } = await api.project(handle, request('pca'));
		expect(positions.length).toBe(12_000);
	}));

it('refuses what it cannot take, in words', () =>
	over(async (api) => {
		await expect(api.holdRows(Float32Array.of(1, 2, NaN, 4), 2)).rejects.toThrow('Row 2 has a number');
		await expect(api.project(99, request('umap'))).rejects.toBeInstanceOf(LabError);
		const { handle } = await api.holdRows(Float32Array.of(1, 2, 3, 4), 2);
		await expect(api.project(handle, request('nothing'))).rejects.toThrow('no projection');
		await expect(api.nearest(handle, Int32Array.of(2), 1, 'euclidean')).rejects.toThrow('no such row');
		await api.dropRows(handle);
		await expect(api.project(handle, request('pca'))).rejects.toThrow('no longer there');
	}));

it('is chosen by its speed', () =>
	over(async (fast) => {
		const slow = remote<ProjectionApi>(() => Promise.resolve(1e9));
		const broken = remote<ProjectionApi>(() => Promise.reject(new Error('no')));
		expect(await fastestProjection([slow, broken, fast])).toBe(fast);
		await expect(fastestProjection([broken])).rejects.toThrow('no');
	}));
