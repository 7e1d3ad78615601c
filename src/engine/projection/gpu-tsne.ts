import { throwIfAborted } from '#contracts/errors.ts';
import { bufferOf, emptyBuffer, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import type { Control } from '#engine/projection/engine.ts';
import { uniform } from '#engine/projection/gpu-rows.ts';
import wgsl from '#engine/projection/tsne.wgsl?raw';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { tsneMomentum, tsneRate, type TsneOptions } from '#maths/projection/tsne-layout.ts';

/** t-SNE's layout on the GPU, every pair of rows looked at. */

const THREADS = 64;
/** Milliseconds that a submission should take. */
const [LEAST, MOST] = [15, 60];

export async function gpuTsne(
	graph: Graph,
	start: Float32Array,
	options: TsneOptions,
	control: Control
): Promise<Float32Array> {
	const { device } = gpuBackend();
	const { count } = graph;
	const { dimensions, iterations, early, exaggeration } = options;
	const entry = (name: string) => pipeline(device, `tsne ${name}`, () => wgsl, {}, name);
	const [push, total, move] = await Promise.all([entry('push'), entry('total'), entry('move_rows')]);
	const edges = new Uint32Array(2 * graph.columns.length);
	const strengths = new Float32Array(edges.buffer);
	for (let e = 0; e < graph.columns.length; e++) {
		edges[2 * e] = graph.columns[e] as number;
		strengths[2 * e + 1] = graph.weights[e] as number;
	}
	const places = [padded(start, dimensions), padded(start, dimensions)].map((values) =>
		bufferOf(device, values, GPUBufferUsage.COPY_SRC)
	);
	const pushes = emptyBuffer(device, 16 * count);
	const sum = emptyBuffer(device, 4);
	const state = bufferOf(
		device,
		Float32Array.from({ length: 8 * count }, (_, at) => (at & 4 ? 1 : 0))
	);
	const lists = [bufferOf(device, graph.offsets as Uint32Array<ArrayBuffer>), bufferOf(device, edges)] as const;
	const rate = tsneRate(count, exaggeration);
	// The numbers of both parts of the descent.
	const jobs = [0, early].map((iteration) => {
		const job = new Uint32Array([count, 0, 0, 0]);
		new Float32Array(job.buffer).set([iteration < early ? exaggeration : 1, rate, tsneMomentum(iteration, early)], 1);
		return uniform(device, job);
	});
	const group = (compiled: GPUComputePipeline, bound: Record<number, GPUBuffer>) =>
		device.createBindGroup({
			layout: compiled.getBindGroupLayout(0),
			entries: Object.entries(bound).map(([binding, buffer]) => ({ binding: Number(binding), resource: { buffer } }))
		});
	const groups = [0, 1].map((turn) =>
		jobs.map((job) => {
			const [now, next] = [places[turn] as GPUBuffer, places[1 - turn] as GPUBuffer];
			return [
				group(push, { 0: now, 1: pushes, 3: job }),
				group(total, { 1: pushes, 2: sum, 3: job }),
				group(move, { 0: now, 1: pushes, 2: sum, 3: job, 4: lists[0], 5: lists[1], 6: next, 7: state })
			] as const;
		})
	);
	let some = 1;
	try {
		for (let first = 0; first < iterations;) {
			const end = Math.min(iterations, first + some);
			const began = performance.now();
			const encoder = device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			for (let iteration = first; iteration < end; iteration++) {
				const bound = groups[iteration & 1]?.[iteration < early ? 0 : 1] as (typeof groups)[0][0];
				for (const [n, compiled] of [push, total, move].entries()) {
					pass.setPipeline(compiled);
					pass.setBindGroup(0, bound[n] as GPUBindGroup);
					pass.dispatchWorkgroups(compiled === total ? 1 : Math.ceil(count / THREADS));
				}
			}
			pass.end();
			device.queue.submit([encoder.finish()]);
			await device.queue.onSubmittedWorkDone();
			throwIfAborted(control.signal);
			const took = performance.now() - began;
			if (took < LEAST) some = Math.min(256, 2 * some);
			else if (took > MOST) some = Math.max(1, some >> 1);
			first = end;
			const now = places[end & 1] as GPUBuffer;
			if (control.wantsFrame)
				control.step({ done: end / iterations, positions: flat(await read(device, now, 0, 4 * count), dimensions) });
		}
		return flat(await read(device, places[iterations & 1] as GPUBuffer, 0, 4 * count), dimensions);
	} finally {
		for (const buffer of [...places, pushes, sum, state, ...lists, ...jobs]) buffer.destroy();
	}
}

/** Four numbers per row, as the shader wants them. */
function padded(positions: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
	const out = new Float32Array((4 * positions.length) / dimensions);
	positions.forEach((value, at) => (out[4 * Math.floor(at / dimensions) + (at % dimensions)] = value));
	return out;
}

const flat = (padded: Float32Array, dimensions: number) =>
	Float32Array.from(
		{ length: (padded.length / 4) * dimensions },
		(_, at) => padded[4 * Math.floor(at / dimensions) + (at % dimensions)] as number
	);
