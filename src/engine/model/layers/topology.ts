import * as v from 'valibot';
import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import { customClass, isOperation, plainConfig } from '#engine/model/layers/keras3.ts';
import type { Call, LayerPlan, ModelPlan, Reference } from '#engine/model/layers/plan.ts';
import { endpoints, Uses, type NamedCall, type NamedReference } from '#engine/model/layers/references.ts';
import { isObject, parseJson, type Json, type JsonObject } from '#maths/json.ts';

/** The topology of a TF.js layers file -> a plan: every name is looked up here, in its own model, and nowhere else. */

const MAX_LAYERS = 100_000;
const NESTED = new Set(['Sequential', 'Model', 'Functional']);

/** No layer has more outputs. */
const MAX_OUTPUTS = 1000;

/** A model whose network is code: a class of its own, without a list of layers. */
function isCode({ class_name: className, config }: JsonObject): boolean {
	const listed = isObject(config) ? config['layers'] : config;
	return !NESTED.has(String(className)) && !Array.isArray(listed);
}

/** What Keras 3 keeps of a layer's input. */
function builtShape({ build_config: built }: JsonObject): Shape | null {
	const shape = isObject(built) ? built['input_shape'] : null;
	const fits = Array.isArray(shape) && shape.length <= 8;
	return fits && shape.every((n) => n === null || Number.isSafeInteger(n)) ? (shape as Shape) : null;
}

const json = v.custom<JsonObject>(isObject);
const Network = v.looseObject({ class_name: v.string(), config: v.union([json, v.custom<Json[]>(Array.isArray)]) });
const Layer = v.looseObject({ class_name: v.string(), config: json, name: v.optional(v.nullable(v.string())) });

const damaged = (what: string) => new LabError(what, 'Save the model again.');

function readText(text: string): Json {
	try {
		return parseJson(text);
	} catch {
		return null;
	}
}

/** The `{class_name, config}` of a TF.js layers file, wherever its writer put it. @throws LabError */
export function modelConfig(topology: unknown): JsonObject {
	const outer = isObject(topology) ? topology : {};
	const given = outer['model_config'];
	// In a .h5 file it is a text, which some converters hand on.
	const config = typeof given === 'string' ? readText(given) : given;
	const inner = isObject(config) ? config : outer;
	if (!v.is(Network, inner)) throw damaged('The file has no network in it: class_name and config are missing.');
	return inner as JsonObject;
}

/**
 * @param model its `{class_name, config}`
 * @throws LabError naming the layer that refers to what is not there, that bears another's name, or whose class is code
 */
export function modelPlan(model: JsonObject): ModelPlan {
	return new Reader().model(model, '');
}

interface Found {
	plan: Omit<LayerPlan, 'calls'>;
	given: NamedCall[];
	/** As Keras 3 saw it while it was built. */
	built: Shape | null;
}

class Reader {
	#count = 0;

	/** @param path of the nested model; empty for the whole */
	model(model: JsonObject, path: string): ModelPlan {
		const className = String(model['class_name']);
		const config = model['config'] ?? null;
		const listed = Array.isArray(config) ? config : isObject(config) ? config['layers'] : null;
		const where = path ? `The model "${path}"` : 'The network';
		if (isCode(model))
			throw new LabError(
				`${where} is of the class "${className.slice(0, 80)}", which is code that the file does not hold.`,
				'Build it as a Functional or Sequential model, or export it as a TF.js graph model.'
			);
		if (!Array.isArray(listed) || !listed.length) throw damaged(`${where} has no layers.`);
		if (listed.length > MAX_LAYERS) throw damaged(`${where} has ${listed.length} layers, more than can be shown.`);
		const settings = isObject(config) ? config : {};
		const name = typeof settings['name'] === 'string' ? settings['name'] : (path.split('/').at(-1) ?? '');
		const found = listed.map((layer, i) => this.#layer(layer, i, path));
		const sequential = className === 'Sequential' || Array.isArray(config);
		return (sequential ? chain : connected)(name, found, settings, path);
	}

	#layer(value: Json, index: number, path: string): Found {
		const at = path ? ` of "${path}"` : '';
		if (!v.is(Layer, value)) throw damaged(`Layer ${index + 1}${at} has no proper class_name, name and config.`);
		if (++this.#count > MAX_LAYERS) throw damaged('The network has more layers than can be shown.');
		const layer = value as unknown as JsonObject;
		const config = plainConfig(value.config);
		const named = config['name'] ?? value.name ?? `${value.class_name}_${index + 1}`;
		if (typeof named !== 'string') throw damaged(`Layer ${index + 1}${at} has a name that is no text.`);
		const inPath = path ? `${path}/${named}` : named;
		const nested = NESTED.has(value.class_name) || Array.isArray(config['layers']);
		const operation = isOperation(layer);
		const custom = nested || operation ? null : customClass(layer);
		const plan = {
			name: named,
			path: inPath,
			className: value.class_name,
			config,
			trainable: config['trainable'] !== false,
			inner: nested && !isCode(layer) ? this.model(layer, inPath) : null,
			...(custom
				? { code: `The layer "${inPath}" is of the class "${custom}", which is code that the file does not hold` }
				: {}),
			...(operation ? { operation } : {})
		};
		const open = operation || custom !== null || /Attention$|^Lambda$/.test(value.class_name);
		return { plan, given: new Uses(inPath, open).read(layer['inbound_nodes']), built: builtShape(layer) };
	}
}

const inputLayer = (name: string, path: string, config: JsonObject): LayerPlan => ({
	name,
	path: path ? `${path}/${name}` : name,
	className: 'InputLayer',
	config: { ...config, name },
	trainable: false,
	inner: null,
	calls: [{ inputs: [] }]
});

/** The layer that says which shape goes into a model. */
function entrance({ layers, inputs }: ModelPlan): LayerPlan | undefined {
	return inputs[0] && layers[inputs[0].layer];
}

/** What the first layer says of what goes in, in any of Keras's words. */
function ownShape({ className, config }: Found['plan']): Json | undefined {
	if (config['batch_input_shape']) return config['batch_input_shape'];
	if (Array.isArray(config['input_shape'])) return [null, ...config['input_shape']];
	if (className === 'Dense' && typeof config['input_dim'] === 'number') return [null, config['input_dim']];
	return undefined;
}

/** A Sequential model: each layer is given what the one before gives. */
function chain(name: string, found: readonly Found[], settings: JsonObject, path: string): ModelPlan {
	const before = (index: number): Call => ({ inputs: [{ layer: index - 1, call: 0, output: 0 }] });
	const { plan: first } = found[0] as Found;
	const layers: LayerPlan[] = [];
	if (first.className !== 'InputLayer') {
		const inner = first.inner && entrance(first.inner);
		const shape = ownShape(first) ?? inner?.config['batch_input_shape'] ?? settings['build_input_shape'];
		const { dtype = null } = inner?.config ?? first.config;
		const called = inner?.name ?? `${first.name}_input`;
		layers.push(inputLayer(called, path, { batch_input_shape: shape ?? null, dtype }));
	}
	for (const [i, { plan }] of found.entries()) {
		const next = found[i + 1]?.built;
		const calls = plan.className === 'InputLayer' ? [{ inputs: [] }] : [before(layers.length)];
		if (plan.className === 'InputLayer' && layers.length)
			throw damaged(`The input "${plan.path}" stands behind other layers.`);
		layers.push({ ...plan, ...(next ? { shapes: [next] } : {}), calls });
	}
	const last = { layer: layers.length - 1, call: 0, output: 0 };
	return { name, layers, inputs: [{ layer: 0, call: 0, output: 0 }], outputs: [last] };
}

/** A Functional model: each layer says by name what it is given. */
function connected(name: string, found: readonly Found[], settings: JsonObject, path: string): ModelPlan {
	const indices = new Map<string, number>();
	for (const [i, { plan }] of found.entries()) {
		if (indices.has(plan.name)) throw damaged(`Two layers are called "${plan.path}": they cannot be told apart.`);
		indices.set(plan.name, i);
	}
	const inputs = endpoints(settings['input_layers']);
	const outputs = endpoints(settings['output_layers']);
	const where = path ? `The model "${path}"` : 'The network';
	if (!inputs?.length || !outputs?.length) throw damaged(`${where} does not say its inputs and outputs properly.`);
	const lookup = new Lookup(found, indices, [
		...outputs,
		...found.flatMap(({ given }) => given.flatMap((call) => call.inputs))
	]);
	const shapes = shapesSeen(found);
	const layers = found.map(({ plan, given }): LayerPlan => {
		if (plan.className === 'InputLayer') return { ...plan, calls: [{ inputs: [] }] };
		const calls = given.map(({ inputs: read, positional, named }) => ({
			inputs: read.map((reference) => lookup.resolved(reference, `The layer "${plan.path}" reads`)),
			...(plan.operation || /Attention$/.test(plan.className) ? { given: { positional, named } } : {})
		}));
		const seen = shapes.get(plan.name);
		return { ...plan, ...(seen ? { shapes: seen } : {}), calls };
	});
	for (const { name: input } of inputs) {
		const layer = layers[indices.get(input) ?? -1];
		if (layer && layer.className !== 'InputLayer')
			throw damaged(`${where} takes "${layer.path}" for an input, which is none.`);
	}
	const resolved = (list: readonly NamedReference[], what: string) =>
		list.map((reference) => lookup.resolved(reference, `${where} takes as ${what}`));
	return { name, layers, inputs: resolved(inputs, 'input'), outputs: resolved(outputs, 'output') };
}

/** The shapes of outputs, as those say who read them. */
function shapesSeen(found: readonly Found[]): Map<string, (Shape | null)[]> {
	const seen = new Map<string, (Shape | null)[]>();
	for (const { inputs, shapes } of found.flatMap(({ given }) => given))
		inputs.forEach(({ name, output }, i) => {
			if (output > MAX_OUTPUTS) return;
			const own = seen.get(name) ?? [];
			for (let k = own.length; k <= output; k++) own.push(null);
			own[output] ??= shapes[i] ?? null;
			seen.set(name, own);
		});
	return seen;
}

/** Names of one model -> indices. */
class Lookup {
	/** Nested models whose uses are counted from one: their making counts as the first. */
	readonly #fromOne = new Set<string>();

	constructor(
		private readonly found: readonly Found[],
		private readonly indices: ReadonlyMap<string, number>,
		references: readonly NamedReference[]
	) {
		const seen = new Map<string, Set<number>>();
		for (const { name, call } of references) seen.set(name, (seen.get(name) ?? new Set()).add(call));
		for (const { plan, given } of found)
			if (plan.inner && !seen.get(plan.name)?.has(0) && given.length) this.#fromOne.add(plan.name);
	}

	/** @param who begins the sentence if it is not there */
	resolved({ name, call, output }: NamedReference, who: string): Reference {
		const layer = this.indices.get(name);
		if (layer === undefined) throw damaged(`${who} "${name.slice(0, 100)}", a layer that is not in the file.`);
		const { plan, given } = this.found[layer] as Found;
		const index = call - Number(this.#fromOne.has(name));
		const uses = plan.className === 'InputLayer' ? 1 : given.length;
		if (index < 0 || index >= uses)
			throw damaged(
				`${who} use ${call} of the layer "${plan.path}", which is used ${uses === 1 ? 'once' : `${uses} times`}.`
			);
		return { layer, call: index, output };
	}
}
