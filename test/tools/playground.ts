import type { PlaneNetwork } from '#maths/playground/field.ts';
import { initialParameters, networkLayout } from '#maths/playground/layout.ts';
import { OPTIMISERS } from '#maths/playground/schedule.ts';
import { ACTIVATIONS, DERIVED_INPUTS, LOSSES } from '#maths/playground/spec.ts';
import type { LearningSpec, NetworkSpec, PlaygroundSpec } from '#maths/playground/spec.ts';

export interface Changes {
	data?: Partial<PlaygroundSpec['data']>;
	network?: Partial<NetworkSpec>;
	learning?: Partial<LearningSpec>;
	seed?: number;
}

/** TensorFlow Playground's page as it opens, with some things changed. */
export function playground({ data, network, learning, seed = 1 }: Changes = {}): PlaygroundSpec {
	return {
		data: { kind: 'circle', size: 500, noise: 0, trainShare: 0.5, seed, ...data },
		network: {
			inputs: ['x1', 'x2'],
			hidden: [4, 2],
			activation: 'tanh',
			initialiser: 'uniform',
			l1: 0,
			l2: 0,
			dropout: 0,
			batchNorm: false,
			...network
		},
		learning: {
			loss: 'squared-tanh',
			optimiser: { kind: 'sgd' },
			rate: 0.03,
			schedule: { kind: 'constant' },
			batch: 10,
			order: 'fixed',
			...learning
		},
		seed
	};
}

/** A network with weights, biases and running figures that all count. */
export function planeNetwork(changes: Changes, outputs: number): PlaneNetwork {
	const { network, learning } = playground(changes);
	const layout = networkLayout(network, outputs);
	const running = Float32Array.from({ length: layout.running }, (_, i) => 0.5 + 0.4 * Math.sin(i));
	const parameters = initialParameters(layout, 'glorot-normal', 5).map((v, i) => v + 0.1 * Math.cos(i));
	return { network, loss: learning.loss, outputs, parameters, running };
}

/**
 * Networks that are no numbers from some layer on, as training that diverged leaves them: one of every loss with a weight
 * of the second of three layers that is none, and one whose finite weights are too large for their sums.
 */
export function lostNetworks(): PlaneNetwork[] {
	const outputs = { 'cross-entropy': 3, logistic: 1, 'squared-tanh': 1, squared: 1 } as const;
	const lost = LOSSES.map((loss, i) => {
		const activation = (['tanh', 'relu', 'sigmoid', 'linear'] as const)[i] ?? 'tanh';
		const one = planeNetwork({ network: { hidden: [5, 6], activation }, learning: { loss } }, outputs[loss]);
		one.parameters[17] = [NaN, Infinity, -Infinity, NaN][i] ?? NaN;
		return one;
	});
	const large = planeNetwork({ network: { hidden: [5, 6], activation: 'linear' }, learning: { loss: 'logistic' } }, 1);
	return [...lost, { ...large, parameters: large.parameters.map((v) => 1e15 * v) }];
}

/** Training that diverges within an epoch; a tanh would saturate instead. */
export const divergingCases = (): PlaygroundSpec[] =>
	(['logistic', 'cross-entropy'] as const).map((loss) =>
		playground({ data: { kind: 'moons' }, network: { activation: 'linear' }, learning: { loss, rate: 1e30 } })
	);

/** One of everything that a trainer can do, on small networks; what both trainers are held against. */
export function trainerCases(): [name: string, spec: PlaygroundSpec][] {
	const data = { kind: 'spirals', size: 60, noise: 0.1, trainShare: 0.7 } as const;
	const small = (changes: Changes) =>
		playground({
			...changes,
			data: { ...data, ...changes.data },
			network: { hidden: [5, 3], initialiser: 'glorot-uniform', ...changes.network },
			learning: { loss: 'cross-entropy', order: 'shuffled', batch: 8, ...changes.learning }
		});
	const cases: [string, PlaygroundSpec][] = [];
	for (const activation of ACTIVATIONS) cases.push([activation, small({ network: { activation } })]);
	for (const kind of ['sgd', 'momentum', 'rmsprop', 'adam', 'adamw'] as const)
		cases.push([kind, small({ learning: { optimiser: OPTIMISERS[kind] }, network: { l1: 0.002, l2: 0.01 } })]);
	cases.push(
		['logistic', small({ data: { kind: 'moons' }, learning: { loss: 'logistic' } })],
		['squared tanh, one output', small({ data: { kind: 'xor' }, learning: { loss: 'squared-tanh' } })],
		['squared tanh, three outputs', small({ learning: { loss: 'squared-tanh' } })],
		['squared, a plane', small({ data: { kind: 'plane' }, learning: { loss: 'squared' } })],
		['dropout', small({ network: { dropout: 0.4 } })],
		['batch normalisation', small({ network: { batchNorm: true } })],
		[
			'batch normalisation and dropout with Adam',
			small({
				network: { batchNorm: true, dropout: 0.25, activation: 'relu' },
				learning: { optimiser: OPTIMISERS.adam, rate: 0.01 }
			})
		],
		['step schedule', small({ learning: { schedule: { kind: 'step', every: 1, factor: 0.5 } } })],
		['cosine schedule', small({ learning: { schedule: { kind: 'cosine', over: 2, floor: 0.1 } } })],
		['exponential schedule', small({ learning: { schedule: { kind: 'exponential', every: 2, factor: 0.3 } } })],
		['no hidden layer', small({ network: { hidden: [] } })],
		['a batch larger than the data', small({ learning: { batch: 500 } })],
		['a batch that leaves a rest', small({ learning: { batch: 5, order: 'fixed' } })],
		['all inputs, wide and deep', small({ network: { inputs: DERIVED_INPUTS, hidden: [9, 7, 6, 5], l2: 0.003 } })],
		['wider than 256 and deeper than 8', small({ network: { hidden: [300, 4, 4, 4, 4, 4, 4, 4, 4, 4] } })]
	);
	return cases;
}
