import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import type { Step } from '#engine/model/step.ts';
import type { Linear } from './linear.ts';

/**
 * softmax(x W + b) as an open model.
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
			node: node('probabilities', ending, ['scores'], classes),
			compute: ([x]) => [ending === 'Softmax' ? tf.softmax(x as tf.Tensor) : tf.sigmoid(x as tf.Tensor)]
		});
	const model = new ExecutableModel({
		steps,
		inputs: ['x'],
		outputs: [ending ? 'probabilities' : 'scores'],
		weights: new Map(),
		dispose: () => {}
	});
	return { model, format: 'test', warnings: [] };
}
