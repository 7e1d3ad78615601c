import { ACTIVATIONS, LOSSES, type Dataset, type PlaygroundSpec } from '#maths/playground/spec.ts';
import { dataset, derivedInputs } from '#maths/playground/data.ts';
import { dropoutSeed, dropoutThreshold } from '#maths/playground/dropout.ts';
import {
	initialParameters,
	initialRunning,
	networkLayout,
	outputsOf,
	specProblem,
	type NetworkLayout
} from '#maths/playground/layout.ts';
import { stepsPerEpoch } from '#maths/playground/schedule.ts';

/** What the shader knows of its networks: the twin of the constants in train.wgsl. */

const HEAD = 40;
const LAYER = 16;
/** Rows that are looked at together at least, however small the batches are. */
const MIN_ROWS = 16;
/** Numbers at the head of a network's job. */
export const JOB = 8;

const OPTIMISERS = ['sgd', 'momentum', 'rmsprop', 'adam', 'adamw'] as const;

export interface TrainedNetwork {
	spec: PlaygroundSpec;
	data: Dataset;
	layout: NetworkLayout;
	perEpoch: number;
	/** Rows that the work space holds. */
	batch: number;
	/** Where its numbers begin among all networks' state. */
	parameters: number;
	slots: number;
	running: number;
	step: number;
}

export interface TrainTable {
	networks: TrainedNetwork[];
	table: Uint32Array<ArrayBuffer>;
	/** Inputs and targets of all data sets. */
	samples: Float32Array<ArrayBuffer>;
	/** Parameters, the optimisers' memory and running figures of all networks. */
	state: Float32Array<ArrayBuffer>;
	/** Floats of work space: of the network that wants most, and of all together. */
	arena: { max: number; all: number };
	/** Products that can be worked on at once in the widest layer. */
	width: number;
}

/** Networks on the same points share them. */
class Samples {
	readonly values: number[] = [];
	private readonly known = new Map<string, { features: number; targets: number }>();

	offsetsOf({ data, network }: PlaygroundSpec, set: Dataset): { features: number; targets: number } {
		const key = data.kind === 'points' ? null : JSON.stringify([data, network.inputs]);
		const found = key === null ? undefined : this.known.get(key);
		if (found) return found;
		const features = this.values.length;
		for (const part of [set.train, set.test]) this.append(derivedInputs(part, network.inputs));
		const targets = this.values.length;
		for (const part of [set.train, set.test]) this.append(part.y);
		if (key !== null) this.known.set(key, { features, targets });
		return { features, targets };
	}

	private append(values: ArrayLike<number>) {
		for (let i = 0; i < values.length; i++) this.values.push(values[i] as number);
	}
}

const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0] as number;

function optimiserValues({ optimiser }: PlaygroundSpec['learning']): number[] {
	switch (optimiser.kind) {
		case 'sgd':
			return [0, 0, 0, 0, 0, 0];
		case 'momentum':
			return [optimiser.momentum, 0, 0, 0, 0, 0];
		case 'rmsprop':
			return [optimiser.decay, 0, optimiser.epsilon, 0, 0, 0];
		default: {
			const { beta1, beta2, epsilon } = optimiser;
			const decay = optimiser.kind === 'adamw' ? optimiser.weightDecay : 0;
			return [beta1, beta2, epsilon, decay, 1 - beta1, 1 - beta2];
		}
	}
}

/** @throws Error for a specification that cannot be trained */
export function trainTable(specs: readonly PlaygroundSpec[]): TrainTable {
	const samples = new Samples();
	const words: number[] = specs.map(() => 0);
	const networks: TrainedNetwork[] = [];
	const states: Float32Array[] = [];
	let [offset, max, all, width] = [0, 0, 0, 1];
	for (const [index, spec] of specs.entries()) {
		const { network, learning, seed } = spec;
		const data = dataset(spec.data);
		const problem = specProblem(spec, data.classes);
		if (problem) throw new Error(problem);
		const layout = networkLayout(network, outputsOf(learning.loss, data.classes));
		const [train, test] = [data.train.y.length, data.test.y.length];
		const batch = Math.max(1, Math.min(Math.max(learning.batch, MIN_ROWS), Math.max(train, test)));
		const own = { parameters: offset, slots: offset + layout.parameters, running: offset + 3 * layout.parameters };
		states.push(
			initialParameters(layout, network.initialiser, seed),
			new Float32Array(2 * layout.parameters),
			initialRunning(layout)
		);
		offset = own.running + layout.running;
		const { features, targets } = samples.offsetsOf(spec, data);
		const perEpoch = stepsPerEpoch(train, learning.batch);
		networks.push({ spec, data, layout, perEpoch, batch, ...own, step: 0 });

		// The arena: parameters, rows, then each layer's numbers for a batch.
		let end = layout.parameters;
		const room = (floats: number) => (end += floats) - floats;
		const rows = room(batch * layout.inputs);
		let x = rows;
		const layers = layout.layers.map(({ inputs, units, weights, bias, scale, running, before }, l) => {
			const z = room(batch * units);
			const fed = l < layout.layers.length - 1 ? room(batch * units) : 0;
			const normed = scale >= 0;
			const raw = normed ? room(batch * units) : 0;
			const inverse = normed ? room(units) : 0;
			const from = x;
			x = fed;
			width = Math.max(width, batch * units, inputs * units);
			return [inputs, units, weights, bias, normed ? 1 : 0, Math.max(0, running), before, from, z, fed, raw, inverse];
		});
		const base = all;
		all += end;
		max = Math.max(max, end);

		words[index] = words.length;
		const head = [
			...[layout.parameters, layout.inputs, layers.length, layout.outputs],
			...[ACTIVATIONS.indexOf(network.activation), LOSSES.indexOf(learning.loss)],
			...[OPTIMISERS.indexOf(learning.optimiser.kind), batch, 0, 0],
			...[own.parameters, own.slots, own.running, base, rows, (layers.at(-1) as number[])[8] as number],
			...[features, targets, train, test, dropoutSeed(seed), dropoutThreshold(network.dropout)],
			...[1 / (1 - network.dropout), network.l1, network.l2, ...optimiserValues(learning)].map(bits)
		];
		for (const [words_, size] of [[head, HEAD] as const, ...layers.map((layer) => [layer, LAYER] as const)])
			words.push(...words_, ...Array.from({ length: size - words_.length }, () => 0));
	}
	const state = new Float32Array(Math.max(1, offset));
	let at = 0;
	for (const part of states) {
		state.set(part, at);
		at += part.length;
	}
	return {
		networks,
		table: Uint32Array.from(words),
		samples: Float32Array.from(samples.values.length ? samples.values : [0]),
		state,
		arena: { max, all },
		width
	};
}
