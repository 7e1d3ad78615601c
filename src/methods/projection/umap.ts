import { number } from '#contracts/parameter.ts';
import { drive } from '#engine/projection/drive.ts';
import type { Control, Gpu, Kernels, Search } from '#engine/projection/engine.ts';
import wgsl from '#methods/projection/umap.wgsl?raw';
import type { ProjectionContext, ProjectionMethod } from '#methods/projector.ts';
import { layoutStart, initialisation, SEARCH, type Unlaid } from '#methods/starting.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { fuzzyGraph, labelDistances, supervised, type Graph } from '#maths/projection/fuzzy-graph.ts';
import { edgeRates, PHASES, stepRate } from '#maths/projection/gather-layout.ts';
import { spectralCoordinates } from '#maths/projection/spectral.ts';
import { scaledStart } from '#maths/projection/start.ts';
import { umapLayout, type LayoutOptions } from '#maths/projection/umap-layout.ts';

/** umap-learn's rule. */
const epochsFor = (count: number) => (count <= 10_000 ? 500 : 200);

/** Steps of one submission: eight epochs. */
const SUBMITTED = 8 * PHASES;
/** Bytes between two steps' numbers: what every device takes as an offset. */
const STRIDE = 256;
const THREADS = 64;

export const umapKernels: Kernels<Unlaid<LayoutOptions>, Float32Array> = {
	async typed({ graph, start, options }, control) {
		const positions = start.slice();
		await drive(umapLayout(graph, positions, options), control);
		return positions;
	},
	suits: ({ graph }, { maxBinding }) => 8 * graph.columns.length <= maxBinding,
	gpu: gathered
};

async function begin(context: ProjectionContext, graph: Graph): Promise<Float32Array> {
	const { dimensions, seed, control, parameters } = context;
	if (context.start) return context.start;
	const kind = parameters['start'] as string;
	const start = await layoutStart(context, kind);
	if (kind !== 'spectral') return start;
	return scaledStart(await drive(spectralCoordinates(graph, dimensions, start, seed), control), dimensions, seed);
}

const umap: ProjectionMethod = {
	id: 'umap',
	title: 'UMAP',
	order: 1,
	summary:
		'Preserves the neighbourhood graph. Trust neighbourhoods, not cluster sizes or the distances between clusters.',
	paper: {
		authors: 'McInnes, Healy & Melville',
		year: 2018,
		title: 'UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction',
		url: 'https://arxiv.org/abs/1802.03426'
	},
	equation: 'min Σ w log(w / v) + (1 − w) log((1 − w) / (1 − v)), v = 1 / (1 + a d²ᵇ)',
	neighbours: true,
	measured: { epochs: 64, start: 'random' },
	parameters: [
		number(
			'neighbours',
			'Neighbours',
			'n_neighbors: size of a neighbourhood, the row itself included. Low shows local detail, high the global structure.',
			15,
			{ min: 2, max: 200, step: 1, integer: true }
		),
		number('min-distance', 'Minimum distance', 'min_dist: how close points may lie on the map.', 0.1, {
			min: 0,
			max: 1,
			step: 0.01
		}),
		number('spread', 'Spread', 'Scale of the map, relative to the minimum distance.', 1, {
			min: 0.1,
			max: 5,
			step: 0.1
		}),
		number('epochs', 'Epochs', 'How often each edge is sampled at most. 0: 500 up to 10,000 rows, else 200.', 0, {
			min: 0,
			max: 5000,
			step: 10,
			integer: true
		}),
		number('negatives', 'Negative samples', 'Random repelling rows per sampled edge.', 5, {
			min: 1,
			max: 50,
			step: 1,
			integer: true
		}),
		initialisation({ pca: 'PCA', spectral: 'Spectral', random: 'Random' }),
		number('label-weight', 'Label weight', 'For supervised UMAP: 0 uses only the data, 1 only the labels.', 0.5, {
			min: 0,
			max: 1,
			step: 0.05
		}),
		SEARCH
	],

	async run(context) {
		const { engine, rows, dimensions, seed, labels, parameters, control } = context;
		const { count } = rows;
		const k = Math.max(0, Math.min((parameters['neighbours'] as number) - 1, count - 1));
		control.phase('neighbours', 0.35);
		const { neighbours, recall } = await context.neighbours(k, parameters['search'] as Search);
		control.phase('graph', 0.4);
		let graph = await drive(fuzzyGraph(neighbours, count), control);
		if (labels)
			graph = await drive(supervised(graph, labels, labelDistances(parameters['label-weight'] as number)), control);
		control.phase('start', 0.45);
		const start = await begin(context, graph);
		control.phase('layout', 1);
		const minDist = Math.min(parameters['min-distance'] as number, parameters['spread'] as number);
		const options = {
			dimensions,
			epochs: (parameters['epochs'] as number) || epochsFor(count),
			negatives: parameters['negatives'] as number,
			rate: 1,
			seed,
			table: curveTable(fitCurve(minDist, parameters['spread'] as number))
		};
		const { result: positions, engine: laidBy } = await engine.run(umapKernels, { graph, start, options }, control);
		return { positions, recall, engine: laidBy };
	}
};

export default umap;

/** The layout on the GPU, row by row. Only positions are read back, and those only when they are shown. */
async function gathered(
	{ graph, start, options: { dimensions, epochs, negatives, rate, seed, table } }: Unlaid<LayoutOptions>,
	gpu: Gpu,
	control: Control
): Promise<Float32Array> {
	const compiled = await gpu.pipeline(`umap ${dimensions}`, wgsl, { DEEP: dimensions === 3 ? 1 : 0 });
	const { count } = graph;
	const rates = edgeRates(graph, epochs);
	const edges = new Uint32Array(2 * rates.length);
	for (let e = 0; e < rates.length; e++) {
		edges[2 * e] = graph.columns[e] as number;
		edges[2 * e + 1] = rates[e] as number;
	}
	const owned = [graph.offsets, edges, table.factors].map(gpu.storage);
	const positions = [gpu.storage(start), gpu.storage(start)] as const;
	const jobs = gpu.uniform(SUBMITTED * STRIDE);
	const groups = Array.from({ length: SUBMITTED }, (_, n) =>
		gpu.bind(compiled, {
			...[...owned, positions[n & 1] as GPUBuffer, positions[(n + 1) & 1] as GPUBuffer],
			5: { buffer: jobs, offset: n * STRIDE, size: 32 }
		})
	);
	const [x, y] = gpu.spread(Math.ceil(count / THREADS));
	const steps = epochs * PHASES;
	const last = (table.factors.length >> 1) - 1;
	for (let first = 0; first < steps; first += SUBMITTED) {
		const some = Math.min(SUBMITTED, steps - first);
		const values = new Uint32Array((some * STRIDE) / 4);
		for (let n = 0; n < some; n++) {
			const alpha = new Uint32Array(Float32Array.of(stepRate(rate, first + n, epochs)).buffer)[0] as number;
			values.set([count, first + n, alpha, seed, negatives, table.first, table.shift, last], (n * STRIDE) / 4);
		}
		gpu.device.queue.writeBuffer(jobs, 0, values);
		await gpu.submit((pass) => {
			pass.setPipeline(compiled);
			for (let n = 0; n < some; n++) {
				pass.setBindGroup(0, groups[n] as GPUBindGroup);
				pass.dispatchWorkgroups(x, y);
			}
		});
		// An even number of steps ends where it began.
		if (control.wantsFrame)
			control.step({ done: (first + some) / steps, positions: await gpu.read(positions[0], start.length) });
	}
	return gpu.read(positions[0], start.length);
}
