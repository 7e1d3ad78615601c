import type { FieldPayload } from '#contracts/field.ts';
import type { PlaneNetwork, PlaneRequest, PlaygroundSpec, Trainer, TrainerKind } from '#contracts/playground.ts';

export interface Planes {
	payload: FieldPayload;
	transfer: Transferable[];
}

/** A way to train and to draw: typed arrays in a thread of their own, or the WebGPU device. */
export interface PlaygroundEngine {
	readonly kind: TrainerKind;
	/** Milliseconds of training between two looks at what else is asked. */
	readonly slice: number;
	/** What one trainer may take, in bytes. */
	readonly maxBytes: number;
	/** @throws Error where this engine cannot be used now */
	create(specs: readonly PlaygroundSpec[]): Promise<Trainer>;
	/** A field of given weights, [planes × height, width]. */
	planes(network: PlaneNetwork, request: PlaneRequest): Promise<Planes>;
	/** One field of some networks of a trainer that this engine made: their planes one after the other. */
	trainedPlanes(trainer: Trainer, networks: readonly number[], request: PlaneRequest): Promise<Planes>;
}
