import { describe, expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { differing } from '#contracts/identity.ts';
import type { ProjectionFrame, ProjectionResult } from '#contracts/projection.ts';
import { EmbeddingPredictions } from '#state/embedding/predictions.svelte.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { EmbeddedRows } from '#state/embedding/rows.ts';
import type { Visible } from '#state/embedding/map.ts';
import { Embedding } from '#state/embedding/embedding.svelte.ts';
import type { ProjectionEngines } from '#state/embedding/projection-engines.ts';
import { remote } from '#workers/rpc.ts';

const RAW = { kind: 'raw', standardise: false, columns: '' } as const;
const REQUEST = { method: 'umap', parameters: {}, dimensions: 2, metric: 'euclidean', seed: 1 } as const;
const data = {
	...{ name: 'four', count: 4, images: null, columns: [], label: null },
	rows: { values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), width: 2, names: [] }
} as unknown as DataSet;
const square = Float32Array.of(-1, -1, 1, -1, 1, 1, -1, 1);
const scaled = (by: number) => square.map((v, i) => (i % 2 ? by * v : v));
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A view state whose engine is as slow as the test wants. */
function viewState() {
	let frame: (value: ProjectionFrame) => void;
	let finish: (value: ProjectionResult) => void;
	const engine = remote<ComputeApi>((name, _, options) => {
		if (name === 'holdRows') return Promise.resolve({ handle: 1, count: 4, width: 2 });
		if (name === 'mapQuality')
			return Promise.resolve({ trustworthiness: 0.9, distortion: Float32Array.of(0, 0, 0, 0) });
		if (name !== 'project') return Promise.resolve([]);
		return new Promise((resolve, reject) => {
			frame = options!.progress!;
			finish = resolve;
			options!.signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
		});
	});
	const other = remote(() => Promise.resolve([]));
	const context = { draw: other, compute: engine, identity: () => ({}), failed: () => {} } as unknown as ViewContext;
	const embedding = new Embedding(context).attach({ data, thread: other } as unknown as DataSets);
	Object.assign(embedding.engines, { of: () => engine, fastest: () => Promise.resolve('processor') });
	return {
		embedding,
		async begin() {
			const made = embedding.project(RAW, REQUEST, null);
			await turn();
			return made;
		},
		frame: (positions: Float32Array, done: number) => frame({ phase: 'layout', done, positions }),
		async finish(positions: Float32Array) {
			finish({ positions, dimensions: 2, milliseconds: {}, engine: 'test', recall: 1 } as unknown as ProjectionResult);
			await turn();
			await turn();
		}
	};
}
const heights = (embedding: Embedding) => embedding.shown!.positions[1]!;

describe('a map on its way', () => {
	it('says nothing of the map in whose place it stands', async () => {
		const { embedding, begin, frame, finish } = viewState();
		void begin();
		await turn();
		await finish(square);
		expect([embedding.map?.request.seed, embedding.quality?.trustworthiness]).toEqual([1, 0.9]);
		void begin();
		await turn();
		// Until there is a first picture of the new one, the old one stands whole.
		expect([embedding.map, embedding.quality].every(Boolean)).toBe(true);
		frame(scaled(0.5), 0.3);
		expect([embedding.map, embedding.quality, embedding.neighbours]).toEqual([null, null, null]);
		await finish(scaled(0.2));
		expect([heights(embedding), !!embedding.map]).toEqual([Math.fround(-0.2), true]);
	});

	it('that is stopped gives way to the finished one that was there', async () => {
		const { embedding, begin, frame, finish } = viewState();
		void begin();
		await turn();
		await finish(square);
		const { map, quality } = embedding;
		void begin();
		await turn();
		frame(scaled(0.5), 0.3);
		expect(heights(embedding)).toBe(-0.5);
		embedding.cancel('project');
		await turn();
		expect([embedding.map === map, embedding.quality === quality, heights(embedding)]).toEqual([true, true, -1]);
		expect(embedding.stopped).toBeNull();
	});

	it('says so where it was the first, and is no map to be measured', async () => {
		const { embedding, begin, frame, finish } = viewState();
		void begin();
		await turn();
		frame(scaled(0.5), 0.4);
		embedding.cancel('project');
		await turn();
		expect([embedding.map, embedding.quality, heights(embedding)]).toEqual([null, null, -0.5]);
		expect(embedding.stopped).toBeCloseTo(0.05 + 0.95 * 0.4);
		void begin();
		await turn();
		await finish(square);
		expect([embedding.stopped, !!embedding.map]).toEqual([null, true]);
	});

	it('is stopped behind a map of another room, which stays on the stage', async () => {
		const { embedding, begin, frame, finish } = viewState();
		void begin();
		await turn();
		await finish(square);
		const own = embedding.map;
		void begin();
		await turn();
		frame(scaled(0.5), 0.4);
		const lent: Visible = {
			shown: { key: 'aligned1:', positions: scaled(0.1), dimensions: 2, frame: 1 },
			map: own && { ...own },
			quality: null,
			missing: 0
		};
		embedding.show(lent);
		embedding.cancel('project');
		await turn();
		expect([embedding.shown, embedding.map]).toEqual([lent.shown, lent.map]);
		embedding.show(null);
		expect([embedding.map === own, heights(embedding)]).toEqual([true, -1]);
	});
});

describe('what a map is of', () => {
	it('is another with another seed, other settings, rows or labels, and of a layer with another model', () => {
		const { embedding } = viewState();
		const base = embedding.madeFrom(RAW, REQUEST, null);
		const differs = (...changed: Parameters<typeof embedding.madeFrom>) =>
			differing(base, embedding.madeFrom(...changed));
		expect(differs(RAW, REQUEST, null)).toEqual([]);
		expect(differs(RAW, { ...REQUEST, seed: 2 }, null)).toEqual(['seed']);
		expect(differs(RAW, { ...REQUEST, metric: 'cosine' }, null)).toEqual(['parameters']);
		expect(differs(RAW, REQUEST, Int32Array.of(0))).toEqual(['parameters']);
		expect(differs({ ...RAW, standardise: true }, REQUEST, null)).toEqual(['layer']);
	});

	it('rows of a layer are taken again when channels of the model were switched off', async () => {
		let weights = 'all';
		const calls: string[] = [];
		const compute = remote((name) => (calls.push(name), Promise.resolve({ handle: calls.length, count: 4, width: 2 })));
		const input = { kind: 'image', shape: [null] };
		const context = { compute, inputs: [input], explained: input, identity: () => ({ weights }) };
		const engines = { of: () => compute, fastest: () => Promise.resolve('gpu') };
		const rows = new EmbeddedRows(context as unknown as ViewContext, engines as unknown as ProjectionEngines, () => {
			throw new Error('There are no pixels.');
		});
		const images = { ...data, images: [] } as unknown as DataSet;
		const take = () =>
			rows.of(
				images,
				{ kind: 'layer', layer: 'conv', pooling: 'mean' },
				new AbortController().signal,
				() => {},
				() => {}
			);
		const first = await take();
		expect([await take(), calls]).toEqual([first, ['holdActivations']]);
		weights = 'without channel 3';
		expect((await take()).handle).not.toBe(first.handle);
		expect(calls).toEqual(['holdActivations', 'dropRows', 'holdActivations']);
	});

	it('answers of the model as it was are none of it as it is', async () => {
		let weights = 'all';
		const call = () => Promise.resolve({ scores: Float32Array.of(0.1, 0.9), classes: 2 });
		const context = {
			compute: remote(call),
			identity: () => ({ weights }),
			failed: () => {}
		} as unknown as ViewContext;
		const predictions = new EmbeddingPredictions(context);
		await predictions.ask(data, { inputs: () => [] } as unknown as Embedding);
		expect([predictions.current === predictions.predictions, predictions.predictions?.units[0]]).toEqual([true, 1]);
		const before = predictions.predictions!;
		weights = 'without channel 3';
		expect(differing(before.of, context.identity([]))).toEqual(['weights']);
		await predictions.ask(data, { inputs: () => [] } as unknown as Embedding);
		expect([predictions.predictions === before, predictions.predictions?.of]).toEqual([false, { weights }]);
	});
});
