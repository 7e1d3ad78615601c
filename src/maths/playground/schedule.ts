import { shuffle, stream } from '#maths/random.ts';
import type { LearningSpec, OptimiserSpec } from '#maths/playground/spec.ts';

/** Which samples and which learning rate each update has: functions of its number alone, so that any step can be replayed. */

export const stepsPerEpoch = (samples: number, batch: number) => Math.max(1, Math.ceil(samples / batch));

/** Learning rate of the update after `epochs` epochs (a fraction within one). */
export function rateAt({ rate, schedule }: Pick<LearningSpec, 'rate' | 'schedule'>, epochs: number): number {
	switch (schedule.kind) {
		case 'constant':
			return rate;
		case 'step':
			return rate * schedule.factor ** Math.floor(epochs / schedule.every);
		case 'exponential':
			return rate * schedule.factor ** (epochs / schedule.every);
		case 'cosine': {
			const done = Math.min(1, epochs / schedule.over);
			return rate * (schedule.floor + (1 - schedule.floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
		}
	}
}

/** The numbers of a step that all parameters share: rate, and what undoes Adam's start from zero. */
export interface StepFactors {
	rate: number;
	/** rate / (1 - beta1^t) */
	first: number;
	/** 1 / √(1 - beta2^t) */
	second: number;
}

/** @param step counted from 0 */
export function stepFactors(learning: LearningSpec, step: number, perEpoch: number): StepFactors {
	const rate = rateAt(learning, step / perEpoch);
	const { optimiser } = learning;
	if (optimiser.kind !== 'adam' && optimiser.kind !== 'adamw') return { rate, first: rate, second: 1 };
	return {
		rate,
		first: rate / (1 - optimiser.beta1 ** (step + 1)),
		second: 1 / Math.sqrt(1 - optimiser.beta2 ** (step + 1))
	};
}

/** The order of the samples in an epoch. */
export function epochOrder(samples: number, seed: number, epoch: number, order: LearningSpec['order']): Uint32Array {
	const indices = Uint32Array.from({ length: samples }, (_, i) => i);
	return order === 'fixed' ? indices : shuffle(indices, stream(seed, 'order', epoch));
}

/** Defaults that papers and libraries agree on. */
export const OPTIMISERS: Readonly<Record<OptimiserSpec['kind'], OptimiserSpec>> = {
	sgd: { kind: 'sgd' },
	momentum: { kind: 'momentum', momentum: 0.9 },
	rmsprop: { kind: 'rmsprop', decay: 0.9, epsilon: 1e-7 },
	adam: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
	adamw: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 }
};
