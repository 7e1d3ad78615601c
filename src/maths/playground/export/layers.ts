import { LEAK } from '#maths/playground/activations.ts';
import { VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import { denseParts, DERIVATIONS, isPlain, picking, type NamedWeight } from '#maths/playground/export/parts.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';
import type { Activation, Loss } from '#maths/playground/spec.ts';

/** A playground's network as Keras layers, in the words of TF.js. Keras has no sine: those are for the graph format. */

type Config = Record<string, unknown>;

const ACTIVATION: Readonly<Partial<Record<Activation, string>>> = {
	tanh: 'tanh',
	relu: 'relu',
	sigmoid: 'sigmoid',
	elu: 'elu',
	gelu: 'gelu',
	softplus: 'softplus'
};
const OUTPUT_ACTIVATION: Readonly<Record<Loss, string>> = {
	'cross-entropy': 'softmax',
	logistic: 'sigmoid',
	'squared-tanh': 'tanh',
	squared: 'linear'
};

/** Whether Keras has all that it is made of. */
export const hasLayers = ({ network }: Pick<PlaneNetwork, 'network'>) =>
	network.activation !== 'sine' && !network.inputs.some((input) => DERIVATIONS[input].sine);

/** @returns the topology and its weights, in the order of the file */
export function layersTopology(plane: PlaneNetwork): { topology: Config; weights: NamedWeight[] } {
	const { network, loss } = plane;
	const layers: Config[] = [];
	const weights: NamedWeight[] = [];
	const add = (className: string, name: string, config: Config, from: readonly string[]): string => {
		const inbound = from.length ? [from.map((id) => [id, 0, 0, {}])] : [];
		layers.push({
			class_name: className,
			name,
			config: { name, trainable: true, ...config },
			inbound_nodes: inbound
		});
		return name;
	};
	const weigh = (layer: string, role: string, shape: readonly number[], values: Float32Array) =>
		weights.push({ name: `${layer}/${role}`, shape, values });

	const point = add('InputLayer', 'point', { batch_input_shape: [null, 2], dtype: 'float32', sparse: false }, []);
	const axes = new Map<0 | 1, string>();
	const coordinate = (axis: 0 | 1): string => {
		const known = axes.get(axis);
		if (known) return known;
		const name = `x${axis + 1}`;
		const config = { units: 1, activation: 'linear', use_bias: false, trainable: false };
		add('Dense', name, config, [point]);
		weigh(name, 'kernel', [2, 1], picking(axis));
		axes.set(axis, name);
		return name;
	};
	const inputs = isPlain(network.inputs)
		? [point]
		: network.inputs.map((input) => {
				const from = DERIVATIONS[input].of.map(coordinate);
				return from.length === 1 ? (from[0] as string) : add('Multiply', input.replace(/-/g, '_'), {}, from);
			});
	let last = inputs.length === 1 ? (inputs[0] as string) : add('Concatenate', 'inputs', { axis: -1 }, inputs);

	const parts = denseParts(plane);
	for (const [l, { kernel, inputs: below, units, bias, norm }] of parts.entries()) {
		const isOutput = l === parts.length - 1;
		const name = isOutput ? 'output' : `hidden_${l + 1}`;
		const activation = isOutput ? OUTPUT_ACTIVATION[loss] : (ACTIVATION[network.activation] ?? 'linear');
		last = add('Dense', name, { units, activation: norm ? 'linear' : activation, use_bias: !norm }, [last]);
		weigh(name, 'kernel', [below, units], kernel);
		if (!norm) weigh(name, 'bias', [units], bias);
		else {
			const own = `${name}_norm`;
			last = add('BatchNormalization', own, { axis: -1, epsilon: VARIANCE_FLOOR, center: true, scale: true }, [last]);
			weigh(own, 'gamma', [units], norm.scale);
			weigh(own, 'beta', [units], bias);
			weigh(own, 'moving_mean', [units], norm.mean);
			weigh(own, 'moving_variance', [units], norm.variance);
		}
		if (isOutput) break;
		if (network.activation === 'leaky-relu') last = add('LeakyReLU', `${name}_leaky_relu`, { alpha: LEAK }, [last]);
		else if (norm) last = add('Activation', `${name}_${activation}`, { activation }, [last]);
		if (network.dropout > 0) last = add('Dropout', `${name}_dropout`, { rate: network.dropout }, [last]);
	}
	return {
		topology: {
			keras_version: 'tfjs-layers 4.22.0',
			backend: 'tensor_flow.js',
			model_config: {
				class_name: 'Functional',
				config: { name: 'playground', layers, input_layers: [[point, 0, 0]], output_layers: [[last, 0, 0]] }
			}
		},
		weights
	};
}
