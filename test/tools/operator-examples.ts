import type { GraphNode } from '#contracts/graph.ts';
import { EXPORTED } from './operator-examples-exported.ts';

/** A node of each type that is computed: what goes in, its attributes, its weights by role. Shapes with the batch. */
export interface Example {
	inputs: readonly (readonly number[])[];
	attributes?: GraphNode['attributes'];
	weights?: Readonly<Record<string, readonly number[]>>;
	/** Inputs that are indices: 0 and 1. */
	indices?: readonly number[];
}

const picture = [1, 6, 5, 4];
const window = { strides: [2, 1], padding: 'same' };
const two = [picture, picture];
const pool = { size: [3, 2], strides: [2, 1], padding: 'same' };
const vector = [4];

/** Kernels and biases of attention in several heads of two numbers each. */
function heads(query: number, value: number, count: number, shared: number) {
	const part = (name: string, n: number, own: number) => ({
		[`${name}_kernel`]: [n, own, 2],
		[`${name}_bias`]: [own, 2]
	});
	const out = { attention_output_kernel: [count, 2, 3], attention_output_bias: [3] };
	return { ...part('query', query, count), ...part('key', value, shared), ...part('value', value, shared), ...out };
}

/** Those that are not a function of one picture without settings; a type may have several, told apart by what stands behind the space. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
	...EXPORTED,
	Conv1D: {
		inputs: [[1, 7, 4]],
		attributes: { strides: [2, 2], causal: true },
		weights: { kernel: [3, 4, 6], bias: [6] }
	},
	'Conv1D grouped': { inputs: [[1, 7, 4]], attributes: { groups: 2 }, weights: { kernel: [3, 2, 6] } },
	Conv2D: { inputs: [picture], attributes: window, weights: { kernel: [3, 2, 4, 6], bias: [6] } },
	'Conv2D grouped': { inputs: [picture], attributes: { groups: 2 }, weights: { kernel: [2, 2, 2, 6] } },
	'Conv2D dilated': { inputs: [picture], attributes: { dilations: [2, 1] }, weights: { kernel: [3, 2, 4, 6] } },
	Conv2DDynamic: { inputs: [picture, [3, 2, 4, 6]], attributes: window },
	DepthwiseConv2D: {
		inputs: [picture],
		attributes: { ...window, strides: [1, 1] },
		weights: { kernel: [3, 2, 4, 2], bias: [8] }
	},
	SeparableConv2D: {
		inputs: [picture],
		attributes: { ...window, strides: [2, 2] },
		weights: { depthwise: [3, 3, 4, 2], pointwise: [1, 1, 8, 6], bias: [6] }
	},
	Conv2DTranspose: { inputs: [picture], attributes: window, weights: { kernel: [3, 2, 6, 4], bias: [6] } },
	'Conv2DTranspose valid': { inputs: [picture], attributes: { strides: [2, 3] }, weights: { kernel: [3, 3, 6, 4] } },
	'Conv2DTranspose gaps': {
		inputs: [picture],
		attributes: { strides: [3, 2], padding: 'same' },
		weights: { kernel: [2, 2, 6, 4] }
	},
	DepthwiseConv1D: {
		inputs: [[1, 7, 4]],
		attributes: { strides: 2, padding: 'same' },
		weights: { kernel: [3, 4, 2], bias: [8] }
	},
	'DepthwiseConv1D causal': {
		inputs: [[1, 7, 4]],
		attributes: { dilations: 2, causal: true },
		weights: { kernel: [3, 4, 1] }
	},
	SeparableConv1D: { inputs: [[1, 7, 4]], weights: { depthwise: [3, 4, 2], pointwise: [1, 8, 5], bias: [5] } },
	Conv1DTranspose: { inputs: [[1, 4, 3]], attributes: { strides: 2 }, weights: { kernel: [3, 2, 3], bias: [2] } },
	EinsumDense: {
		inputs: [[1, 3, 4]],
		attributes: { equation: 'abc,cde->abde' },
		weights: { kernel: [4, 2, 3], bias: [2, 3] }
	},
	'EinsumDense batched': {
		inputs: [[1, 3, 4]],
		attributes: { equation: 'abc,bcd->abd' },
		weights: { kernel: [3, 4, 2] }
	},
	RMSNormalization: { inputs: [picture], attributes: { axes: [3] }, weights: { gamma: [4] } },
	MultiHeadAttention: {
		inputs: [
			[1, 3, 4],
			[1, 5, 2]
		],
		attributes: {},
		weights: heads(4, 2, 2, 2)
	},
	GroupQueryAttention: {
		inputs: [
			[1, 3, 4],
			[1, 3, 4]
		],
		attributes: { causal: true },
		weights: heads(4, 4, 4, 2)
	},
	Attention: {
		inputs: [
			[1, 3, 4],
			[1, 5, 4]
		],
		weights: { scale: [] }
	},
	'Attention concat': {
		inputs: [
			[1, 3, 4],
			[1, 5, 4]
		],
		attributes: { mode: 'concat' },
		weights: { concat_score_weight: [] }
	},
	AdditiveAttention: {
		inputs: [
			[1, 3, 4],
			[1, 5, 4]
		],
		weights: { scale: [4] }
	},
	Dense: { inputs: [[1, 8]], weights: { kernel: [8, 3], bias: [3] } },
	'Dense picture': { inputs: [picture], weights: { kernel: [4, 3], bias: [3] } },
	MatMul: {
		inputs: [
			[1, 3, 4],
			[1, 4, 5]
		]
	},
	'MatMul pictures': {
		inputs: [
			[1, 2, 5, 5],
			[1, 2, 5, 5]
		]
	},
	BiasAdd: { inputs: [picture], weights: { bias: vector } },
	Embedding: { inputs: [[1, 5]], weights: { embeddings: [9, 4] } },
	BatchNormalization: {
		inputs: [picture],
		attributes: { epsilon: 0.01 },
		weights: { mean: vector, variance: vector, gamma: vector, beta: vector }
	},
	'BatchNormalization rows': {
		inputs: [picture],
		attributes: { epsilon: 0.01, axis: 1 },
		weights: { mean: [6], variance: [6], gamma: [6], beta: [6] }
	},
	Normalization: { inputs: [picture], attributes: { axes: [3], mean: [1, 2, 3, 4], variance: [4, 3, 2, 1] } },
	GroupNormalization: { inputs: [picture], attributes: { groups: 2 }, weights: { gamma: vector, beta: vector } },
	UnitNormalization: { inputs: [picture], attributes: { axes: [3] } },
	'UnitNormalization rows': { inputs: [picture], attributes: { axes: [1, 3] } },
	StepMask: { inputs: [[1, 5]] },
	'StepMask rows': { inputs: [[1, 5, 3]], attributes: { last: true } },
	Masking: {
		inputs: [
			[1, 5, 3],
			[1, 5]
		]
	},
	MaskedAveragePool: {
		inputs: [
			[1, 5, 3],
			[1, 5]
		]
	},
	Crop1D: { inputs: [[1, 7, 4]], attributes: { cropping: [1, 2] } },
	Upsample1D: { inputs: [[1, 7, 4]], attributes: { size: 3 } },
	PRelu: { inputs: [picture], weights: { alpha: [6, 5, 4] } },
	'Relu limited': { inputs: [picture], attributes: { max: 0.7 } },
	'Softmax rows': { inputs: [picture], attributes: { axis: 1 } },
	MaxPool2D: { inputs: [picture], attributes: pool },
	'MaxPool2D valid': { inputs: [picture], attributes: { ...pool, padding: 'valid' } },
	AveragePool2D: { inputs: [picture], attributes: pool },
	GlobalAveragePool: { inputs: [picture], attributes: { axes: [1, 2] } },
	'GlobalAveragePool kept': { inputs: [picture], attributes: { axes: [1, 2], keepDims: true } },
	GlobalMaxPool: { inputs: [picture], attributes: { axes: [1, 2] } },
	Add: { inputs: [...two, picture] },
	Subtract: { inputs: two },
	Multiply: { inputs: two },
	'Multiply gate': { inputs: [picture, [1, 1, 1, 4]] },
	Divide: { inputs: two },
	Maximum: { inputs: two },
	Minimum: { inputs: two },
	Average: { inputs: [...two, picture] },
	Concat: { inputs: two },
	'Concat rows': { inputs: two, attributes: { axis: 1 } },
	Rescale: { inputs: [picture], attributes: { scale: 0.5, offset: -1 } },
	'Rescale channels': { inputs: [picture], attributes: { scale: [1, 2, 3, 4], offset: [0, 1, 0, -1] } },
	Reshape: { inputs: [picture], attributes: { shape: [5, 6, 4] } },
	Transpose: { inputs: [picture], attributes: { permutation: [0, 2, 1, 3] } },
	'Transpose channels': { inputs: [picture], attributes: { permutation: [0, 3, 1, 2] } },
	Pad: {
		inputs: [picture],
		attributes: {
			paddings: [
				[0, 0],
				[1, 2],
				[0, 3],
				[0, 0]
			]
		}
	},
	Crop2D: {
		inputs: [picture],
		attributes: {
			cropping: [
				[1, 2],
				[0, 1]
			]
		}
	},
	Upsample2D: { inputs: [picture], attributes: { size: [2, 3], method: 'nearest' } },
	'Upsample2D bilinear': { inputs: [picture], attributes: { size: [2, 3], method: 'bilinear', halfPixel: true } },
	'Upsample2D corners': { inputs: [picture], attributes: { size: [2, 3], method: 'bilinear' } },
	Resize: { inputs: [picture], attributes: { size: [9, 7], method: 'nearest' } },
	'Resize bilinear': { inputs: [picture], attributes: { size: [9, 7], method: 'bilinear' } },
	'Resize smaller': { inputs: [picture], attributes: { size: [3, 2], method: 'bilinear' } }
};

/** What all others are computed on. */
const PLAIN: Example = { inputs: [picture] };

/** All examples of a type. */
export const examplesOf = (type: string): [name: string, example: Example][] => {
	const own = Object.entries(EXAMPLES).filter(([name]) => name.split(' ')[0] === type);
	return own.length ? own : [[type, PLAIN]];
};
