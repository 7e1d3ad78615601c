import type { AttributeValue, GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import { ExecutableModel, type Program } from '#engine/model/executor.ts';
import { probed } from '#engine/model/graph/probe.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import * as tf from '#engine/tf.ts';

export interface LayerSpec {
	id: string;
	type: string;
	/** What it reads; the layer before, where nothing is said. */
	from?: readonly string[];
	attributes?: Record<string, AttributeValue>;
	/** By role: shape and numbers. */
	weights?: Record<string, readonly [shape: readonly number[], values: ArrayLike<number>]>;
}

/** A model of operators of the table, with numbers that the test has chosen; shapes are found by a run. */
export function smallModel(
	inputs: Readonly<Record<string, Shape>>,
	layers: readonly LayerSpec[],
	outputs: readonly string[] = [layers.at(-1)!.id]
): Model {
	const weights = new Map<string, tf.Tensor>();
	const base = { dtype: 'float32', group: [], weights: [], attributes: {} };
	const steps: Program['steps'][number][] = Object.entries(inputs).map(([id, shape]) => {
		const node: GraphNode = { ...base, id, type: 'Input', inputs: [], shape };
		return { node, compute: () => [] };
	});
	for (const { id, type, from, attributes = {}, weights: own = {} } of layers) {
		const infos: WeightInfo[] = [];
		const roles: Record<string, string> = {};
		for (const [role, [shape, values]] of Object.entries(own)) {
			const name = `${id}/${role}`;
			weights.set(name, tf.tensor(Float32Array.from(values), [...shape]));
			infos.push({ name, shape, dtype: 'float32', role });
			roles[role] = name;
		}
		const reads = from ?? [steps.at(-1)!.node.id];
		steps.push(operatorStep({ ...base, id, type, attributes, inputs: reads, shape: [], weights: infos }, roles));
	}
	const program: Program = {
		steps,
		inputs: Object.keys(inputs),
		outputs,
		weights,
		dispose: () => weights.forEach((tensor) => tensor.dispose())
	};
	const found = probed(program, new Set());
	if (found.failed.length) throw found.failed[0]!.error;
	return new ExecutableModel({ ...program, steps: found.steps });
}
