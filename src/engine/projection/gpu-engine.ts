import type { HeldRows, ProjectionEngine } from '#engine/projection/engine.ts';
import { gpuBackend } from '#engine/pipelines.ts';
import { fewNearest, gathered, gpuFidelity } from '#engine/projection/gpu-distances.ts';
import { withGpu } from '#engine/projection/gpu-kit.ts';
import { gpuPrincipal, gpuProjected } from '#engine/projection/gpu-linear.ts';
import { exactOnGpu, gpuNeighbours, nearestOnGpu } from '#engine/projection/gpu-neighbours.ts';
import { GpuRows, maxBinding } from '#engine/projection/gpu-rows.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { sample } from '#maths/random.ts';

/** Everything that grows with the rows on the device of tfjs; graphs are made on the processor between. */

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

export const gpuProjection: ProjectionEngine = {
	title: 'WebGPU',
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
		const max = Math.min(enough, Math.floor(maxBinding(gpuBackend().device) / (4 * rows.width)));
		if (enough === Infinity || rows.count <= max) return gpuPrincipal(own(rows), axes, seed, control);
		const some = await gathered(own(rows), sample(rows.count, max, seed));
		try {
			return await gpuPrincipal(some, axes, seed, control);
		} finally {
			some.dispose();
		}
	},
	projected: (rows, axes, components, mean, control) => gpuProjected(own(rows), axes, components, mean, control),

	async run(kernels, input, control) {
		const { device } = gpuBackend();
		const { gpu, suits } = kernels;
		if (gpu && (suits?.(input, { maxBinding: maxBinding(device) }) ?? true))
			return { result: await withGpu(device, control.signal, (kit) => gpu(input, kit, control)), engine: 'WebGPU' };
		const { result, engine } = await typedEngine.run(kernels, input, control);
		return { result, engine: `WebGPU, laid out on ${engine}` };
	},

	fidelity: (rows, positions, dimensions, k, metric, control) =>
		gpuFidelity(own(rows), positions, dimensions, k, metric, control)
};
