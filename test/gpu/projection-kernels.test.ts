import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import type { Control, Kernels, ProjectionEngine } from '#engine/projection/engine.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { gpuBackend } from '#engine/pipelines.ts';
import * as tf from '#engine/tf.ts';
import type { ProjectionMethod } from '#methods/projector.ts';

/** A method that is only here, as a file of `methods/projection/` would have it: rows on a spiral, a turn for each `turns`. */

interface Spiral {
	count: number;
	turns: number;
	/** Above, it is wound on typed arrays. */
	max: number;
}

const THREADS = 64;
const wgsl = `
	struct Job { count : u32, turns : u32 }
	@group(0) @binding(0) var<storage, read_write> positions : array<vec2f>;
	@group(0) @binding(1) var<uniform> job : Job;
	@compute @workgroup_size(64)
	fn main(@builtin(global_invocation_id) id : vec3u) {
		if (id.x >= job.count) { return; }
		let share = f32(id.x) / f32(job.count);
		let angle = 6.2831853 * f32(job.turns) * share;
		positions[id.x] = share * vec2f(cos(angle), sin(angle));
	}`;

const kernels: Kernels<Spiral, Float32Array> = {
	async typed({ count, turns }) {
		const angle = (i: number) => 2 * Math.PI * turns * (i / count);
		return Float32Array.from(
			{ length: 2 * count },
			(_, at) => ((at >> 1) / count) * (at & 1 ? Math.sin(angle(at >> 1)) : Math.cos(angle(at >> 1)))
		);
	},
	suits: ({ count, max }) => count <= max,
	async gpu({ count, turns }, gpu, control) {
		const compiled = await gpu.pipeline('spiral', wgsl);
		const storage = gpu.storage(8 * count);
		const group = gpu.bind(compiled, { 0: storage, 1: gpu.uniform(Uint32Array.of(count, turns)) });
		await gpu.submit((pass) => {
			pass.setPipeline(compiled);
			pass.setBindGroup(0, group);
			pass.dispatchWorkgroups(...gpu.spread(Math.ceil(count / THREADS)));
		});
		const positions = await gpu.read(storage, 2 * count);
		control.step({ done: 1, positions });
		return positions;
	}
};

const spiral = (own: Kernels<Spiral, Float32Array>, max = Infinity): ProjectionMethod => ({
	id: 'spiral',
	title: 'Spiral',
	order: 99,
	summary: 'Rows in their order.',
	paper: { authors: 'Archimedes', year: -225, title: 'On Spirals', url: 'https://en.wikipedia.org/wiki/On_Spirals' },
	equation: 'r = bθ',
	neighbours: false,
	parameters: [],
	async run({ engine, rows, control }) {
		control.phase('layout', 1);
		const { result, engine: woundBy } = await engine.run(own, { count: rows.count, turns: 3, max }, control);
		return { positions: result, recall: 1, engine: woundBy };
	}
});

const quiet = (signal = new AbortController().signal): Control => ({
	signal,
	phase() {},
	step() {},
	wantsFrame: false
});

async function mapped(engine: ProjectionEngine, method: ProjectionMethod, signal?: AbortSignal) {
	const rows = await engine.hold(new Float32Array(150), 1);
	const control = quiet(signal);
	try {
		return await method.run({
			...{ engine, rows, control, dimensions: 2, metric: 'euclidean', seed: 1, parameters: {} },
			neighbours: () => Promise.reject(new Error('It asks for none.'))
		});
	} finally {
		rows.dispose();
	}
}

const expected = await mapped(typedEngine, spiral(kernels));

function expectMap(found: Float32Array): void {
	expect(found.length).toBe(300);
	expect(Math.max(...found.map((value, at) => Math.abs(value - expected.positions[at]!)))).toBeLessThan(1e-3);
}

it.each(['webgl', 'wasm', 'cpu'] as const)('runs on typed arrays beside %s', async (backend) => {
	await startEngine(backend);
	const { positions, engine } = await mapped(tensorEngine(), spiral(kernels));
	expectMap(positions);
	expect(engine).toBe('typed arrays');
});

describe('on WebGPU', () => {
	/** Bytes of buffers that are there. */
	let there = 0;
	let createBuffer: GPUDevice['createBuffer'];

	beforeAll(async () => {
		await startEngine('webgpu');
		const { device } = gpuBackend();
		createBuffer = device.createBuffer.bind(device);
		device.createBuffer = (descriptor) => {
			const buffer = createBuffer(descriptor);
			const destroy = buffer.destroy.bind(buffer);
			there += descriptor.size;
			buffer.destroy = () => {
				there -= descriptor.size;
				destroy();
			};
			return buffer;
		};
	});
	beforeEach(() => gpuBackend().device.pushErrorScope('validation'));
	afterEach(async () => {
		expect((await gpuBackend().device.popErrorScope())?.message).toBeUndefined();
		expect(there).toBe(0);
	});
	afterAll(() => {
		gpuBackend().device.createBuffer = createBuffer;
		tf.removeBackend('webgpu');
	});

	it('runs there, and leaves no buffer', async () => {
		const { positions, engine } = await mapped(tensorEngine(), spiral(kernels));
		expectMap(positions);
		expect(engine).toBe('WebGPU');
	});

	it.each([
		['that does not suit', spiral(kernels, 149)],
		['that has no form for it', spiral({ typed: kernels.typed })]
	])('runs one %s on typed arrays, and says so', async (_, method) => {
		const { positions, engine } = await mapped(tensorEngine(), method);
		expect(positions).toEqual(expected.positions);
		expect(engine).toBe('WebGPU, laid out on typed arrays');
	});

	it('takes what just suits', async () => {
		expect((await mapped(tensorEngine(), spiral(kernels, 150))).engine).toBe('WebGPU');
	});

	it('stops when told to, and when a kernel fails, without a buffer left', async () => {
		const stopped = AbortSignal.abort();
		await expect(mapped(tensorEngine(), spiral(kernels), stopped)).rejects.toThrow(/cancelled/);
		const failing: typeof kernels = {
			...kernels,
			async gpu(_, gpu) {
				gpu.storage(Float32Array.of(1, 2, 3));
				throw new Error('It fails.');
			}
		};
		await expect(mapped(tensorEngine(), spiral(failing))).rejects.toThrow('It fails.');
	});
});
