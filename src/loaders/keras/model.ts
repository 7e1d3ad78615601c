import { throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Obstacle } from '#contracts/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { invalidWeights } from '#loaders/tfjs/weights.ts';
import { isObject, type JsonObject } from '#maths/json.ts';
import { product } from '#maths/product.ts';

/** What all Keras files have in common once they are read. */

type Weights = readonly (readonly [name: string, weight: StoredWeight])[];

/** Refuses, before anything is made, what the device does not hold. As float32 or int32 on the device. @throws LabError */
export function checkSizes(shapes: readonly (readonly number[])[], context: LoadContext): void {
	const sizes = shapes.map((shape) => 4 * product(shape));
	context.checkSize(
		sizes.reduce((sum, size) => sum + size, 0),
		sizes.reduce((max, size) => Math.max(max, size), 0)
	);
}

const kinds = (weights: Weights) => {
	const stored = [...new Set(weights.map(([, weight]) => weight.stored).filter((kind) => kind && !/int/.test(kind)))];
	return stored.length ? `, ${stored.join(' and ')} weights` : '';
};

/** @param topology with its `keras_version` and `model_config` */
export async function network(
	topology: object,
	weights: Weights,
	format: string,
	context: LoadContext
): Promise<LoadedModel> {
	throwIfAborted(context.signal);
	context.progress(0.7, 'Building the network');
	// Who only sorts files needs no engine.
	const { layersModel } = await import('#engine/model/layers/model.ts');
	const warnings: string[] = [];
	const { inputShape } = context;
	const model = layersModel({ topology, weights, inputShape, warn: (sentence) => warnings.push(sentence) });
	return finished(model, weights, format, warnings);
}

/**
 * Weights alone, or with a network that is code.
 * @param why there is none
 */
export async function bag(
	weights: Weights,
	format: string,
	context: LoadContext,
	why?: Pick<Obstacle, 'message' | 'hint'>
): Promise<LoadedModel> {
	throwIfAborted(context.signal);
	const { weightBag } = await import('#engine/model/bag.ts');
	return finished(weightBag(weights, why), weights, format, []);
}

/** Why a network cannot be shown: it is code. Null for one that is a list of layers. */
export function code(config: JsonObject): Pick<Obstacle, 'message' | 'hint'> | null {
	const { class_name: className, config: settings } = config;
	const layers = isObject(settings) ? settings['layers'] : settings;
	if (Array.isArray(layers)) return null;
	return {
		message: `The model is of the class “${String(className).slice(0, 80)}”, which is code that the file does not hold: only its weights are shown.`,
		hint: 'Build it as a Functional or Sequential model and save that, to see its structure and to run it.'
	};
}

function finished(
	model: LoadedModel['model'],
	weights: Weights,
	format: string,
	warnings: readonly string[]
): LoadedModel {
	const invalid = invalidWeights(weights);
	return { model, format: `${format}${kinds(weights)}`, warnings: invalid ? [...warnings, invalid] : warnings };
}
