import type { FieldContent, PlaneNetwork, PlaneRequest } from '#maths/playground/field.ts';
import type { Metrics, PlaygroundSpec, Snapshot } from '#maths/playground/spec.ts';

/** The playground as threads agree on it; what it consists of is plain data (maths/playground/spec.ts). */

export type * from '#maths/playground/spec.ts';
export type { FieldContent, PlaneNetwork, PlaneRequest, PlaneWindow } from '#maths/playground/field.ts';

export type TrainerKind = 'typed-arrays' | 'webgpu';

/** One or more networks in training; all take the same number of steps. Equal to the float64 reference on either engine. */
export interface Trainer {
	readonly kind: TrainerKind;
	/** How many networks. */
	readonly networks: number;
	/** So many updates of each network; without training points, none. */
	step(steps: number): Promise<void>;
	/** Loss and accuracy of each network now, on all of its points. */
	metrics(): Promise<Metrics[]>;
	snapshot(network: number): Promise<Snapshot>;
	/** Goes on from a snapshot, of this network or of one of the same layout. @throws RangeError for another layout */
	restore(network: number, snapshot: Snapshot): Promise<void>;
	/** Sets one parameter, by its index in `networkLayout`. */
	setParameter(network: number, index: number, value: number): Promise<void>;
	dispose(): void;
}

/** A field that the draw worker now has: `count` planes of height rows, one below the other, under one key. */
export interface SentPlanes {
	key: string;
	width: number;
	/** Of one plane. */
	height: number;
	count: number;
}

/** Planes of networks in training, and after how many updates of each. */
interface TrainedPlanes extends SentPlanes {
	step: number;
}

export interface StepReport {
	/** Of each network. */
	metrics: Metrics[];
	/** Milliseconds that training took, without metrics. */
	milliseconds: number;
}

export interface TrainingState {
	metrics: Metrics;
	snapshot: Snapshot;
}

export interface TrainerSpeed {
	kind: TrainerKind;
	/** Trained samples per second, of all networks together. */
	samples: number;
}

/**
 * What both workers answer that can train: the compute worker on its WebGPU device, the playground worker on typed
 * arrays. A handle is valid in the worker that gave it. Metrics of one call can be asked for while `playStep` runs.
 */
export interface PlaygroundApi {
	/**
	 * Makes networks, from specifications that may differ in everything, and returns a handle.
	 * @throws LabError `refused` with the reason, `too-large` for what the device cannot hold
	 */
	playCreate(specs: readonly PlaygroundSpec[]): Promise<number>;
	/**
	 * Trains until so many updates of each network are done; progress carries `StepReport`s about every `interval`
	 * milliseconds, the answer is the last. Cancelling stops between two updates; the networks stay as they are then.
	 */
	playStep(handle: number, steps: number, interval: number): Promise<StepReport>;
	playMetrics(handle: number): Promise<Metrics[]>;
	playSnapshot(handle: number, network: number): Promise<Snapshot>;
	/** Weights and figures of one moment, also while `playStep` runs. */
	playState(handle: number, network: number): Promise<TrainingState>;
	playRestore(handle: number, network: number, snapshot: Snapshot): Promise<void>;
	playSetParameter(handle: number, network: number, index: number, value: number): Promise<void>;
	/** Sends the planes of a network in training to the draw worker. */
	playField(handle: number, network: number, request: PlaneRequest, key: string): Promise<TrainedPlanes>;
	/** One field for many networks, as for a grid of models: the planes of each, one network after the other. */
	playFields(handle: number, networks: readonly number[], request: PlaneRequest, key: string): Promise<TrainedPlanes>;
	/** The same for weights from elsewhere: trained in the other worker, or of an earlier step. */
	playPlanes(network: PlaneNetwork, request: PlaneRequest, key: string): Promise<SentPlanes>;
	/** The outputs at many points, [outputs, points], in slices of time. */
	playOutputs(network: PlaneNetwork, x1: Float64Array, x2: Float64Array): Promise<Float32Array>;
	/** The values of one point, in the order of `PlaneRequest.content`. */
	playProbe(
		handle: number,
		network: number,
		point: readonly [number, number],
		content: FieldContent
	): Promise<Float32Array>;
	playDispose(handle: number): Promise<void>;
	/** How fast this worker trains such networks, measured for about `milliseconds` on a copy. */
	playMeasure(specs: readonly PlaygroundSpec[], milliseconds: number): Promise<TrainerSpeed>;
}
