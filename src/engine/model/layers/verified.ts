import * as tfl from '@tensorflow/tfjs-layers';
import type { Feeds, LayersForm, Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';

/** A layers file before it is written: built by TF.js itself, and held against the model that it is of. */

export interface VerifiedLayers {
	topology: JsonObject;
	/** Names as TF.js looks for them, and the graph's. */
	weights: readonly { name: string; from: string }[];
}

/** Relative to the largest number of an output. */
const TOLERANCE = 1e-5;

const ZEROS = { class_name: 'Zeros', config: {} };
/** What layers with one of these draw at random when they say nothing, which takes long. */
const DRAWN = ['kernel', 'recurrent', 'depthwise', 'pointwise', 'embeddings'].map((name) => [
	`${name}_initializer`,
	ZEROS
]);
const DRAWING = ['units', 'filters', 'kernel_size', 'output_dim'];

/** All weights are replaced at once: they start as zeros. */
function startingFromZero(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(startingFromZero);
	if (typeof value !== 'object' || value === null) return value;
	const own = Object.entries(value).map(([key, inner]) => {
		if (/_initializer$/.test(key)) return [key, ZEROS];
		// TF.js 4.22 leaves behind what it makes the ones of.
		return [key, key === 'unit_forget_bias' ? false : startingFromZero(inner)];
	});
	return Object.fromEntries(DRAWING.some((key) => key in value) ? [...own, ...DRAWN] : own);
}

const variables = () => Object.values(tf.engine().registeredVariables);

/** Every layer by its path. */
function* layersOf(model: tfl.LayersModel, path = ''): Generator<[path: string, layer: tfl.layers.Layer]> {
	for (const layer of model.layers) {
		const own = `${path}${layer.name}`;
		if (layer instanceof tfl.LayersModel) yield* layersOf(layer, `${own}/`);
		else yield [own, layer];
	}
}

/** The largest difference, relative to the largest number. */
async function difference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
	if (a.shape.join() !== b.shape.join()) return Infinity;
	const [most, size] = tf.tidy(() => [tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(a))]) as [tf.Tensor, tf.Tensor];
	const [[m = NaN], [n = NaN]] = (await Promise.all([most.data(), size.data()])) as unknown as [number[], number[]];
	tf.dispose([most, size]);
	return m / Math.max(n, 1e-6);
}

/**
 * @param feeds by input, to hold both against each other
 * @returns with a refusal, half a sentence, where TF.js cannot build it, or says something else
 */
export async function verifiedLayers(
	model: Model,
	form: LayersForm,
	feeds: Feeds
): Promise<VerifiedLayers | { refusal: string }> {
	if (form.refusal !== null) return { refusal: form.refusal };
	const given: tf.Tensor[] = [];
	const before = new Set(variables());
	const modelTopology = startingFromZero(form.topology) as JsonObject;
	try {
		const built = await tfl.loadLayersModel({ load: () => Promise.resolve({ modelTopology }) });
		const found = new Map(layersOf(built));
		const weights = form.weights.flatMap(({ path, names }) => {
			const layer = found.get(path.join('/'));
			const own = layer?.weights ?? [];
			if (own.length !== names.length) throw new Error(`The layer ${path.join('/')} has other weights.`);
			if (own.length) layer?.setWeights(names.map((name) => model.weight(name)));
			return own.map(({ originalName }, k) => ({ name: originalName, from: names[k] as string }));
		});
		if (new Set(weights.map(({ name }) => name)).size < weights.length)
			return { refusal: 'TF.js would not tell weights of the same name apart' };
		const outputs = [built.predict(model.graph.inputs.map((id) => feeds[id] as tf.Tensor))].flat();
		const expected = model.run(feeds, model.graph.outputs);
		given.push(...outputs, ...expected);
		const far = await Promise.all(
			expected.map((y, k) => (outputs[k] ? difference(y, outputs[k]) : Promise.resolve(Infinity)))
		);
		if (outputs.length !== expected.length || far.some((d) => !(d <= TOLERANCE)))
			return { refusal: 'its layers compute something else in TF.js' };
		return { topology: form.topology, weights };
	} catch {
		return { refusal: 'TF.js does not build its layers' };
	} finally {
		tf.dispose(given);
		// Also those of a model that was not built to its end.
		tf.dispose(variables().filter((one) => !before.has(one)));
	}
}
