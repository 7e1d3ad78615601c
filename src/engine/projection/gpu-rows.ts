import { LabError } from '#contracts/errors.ts';
import { emptyBuffer, flush, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import type { HeldRows } from '#engine/projection/engine.ts';
import statsWgsl from '#engine/projection/row-stats.wgsl?raw';
import { checkRows } from '#engine/projection/typed-engine.ts';
import * as tf from '#engine/tf.ts';
import type { Metric } from '#maths/projection/rows.ts';

/** Rows on the GPU, in as many buffers as the device's limits demand. */

export interface Chunk {
	buffer: GPUBuffer;
	/** Rows before this chunk, and in it. */
	first: number;
	count: number;
	/** For cosine and correlation: four numbers per row. */
	stats: Map<Metric, GPUBuffer>;
}

/** What a page may ask of a GPU whose memory it cannot know. */
const MAX_GPU_BYTES = 2 ** 31;
const THREADS = 64;

/** Bytes that one binding may have. */
export const maxBinding = ({ limits }: GPUDevice) => Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

/** Workgroups over two axes, where one does not take as many. */
export function spread(groups: number, { limits }: GPUDevice): [number, number] {
	const across = Math.min(groups, limits.maxComputeWorkgroupsPerDimension);
	return [Math.max(1, across), Math.max(1, Math.ceil(groups / Math.max(1, across)))];
}

export class GpuRows implements HeldRows {
	/** @throws LabError `too-large` with what would fit @param maxBytes bytes of a buffer, instead of the device's limit */
	static async create(count: number, width: number, maxBytes?: number): Promise<GpuRows> {
		const { device } = gpuBackend();
		const limit = maxBytes ?? maxBinding(device);
		checkRows(1, width, limit);
		checkRows(count, width, MAX_GPU_BYTES);
		const per = Math.floor(limit / (4 * width));
		device.pushErrorScope('out-of-memory');
		const chunks = Array.from({ length: Math.ceil(count / per) }, (_, n): Chunk => {
			const own = Math.min(per, count - n * per);
			return {
				buffer: emptyBuffer(device, 4 * own * width, GPUBufferUsage.COPY_SRC),
				first: n * per,
				count: own,
				stats: new Map()
			};
		});
		const rows = new GpuRows(device, count, width, chunks);
		if (!(await device.popErrorScope())) return rows;
		rows.dispose();
		throw new LabError('The GPU has no room for so many rows.', 'Take fewer rows, or pool the layer.', {
			code: 'too-large'
		});
	}

	private constructor(
		private readonly device: GPUDevice,
		readonly count: number,
		readonly width: number,
		readonly chunks: readonly Chunk[]
	) {}

	/** @param first row that they replace */
	write(values: Float32Array, first = 0): void {
		for (const { chunk, from, to } of this.parts(first, values.length / this.width)) {
			const part = values.subarray((from - first) * this.width, (to - first) * this.width);
			const { buffer, byteOffset, byteLength } = part as Float32Array<ArrayBuffer>;
			this.device.queue.writeBuffer(
				chunk.buffer,
				4 * (from - chunk.first) * this.width,
				buffer,
				byteOffset,
				byteLength
			);
		}
	}

	/** Rows of a tensor [batch, width], from where it lies. */
	copy(batch: tf.Tensor2D, first: number): void {
		const backend = gpuBackend();
		backend.uploadToGPU(batch.dataId);
		flush(backend);
		const source = backend.tensorMap.get(batch.dataId).resource as GPUBuffer;
		const encoder = this.device.createCommandEncoder();
		for (const { chunk, from, to } of this.parts(first, batch.shape[0])) {
			const bytes = (rows: number) => 4 * rows * this.width;
			encoder.copyBufferToBuffer(
				source,
				bytes(from - first),
				chunk.buffer,
				bytes(from - chunk.first),
				bytes(to - from)
			);
		}
		this.device.queue.submit([encoder.finish()]);
	}

	/** The rows from `first` on, by the chunks that they are in. */
	private parts(first: number, count: number): { chunk: Chunk; from: number; to: number }[] {
		return this.chunks
			.map((chunk) => ({
				chunk,
				from: Math.max(first, chunk.first),
				to: Math.min(first + count, chunk.first + chunk.count)
			}))
			.filter(({ from, to }) => from < to);
	}

	async values(): Promise<Float32Array> {
		const all = new Float32Array(this.count * this.width);
		for (const { buffer, first, count } of this.chunks)
			all.set(await read(this.device, buffer, 0, count * this.width), first * this.width);
		return all;
	}

	/** Mean, inverse length and missing direction per row; made once. */
	async stats(chunk: Chunk, metric: Metric): Promise<GPUBuffer> {
		const known = chunk.stats.get(metric);
		if (known) return known;
		const { device } = this;
		const compiled = await pipeline(device, 'row stats', () => statsWgsl);
		const own = emptyBuffer(device, 16 * chunk.count);
		const job = uniform(device, Uint32Array.of(this.width, chunk.count, metric === 'correlation' ? 1 : 0, 0));
		const encoder = device.createCommandEncoder();
		dispatch(device, encoder, compiled, [chunk.buffer, own, job], spread(Math.ceil(chunk.count / THREADS), device));
		device.queue.submit([encoder.finish()]);
		job.destroy();
		chunk.stats.set(metric, own);
		return own;
	}

	dispose(): void {
		for (const { buffer, stats } of this.chunks) {
			buffer.destroy();
			stats.forEach((one) => one.destroy());
			stats.clear();
		}
	}
}

/** A buffer of a job's numbers, or of so many bytes for them. */
export function uniform(device: GPUDevice, content: Uint32Array<ArrayBuffer> | number): GPUBuffer {
	const bytes = typeof content === 'number' ? content : content.byteLength;
	const buffer = device.createBuffer({
		size: Math.ceil(bytes / 16) * 16,
		usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST
	});
	if (typeof content !== 'number') device.queue.writeBuffer(buffer, 0, content);
	return buffer;
}

/** One dispatch in a pass of its own; buffers are bound in order, those that the shader does not look at being null. */
export function dispatch(
	device: GPUDevice,
	encoder: GPUCommandEncoder,
	compiled: GPUComputePipeline,
	buffers: readonly (GPUBuffer | null)[],
	[x, y]: readonly [number, number]
): void {
	const pass = encoder.beginComputePass();
	pass.setPipeline(compiled);
	pass.setBindGroup(
		0,
		device.createBindGroup({
			layout: compiled.getBindGroupLayout(0),
			entries: buffers.flatMap((buffer, binding) => (buffer ? [{ binding, resource: { buffer } }] : []))
		})
	);
	pass.dispatchWorkgroups(x, y);
	pass.end();
}

/** What lies between two numbers, as a shader adds it up. */
export function metricCode(metric: Metric, code: string): string {
	const unit = isUnit(metric);
	const scaled = (stats: string) => `let s = ${stats}[row]; return (value - s.x) * s.y;`;
	return code
		.replaceAll('#ADD', metric === 'manhattan' ? 'abs(x)' : 'x * x')
		.replace('#QUERY_VALUE', unit ? scaled('queryStats') : 'return value;')
		.replace('#CANDIDATE_VALUE', unit ? scaled('candidateStats') : 'return value;')
		.replace(
			'#EXTRA',
			unit ? '{ let gap = queryStats[from_row].z - candidateStats[to_row].z; sum += gap * gap; }' : ''
		);
}

/** Whether rows are compared by their directions alone. */
export const isUnit = (metric: Metric) => metric === 'cosine' || metric === 'correlation';
