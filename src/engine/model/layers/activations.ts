import { LabError } from '#contracts/errors.ts';
import type { AttributeValue } from '#contracts/graph.ts';
import { isObject, type JsonObject } from '#maths/json.ts';

/** Keras's activations by name in the words of the operator table, with Keras's own defaults. */

export interface Activation {
	type: string;
	attributes: Record<string, AttributeValue>;
}

type Attributes = Activation['attributes'];

const ACTIVATIONS: ReadonlyMap<string, readonly [type: string, attributes?: Attributes]> = new Map<
	string,
	[string, Attributes?]
>([
	['relu', ['Relu']],
	['relu6', ['Relu6']],
	['leaky_relu', ['LeakyRelu', { slope: 0.2 }]],
	['elu', ['Elu']],
	['selu', ['Selu']],
	['celu', ['Celu', { alpha: 1 }]],
	['sigmoid', ['Sigmoid']],
	['log_sigmoid', ['LogSigmoid']],
	['sparse_sigmoid', ['HardSigmoid', { slope: 0.5, offset: 0.5 }]],
	['tanh', ['Tanh']],
	['hard_tanh', ['HardTanh']],
	['tanh_shrink', ['TanhShrink']],
	['soft_shrink', ['SoftShrink', { threshold: 0.5 }]],
	['hard_shrink', ['HardShrink', { threshold: 0.5 }]],
	['softmax', ['Softmax']],
	['log_softmax', ['LogSoftmax']],
	['softplus', ['Softplus']],
	['sparse_plus', ['SparsePlus']],
	['squareplus', ['SquarePlus', { b: 4 }]],
	['softsign', ['Softsign']],
	['exponential', ['Exp']],
	['swish', ['Swish']],
	['silu', ['Swish']],
	['hard_swish', ['HardSwish']],
	['hard_silu', ['HardSwish']],
	['mish', ['Mish']],
	['gelu', ['Gelu']],
	['gelu_new', ['GeluTanh']]
]);

/** Layers that stand where an activation is named, as in `Dense(8, activation=LeakyReLU(0.1))`. */
const AS_LAYERS = new Set(['LeakyReLU', 'ReLU', 'ELU', 'Softmax']);

/** clip(0.2 x + 0.5) in Keras 2, relu6(x + 3) / 6 in Keras 3. */
const hardSigmoid = (keras: 2 | 3): Attributes => ({ slope: keras === 3 ? 1 / 6 : 0.2, offset: 0.5 });

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');

/**
 * The operator of an activation; null when it is linear.
 * @param asLayer what a layer of that class and settings becomes
 * @throws LabError naming it, if it is not known
 */
export function activationOf(
	given: unknown,
	keras: 2 | 3,
	asLayer: (className: string, config: JsonObject) => Activation | null
): Activation | null {
	if (given === undefined || given === null) return null;
	const name = isObject(given) ? given['class_name'] : given;
	if (typeof name !== 'string' || name.length > 100)
		throw new LabError('An activation of the model has no proper name.', 'Save the model again.');
	if (AS_LAYERS.has(name)) {
		const layer = asLayer(name, isObject(given) && isObject(given['config']) ? given['config'] : {});
		if (layer) return layer;
	}
	const plain = snake(name);
	if (plain === 'linear') return null;
	if (plain === 'hard_sigmoid') return { type: 'HardSigmoid', attributes: hardSigmoid(keras) };
	const found = ACTIVATIONS.get(plain);
	if (!found) throw new LabError(`The activation "${name}" is not known.`, 'Export the model with a known one.');
	const [type, attributes = {}] = found;
	return withSettings({ type, attributes: { ...attributes } }, name, given);
}

/** What the words of an activation mean that is given as an object. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
	['negative_slope', 'slope'],
	['alpha', 'alpha'],
	['threshold', 'threshold']
]);
const WITHOUT_MEANING = new Set(['name', 'dtype', 'trainable']);

/** @throws LabError for a setting that the activation has no place for */
function withSettings({ type, attributes }: Activation, name: string, given: unknown): Activation {
	const config = isObject(given) && isObject(given['config']) ? given['config'] : {};
	let chosen = type;
	for (const [key, value] of Object.entries(config)) {
		if (WITHOUT_MEANING.has(key) || value === null) continue;
		const attribute = type === 'LeakyRelu' && key === 'alpha' ? 'slope' : SETTINGS.get(key);
		const own = attribute !== undefined && (Object.hasOwn(attributes, attribute) || type === 'Elu');
		if (type === 'Gelu' && key === 'approximate') chosen = value === true ? 'GeluTanh' : 'Gelu';
		else if (own && typeof value === 'number' && Number.isFinite(value)) attributes[attribute] = value;
		else
			throw new LabError(
				`The activation "${name}" has the setting ${key.slice(0, 40)}, which is not known.`,
				'Export the model with a known one.'
			);
	}
	return { type: chosen, attributes };
}
