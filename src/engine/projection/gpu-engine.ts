import type { HeldRows, ProjectionEngine } from '#engine/projection/engine.ts';
import { gpuBackend } from '#engine/pipelines.ts';
import { fewNearest, gathered, gpuFidelity } from '#engine/projection/gpu-distances.ts';
import { gpuUmap } from '#engine/projection/gpu-layout.ts';
import { gpuPrincipal, gpuProjected } from '#engine/projection/gpu-linear.ts';
import { exactOnGpu, gpuNeighbours, nearestOnGpu } from '#engine/projection/gpu-neighbours.ts';
import { GpuRows, mostBinding } from '#engine/projection/gpu-rows.ts';
import { gpuTsne } from '#engine/projection/gpu-tsne.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { sample } from '#maths/random.ts';

/** Everything that grows with the rows on the device of tfjs; graphs are made on the processor between. */

/** Rows up to which t-SNE looks at every pair; above, its tree of boxes is quicker on the processor. */
const MOST_PAIRED = 60_000;
/** Queries that do not fill a tile. */
const FEW = 16;

/** @throws TypeError for rows of another engine */
function own(rows: HeldRows): GpuRows {
	if (!(rows instanceof GpuRows)) throw new TypeError('These rows are not on the GPU.');
	return rows;
}

async function hold(values: Float32Array, width: number): Promise<GpuRows> {
	const rows = await GpuRows.create(values.length / width, width);
	rows.write(values);
	return rows;
}

const here = { umap: gpuUmap, tsne: gpuTsne };
/** Who lays a graph out: its edges must fit one binding. */
const fits = ({ columns }: Graph) => 8 * columns.length <= mostBinding(gpuBackend().device);
const layouts = {
	umap: (graph: Graph) => (fits(graph) ? here : typedEngine),
	tsne: (graph: Graph) => (fits(graph) && graph.count <= MOST_PAIRED ? here : typedEngine)
};

export const gpuProjection: ProjectionEngine = {
	title: 'WebGPU',
	titleFor: (layout, graph) =>
		layouts[layout](graph) === typedEngine ? `WebGPU, laid out on ${typedEngine.title}` : 'WebGPU',
	hold,

	neighbours: (rows, k, metric, search, seed, control) => gpuNeighbours(own(rows), k, metric, search, seed, control),

	async nearest(rows, of, k, metric, control) {
		if (of instanceof Int32Array)
			return (of.length <= FEW ? fewNearest : exactOnGpu)(own(rows), of, Math.min(k, rows.count - 1), metric, control);
		const queries = await hold(of, rows.width);
		try {
			return await nearestOnGpu(queries, own(rows), Math.min(k, rows.count), metric, control);
		} finally {
			queries.dispose();
		}
	},

	async principal(rows, axes, seed, control, enough = Infinity) {
		const most = Math.min(enough, Math.floor(mostBinding(gpuBackend().device) / (4 * rows.width)));
		if (enough === Infinity || rows.count <= most) return gpuPrincipal(own(rows), axes, seed, control);
		const some = await gathered(own(rows), sample(rows.count, most, seed));
		try {
			return await gpuPrincipal(some, axes, seed, control);
		} finally {
			some.dispose();
		}
	},
	projected: (rows, axes, wanted, mean, control) => gpuProjected(own(rows), axes, wanted, mean, control),
	umap: (graph, ...rest) => layouts.umap(graph).umap(graph, ...rest),
	tsne: (graph, ...rest) => layouts.tsne(graph).tsne(graph, ...rest),

	fidelity: (rows, positions, dimensions, k, metric, control) =>
		gpuFidelity(own(rows), positions, dimensions, k, metric, control)
};
