import { create } from '@bufbuild/protobuf';
import { TensorProtoSchema, TensorProto_DataLocation, TensorProto_DataType as T } from 'onnx-buf';
import { bytesOf, modelProto, onnxFile, type TensorValues } from '../../tools/onnx-files.ts';
import type { Files, Samples } from '../samples.ts';

/** Networks as exporters write them, with numbers of a formula. */

const weight = (...shape: number[]): TensorValues => ({
	shape,
	values: Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => Math.sin(1.7 * i + shape.length) / 2)
});
const positive = (n: number): TensorValues => ({
	shape: [n],
	values: Array.from({ length: n }, (_, i) => 0.5 + i / n)
});
const whole = (...values: number[]): TensorValues => ({ shape: [values.length], values, type: T.INT64 });
const one = (value: number, type = T.FLOAT): TensorValues => ({ shape: [], values: [value], type });

/** A picture, channels first, through most of what networks for pictures are made of. */
const convolutional = (): Files => ({
	'net.onnx': onnxFile({
		inputs: { image: { shape: ['batch', 3, 8, 8] } },
		outputs: ['probabilities'],
		constants: {
			'stem.weight': weight(4, 3, 3, 3),
			'stem.bias': weight(4),
			'each.weight': weight(4, 1, 3, 3),
			gamma: positive(4),
			beta: weight(4),
			mean: weight(4),
			variance: positive(4),
			'fc.weight': weight(3, 8),
			'fc.bias': weight(3),
			lowest: one(0),
			highest: one(6)
		},
		nodes: [
			{ op: 'Conv', inputs: ['image', 'stem.weight', 'stem.bias'], outputs: ['a'], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] } }, // prettier-ignore
			{ op: 'Clip', inputs: ['a', 'lowest', 'highest'], outputs: ['b'] },
			{ op: 'Conv', inputs: ['b', 'each.weight'], outputs: ['c'], attributes: { group: 4, pads: [1, 1, 1, 1] } },
			{ op: 'BatchNormalization', inputs: ['c', 'gamma', 'beta', 'mean', 'variance'], outputs: ['d'] },
			{ op: 'Add', inputs: ['b', 'd'], outputs: ['e'] },
			{ op: 'MaxPool', inputs: ['e'], outputs: ['f'], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
			{ op: 'Concat', inputs: ['f', 'f'], outputs: ['g'], attributes: { axis: 1 } },
			{ op: 'GlobalAveragePool', inputs: ['g'], outputs: ['h'] },
			{ op: 'Flatten', inputs: ['h'], outputs: ['i'] },
			{ op: 'Gemm', inputs: ['i', 'fc.weight', 'fc.bias'], outputs: ['logits'], attributes: { transB: 1 } },
			{ op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: 1 } }
		],
		metadata: { names: "{0: 'one', 1: 'two', 2: 'three'}" }
	})
});

/** Words through attention, with shapes that are worked out of the input's own. */
const attention = (): Files => ({
	'words.onnx': onnxFile({
		inputs: { ids: { shape: ['batch', 4], type: T.INT64 } },
		outputs: ['scores'],
		constants: {
			embeddings: weight(9, 6),
			query: weight(6, 6),
			key: weight(6, 6),
			value: weight(6, 6),
			scale: positive(6),
			shift: weight(6),
			head: weight(6, 3),
			first: whole(0),
			heads: whole(2),
			size: whole(3),
			rest: whole(-1),
			root: one(1.732)
		},
		nodes: [
			{ op: 'Gather', inputs: ['embeddings', 'ids'], outputs: ['x'] },
			{ op: 'Shape', inputs: ['x'], outputs: ['shape'] },
			{ op: 'Gather', inputs: ['shape', 'first'], outputs: ['rows'] },
			{ op: 'Concat', inputs: ['rows', 'rest', 'heads', 'size'], outputs: ['split'], attributes: { axis: 0 } },
			...['query', 'key', 'value'].flatMap((name) => [
				{ op: 'MatMul', inputs: ['x', name], outputs: [`${name}.flat`] },
				{ op: 'Reshape', inputs: [`${name}.flat`, 'split'], outputs: [`${name}.parts`] },
				{ op: 'Transpose', inputs: [`${name}.parts`], outputs: [`${name}.heads`], attributes: { perm: name === 'key' ? [0, 2, 3, 1] : [0, 2, 1, 3] } } // prettier-ignore
			]),
			{ op: 'MatMul', inputs: ['query.heads', 'key.heads'], outputs: ['raw'] },
			{ op: 'Div', inputs: ['raw', 'root'], outputs: ['scaled'] },
			{ op: 'Softmax', inputs: ['scaled'], outputs: ['weights'], attributes: { axis: -1 } },
			{ op: 'MatMul', inputs: ['weights', 'value.heads'], outputs: ['mixed'] },
			{ op: 'Transpose', inputs: ['mixed'], outputs: ['back'], attributes: { perm: [0, 2, 1, 3] } },
			{ op: 'Reshape', inputs: ['back', 'joined'], outputs: ['together'] },
			{ op: 'Add', inputs: ['x', 'together'], outputs: ['sum'] },
			{ op: 'LayerNormalization', inputs: ['sum', 'scale', 'shift'], outputs: ['normal'] },
			{ op: 'ReduceMean', inputs: ['normal'], outputs: ['mean'], attributes: { axes: [1], keepdims: 0 } },
			{ op: 'MatMul', inputs: ['mean', 'head'], outputs: ['scores'] },
			{ op: 'Concat', inputs: ['rows', 'rest', 'six'], outputs: ['joined'], attributes: { axis: 0 } },
			{ op: 'Constant', inputs: [], outputs: ['six'], attributes: { value_ints: [6] } }
		]
	})
});

/** Whole numbers in place of real ones, and what is in them beside the file. */
function quantised(): Files {
	const data = Int8Array.from({ length: 2 * 4 }, (_, i) => 11 * i - 40);
	const model = modelProto({
		inputs: { x: { shape: ['batch', 4] } },
		outputs: ['y'],
		constants: { scale: one(0.02), zero: one(3, T.UINT8), step: one(0.01), nought: one(0, T.INT8) },
		nodes: [
			{ op: 'QuantizeLinear', inputs: ['x', 'scale', 'zero'], outputs: ['q'] },
			{ op: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['real'] },
			{ op: 'DequantizeLinear', inputs: ['w', 'step', 'nought'], outputs: ['kernel'] },
			{ op: 'MatMul', inputs: ['real', 'kernel'], outputs: ['y'] }
		]
	});
	model.graph!.initializer.push(
		create(TensorProtoSchema, {
			...{ name: 'w', dims: [4n, 2n], dataType: T.INT8, dataLocation: TensorProto_DataLocation.EXTERNAL },
			externalData: Object.entries({ location: 'small.onnx.data', offset: '0', length: '8' }).map(([key, value]) => ({
				key,
				value
			}))
		})
	);
	return { 'small.onnx': bytesOf(model), 'small.onnx.data': new Uint8Array(data.buffer) };
}

const samples: Samples = { cut: 'refused', files: { convolutional, attention, quantised } };

export default samples;
