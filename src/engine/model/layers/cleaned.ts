import * as layers from '@tensorflow/tfjs-layers';
import { Activation } from '@tensorflow/tfjs-layers/dist/activations';
import { LabError } from '#contracts/errors.ts';
import * as kit from '#engine/model/kit.ts';
import { activationOf } from '#engine/model/layers/activations.ts';
import { ordered } from '#engine/model/layers/order.ts';
import type { LayerPlan } from '#engine/model/layers/plan.ts';
import { classFor } from '#engine/model/layers/reset-after.ts';
import { checkSettings } from '#engine/model/layers/settings.ts';
import { modelPlan } from '#engine/model/layers/topology.ts';
import { refuseSilentTraps } from '#engine/model/layers/traps.ts';
import { operators } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** Settings as tfjs-layers gets them: with names of ours, and nothing that only training needs. */

export interface Context {
	/** Of the layer, for sentences. */
	path: string;
	keras: 2 | 3;
}

/** What is not needed to run a layer: how its weights would be started, punished or bounded. */
const TRAINING_ONLY = /_(initializer|regularizer|constraint)$/;
const INNER = new Set(['layer', 'cell', 'forward_layer', 'backward_layer']);
/** What TF.js takes for the name of a tensor. */
const VALID_NAME = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;

const known = () => tf.serialization.SerializationMap.getMap().classNameMap;

export function isKnown(className: string): boolean {
	if (!Object.hasOwn(known(), className)) return false;
	const made: unknown = known()[className]?.[0];
	return typeof made === 'function' && made.prototype instanceof layers.layers.Layer;
}

/** A layer that is shown and not computed. */
export class UnknownLayer extends LabError {}

export const unknownLayer = (className: string, path: string) =>
	new UnknownLayer(
		`The layer "${path}" cannot be computed: its type "${className.slice(0, 80)}" is not known to TF.js.`,
		'Export the model without it, or as a TF.js graph model.'
	);

/** Activations within recurrent layers, which run as themselves: registered with tfjs-layers as they are asked for. */
function activationName(given: Json | undefined, { keras }: Context): string {
	const activation = activationOf(given, keras, () => null);
	if (!activation) return 'linear';
	const { type, attributes } = activation;
	const className = `Vitrine${type}${keras}`;
	if (!Object.hasOwn(known(), className)) {
		const compute = operators.get(type)?.compute;
		if (!compute) throw new Error(`There is no operator ${type}.`);
		const node = { id: type, type, attributes, inputs: [], shape: [], dtype: 'float32', weights: [], group: [] };
		const none = () => undefined;
		class Registered extends Activation {
			static className = className;
			apply(x: tf.Tensor): tf.Tensor {
				const y = compute?.([x], { tf: kit, node, optional: none, weight: () => x });
				return Array.isArray(y) ? (y[0] as tf.Tensor) : (y as tf.Tensor);
			}
		}
		tf.serialization.registerClass(Registered);
	}
	return className;
}

/** What TF.js calls otherwise, or refuses though it is computed here. */
function adapted(className: string, config: JsonObject): JsonObject {
	if (className === 'LeakyReLU') return { ...config, alpha: config['negative_slope'] ?? config['alpha'] ?? 0.3 };
	// Every run begins anew, and what was unrolled is the same loop.
	return config['stateful'] || config['unroll'] ? { ...config, stateful: false, unroll: false } : config;
}

/** Settings as tfjs-layers gets them. */
export function cleaned(className: string, file: JsonObject, name: string, context: Context): JsonObject {
	const config = adapted(className, file);
	const kept = Object.entries(config).filter(
		([key]) => !TRAINING_ONLY.test(key) && key !== 'batch_input_shape' && key !== 'batch_shape' && key !== 'input_shape'
	);
	const clean = Object.fromEntries(
		kept.map(([key, value]): [string, Json] => {
			if (key === 'activation' || key === 'recurrent_activation') return [key, activationName(value, context)];
			if (INNER.has(key) && isObject(value)) return [key, wrapped(value, context)];
			if (key === 'cells' && Array.isArray(value))
				return [key, value.map((cell) => (isObject(cell) ? wrapped(cell, context) : cell))];
			return [key, value];
		})
	);
	return { ...clean, name, dtype: 'float32' };
}

/** A layer within another. */
function wrapped(layer: JsonObject, context: Context): JsonObject {
	const { class_name: className, config } = layer;
	if (typeof className !== 'string' || !isObject(config)) throw unknownLayer('?', context.path);
	if (Array.isArray(config['layers'])) return wrappedModel(layer, context);
	if (!isKnown(className)) throw unknownLayer(className, context.path);
	refuseSilentTraps(className, context.path, config, true);
	const given = typeof config['name'] === 'string' && VALID_NAME.test(config['name']) ? config['name'] : 'inner';
	// Keras 3 writes the name that the direction gave it; TF.js gives it once more.
	const name = given.replace(/^forward_(?=.)/, '');
	return { class_name: classFor(className, config), config: cleaned(className, config, name, context) };
}

/** A model within a wrapper, which tfjs-layers builds: sound first of all. */
function wrappedModel(layer: JsonObject, context: Context): JsonObject {
	const plan = modelPlan(layer);
	ordered(plan);
	const config = layer['config'] as JsonObject;
	const inner = (config['layers'] as JsonObject[]).map((item, i) => {
		const {
			className,
			config: own,
			name,
			inner: nested
		} = plan.layers[i + Number(plan.layers.length > (config['layers'] as Json[]).length)] as LayerPlan;
		if (nested || !VALID_NAME.test(name))
			throw new LabError(
				`The layer "${context.path}" wraps a model that is not computed here: its layer "${name.slice(0, 80)}".`,
				'Export the model as a TF.js graph model.'
			);
		if (!isKnown(className)) throw unknownLayer(className, context.path);
		checkSettings(className, `${context.path}/${name}`, own);
		refuseSilentTraps(className, `${context.path}/${name}`, own, true);
		const shape = own['batch_input_shape'];
		return {
			...item,
			class_name: classFor(className, own),
			name,
			config: { ...cleaned(className, own, name, context), ...(shape ? { batch_input_shape: shape } : {}) }
		};
	});
	return { class_name: layer['class_name'] as Json, config: { ...config, layers: inner } };
}
