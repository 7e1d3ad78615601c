import type { StepFactors } from '#maths/playground/schedule.ts';
import type { OptimiserSpec } from '#maths/playground/spec.ts';

/**
 * One update of the parameters from `from` to before `to`, in place.
 * @param slots two numbers of memory per parameter
 * @param l1 penalties, 0 for what is no weight (as is the decay of AdamW)
 */
export function update(
	optimiser: OptimiserSpec,
	{ rate, first, second }: StepFactors,
	parameters: Float32Array,
	gradient: Float64Array,
	slots: Float32Array,
	from: number,
	to: number,
	{ l1, l2, decay }: { l1: number; l2: number; decay: number }
): void {
	const threshold = rate * l1;
	const kept = 1 - rate * decay;
	for (let i = from; i < to; i++) {
		const old = parameters[i] as number;
		const g = (gradient[i] as number) + l2 * old;
		let next: number;
		switch (optimiser.kind) {
			case 'sgd':
				next = old - rate * g;
				break;
			case 'momentum': {
				const v = optimiser.momentum * (slots[2 * i] as number) + g;
				slots[2 * i] = v;
				next = old - rate * v;
				break;
			}
			case 'rmsprop': {
				const s = optimiser.decay * (slots[2 * i] as number) + (1 - optimiser.decay) * g * g;
				slots[2 * i] = s;
				next = old - (rate * g) / (Math.sqrt(s) + optimiser.epsilon);
				break;
			}
			default: {
				const { beta1, beta2, epsilon } = optimiser;
				const m = beta1 * (slots[2 * i] as number) + (1 - beta1) * g;
				const v = beta2 * (slots[2 * i + 1] as number) + (1 - beta2) * g * g;
				slots[2 * i] = m;
				slots[2 * i + 1] = v;
				next = kept * old - (first * m) / (Math.sqrt(v) * second + epsilon);
			}
		}
		if (threshold > 0) next = next > threshold ? next - threshold : next < -threshold ? next + threshold : 0;
		parameters[i] = next;
	}
}
