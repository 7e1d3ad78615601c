import { dataset, derivedInputs } from '#maths/playground/data.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';
import {
	initialParameters,
	initialRunning,
	networkLayout,
	outputsOf,
	specProblem,
	type LayerLayout,
	type NetworkLayout
} from '#maths/playground/layout.ts';
import { isRight, lossAt } from '#maths/playground/losses.ts';
import { TypedNetwork } from '#maths/playground/network.ts';
import { epochOrder, rateAt, stepFactors, stepsPerEpoch } from '#maths/playground/schedule.ts';
import type { Dataset, Metrics, PlaygroundSpec, SetMetrics, Snapshot } from '#maths/playground/spec.ts';
import { update } from '#maths/playground/update.ts';

/** Rows that are looked at together when nothing is trained. */
const CHUNK = 64;

const NO_PENALTY = { l1: 0, l2: 0, decay: 0 };

/** The training of one network on typed arrays. @throws Error for specifications that cannot be trained */
export class TypedTraining {
	readonly data: Dataset;
	readonly layout: NetworkLayout;
	readonly network: TypedNetwork;
	readonly perEpoch: number;
	step = 0;
	private readonly slots: Float32Array;
	private readonly features: { train: Float32Array; test: Float32Array };
	private readonly penalty: { l1: number; l2: number; decay: number };
	private order: Uint32Array = new Uint32Array(0);
	private ordered = -1;

	constructor(readonly spec: PlaygroundSpec) {
		const { network, learning, seed } = spec;
		this.data = dataset(spec.data);
		const problem = specProblem(spec, this.data.classes);
		if (problem) throw new Error(problem);
		this.layout = networkLayout(network, outputsOf(learning.loss, this.data.classes));
		this.network = new TypedNetwork(
			network,
			this.layout,
			initialParameters(this.layout, network.initialiser, seed),
			initialRunning(this.layout),
			Math.max(CHUNK, Math.min(learning.batch, this.data.train.y.length)),
			seed
		);
		this.slots = new Float32Array(2 * this.layout.parameters);
		this.features = {
			train: derivedInputs(this.data.train, network.inputs),
			test: derivedInputs(this.data.test, network.inputs)
		};
		this.perEpoch = stepsPerEpoch(this.data.train.y.length, learning.batch);
		const { optimiser } = learning;
		const decay = optimiser.kind === 'adamw' ? optimiser.weightDecay : 0;
		this.penalty = { l1: network.l1, l2: network.l2, decay };
	}

	/** One update; none without training points. */
	train(): void {
		const { learning, seed } = this.spec;
		const { network } = this;
		const samples = this.data.train.y;
		if (!samples.length) return;
		const epoch = Math.floor(this.step / this.perEpoch);
		if (epoch !== this.ordered) {
			if (learning.order === 'shuffled' || this.ordered < 0)
				this.order = epochOrder(samples.length, seed, epoch, learning.order);
			this.ordered = epoch;
		}
		const first = (this.step % this.perEpoch) * learning.batch;
		const count = Math.min(learning.batch, samples.length - first);
		for (let s = 0; s < count; s++) network.feed(s, this.features.train, this.order[first + s] as number);
		network.forward(count, this.step);
		const { outputs } = this.layout;
		for (let s = 0; s < count; s++)
			lossAt(
				learning.loss,
				network.outputs,
				s * outputs,
				outputs,
				samples[this.order[first + s] as number] as number,
				network.gradients,
				1 / count
			);
		network.backward(count, this.step);
		this.update();
		this.step++;
	}

	private update(): void {
		const { learning } = this.spec;
		const factors = stepFactors(learning, this.step, this.perEpoch);
		const { parameters, gradient } = this.network;
		for (let l = 0; l < this.layout.layers.length; l++) {
			const { weights, bias, units, scale } = this.layout.layers[l] as LayerLayout;
			const end = bias + units * (scale < 0 ? 1 : 2);
			update(learning.optimiser, factors, parameters, gradient, this.slots, weights, bias, this.penalty);
			update(learning.optimiser, factors, parameters, gradient, this.slots, bias, end, NO_PENALTY);
		}
	}

	metrics(): Metrics {
		const epoch = this.step / this.perEpoch;
		return {
			step: this.step,
			epoch,
			rate: rateAt(this.spec.learning, epoch),
			train: this.measured('train'),
			test: this.measured('test')
		};
	}

	private measured(set: 'train' | 'test'): SetMetrics {
		const { y } = this.data[set];
		const { network } = this;
		const { outputs } = this.layout;
		let [loss, right] = [0, 0];
		for (let first = 0; first < y.length; first += CHUNK) {
			const count = Math.min(CHUNK, y.length - first);
			for (let s = 0; s < count; s++) network.feed(s, this.features[set], first + s);
			network.forward(count, null);
			for (let s = 0; s < count; s++) {
				const target = y[first + s] as number;
				loss += lossAt(this.spec.learning.loss, network.outputs, s * outputs, outputs, target, null, 1);
				if (this.data.classes && isRight(network.outputs, s * outputs, outputs, target)) right++;
			}
		}
		return { loss: loss / y.length, accuracy: this.data.classes ? right / y.length : NaN };
	}

	snapshot(): Snapshot {
		const { parameters, running } = this.network;
		return { step: this.step, parameters: parameters.slice(), running: running.slice(), slots: this.slots.slice() };
	}

	/** What fields are made of; the numbers stay the training's own. */
	planeNetwork(): PlaneNetwork {
		const { parameters, running } = this.network;
		const { network, learning } = this.spec;
		return { network, loss: learning.loss, outputs: this.layout.outputs, parameters, running };
	}

	/** @throws RangeError for a snapshot of another network */
	restore({ step, parameters, running, slots }: Snapshot): void {
		if (parameters.length !== this.layout.parameters) throw new RangeError('The weights are of another network.');
		this.step = step;
		this.network.parameters.set(parameters);
		this.network.running.set(running);
		this.slots.set(slots);
	}
}
