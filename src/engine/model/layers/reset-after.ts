import { layers, type RNN, type Shape } from '@tensorflow/tfjs-layers';
import { registerOwn } from '#engine/model/layers/registered.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';

/**
 * The gated unit as Keras has it by default, and TF.js lacks it: the reset gate is applied after the product with the
 * recurrent kernel, which has a bias of its own (Cho et al. 2014, first version; the variant that cuDNN computes).
 */

type Weight = layers.Layer['weights'][number];
type Settings = ConstructorParameters<typeof RNN>[0] & {
	units: number;
	useBias?: boolean;
	activation?: string;
	recurrentActivation?: string;
};
type ActivationName = Parameters<typeof layers.activation>[0]['activation'];

const activation = (name: string) => layers.activation({ activation: name as ActivationName });
const applied = (layer: layers.Layer, x: tf.Tensor) => layer.call(x, {}) as tf.Tensor;

class Cell extends layers.RNNCell {
	static className = 'VitrineGRUCell';
	readonly stateSize: number;
	#kernel!: Weight;
	#recurrent!: Weight;
	#bias: Weight | null = null;
	readonly #activation: layers.Layer;
	readonly #gate: layers.Layer;

	constructor(private readonly settings: Settings) {
		super(settings as ConstructorParameters<typeof layers.RNNCell>[0]);
		this.stateSize = settings.units;
		this.#activation = activation(settings.activation ?? 'tanh');
		this.#gate = activation(settings.recurrentActivation ?? 'sigmoid');
	}

	override build(inputShape: Shape | Shape[]): void {
		const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as number[];
		const gates = 3 * this.stateSize;
		this.#kernel = this.addWeight('kernel', [shape.at(-1) as number, gates]);
		this.#recurrent = this.addWeight('recurrent_kernel', [this.stateSize, gates]);
		// The inputs' bias, then the state's.
		if (this.settings.useBias !== false) this.#bias = this.addWeight('bias', [2, gates]);
		this.built = true;
	}

	override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
		const [x, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
		return tf.tidy(() => {
			const gates = (rows: tf.Tensor2D, weight: Weight, which: 0 | 1) => {
				const product = tf.matMul(rows, weight.read() as tf.Tensor2D);
				const bias = this.#bias && tf.slice(this.#bias.read(), [which, 0], [1, 3 * this.stateSize]);
				return tf.split(bias ? tf.add(product, bias) : product, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
			};
			const [xUpdate, xReset, xNew] = gates(x, this.#kernel, 0);
			const [hUpdate, hReset, hNew] = gates(state, this.#recurrent, 1);
			const update = applied(this.#gate, tf.add(xUpdate, hUpdate));
			const reset = applied(this.#gate, tf.add(xReset, hReset));
			const fresh = applied(this.#activation, tf.add(xNew, tf.mul(reset, hNew)));
			const next = tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), fresh));
			// An output and a state, each a tensor of its own.
			return [next, tf.clone(next)];
		});
	}

	/** Bidirectional makes its two from it. */
	override getConfig(): tf.serialization.ConfigDict {
		return { ...super.getConfig(), ...(this.settings as unknown as tf.serialization.ConfigDict) };
	}
}

class Gated extends layers.RNN {
	static override className = 'VitrineGRU';

	constructor(settings: Settings) {
		super({ ...settings, cell: new Cell(settings) });
	}

	/** Not from a cell of the file, as its parent has it. */
	static override fromConfig<T extends tf.serialization.Serializable>(
		cls: tf.serialization.SerializableConstructor<T>,
		config: tf.serialization.ConfigDict
	): T {
		return new cls(config);
	}
}

registerOwn(Cell);
registerOwn(Gated);

const REPLACED: ReadonlyMap<string, string> = new Map([
	['GRU', Gated.className],
	['GRUCell', Cell.className]
]);

/** The class that computes a layer as its file says. */
export const classFor = (className: string, config: JsonObject): string =>
	(config['reset_after'] === true && REPLACED.get(className)) || className;
