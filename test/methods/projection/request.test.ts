import { expect, it } from 'vitest';
import { validParameters } from '#contracts/parameter.ts';
import type { Control, Search } from '#engine/projection/engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { randomAxes } from '#maths/projection/random-axes.ts';
import { randomStart } from '#maths/projection/start.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';
import { umapKernels } from '#methods/projection/umap.ts';
import { projectionMethods } from '#methods/projections.ts';
import type { Projected, ProjectionContext } from '#methods/projector.ts';
import type { Unlaid } from '#methods/starting.ts';
import { expectClose } from '../../close.ts';
import { gaussianMixture } from '../../tools/mixture.ts';

const quiet: Control = { signal: new AbortController().signal, phase() {}, step() {}, wantsFrame: false };

interface Requested {
	result: Projected;
	phases: [string, number][];
	ks: [k: number, search: Search][];
	layouts: { start: Float32Array; options: LayoutOptions; weights: number[] }[];
}

/** What a projection asks of its engine, which lays nothing out here. */
async function requested(
	id: string,
	parameters: Record<string, unknown> = {},
	change: Partial<ProjectionContext> = {},
	count = 40
): Promise<Requested> {
	const method = projectionMethods.get(id)!;
	const { values } = gaussianMixture(count, { width: 5 });
	const rows = await typedEngine.hold(values, 5);
	const [phases, ks, layouts]: [Requested['phases'], Requested['ks'], Requested['layouts']] = [[], [], []];
	const control: Control = { ...quiet, phase: (phase, upTo) => void phases.push([phase, upTo]) };
	const result = await method.run({
		...{ dimensions: 2, metric: 'euclidean', seed: 1, rows, control },
		parameters: validParameters(method.parameters, parameters),
		neighbours(k, search) {
			ks.push([k, search]);
			return typedEngine.neighbours(rows, k, 'euclidean', search, 1, control);
		},
		engine: {
			...typedEngine,
			run: async (kernels, input, control) => {
				if ((kernels as unknown) !== umapKernels) return typedEngine.run(kernels, input, control);
				const { graph, start, options } = input as Unlaid<LayoutOptions>;
				layouts.push({ start, options, weights: [...graph.weights] });
				return { result: start as never, engine: 'nothing' };
			}
		},
		...change
	} as ProjectionContext);
	return { result, phases, ks, layouts };
}

it.each([
	['umap', true],
	['umap-js', true],
	['tsne', true],
	['pca', false],
	['random', false]
])('%s looks at neighbours: %s', async (id, neighbours) => {
	const method = projectionMethods.get(id)!;
	expect(method.neighbours).toBe(neighbours);
	if (id !== 'umap-js')
		expect((await requested(id, id === 'tsne' ? { iterations: 50 } : {})).ks.length > 0).toBe(neighbours);
});

it('UMAP asks for its neighbours less the row itself, and lays out as it was told', async () => {
	const { ks, layouts, phases, result } = await requested('umap', {});
	expect(ks).toEqual([[14, 'auto']]);
	expect(layouts[0]!.options).toMatchObject({ dimensions: 2, epochs: 500, negatives: 5, rate: 1, seed: 1 });
	expect(layouts[0]!.options.table).toEqual(curveTable(fitCurve(0.1, 1)));
	expect(phases).toEqual([['neighbours', 0.35], ['graph', 0.4], ['start', 0.45], ['layout', 1]]); // prettier-ignore
	expect(result.recall).toBe(1);
	const own = { neighbours: 6, search: 'exact', epochs: 70, negatives: 9, 'min-distance': 0.4, spread: 2 };
	const other = await requested('umap', own);
	expect(other.ks).toEqual([[5, 'exact']]);
	expect(other.layouts[0]!.options).toMatchObject({ epochs: 70, negatives: 9 });
	expect(other.layouts[0]!.options.table).toEqual(curveTable(fitCurve(0.4, 2)));
	// No closer together than the map is wide.
	const tight = await requested('umap', { 'min-distance': 0.9, spread: 0.5 });
	expect(tight.layouts[0]!.options.table).toEqual(curveTable(fitCurve(0.5, 0.5)));
	expect((await requested('umap', { neighbours: 15 }, {}, 10)).ks).toEqual([[9, 'auto']]);
	expect((await requested('umap', {}, {}, 1)).ks).toEqual([[0, 'auto']]);
});

it('UMAP of more than 10,000 rows takes 200 epochs', async () => {
	const neighbours = { k: 1, indices: new Int32Array(10_001), distances: new Float32Array(10_001).fill(1) };
	for (const [count, epochs] of [
		[10_000, 500],
		[10_001, 200]
	] as const) {
		const graph = { neighbours: { ...neighbours, indices: neighbours.indices.subarray(0, count) }, recall: 0.5 };
		const rows = { count, width: 1, values: async () => new Float32Array(count), dispose() {} };
		const { layouts, result } = await requested('umap', { start: 'random' }, { rows, neighbours: async () => graph });
		expect(layouts[0]!.options.epochs).toBe(epochs);
		expect(result.recall).toBe(0.5);
	}
});

it('UMAP begins where it is told: along components, at random, by the spectrum, or from a map', async () => {
	const starts = await Promise.all(
		['pca', 'random', 'spectral'].map(async (start) => (await requested('umap', { start })).layouts[0]!.start)
	);
	for (const start of starts) expect(Math.max(...start.map(Math.abs))).toBeCloseTo(10, 0);
	expect(starts[1]).toEqual(randomStart(40, 2, 1));
	const shadow = (await requested('pca')).result.positions;
	// The shadow along its components, to one scale for both axes but for a little noise.
	const [scale] = [starts[0]![0]! / shadow[0]!];
	expectClose({ data: starts[0]!.map((value) => value / scale) }, { data: shadow }, { rtol: 1e-2, atol: 1e-2 });
	const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
	expect(apart(starts[0]!, starts[1]!)).toBeGreaterThan(1);
	expect(apart(starts[0]!, starts[2]!)).toBeGreaterThan(1);
	expect(apart(starts[1]!, starts[2]!)).toBeGreaterThan(1);
	const map = Float32Array.from({ length: 80 }, (_, i) => i);
	expect((await requested('umap', {}, { start: map })).layouts[0]!.start).toEqual(map);
});

it('labels change its graph', async () => {
	const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
	const weights = async (change: Partial<ProjectionContext>, share = 0.5) =>
		(await requested('umap', { 'label-weight': share }, change)).layouts[0]!.weights;
	const plain = await weights({});
	expect(await weights({ labels })).not.toEqual(plain);
	expect(await weights({ labels }, 0.9)).not.toEqual(await weights({ labels }));
	expect(await weights({}, 0.9)).toEqual(plain);
});

it('t-SNE asks for three neighbours per perplexity', async () => {
	const small = await requested('tsne', { perplexity: 4, iterations: 50 }, {}, 30);
	expect(small.ks).toEqual([[12, 'auto']]);
	expect(small.phases).toEqual([['neighbours', 0.25], ['graph', 0.3], ['start', 0.32], ['layout', 1]]); // prettier-ignore
	// More than a third of the rows is no perplexity.
	expect((await requested('tsne', { perplexity: 30, iterations: 50 }, {}, 16)).ks).toEqual([[15, 'auto']]);
	expect((await requested('tsne', { iterations: 50 }, {}, 1)).ks).toEqual([[0, 'auto']]);
});

it('linear maps are products with their axes; PCA’s are about the mean', async () => {
	const { values } = gaussianMixture(40, { width: 5 });
	const product = (axes: ArrayLike<number>, mean: ArrayLike<number> = new Float32Array(5)) =>
		Array.from({ length: 80 }, (_, at) => {
			const [i, d] = [at >> 1, at & 1];
			return [0, 1, 2, 3, 4].reduce((sum, k) => sum + (values[i * 5 + k]! - mean[k]!) * axes[k * 2 + d]!, 0);
		});
	const random = await requested('random');
	expectClose({ data: random.result.positions }, { data: product(randomAxes(5, 2, 1)) }, { rtol: 1e-4, atol: 1e-5 });
	expect(random.phases).toEqual([['layout', 1]]);
	const pca = await requested('pca');
	const rows = await typedEngine.hold(values, 5);
	const { axes, mean } = await typedEngine.principal(rows, 2, 1, quiet);
	expectClose({ data: pca.result.positions }, { data: product(axes, mean) }, { rtol: 1e-4, atol: 1e-5 });
	for (const { result } of [random, pca]) {
		expect(result.recall).toBe(1);
	}
});

it('umap-js takes 3 to 10,000 rows, says how far it is, and stops when told', async () => {
	await expect(requested('umap-js', {}, {}, 2)).rejects.toMatchObject({ code: 'refused' });
	const rows = { count: 10_001, width: 1, values: async () => new Float32Array(10_001), dispose() {} };
	await expect(requested('umap-js', {}, { rows })).rejects.toMatchObject({ code: 'too-large' });
	const steps: number[] = [];
	let frames = 0;
	const control: Control = {
		...quiet,
		wantsFrame: true,
		step: ({ done, positions }) => {
			steps.push(done);
			if (positions) frames += Number(positions.length === 40);
		}
	};
	const { result } = await requested('umap-js', { epochs: 10, neighbours: 5 }, { control }, 20);
	expect(steps).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) / 10));
	expect(frames).toBe(10);
	expect(result).toMatchObject({ engine: 'umap-js', recall: 1 });
	expect((await requested('umap-js', { epochs: 10 }, {}, 3)).result.positions.length).toBe(6);
	const aborted = new AbortController();
	aborted.abort();
	await expect(requested('umap-js', {}, { control: { ...quiet, signal: aborted.signal } }, 20)).rejects.toThrow(
		'cancelled'
	);
});
