import { LabError } from '#contracts/errors.ts';
import { filled } from '#engine/model/input-shape.ts';
import { refuseSilentTraps } from '#engine/model/layers/mapping.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** The `{class_name, config}` of a TF.js layers file, wherever its writer put it. */
export function modelConfig(topology: unknown): JsonObject {
	const outer = isObject(topology) ? topology : {};
	const inner = isObject(outer['model_config']) ? outer['model_config'] : outer;
	if (typeof inner['class_name'] !== 'string' || !inner['config'])
		throw new LabError('The file has no network in it: class_name and config are missing.', 'Save the model again.');
	return inner;
}

/** The layers of a model's config, one level deep. */
export function layersOf(config: Json | undefined): JsonObject[] {
	const layers = Array.isArray(config) ? config : isObject(config) ? config['layers'] : null;
	return Array.isArray(layers) ? layers.filter(isObject) : [];
}

const WRAPPED = new Set(['Sequential', 'Model', 'Functional']);

/** Every layer with its config as the file has it, nested models included. */
export function* eachLayer(model: JsonObject): Generator<{ className: string; name: string; config: JsonObject }> {
	for (const layer of layersOf(model['config'])) {
		const className = String(layer['class_name']);
		const config = isObject(layer['config']) ? layer['config'] : {};
		if (WRAPPED.has(className)) yield* eachLayer(layer);
		else yield { className, name: String(config['name'] ?? layer['name'] ?? className), config };
	}
}

/** What is not needed to run a model: how its weights would be started, punished or bounded. */
const TRAINING_ONLY = /_(regularizer|constraint)$/;

/** What an input of open size becomes: what the user chose; `open` leaves it open, for a model that does not run. */
type InputShape = readonly [number, number, number] | 'open';

/**
 * A copy that builds fast and safely: weights start as zeros (they are overwritten), training settings are dropped, and
 * unknown input sizes are filled in.
 * @throws LabError for what TF.js would compute wrongly, and with code `shape-needed` for a size that must be asked
 */
export function prepared(model: JsonObject, inputShape?: InputShape): JsonObject {
	for (const { className, name, config } of eachLayer(model)) refuseSilentTraps(className, name, config);
	return copy(model, inputShape) as JsonObject;
}

function copy(value: Json, inputShape?: InputShape, key = ''): Json {
	if (TRAINING_ONLY.test(key)) return null;
	if (key.endsWith('_initializer')) return { class_name: 'Zeros', config: {} };
	if (key === 'batch_input_shape' && Array.isArray(value) && inputShape !== 'open')
		return filled(value as (number | null)[], inputShape) as Json;
	if (Array.isArray(value)) return value.map((item) => copy(item, inputShape));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copy(v, inputShape, k)]));
}
