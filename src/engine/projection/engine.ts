import type { ProjectionFrame } from '#contracts/projection.ts';
import type { Principal } from '#maths/projection/principal.ts';
import type { Fidelity } from '#maths/projection/quality.ts';
import type { Metric, Neighbours, Step } from '#maths/projection/rows.ts';

/** What a projection is made of, on whichever engine the worker has. */

/** Rows where the engine can work on them. */
export interface HeldRows {
	readonly count: number;
	readonly width: number;
	/** All numbers, for the processor. */
	values(): Promise<Float32Array>;
	dispose(): void;
}

/** How a long job hears and is heard. */
export interface Control {
	readonly signal: AbortSignal;
	/** What comes now, and how much of the whole is done after it. */
	phase(phase: ProjectionFrame['phase'], upTo: number): void;
	/** Within the phase; positions are copied if they are shown. */
	step(step: Step): void;
	/** Whether positions would be shown now: reading them costs. */
	readonly wantsFrame: boolean;
}

export type Search = 'auto' | 'exact' | 'approximate';

export interface NeighbourGraph {
	neighbours: Neighbours;
	/** 1 where every pair was looked at. */
	recall: number;
}

/**
 * The device, as kernels of a method get it: they see nothing of TF.js, since threads without it read their file too. What
 * they make of buffers is destroyed when they are done.
 */
export interface Gpu {
	readonly device: GPUDevice;
	/** Bytes that one binding may have. */
	readonly maxBinding: number;
	/** Compiled in the background, once for each key. */
	pipeline(
		key: string,
		code: string,
		constants?: Record<string, number>,
		entryPoint?: string
	): Promise<GPUComputePipeline>;
	/** A storage buffer with these numbers, or of so many bytes. */
	storage(content: Float32Array | Uint32Array | number): GPUBuffer;
	/** A uniform buffer with these numbers, or of so many bytes. */
	uniform(content: Uint32Array | number): GPUBuffer;
	/** By their numbers in the shader. */
	bind(compiled: GPUComputePipeline, bound: Readonly<Record<number, GPUBuffer | GPUBufferBinding>>): GPUBindGroup;
	/** Workgroups over two axes, where one does not take as many. */
	spread(groups: number): [number, number];
	/** One submission, until it is done. @throws AbortError where it was cancelled meanwhile */
	submit(record: (pass: GPUComputePassEncoder) => void): Promise<void>;
	/** The first numbers of a storage buffer. */
	read(buffer: GPUBuffer, count: number): Promise<Float32Array>;
}

/** What a method computes by itself, in a form for each kind of engine: the engine runs one of them and knows no method. */
export interface Kernels<Input, Result> {
	/** On typed arrays, in the calling thread (`drive` runs long jobs of maths). */
	typed(input: Input, control: Control): Promise<Result>;
	/** On the GPU; without it, typed arrays compute there too. */
	gpu?(input: Input, gpu: Gpu, control: Control): Promise<Result>;
	/** Whether an input fits the GPU and is quicker there; without it, each is. */
	suits?(input: Input, gpu: Pick<Gpu, 'maxBinding'>): boolean;
}

export interface ProjectionEngine {
	/** In words. */
	readonly title: string;
	/** @throws LabError `too-large` with what would fit */
	hold(values: Float32Array, width: number): Promise<HeldRows>;
	neighbours(
		rows: HeldRows,
		k: number,
		metric: Metric,
		search: Search,
		seed: number,
		control: Control
	): Promise<NeighbourGraph>;
	/** Of some held rows (by number), or of new ones (by their values): every pair is looked at. */
	nearest(
		rows: HeldRows,
		of: Int32Array | Float32Array,
		k: number,
		metric: Metric,
		control: Control
	): Promise<Neighbours>;
	/** @param enough rows that may stand for all where all would take long, as for a start */
	principal(rows: HeldRows, axes: number, seed: number, control: Control, enough?: number): Promise<Principal>;
	/** (rows - mean) x axes, `axes` being width x components: count x components. */
	projected(
		rows: HeldRows,
		axes: Float32Array | Float64Array,
		components: number,
		mean: Float64Array | undefined,
		control: Control
	): Promise<Float32Array>;
	/** @returns what came out, and what computed it, in words */
	run<Input, Result>(
		kernels: Kernels<Input, Result>,
		input: Input,
		control: Control
	): Promise<{ result: Result; engine: string }>;
	fidelity(
		rows: HeldRows,
		positions: Float32Array,
		dimensions: 2 | 3,
		k: number,
		metric: Metric,
		control: Control
	): Promise<Fidelity>;
}
