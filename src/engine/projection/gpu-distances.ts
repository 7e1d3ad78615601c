import { breath } from '#engine/breath.ts';
import { emptyBuffer, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import type { Control } from '#engine/projection/engine.ts';
import wgsl from '#engine/projection/distances.wgsl?raw';
import { dispatch, GpuRows, isUnit, maxBinding, metricCode, uniform, type Chunk } from '#engine/projection/gpu-rows.ts';
import { NearestLists } from '#maths/projection/exact-neighbours.ts';
import { FidelityTally, sampledRows, type Fidelity } from '#maths/projection/quality.ts';
import { finished, type Metric, type Neighbours } from '#maths/projection/rows.ts';

/** From a few rows to all others on the GPU: for a map's fidelity, and for the neighbours of what is pointed at. */

/** Queries whose distances are read back together. */
const QUERIES = 32;

/** Calls `use` with each query's sums over columns to every row, in the order of `indices`. */
async function eachDistances(
	rows: GpuRows,
	indices: Int32Array,
	metric: Metric,
	{ signal }: Pick<Control, 'signal'>,
	use: (query: number, sums: Float32Array) => void
): Promise<void> {
	const { device } = gpuBackend();
	const { count, width } = rows;
	const together = Math.max(1, Math.min(QUERIES, indices.length, Math.floor(maxBinding(device) / (4 * count))));
	const compiled = await pipeline(device, `distances ${metric}`, () => metricCode(metric, wgsl));
	const sums = emptyBuffer(device, 4 * together * count, GPUBufferUsage.COPY_SRC);
	try {
		for (let first = 0; first < indices.length; first += together) {
			const some = indices.subarray(first, first + together);
			const queries = await gathered(rows, some);
			try {
				const [own] = queries.chunks as [Chunk];
				for (const chunk of rows.chunks) {
					const job = uniform(device, Uint32Array.of(width, chunk.count, some.length, count, chunk.first, 0, 0, 0));
					const stats = isUnit(metric)
						? [await queries.stats(own, metric), await rows.stats(chunk, metric)]
						: [null, null];
					const encoder = device.createCommandEncoder();
					const buffers = [own.buffer, chunk.buffer, ...stats, sums, job];
					dispatch(device, encoder, compiled, buffers, [Math.ceil(chunk.count / 64), some.length]);
					device.queue.submit([encoder.finish()]);
					job.destroy();
				}
				const far = await read(device, sums, 0, some.length * count);
				for (let q = 0; q < some.length; q++) {
					use(first + q, far.subarray(q * count, (q + 1) * count));
					await breath(signal);
				}
			} finally {
				queries.dispose();
			}
		}
	} finally {
		sums.destroy();
	}
}

/** Some rows, as many as fit one buffer at most, copied on the GPU. */
export async function gathered(rows: GpuRows, indices: Int32Array): Promise<GpuRows> {
	const { device } = gpuBackend();
	const own = await GpuRows.create(indices.length, rows.width);
	const encoder = device.createCommandEncoder();
	const bytes = 4 * rows.width;
	for (const [at, row] of indices.entries()) {
		const chunk = rows.chunks.find(({ first, count }) => row >= first && row < first + count) as Chunk;
		const to = (own.chunks[0] as Chunk).buffer;
		encoder.copyBufferToBuffer(chunk.buffer, (row - chunk.first) * bytes, to, at * bytes, bytes);
	}
	device.queue.submit([encoder.finish()]);
	return own;
}

export async function gpuFidelity(
	rows: GpuRows,
	positions: Float32Array,
	dimensions: number,
	k: number,
	metric: Metric,
	control: Control
): Promise<Fidelity> {
	const indices = sampledRows(rows.count);
	const tally = new FidelityTally(positions, dimensions, k, indices.length);
	await eachDistances(rows, indices, metric, control, (query, sums) => {
		tally.add(indices[query] as number, sums);
		control.step({ done: (query + 1) / indices.length });
	});
	return tally.result();
}

/** The k nearest other rows of a few: every pair its own thread, where a tile of queries would be almost empty. */
export async function fewNearest(
	rows: GpuRows,
	indices: Int32Array,
	k: number,
	metric: Metric,
	control: Control
): Promise<Neighbours> {
	const lists = new NearestLists(indices.length, k);
	if (k > 0)
		await eachDistances(rows, indices, metric, control, (query, sums) => {
			for (let j = 0; j < rows.count; j++) if (j !== indices[query]) lists.offer(query, sums[j] as number, j);
		});
	return { k, indices: lists.indices, distances: Float32Array.from(lists.sums, (sum) => finished(metric, sum)) };
}
