import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import type { Step } from '#engine/model/step.ts';

/** softmax(x W + b) as an open model: everything about its boundary has a closed form. */
export interface Linear {
	/** [inputs][classes] */
	w: readonly (readonly number[])[];
	b: readonly number[];
}

export const scoresOf = ({ w, b }: Linear, x: ArrayLike<number>): number[] =>
	b.map((bias, k) => w.reduce((sum, row, i) => sum + (row[k] as number) * (x[i] as number), bias));

export const softmaxOf = (scores: readonly number[]): number[] => {
	const top = Math.max(...scores);
	const powers = scores.map((score) => Math.exp(score - top));
	const sum = powers.reduce((a, b) => a + b);
	return powers.map((power) => power / sum);
};

/**
 * @param ending `Softmax`, `Sigmoid` or none
 * @param dtype of the input
 */
export function linearModel(
	linear: Linear,
	ending: 'Softmax' | 'Sigmoid' | '' = 'Softmax',
	dtype = 'float32'
): LoadedModel {
	const [inputs, classes] = [linear.w.length, linear.b.length];
	const node = (id: string, type: string, from: readonly string[], size: number): Step['node'] => ({
		id,
		type,
		attributes: {},
		inputs: from,
		shape: [null, size],
		dtype: type === 'Input' ? dtype : 'float32',
		weights: [],
		group: []
	});
	const dense = (x: tf.Tensor) =>
		tf.tidy(() =>
			tf.add(tf.matMul(x as tf.Tensor2D, tf.tensor2d(linear.w.map((row) => [...row]))), tf.tensor1d([...linear.b]))
		);
	const steps: Step[] = [
		{ node: node('x', 'Input', [], inputs), compute: () => [] },
		{ node: node('scores', 'Dense', ['x'], classes), compute: ([x]) => [dense(x as tf.Tensor)] }
	];
	if (ending)
		steps.push({
			node: node('answer', ending, ['scores'], classes),
			compute: ([x]) => [ending === 'Softmax' ? tf.softmax(x as tf.Tensor) : tf.sigmoid(x as tf.Tensor)]
		});
	const model = new ExecutableModel({
		steps,
		inputs: ['x'],
		outputs: [ending ? 'answer' : 'scores'],
		weights: new Map(),
		dispose: () => {}
	});
	return { model, format: 'test', warnings: [] };
}
