import type { AttributeValue } from '#contracts/graph.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import * as tf from '#engine/tf.ts';

export interface OperatorOptions {
	attributes?: Record<string, AttributeValue>;
	/** By role. */
	weights?: Record<string, tf.Tensor>;
}

/** An operator of the table as a step of a model runs it: its weights come by their names. */
export function outputsOf(
	type: string,
	inputs: readonly tf.Tensor[],
	{ attributes = {}, weights = {} }: OperatorOptions = {}
) {
	const infos = Object.entries(weights).map(([role, { shape, dtype }]) => ({ name: `of ${role}`, shape, dtype }));
	const roles = Object.fromEntries(Object.keys(weights).map((role) => [role, `of ${role}`]));
	const node = { id: 'y', type, attributes, inputs: [], shape: [], dtype: 'float32', weights: infos, group: [] };
	const step = operatorStep(node, roles);
	return step.compute(inputs, (name) => weights[name.slice(3)]!);
}

/** Its only output. */
export async function outputOf(type: string, inputs: readonly tf.Tensor[], how: OperatorOptions = {}) {
	const outputs = outputsOf(type, inputs, how);
	if (outputs.length !== 1) throw new Error(`${outputs.length} outputs.`);
	const [y] = outputs as [tf.Tensor];
	return { shape: y.shape, data: Array.from(await y.data()) };
}

/** The same while a gradient is recorded, which takes other ways through the engine; and the gradient. */
export async function recorded(type: string, x: tf.Tensor, how: OperatorOptions = {}) {
	const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => tf.sum(outputsOf(type, [input], how)[0]!))(x);
	let seen: tf.Tensor | undefined;
	tf.grad((input: tf.Tensor) => {
		const [y] = outputsOf(type, [input], how) as [tf.Tensor];
		seen = tf.keep(tf.clone(y));
		return tf.sum(y);
	})(x);
	return {
		shape: seen!.shape,
		data: Array.from(await seen!.data()),
		sum: (await value.data())[0]!,
		gradient: Array.from(await grad.data())
	};
}
