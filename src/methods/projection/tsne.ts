import { number } from '#contracts/parameter.ts';
import { drive } from '#engine/projection/drive.ts';
import type { Control, Gpu, Kernels, Search } from '#engine/projection/engine.ts';
import wgsl from '#methods/projection/tsne.wgsl?raw';
import type { ProjectionMethod } from '#methods/projector.ts';
import { layoutStart, initialisation, SEARCH, type Unlaid } from '#methods/starting.ts';
import { affinities, neighboursFor } from '#maths/projection/affinities.ts';
import { TSNE_REACH, tsneLayout, tsneMomentum, tsneRate, type TsneOptions } from '#maths/projection/tsne-layout.ts';

/** Of `layoutStart`, whose coordinates reach 10. */
const SHRINK = TSNE_REACH / 5;
/** Rows up to which the GPU looks at every pair; above, the tree of boxes is quicker on the processor. */
const MAX_PAIRED_ROWS = 60_000;
const THREADS = 64;
/** Milliseconds that a submission should take. */
const [MIN_MS, MAX_MS] = [15, 60];

export const tsneKernels: Kernels<Unlaid<TsneOptions>, Float32Array> = {
	async typed({ graph, start, options }, control) {
		const positions = start.slice();
		await drive(tsneLayout(graph, positions, options), control);
		return positions;
	},
	suits: ({ graph }, { maxBinding }) => graph.count <= MAX_PAIRED_ROWS && 8 * graph.columns.length <= maxBinding,
	gpu: everyPair
};

const tsne: ProjectionMethod = {
	id: 'tsne',
	title: 't-SNE',
	order: 2,
	summary: 'Preserves nearest neighbours. Trust neighbourhoods, not cluster sizes or the distances between clusters.',
	paper: {
		authors: 'van der Maaten & Hinton',
		year: 2008,
		title: 'Visualizing Data using t-SNE',
		url: 'https://jmlr.org/papers/v9/vandermaaten08a.html'
	},
	equation: 'min Σ p log(p / q), q ∝ 1 / (1 + d²)',
	neighbours: true,
	parameters: [
		number(
			'perplexity',
			'Perplexity',
			'Effective number of neighbours. Low shows local detail, high the global structure.',
			30,
			{ min: 2, max: 100, step: 1 }
		),
		number(
			'iterations',
			'Iterations',
			'Steps of gradient descent; early exaggeration holds for the first third, 250 at most.',
			750,
			{ min: 50, max: 5000, step: 50, integer: true }
		),
		number(
			'exaggeration',
			'Early exaggeration',
			'Factor on the attraction between neighbours at the start, so that clusters form.',
			12,
			{ min: 1, max: 50, step: 1 }
		),
		number('theta', 'Approximation', 'Barnes-Hut angle θ. 0 is exact; the GPU is always exact.', 0.5, {
			min: 0,
			max: 1,
			step: 0.1
		}),
		initialisation({ pca: 'PCA', random: 'Random' }),
		SEARCH
	],

	async run(context) {
		const { engine, rows, dimensions, parameters, control } = context;
		const { count } = rows;
		const perplexity = Math.min(parameters['perplexity'] as number, Math.max(1, (count - 1) / 3));
		const k = count > 1 ? neighboursFor(perplexity, count) : 0;
		control.phase('neighbours', 0.25);
		const { neighbours, recall } = await context.neighbours(k, parameters['search'] as Search);
		control.phase('graph', 0.3);
		const graph = await drive(affinities(neighbours, count, perplexity), control);
		control.phase('start', 0.32);
		const start =
			context.start ?? (await layoutStart(context, parameters['start'] as string)).map((value) => SHRINK * value);
		control.phase('layout', 1);
		const iterations = parameters['iterations'] as number;
		const options = {
			dimensions,
			iterations,
			// A map that goes on from another has found its groups.
			early: context.start ? 0 : Math.min(250, Math.floor(iterations / 3)),
			exaggeration: parameters['exaggeration'] as number,
			theta: parameters['theta'] as number
		};
		const { result: positions, engine: laidBy } = await engine.run(tsneKernels, { graph, start, options }, control);
		return { positions, recall, engine: laidBy };
	}
};

export default tsne;

/** The descent on the GPU, every pair of rows looked at. */
async function everyPair(
	{ graph, start, options }: Unlaid<TsneOptions>,
	gpu: Gpu,
	control: Control
): Promise<Float32Array> {
	const { count } = graph;
	const { dimensions, iterations, early, exaggeration } = options;
	const entry = (name: string) => gpu.pipeline(`tsne ${name}`, wgsl, {}, name);
	const [push, total, move] = await Promise.all([entry('push'), entry('total'), entry('move_rows')]);
	const edges = new Uint32Array(2 * graph.columns.length);
	const strengths = new Float32Array(edges.buffer);
	for (let e = 0; e < graph.columns.length; e++) {
		edges[2 * e] = graph.columns[e] as number;
		strengths[2 * e + 1] = graph.weights[e] as number;
	}
	const positions = [padded(start, dimensions), padded(start, dimensions)].map(gpu.storage);
	const pushes = gpu.storage(16 * count);
	const sum = gpu.storage(4);
	const state = gpu.storage(Float32Array.from({ length: 8 * count }, (_, at) => (at & 4 ? 1 : 0)));
	const lists = [gpu.storage(graph.offsets), gpu.storage(edges)] as const;
	const rate = tsneRate(count, exaggeration);
	// The numbers of both parts of the descent.
	const jobs = [0, early].map((iteration) => {
		const job = new Uint32Array([count, 0, 0, 0]);
		new Float32Array(job.buffer).set([iteration < early ? exaggeration : 1, rate, tsneMomentum(iteration, early)], 1);
		return gpu.uniform(job);
	});
	const groups = [0, 1].map((turn) =>
		jobs.map((job) => {
			const [now, next] = [positions[turn] as GPUBuffer, positions[1 - turn] as GPUBuffer];
			return [
				gpu.bind(push, { 0: now, 1: pushes, 3: job }),
				gpu.bind(total, { 1: pushes, 2: sum, 3: job }),
				gpu.bind(move, { 0: now, 1: pushes, 2: sum, 3: job, 4: lists[0], 5: lists[1], 6: next, 7: state })
			] as const;
		})
	);
	const now = async (iteration: number) =>
		flat(await gpu.read(positions[iteration & 1] as GPUBuffer, 4 * count), dimensions);
	let some = 1;
	for (let first = 0; first < iterations;) {
		const end = Math.min(iterations, first + some);
		const began = performance.now();
		await gpu.submit((pass) => {
			for (let iteration = first; iteration < end; iteration++) {
				const bound = groups[iteration & 1]?.[iteration < early ? 0 : 1] as (typeof groups)[0][0];
				for (const [n, compiled] of [push, total, move].entries()) {
					pass.setPipeline(compiled);
					pass.setBindGroup(0, bound[n] as GPUBindGroup);
					pass.dispatchWorkgroups(compiled === total ? 1 : Math.ceil(count / THREADS));
				}
			}
		});
		const took = performance.now() - began;
		if (took < MIN_MS) some = Math.min(256, 2 * some);
		else if (took > MAX_MS) some = Math.max(1, some >> 1);
		first = end;
		if (control.wantsFrame) control.step({ done: end / iterations, positions: await now(end) });
	}
	return now(iterations);
}

/** Four numbers per row, as the shader wants them. */
function padded(positions: Float32Array, dimensions: number): Float32Array {
	const out = new Float32Array((4 * positions.length) / dimensions);
	positions.forEach((value, at) => (out[4 * Math.floor(at / dimensions) + (at % dimensions)] = value));
	return out;
}

const flat = (padded: Float32Array, dimensions: number) =>
	Float32Array.from(
		{ length: (padded.length / 4) * dimensions },
		(_, at) => padded[4 * Math.floor(at / dimensions) + (at % dimensions)] as number
	);
