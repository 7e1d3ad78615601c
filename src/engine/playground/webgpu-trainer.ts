import type { Metrics, PlaneNetwork, PlaygroundSpec, Snapshot, Trainer } from '#contracts/playground.ts';
import { report } from '#engine/device.ts';
import { bufferOf, emptyBuffer, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import { JOB, trainTable, type TrainedNetwork, type TrainTable } from '#engine/playground/train-table.ts';
import wgsl from '#engine/playground/train.wgsl?raw';
import { epochOrder, rateAt, stepFactors } from '#maths/playground/schedule.ts';

/** Milliseconds that a dispatch should take: short enough for the page to draw between two, and for every watchdog. */
const MIN_MS = 10;
const MAX_MS = 40;
/** Indices that are sent with a dispatch at most. */
const MAX_INDICES = 1 << 20;

/**
 * Threads of a workgroup. An emulated GPU runs four at once and pays for each wait of the others: on SwiftShader four were
 * five times as fast as 64 for one small network, and twelve times for 64 of them.
 */
function lanesFor(width: number): number {
	if (report().software) return 4;
	return width > 1024 ? 256 : 64;
}

const shader = (inStorage: boolean) =>
	wgsl
		.replace(
			'#ARENA',
			inStorage
				? '@group(0) @binding(6) var<storage, read_write> arena : array<f32>;'
				: 'var<workgroup> arena : array<f32, ARENA>;'
		)
		.replace('#IN_STORAGE', inStorage ? '1u' : '0u')
		.replaceAll('#SYNC', inStorage ? 'workgroupBarrier();\n\t\t\tstorageBarrier();' : 'workgroupBarrier();');

/**
 * Networks trained on the GPU, a workgroup each: many updates in one dispatch, parameters and a batch's numbers in the
 * workgroup's memory where they fit, else in a buffer. Only metrics and snapshots are read back.
 */
export class WebgpuTrainer implements Trainer {
	readonly kind = 'webgpu';
	private perDispatch = 4;
	private readonly orders = new Map<TrainedNetwork, { epoch: number; order: Uint32Array }>();
	private disposed = false;

	/**
	 * Compiles in the background.
	 * @param asked threads of a workgroup, instead of what suits the device
	 * @throws Error without WebGPU, or for a specification that cannot be trained
	 */
	static async create(specs: readonly PlaygroundSpec[], requested?: number): Promise<WebgpuTrainer> {
		const { device } = gpuBackend();
		const table = trainTable(specs);
		const { limits } = device;
		const lanes = Math.min(requested ?? lanesFor(table.width), limits.maxComputeInvocationsPerWorkgroup);
		// The tally at the end takes four numbers for each lane.
		const inStorage = 4 * table.arena.max + 16 * lanes > limits.maxComputeWorkgroupStorageSize;
		// Sizes in steps, so that networks of nearly the same size share a pipeline.
		const room = inStorage ? 1 : Math.min(512 * Math.ceil(table.arena.max / 512), fit(limits, lanes));
		const constants = { LANES: lanes, ...(inStorage ? {} : { ARENA: room }) };
		const compiled = await pipeline(
			device,
			`train ${lanes} ${inStorage ? 'storage' : room}`,
			() => shader(inStorage),
			constants
		);
		return new WebgpuTrainer(device, compiled, table, inStorage);
	}

	private readonly state: GPUBuffer;
	private readonly table: GPUBuffer;
	private readonly samples: GPUBuffer;
	private readonly figures: GPUBuffer;
	private readonly arena: GPUBuffer | null;

	private constructor(
		private readonly device: GPUDevice,
		private readonly compiled: GPUComputePipeline,
		private readonly known: TrainTable,
		inStorage: boolean
	) {
		this.state = bufferOf(device, known.state, GPUBufferUsage.COPY_SRC);
		this.table = bufferOf(device, known.table);
		this.samples = bufferOf(device, known.samples);
		this.figures = emptyBuffer(device, 16 * known.networks.length, GPUBufferUsage.COPY_SRC);
		this.arena = inStorage ? emptyBuffer(device, 4 * known.arena.all) : null;
	}

	get networks(): number {
		return this.known.networks.length;
	}

	private network(index: number): TrainedNetwork {
		const found = this.known.networks[index];
		if (!found) throw new RangeError(`There is no network ${index}.`);
		return found;
	}

	/** Which samples the next updates take: written from `at` on; returns how many numbers. */
	private plan(network: TrainedNetwork, steps: number, indices: Uint32Array, at: number, rates: Float32Array): number {
		const { spec, data, perEpoch } = network;
		const { batch, order: kind } = spec.learning;
		const samples = data.train.y.length;
		let end = at;
		for (let i = 0; i < steps; i++) {
			const step = network.step + i;
			const epoch = Math.floor(step / perEpoch);
			let known = this.orders.get(network);
			if (known?.epoch !== epoch) {
				const order = kind === 'fixed' && known ? known.order : epochOrder(samples, spec.seed, epoch, kind);
				this.orders.set(network, (known = { epoch, order }));
			}
			const first = (step % perEpoch) * batch;
			const some = known.order.subarray(first, first + batch);
			indices.set(some, end);
			end += some.length;
			const { rate, first: one, second } = stepFactors(spec.learning, step, perEpoch);
			rates.set([rate, one, second, some.length], 4 * i);
		}
		return end - at;
	}

	/** One dispatch over all networks. */
	private submit(steps: number, evaluate: boolean): void {
		const { device } = this;
		const { networks } = this.known;
		const trained = networks.map(({ data }) => (data.train.y.length ? steps : 0));
		const max = networks.reduce(
			(sum, { spec, data }) => sum + steps * Math.min(spec.learning.batch, data.train.y.length),
			0
		);
		const jobs = new Uint32Array(JOB * networks.length + max);
		const factors = new Float32Array(4 * Math.max(1, networks.length * steps));
		let at = JOB * networks.length;
		for (const [n, network] of networks.entries()) {
			const own = trained[n] as number;
			jobs.set([own, network.step, at, n * steps, evaluate ? 1 : 0], JOB * n);
			at += this.plan(network, own, jobs, at, factors.subarray(4 * n * steps, 4 * (n + 1) * steps));
			network.step += own;
		}
		const job = bufferOf(device, jobs);
		const factor = bufferOf(device, factors);
		const buffers = [this.table, this.samples, job, factor, this.state, this.figures];
		const group = device.createBindGroup({
			layout: this.compiled.getBindGroupLayout(0),
			entries: [...buffers, ...(this.arena ? [this.arena] : [])].map((buffer, binding) => ({
				binding,
				resource: { buffer }
			}))
		});
		const encoder = device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		pass.setPipeline(this.compiled);
		pass.setBindGroup(0, group);
		pass.dispatchWorkgroups(networks.length);
		pass.end();
		device.queue.submit([encoder.finish()]);
		// Buffers in use live on until the queue is done with them.
		job.destroy();
		factor.destroy();
	}

	async step(steps: number): Promise<void> {
		const perStep = this.known.networks.reduce((sum, { spec, data }) => {
			return sum + Math.min(spec.learning.batch, data.train.y.length);
		}, 1);
		const cap = Math.max(1, Math.floor(MAX_INDICES / perStep));
		for (let done = 0; done < steps && !this.disposed;) {
			const some = Math.min(this.perDispatch, steps - done, cap);
			const began = performance.now();
			this.submit(some, false);
			await this.device.queue.onSubmittedWorkDone();
			const took = performance.now() - began;
			if (took < MIN_MS && some === this.perDispatch) this.perDispatch = Math.min(cap, 2 * this.perDispatch);
			else if (took > MAX_MS) this.perDispatch = Math.max(1, this.perDispatch >> 1);
			done += some;
		}
	}

	async metrics(): Promise<Metrics[]> {
		const steps = this.known.networks.map(({ step }) => step);
		this.submit(0, true);
		const figures = await read(this.device, this.figures, 0, 4 * this.networks);
		return this.known.networks.map(({ spec, data, perEpoch }, n) => {
			const step = steps[n] as number;
			const set = (offset: number, count: number) => ({
				loss: (figures[4 * n + offset] as number) / count,
				accuracy: data.classes ? (figures[4 * n + offset + 1] as number) / count : NaN
			});
			return {
				step,
				epoch: step / perEpoch,
				rate: rateAt(spec.learning, step / perEpoch),
				train: set(0, data.train.y.length),
				test: set(2, data.test.y.length)
			};
		});
	}

	async snapshot(network: number): Promise<Snapshot> {
		const { parameters, layout, step } = this.network(network);
		const count = layout.parameters;
		const values = await read(this.device, this.state, parameters, 3 * count + layout.running);
		return {
			step,
			parameters: values.slice(0, count),
			slots: values.slice(count, 3 * count),
			running: values.slice(3 * count)
		};
	}

	async restore(network: number, { step, parameters, slots, running }: Snapshot): Promise<void> {
		const own = this.network(network);
		if (parameters.length !== own.layout.parameters) throw new RangeError('The weights are of another network.');
		own.step = step;
		for (const [offset, values] of [
			[own.parameters, parameters],
			[own.slots, slots],
			[own.running, running]
		] as const)
			if (values.length) this.device.queue.writeBuffer(this.state, 4 * offset, Float32Array.from(values));
	}

	async setParameter(network: number, index: number, value: number): Promise<void> {
		const { parameters, layout } = this.network(network);
		if (!(index >= 0 && index < layout.parameters)) throw new RangeError(`There is no parameter ${index}.`);
		this.device.queue.writeBuffer(this.state, 4 * (parameters + index), Float32Array.of(value));
	}

	/** Where a network's numbers lie on the GPU, for fields. */
	resident(network: number): Omit<PlaneNetwork, 'parameters' | 'running'> & {
		buffer: GPUBuffer;
		/** In floats. */
		parameters: number;
		running: number;
	} {
		const { spec, layout, parameters, running } = this.network(network);
		const { network: shape, learning } = spec;
		return { network: shape, loss: learning.loss, outputs: layout.outputs, buffer: this.state, parameters, running };
	}

	dispose(): void {
		this.disposed = true;
		for (const buffer of [this.state, this.table, this.samples, this.figures, this.arena]) buffer?.destroy();
	}
}

/** Floats of workgroup memory beside the tally. */
const fit = ({ maxComputeWorkgroupStorageSize }: GPUSupportedLimits, lanes: number) =>
	Math.floor((maxComputeWorkgroupStorageSize - 16 * lanes) / 4);
