import type { Metrics, PlaygroundSpec, Snapshot, Trainer } from '#contracts/playground.ts';
import { TypedTraining } from '#maths/playground/training.ts';

/** Networks trained on typed arrays, in whichever thread this is called. */
export class TypedTrainer implements Trainer {
	readonly kind = 'typed-arrays';
	readonly trainings: readonly TypedTraining[];

	/** @throws Error for a specification that cannot be trained */
	constructor(specs: readonly PlaygroundSpec[]) {
		this.trainings = specs.map((spec) => new TypedTraining(spec));
	}

	get networks(): number {
		return this.trainings.length;
	}

	/** @throws RangeError for a network that is not there */
	training(network: number): TypedTraining {
		const training = this.trainings[network];
		if (!training) throw new RangeError(`There is no network ${network}.`);
		return training;
	}

	async step(steps: number): Promise<void> {
		for (const training of this.trainings) for (let i = 0; i < steps; i++) training.train();
	}

	async metrics(): Promise<Metrics[]> {
		return this.trainings.map((training) => training.metrics());
	}

	async snapshot(network: number): Promise<Snapshot> {
		return this.training(network).snapshot();
	}

	async restore(network: number, snapshot: Snapshot): Promise<void> {
		this.training(network).restore(snapshot);
	}

	async setParameter(network: number, index: number, value: number): Promise<void> {
		const { parameters } = this.training(network).network;
		if (!(index in parameters)) throw new RangeError(`There is no parameter ${index}.`);
		parameters[index] = value;
	}

	dispose(): void {}
}
