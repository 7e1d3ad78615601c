import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** Keras 3 writes objects where Keras 2 wrote words. What is here says the same in the words of Keras 2. */

/** What a file says of its writer: Keras 3 defines some activations otherwise. */
export function kerasMajor(topology: JsonObject): 2 | 3 {
	const version = topology['keras_version'];
	if (typeof version === 'string' && /^\d/.test(version)) return Number.parseInt(version, 10) >= 3 ? 3 : 2;
	return marked(topology) ? 3 : 2;
}

/** TF.js samples, pads and rounds otherwise in places. */
export const writtenByTfjs = (topology: JsonObject) => /^tfjs/.test(String(topology['keras_version']));

/** Whether any layer, a few levels down, bears what only Keras 3 writes. */
function marked(value: Json, depth = 0): boolean {
	if (depth > 6) return false;
	if (Array.isArray(value)) return value.slice(0, 8).some((item) => marked(item, depth + 1));
	if (!isObject(value)) return false;
	if (typeof value['module'] === 'string' || Array.isArray(value['batch_shape'])) return true;
	return ['model_config', 'config', 'layers'].some((key) => marked(value[key] ?? null, depth + 1));
}

/** The class of a layer that its writer made: it is code, which the file does not hold. Null for Keras's own. */
export function customClass(layer: JsonObject): string | null {
	const { registered_name: registered, module } = layer;
	if (layer['class_name'] === 'Lambda') return 'Lambda';
	const own = typeof module === 'string' && !/^(keras|tensorflow|tf_keras)\b/.test(module);
	if (typeof registered === 'string' && registered.includes('>')) return registered;
	return own ? `${module as string}.${String(layer['class_name'])}` : null;
}

/** A function that stands as a layer: by Keras 3 under the module that it comes from, by Keras 2 in a layer for all of them. */
export function isOperation({ module, class_name: className }: JsonObject): boolean {
	if (className === 'TFOpLambda' || className === 'SlicingOpLambda') return true;
	return typeof module === 'string' && /^keras\.(src\.)?ops\b/.test(module);
}

/** The same layer settings in the words of Keras 2. */
export function plainConfig(config: JsonObject): JsonObject {
	const entries = Object.entries(config).map(([key, value]): [string, Json] => [key, plainValue(key, value)]);
	const plain = Object.fromEntries(entries);
	if (plain['batch_input_shape'] === undefined && plain['batch_shape'] !== undefined)
		plain['batch_input_shape'] = plain['batch_shape'];
	return plain;
}

function plainValue(key: string, value: Json): Json {
	if (!isObject(value)) return value;
	if (key === 'dtype') return policyName(value);
	// A function: its name is in its settings.
	if (value['class_name'] === 'function' && typeof value['config'] === 'string') return value['config'];
	if (key === 'layer' || key === 'cell' || key === 'forward_layer' || key === 'backward_layer')
		return plainLayer(value);
	return value;
}

/** A layer within a layer's settings: of a wrapper, or the cell of a recurrent one. */
function plainLayer(layer: JsonObject): JsonObject {
	return isObject(layer['config']) ? { ...layer, config: plainConfig(layer['config']) } : layer;
}

/** `{class_name: 'DTypePolicy', config: {name: 'mixed_float16'}}` and `{config: {name}}` -> the name. */
function policyName(policy: JsonObject): Json {
	const name = isObject(policy['config']) ? policy['config']['name'] : null;
	return typeof name === 'string' ? name : 'float32';
}
