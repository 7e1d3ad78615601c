import type { HeldRows, ProjectionEngine } from '#engine/projection/engine.ts';
import { gpuProjection } from '#engine/projection/gpu-engine.ts';
import { GpuRows } from '#engine/projection/gpu-rows.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import * as tf from '#engine/tf.ts';

/** Takes rows batch by batch, as a model makes them. */
export interface RowCollector {
	/** [batch, width]; the caller disposes. */
	add(batch: tf.Tensor2D): Promise<void>;
	/** All that were added. */
	rows(): Promise<HeldRows>;
	drop(): void;
}

/** An engine in the thread of tfjs. */
export interface TensorEngine extends ProjectionEngine {
	/** @throws LabError `too-large` with what would fit */
	collect(count: number, width: number): Promise<RowCollector>;
}

/** On the processor, for engines of tfjs that are there or do not share their memory. */
const onProcessor: TensorEngine = {
	...typedEngine,
	async collect(count, width) {
		// Only to be refused where so many do not fit.
		const held = await typedEngine.hold(new Float32Array(0), width);
		held.dispose();
		const values = new Float32Array(count * width);
		let next = 0;
		return {
			async add(batch) {
				const read = await batch.data();
				values.set(read, next);
				next += read.length;
			},
			rows: () => typedEngine.hold(values.subarray(0, next), width),
			drop: () => {}
		};
	}
};

const gpuEngine: TensorEngine = {
	...gpuProjection,
	async collect(count, width) {
		const rows = await GpuRows.create(count, width);
		let next = 0;
		return {
			async add(batch) {
				rows.copy(batch, next);
				next += batch.shape[0];
			},
			rows: async () => rows,
			drop: () => rows.dispose()
		};
	}
};

/** What suits the engine in use. */
export function tensorEngine(): TensorEngine {
	return tf.getBackend() === 'webgpu' ? gpuEngine : onProcessor;
}
