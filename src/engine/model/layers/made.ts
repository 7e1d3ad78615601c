import { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { deserialize } from '@tensorflow/tfjs-layers/dist/layers/serialization';
import { convertPythonicToTs } from '@tensorflow/tfjs-layers/dist/utils/serialization_utils';
import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import '#engine/model/layers/attention.ts';
import '#engine/model/layers/normalisation.ts';
import '#engine/model/layers/sequences.ts';
import { cleaned, isKnown, unknownLayer } from '#engine/model/layers/cleaned.ts';
import { groupsOf } from '#engine/model/layers/mapping.ts';
import type { LayerPlan } from '#engine/model/layers/plan.ts';
import { classFor } from '#engine/model/layers/reset-after.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';

/** Single layers as tfjs-layers makes them. It sees names of ours only, and settings that were checked before. */

export type Layer = layers.Layer;
export type Variable = Layer['weights'][number];

/** No tensor that a browser could hold comes near: a gibibyte of float32. */
export const MAX_TENSOR_VALUES = 2 ** 28;

export const worded = (shape: Shape) => `[${shape.map((n) => n ?? '?').join(', ')}]`;

type Plan = Pick<LayerPlan, 'className' | 'path' | 'config'>;

export interface Making {
	/** A name that is unique and that TF.js takes. */
	id: string;
	keras: 2 | 3;
	/** Numbers in the largest weight of the files. */
	maxSize: number;
	/** Settings in the place of the file's. */
	change: JsonObject;
}

/**
 * @throws LabError naming the layer
 */
export function made({ className, path, config }: Plan, { id, keras, maxSize, change }: Making): Layer {
	if (!isKnown(className)) throw unknownLayer(className, path);
	const settings = cleaned(className, { ...config, ...change }, id, { path, keras });
	const topology = convertPythonicToTs({ class_name: classFor(className, config), config: settings });
	const groups = /^Conv/.test(className) ? groupsOf(config) : 1;
	try {
		const layer = deserialize(topology as tf.serialization.ConfigDict) as Layer;
		eachWithin(layer, (inner) => startFromZero(inner, maxSize, groups));
		return layer;
	} catch (error) {
		if (error instanceof LabError) throw error;
		const message = `The layer "${path}" (${className}) has settings that TF.js cannot use.`;
		throw new LabError(message, 'Save the model again.', { cause: error });
	}
}

/** A layer and those that it wraps. */
function eachWithin(layer: Layer, visit: (layer: Layer) => void, seen = new Set<Layer>()): void {
	if (seen.has(layer)) return;
	seen.add(layer);
	visit(layer);
	for (const value of Object.values(layer))
		for (const item of Array.isArray(value) ? value : [value])
			if (item instanceof layers.Layer) eachWithin(item, visit, seen);
}

interface Weighted {
	addWeight(name: string, shape: Shape, dtype: tf.DataType, ...rest: unknown[]): Variable;
}

/** Of filters that see a share of the channels each. */
function grouped(shape: Shape, groups: number): Shape {
	const [channels, filters] = shape.slice(-2) as [number, number];
	if (channels % groups || filters % groups)
		throw new LabError(`its ${channels} channels and ${filters} filters do not fall into ${groups} groups`);
	return [...shape.slice(0, -2), channels / groups, filters];
}

/** Weights are overwritten by the file's: they start as zeros, at once, and none may be larger than those. */
function startFromZero(layer: Layer, maxSize: number, groups: number): void {
	const weighted = layer as unknown as Weighted;
	const add = weighted.addWeight.bind(layer) as Weighted['addWeight'];
	const initialiser = { apply: (shape: number[], dtype: tf.DataType) => tf.zeros(shape, dtype) };
	weighted.addWeight = (name, whole, dtype, ...[, , trainable]) => {
		const shape = groups > 1 && name === 'kernel' ? grouped(whole, groups) : whole;
		if (!sound(shape, maxSize)) throw new LabError(`its ${name} would be ${worded(shape)}`);
		return add(name, shape, dtype, initialiser, null, trainable, null);
	};
}

const sizes = (shape: Shape) => shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), shape[0] ?? 1);
const sound = (shape: Shape, max = MAX_TENSOR_VALUES) =>
	shape.every((n) => n === null || (Number.isInteger(n) && n > 0)) && sizes(shape) <= max;

/**
 * Uses a layer once more: its weights are there afterwards.
 * @returns the shapes of its outputs
 * @throws LabError naming the layer, and what it is given
 */
export function applied(layer: Layer, { className, path }: Plan, inputs: readonly Shape[]): Shape[] {
	const symbols = inputs.map((shape) => new SymbolicTensor('float32', [...shape], layer, [], {}));
	const given = inputs.map(worded).join(' and ');
	let outputs: Shape[];
	try {
		const result = layer.apply(symbols.length === 1 ? (symbols[0] as SymbolicTensor) : symbols);
		outputs = (Array.isArray(result) ? result : [result]).map((output) => output.shape);
	} catch (error) {
		const message =
			error instanceof LabError
				? `The layer "${path}" (${className}) does not fit the weights of the files: ${error.message}.`
				: `The layer "${path}" (${className}) does not take what it is given: ${given || 'nothing'}.`;
		throw new LabError(message, 'Save the model again.', { cause: error });
	}
	checkShapes({ className, path }, inputs, outputs);
	return outputs;
}

/** @throws LabError for outputs that are empty, or larger than any memory */
export function checkShapes(
	{ className, path }: Pick<Plan, 'className' | 'path'>,
	inputs: readonly Shape[],
	outputs: readonly Shape[]
): void {
	const bad = outputs.find((shape) => !Array.isArray(shape) || !sound(shape));
	if (!bad) return;
	const large = Array.isArray(bad) && sizes(bad) > MAX_TENSOR_VALUES;
	throw new LabError(
		`The layer "${path}" (${className}) makes ${Array.isArray(bad) ? worded(bad) : 'nothing'} of ${inputs.map(worded).join(' and ')}, which is ${large ? 'more than memory holds' : 'no shape'}.`,
		large ? 'Check its settings, or use a smaller input.' : 'Use a larger input, or check its settings.'
	);
}

/** Frees what a layer holds, also one that was not built to its end. */
export function disposeLayer(layer: Layer): void {
	eachWithin(layer, (inner) => {
		const { _trainableWeights: trained = [], _nonTrainableWeights: fixed = [] } = inner as unknown as Record<
			string,
			Variable[] | undefined
		>;
		for (const variable of [...trained, ...fixed]) if (!variable.read().isDisposed) variable.dispose();
	});
}
