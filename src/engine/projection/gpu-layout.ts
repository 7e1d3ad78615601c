import { throwIfAborted } from '#contracts/errors.ts';
import { bufferOf, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import type { Control } from '#engine/projection/engine.ts';
import { spread } from '#engine/projection/gpu-rows.ts';
import wgsl from '#engine/projection/umap-layout.wgsl?raw';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { edgeRates, PHASES, stepRate } from '#maths/projection/gather-layout.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';

/** UMAP's layout on the GPU. Only positions are read back, and those only when they are shown. */

/** Steps of one submission: eight epochs. */
const SUBMITTED = 8 * PHASES;
/** Bytes between two steps' numbers: what every device takes as an offset. */
const STRIDE = 256;
const THREADS = 64;

export async function gpuUmap(
	graph: Graph,
	start: Float32Array,
	{ dimensions, epochs, negatives, rate, seed, table }: LayoutOptions,
	control: Control
): Promise<Float32Array> {
	const { device } = gpuBackend();
	const { count } = graph;
	const compiled = await pipeline(device, `umap ${dimensions}`, () => wgsl, { DEEP: dimensions === 3 ? 1 : 0 });
	const rates = edgeRates(graph, epochs);
	const edges = new Uint32Array(2 * rates.length);
	for (let e = 0; e < rates.length; e++) {
		edges[2 * e] = graph.columns[e] as number;
		edges[2 * e + 1] = rates[e] as number;
	}
	const positions = Float32Array.from(start);
	const owned = [
		bufferOf(device, graph.offsets as Uint32Array<ArrayBuffer>),
		bufferOf(device, edges),
		bufferOf(device, table.factors as Float32Array<ArrayBuffer>)
	];
	const places = [
		bufferOf(device, positions, GPUBufferUsage.COPY_SRC),
		bufferOf(device, positions, GPUBufferUsage.COPY_SRC)
	] as const;
	const jobs = device.createBuffer({
		size: SUBMITTED * STRIDE,
		usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST
	});
	const groups = Array.from({ length: SUBMITTED }, (_, n) => {
		const buffers = [...owned, places[n & 1] as GPUBuffer, places[(n + 1) & 1] as GPUBuffer];
		return device.createBindGroup({
			layout: compiled.getBindGroupLayout(0),
			entries: [
				...buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
				{ binding: 5, resource: { buffer: jobs, offset: n * STRIDE, size: 32 } }
			]
		});
	});
	const [x, y] = spread(Math.ceil(count / THREADS), device);
	const steps = epochs * PHASES;
	const last = (table.factors.length >> 1) - 1;
	try {
		for (let first = 0; first < steps; first += SUBMITTED) {
			const some = Math.min(SUBMITTED, steps - first);
			const numbers = new Uint32Array((some * STRIDE) / 4);
			for (let n = 0; n < some; n++) {
				const alpha = new Uint32Array(Float32Array.of(stepRate(rate, first + n, epochs)).buffer)[0] as number;
				numbers.set([count, first + n, alpha, seed, negatives, table.first, table.shift, last], (n * STRIDE) / 4);
			}
			device.queue.writeBuffer(jobs, 0, numbers);
			const encoder = device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			pass.setPipeline(compiled);
			for (let n = 0; n < some; n++) {
				pass.setBindGroup(0, groups[n] as GPUBindGroup);
				pass.dispatchWorkgroups(x, y);
			}
			pass.end();
			device.queue.submit([encoder.finish()]);
			await device.queue.onSubmittedWorkDone();
			throwIfAborted(control.signal);
			const done = (first + some) / steps;
			// An even number of steps ends where it began.
			if (control.wantsFrame) control.step({ done, positions: await read(device, places[0], 0, positions.length) });
		}
		return await read(device, places[0], 0, positions.length);
	} finally {
		for (const buffer of [...owned, ...places, jobs]) buffer.destroy();
	}
}
