import type { LayersForm } from '#contracts/model.ts';
import { isKnown } from '#engine/model/layers/cleaned.ts';
import type { LayerPlan, ModelPlan, Reference } from '#engine/model/layers/plan.ts';
import { isOwn } from '#engine/model/layers/registered.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** A network of Keras layers in the words of Keras 2, which TF.js reads. */

/** A network, or a layer, that TF.js has no words for: half a sentence. */
class NoForm extends Error {
	override readonly name = 'NoForm';
}

/** What TF.js takes for the name of a layer. */
const VALID_NAME = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;
/** What only training needs: punishments and bounds are left out, and initialisers that TF.js does not know. */
const PUNISHMENT = /_(regularizer|constraint)$/;
const INITIALISER = /_initializer$/;

const initialises = (value: Json) => isObject(value) && typeof value['class_name'] === 'string' && KNOWN.has(value['class_name']); // prettier-ignore
const KNOWN = new Set([
	...['Zeros', 'Ones', 'Constant', 'RandomUniform', 'RandomNormal', 'TruncatedNormal', 'Identity', 'VarianceScaling'],
	...['GlorotUniform', 'GlorotNormal', 'HeNormal', 'HeUniform', 'LeCunNormal', 'LeCunUniform', 'Orthogonal']
]);

function settings({ config, className }: LayerPlan, name: string): JsonObject {
	const kept = Object.entries(config).filter(
		([key, value]) => !PUNISHMENT.test(key) && !(INITIALISER.test(key) && !initialises(value))
	);
	const dtype = className === 'InputLayer' && typeof config['dtype'] === 'string' ? config['dtype'] : 'float32';
	return { ...Object.fromEntries(kept), name, dtype };
}

/** Its own making counts as the first use of a model within a model. */
const uses = ({ inner }: LayerPlan, call: number) => call + Number(inner !== null);

function reference({ layers }: ModelPlan, { layer, call, output }: Reference): Json[] {
	const plan = layers[layer] as LayerPlan;
	return [plan.name, uses(plan, call), output];
}

function layerOf(plan: LayerPlan, model: ModelPlan): JsonObject {
	const { name, className, inner, code, operation, calls } = plan;
	if (!VALID_NAME.test(name)) throw new NoForm(`TF.js takes no layer that is called “${name}”`);
	if (code !== undefined || operation) throw new NoForm(`TF.js has no layer like “${name}”`);
	const inbound = calls
		.filter(({ inputs }) => inputs.length)
		.map(({ inputs }) => inputs.map((input) => [...reference(model, input), {}]));
	if (inner) return { class_name: 'Functional', name, config: modelConfig(inner, name), inbound_nodes: inbound };
	if (className !== 'InputLayer' && (!isKnown(className) || isOwn(className)))
		throw new NoForm(`TF.js has no layer ${className} (“${name}”)`);
	return { class_name: className, name, config: settings(plan, name), inbound_nodes: inbound };
}

function modelConfig(plan: ModelPlan, name: string): JsonObject {
	return {
		name,
		layers: plan.layers.map((layer) => layerOf(layer, plan)),
		input_layers: plan.inputs.map((input) => reference(plan, input)),
		output_layers: plan.outputs.map((output) => reference(plan, output))
	};
}

/** Names of the graph's weights, layer by layer. */
function weightsOf(
	{ layers }: ModelPlan,
	path: readonly string[],
	names: (layer: LayerPlan) => readonly string[]
): LayersForm['weights'] {
	return layers.flatMap((layer) => {
		const own = [...path, layer.name];
		return layer.inner ? weightsOf(layer.inner, own, names) : [{ path: own, names: names(layer) }];
	});
}

/** @param names of the weights of a layer in the graph, in the order in which the layer has them */
export function layersForm(plan: ModelPlan, names: (layer: LayerPlan) => readonly string[]): LayersForm {
	try {
		const topology = { keras_version: '2.15.0', backend: 'tensorflow', model_config: { class_name: 'Functional', config: modelConfig(plan, plan.name || 'model') } }; // prettier-ignore
		return { topology, weights: weightsOf(plan, [], names), refusal: null };
	} catch (error) {
		if (!(error instanceof NoForm)) throw error;
		return { topology: {}, weights: [], refusal: error.message };
	}
}
