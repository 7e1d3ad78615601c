import { beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '#engine/model/layers/model.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../../tools/backends.ts';
import * as k from '../../../tools/keras-files.ts';

/** Functions that stand as layers, as Keras 3 and Keras 2 write them. */

beforeAll(() => useBackend('cpu'));

const tensor = (name: string, shape: (number | null)[]) => ({
	class_name: '__keras_tensor__',
	config: { shape, dtype: 'float32', keras_history: [name, 0, 0] }
});

interface Asked {
	args?: unknown[];
	kwargs?: object;
	config?: object;
}

/** keras.ops */
const three = (name: string, { args = [], kwargs = {}, config = {} }: Asked = {}) => ({
	class_name: name,
	name: 'l',
	module: 'keras.src.ops.numpy',
	registered_name: name,
	config: { name: 'l', ...config },
	inbound_nodes: [{ args: [tensor('x', [null, 3, 2]), ...args], kwargs }]
});

/** TensorFlow, in a layer of Keras 2. */
const two = (name: string, kwargs: object = {}) => ({
	class_name: name.includes('getitem') ? 'SlicingOpLambda' : 'TFOpLambda',
	name: 'l',
	config: { name: 'l', trainable: true, function: name },
	inbound_nodes: [['x', 0, 0, kwargs]]
});

function opened(layer: object) {
	const file = k.functional('m', [k.input('x', [3, 2]), layer as k.LayerFile], ['x'], ['l']);
	return layersModel({ topology: k.topology(file, '3.5.0'), weights: [] });
}

const X = [1, -2, 3, 4, 5, 6];
const slice = (start: number | null, stop: number | null, step: number | null = null) => ({
	class_name: '__slice__',
	config: { start, stop, step }
});

describe('a function as a layer', () => {
	it.each<[string, object, number[], number[]]>([
		['x + 2', three('Add', { args: [2] }), [3, 2], [3, 0, 5, 6, 7, 8]],
		['2 - x', { ...three('Subtract'), inbound_nodes: [{ args: [2, tensor('x', [null, 3, 2])], kwargs: {} }] }, [3, 2], [1, 4, -1, -2, -3, -4]], // prettier-ignore
		['x * x', three('Multiply', { args: [tensor('x', [null, 3, 2])] }), [3, 2], [1, 4, 9, 16, 25, 36]],
		['x / [1, 2]', three('Divide', { args: [{ class_name: '__numpy__', config: { value: [1, 2], dtype: 'float32' } }] }), [3, 2], [1, -1, 3, 2, 5, 3]], // prettier-ignore
		['x^2', three('Power', { args: [2] }), [3, 2], [1, 4, 9, 16, 25, 36]],
		['max(x, 3)', three('Maximum', { args: [3] }), [3, 2], [3, 3, 3, 4, 5, 6]],
		['min(x, 3)', three('Minimum', { args: [3] }), [3, 2], [1, -2, 3, 3, 3, 3]],
		['|x|', three('Absolute'), [3, 2], [1, 2, 3, 4, 5, 6]],
		['relu', three('Relu'), [3, 2], [1, 0, 3, 4, 5, 6]],
		['leaky relu', three('LeakyRelu', { config: { negative_slope: 0.5 } }), [3, 2], [1, -1, 3, 4, 5, 6]],
		['the mean over steps', three('Mean', { config: { axis: 1, keepdims: false } }), [2], [3, 8 / 3]],
		['transposed', three('Transpose', { config: { axes: [0, 2, 1] } }), [2, 3], [1, 3, 5, -2, 4, 6]],
		['reshaped', three('Reshape', { config: { newshape: [-1, 2, 3] } }), [2, 3], X],
		['with an axis more', three('ExpandDims', { config: { axis: -1 } }), [3, 2, 1], X],
		['joined', { ...three('Concatenate', { config: { axis: -1 } }), inbound_nodes: [{ args: [[tensor('x', [null, 3, 2]), tensor('x', [null, 3, 2])]], kwargs: {} }] }, [3, 4], [1, -2, 1, -2, 3, 4, 3, 4, 5, 6, 5, 6]], // prettier-ignore
		[
			'all of it',
			three('GetItem', { args: [[slice(null, null), { class_name: '__ellipsis__', config: {} }]] }),
			[3, 2],
			X
		],
		['TensorFlow: x + 2', two('__operators__.add', { y: 2, name: null }), [3, 2], [3, 0, 5, 6, 7, 8]],
		['TensorFlow: x * x', two('math.multiply', { y: ['x', 0, 0] }), [3, 2], [1, 4, 9, 16, 25, 36]],
		['TensorFlow: the largest', two('math.reduce_max', { axis: [1], keepdims: true }), [1, 2], [5, 6]],
		['TensorFlow: 1 / x', { ...two('math.truediv'), inbound_nodes: [['_CONSTANT_VALUE', -1, 2, { y: ['x', 0, 0] }]] }, [], []] // prettier-ignore
	])('%s', async (_, layer, shape, right) => {
		const model = opened(layer);
		// What needs an operator that is not computed here is shown all the same.
		if (!right.length) expect(model.obstacle?.nodes ?? []).toEqual(model.obstacle ? ['l'] : []);
		else {
			const [y] = model.run({ x: tf.tensor(X, [1, 3, 2]) }, model.graph.outputs);
			expect(y!.shape.slice(1)).toEqual(shape);
			expect(model.graph.nodes.at(-1)!.shape.slice(1)).toEqual(shape);
			const values = await y!.data();
			right.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
			y!.dispose();
		}
		model.dispose();
	});

	it.each<[string, object]>([
		['Quantile', three('Quantile')],
		['Reshape', three('Reshape', { config: { newshape: [2, 3] } })],
		['Transpose', three('Transpose', { config: { axes: [1, 0, 2] } })],
		['Mean', three('Mean', { config: { axis: [0] } })],
		['math.add', two('math.add', { y: 'a' })],
		['GetItem', three('GetItem', { args: [tensor('x', [null, 3, 2])] })]
	])('%s that is not known is named', (name, layer) => {
		const model = opened(layer);
		expect(model.obstacle).toMatchObject({
			kind: 'operations',
			nodes: ['l'],
			message: `The layer "l" cannot be computed: its operation ${name} is not known.`
		});
		expect(() => model.run({ x: tf.zeros([1, 3, 2]) }, ['l'])).toThrow(/operation/);
		model.dispose();
	});
});
