import { LabError } from '#contracts/errors.ts';
import { attributes as a } from '#engine/model/graph/attributes.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { JsonObject } from '#maths/json.ts';
import { keepsBatchApart } from '#loaders/tflite/batch.ts';
import { builtinName } from '#loaders/tflite/builtin.ts';
import { runningType } from '#loaders/tflite/constants.ts';
import { GraphWriter } from '#loaders/tflite/graph-writer.ts';
import { writerOf } from '#loaders/tflite/operators.ts';
import { typeName } from '#loaders/tflite/constants.ts';
import type { TfliteModel, TfliteOperator } from '#loaders/tflite/schema.ts';

/** A .tflite file as the TensorFlow graph that it was made of, for `graphModel`. */
export interface TfliteGraph {
	topology: { node: readonly JsonObject[] };
	signature: JsonObject;
	weights: ReadonlyMap<string, StoredWeight>;
	/** Only one picture can go through at once. */
	single: boolean;
	/** Types of quantised tensors, as they are stored. */
	quantised: readonly string[];
}

/** @throws LabError for what cannot be a network; operators that are not known are written under their own names */
export function tfliteGraph(model: TfliteModel, file: string): TfliteGraph {
	const to = new GraphWriter(model, file);
	const free = keepsBatchApart(model);
	const inputs = model.inputs.map((index) => {
		const tensor = to.tensor(index);
		const dtype = runningType(tensor);
		const shape = tensor.shape.map((n, i) => (tensor.signature[i] === -1 || (free && i === 0) ? -1 : n));
		const dims = { dim: shape.map((size) => ({ size: String(size) })) };
		// A type that is not computed with is refused where inputs are.
		const type = dtype ? a.type(dtype) : { type: 7 };
		const name = to.add(to.unique(tensor.name), 'Placeholder', [], { dtype: type, shape: { shape: dims } });
		to.computed(index, name);
		return { name, tensorShape: dims };
	});
	for (const operator of model.operators) write(operator, to, free);
	const outputs = model.outputs.map((index) => ({ name: to.reference(index) }));
	if (!outputs.length) throw new LabError(`The graph of “${file}” has no output.`, 'Convert the model again.');
	const quantised = model.tensors.filter(({ scale }) => scale.length).map(typeName);
	return {
		topology: { node: to.nodes },
		signature: { inputs: { ...inputs }, outputs: { ...outputs } },
		weights: to.weights,
		single: !free,
		quantised: [...new Set(quantised)].filter((name) => name !== 'int32')
	};
}

function write(operator: TfliteOperator, to: GraphWriter, free: boolean): void {
	const [first] = operator.outputs;
	if (first === undefined) return;
	const name = to.unique(to.tensor(first).name);
	const from = to.nodes.length;
	try {
		const writer = writerOf(operator);
		if (!writer) throw new Error('not known');
		writer({ ...operator, to, name, free });
	} catch (error) {
		// A broken file is told apart from an operator, or a use of one, that is not known.
		if (error instanceof LabError || error instanceof RangeError) throw error;
		to.nodes.splice(from);
		const inputs = operator.inputs.filter((index) => index >= 0).map((index) => to.reference(index));
		to.add(name, builtinName(operator), inputs);
	}
	operator.outputs.forEach((index, k) => to.computed(index, k ? `${name}:${k}` : name));
}
