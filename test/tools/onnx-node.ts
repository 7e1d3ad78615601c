import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TensorProto_DataType as T, type ModelProto, type TensorProto } from 'onnx-buf';
import { fileShape } from '#contracts/graph.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import loader from '#loaders/formats/onnx.ts';
import { constantOf } from '#loaders/onnx/tensors.ts';
import * as tf from '#engine/tf.ts';
import { loadContext } from './files.ts';
import { bytesOf, parsed, tensorOf } from './onnx-files.ts';

/** ONNX's own tests of operators: a model of one node, its inputs and its outputs as tensors in files. */

export interface NodeTest {
	name: string;
	model: ModelProto;
	inputs: TensorProto[];
	outputs: TensorProto[];
}

export const nodeTests = (folder: string): string[] =>
	readdirSync(folder).filter((name) => name.startsWith('test_') && statSync(join(folder, name)).isDirectory());

export function nodeTest(folder: string, name: string): NodeTest {
	const set = join(folder, name, 'test_data_set_0');
	const read = (kind: string) =>
		readdirSync(set)
			.filter((file) => file.startsWith(kind))
			.sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]))
			.map((file) => tensorOf(readFileSync(join(set, file))));
	return {
		name,
		model: parsed(readFileSync(join(folder, name, 'model.onnx'))),
		inputs: read('input'),
		outputs: read('output')
	};
}

/** With what only settings are made of, as exporters write it: constants of the graph. */
export function settled({ model, inputs }: NodeTest, all: boolean): ModelProto {
	const graph = model.graph!;
	const given = new Map(inputs.map((tensor, k) => [graph.input[k]?.name ?? '', tensor]));
	const fixed = graph.input.filter(({ name }, k) => {
		const tensor = given.get(name);
		const type: T | undefined = tensor?.dataType;
		return tensor && k > 0 && (all || (tensor.dims.length < 2 && type !== T.FLOAT));
	});
	const constants = fixed.map(({ name }) => ({ ...given.get(name)!, name }));
	return { ...model, graph: { ...graph, initializer: [...graph.initializer, ...constants] } };
}

export const open = (model: ModelProto): Promise<LoadedModel> =>
	loader.load({ name: 'test', files: [{ path: 'model.onnx', blob: new Blob([bytesOf(model)]) }] }, loadContext());

/** The outputs in the file's own order of axes. */
export async function computed({ model }: LoadedModel, model_: ModelProto, inputs: readonly TensorProto[]) {
	const names = model_.graph!.input.map(({ name }) => name);
	const nodes = new Map(model.graph.nodes.map((node) => [node.id, node]));
	const feeds = Object.fromEntries(
		model.graph.inputs.map((id) => {
			const plain = (name: string) => name.replace(/:0$/, '').replaceAll(':', '_');
			const tensor = inputs[names.findIndex((name) => plain(name) === id)]!;
			const { shape, values, kind } = constantOf(tensor);
			const { axes } = nodes.get(id)!;
			const x = tf.tensor(
				Array.from(values!),
				[...shape],
				kind === 'float' ? 'float32' : kind === 'int' ? 'int32' : 'bool'
			);
			return [
				id,
				axes
					? tf.transpose(
							x,
							axes.map((_, at) => axes.indexOf(at))
						)
					: x
			] as const;
		})
	);
	const results = model.run(feeds, model.graph.outputs);
	return Promise.all(
		results.map(async (y, k) => {
			const node = nodes.get(model.graph.outputs[k]!.replace(/:\d+$/, ''))!;
			const turned = node.axes && node.axes.length === y.rank ? tf.transpose(y, [...node.axes]) : y;
			return { shape: turned.shape, data: await turned.data(), declared: fileShape(node) };
		})
	);
}
