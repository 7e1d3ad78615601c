import { floatData, intData, normalisation, tfliteFile } from '../../tools/tflite-writer.ts';
import type { Samples } from '../samples.ts';

/** A float network of convolution, depthwise convolution, pooling and a dense layer. */
const convolutional = () => ({
	'net.tflite': tfliteFile({
		tensors: [
			{ name: 'image', shape: [1, 8, 8, 1] },
			{ name: 'kernel', shape: [2, 3, 3, 1], data: floatData([2, 3, 3, 1]) },
			{ name: 'bias', shape: [2], data: floatData([2]) },
			{ name: 'net/conv;net/relu', shape: [1, 8, 8, 2] },
			{ name: 'filters', shape: [1, 3, 3, 2], data: floatData([1, 3, 3, 2], 3) },
			{ name: 'net/depthwise', shape: [1, 4, 4, 2] },
			{ name: 'axes', shape: [2], type: 2, data: intData(1, 2) },
			{ name: 'net/mean', shape: [1, 2] },
			{ name: 'weights', shape: [3, 2], data: floatData([3, 2], 5) },
			{ name: 'net/dense', shape: [1, 3] },
			{ name: 'net/softmax', shape: [1, 3] }
		],
		operators: [
			{ code: 3, inputs: [0, 1, 2], outputs: [3], options: { 1: ['int32', 1], 2: ['int32', 1], 3: ['int8', 1], 4: ['int32', 1], 5: ['int32', 1] } }, // prettier-ignore
			{ code: 4, inputs: [3, 4, -1], outputs: [5], options: { 1: ['int32', 2], 2: ['int32', 2], 3: ['int32', 1] } },
			{ code: 40, inputs: [5, 6], outputs: [7], options: {} },
			{ code: 9, inputs: [7, 8, -1], outputs: [9], options: {} },
			{ code: 25, inputs: [9], outputs: [10], options: { 0: ['float32', 1] } }
		],
		inputs: [0],
		outputs: [10],
		metadata: normalisation([127.5], [127.5])
	})
});

/** A quantised dense network. */
const quantised = () => ({
	'quantised.tflite': tfliteFile({
		tensors: [
			{ name: 'x', shape: [1, 4], type: 9, scale: [0.5], zero: [-3] },
			{
				name: 'w',
				shape: [2, 4],
				type: 9,
				data: new Uint8Array([1, 2, 253, 4, 5, 250, 7, 8]),
				scale: [0.25, 2],
				axis: 0
			},
			{ name: 'b', shape: [2], type: 2, data: intData(8, -4), scale: [0.125, 1] },
			{ name: 'y', shape: [1, 2], type: 9, scale: [0.1], zero: [0] },
			{ name: 'out', shape: [1, 2] }
		],
		operators: [
			{ code: 9, inputs: [0, 1, 2], outputs: [3], options: {} },
			{ code: 6, inputs: [3], outputs: [4] }
		],
		inputs: [0],
		outputs: [4]
	})
});

const samples: Samples = { cut: 'refused', files: { convolutional, quantised } };

export default samples;
