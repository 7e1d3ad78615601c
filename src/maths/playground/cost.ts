import { classCount } from '#maths/playground/data.ts';
import { networkLayout, outputsOf, productsOf } from '#maths/playground/layout.ts';
import type { PlaygroundSpec } from '#maths/playground/spec.ts';

export interface PlaygroundCost {
	parameters: number;
	/** Multiply-adds to train on one sample: forward, and twice as many backward. */
	operations: number;
	/** What a trainer keeps: parameters, the optimiser's memory, and the numbers of a batch. */
	bytes: number;
}

/** Known before anything is made. */
export function playgroundCost({ data, network, learning }: PlaygroundSpec): PlaygroundCost {
	const outputs = outputsOf(learning.loss, classCount(data));
	const { parameters, units, inputs } = networkLayout(network, outputs);
	const batch = Math.max(64, Math.min(learning.batch, data.size));
	const perUnit = 3 + (network.batchNorm ? 1 : 0) + (network.dropout > 0 ? 1 : 0);
	return {
		parameters,
		operations: 3 * productsOf({ network, outputs }),
		bytes: 20 * parameters + 8 * batch * (inputs + perUnit * units)
	};
}
