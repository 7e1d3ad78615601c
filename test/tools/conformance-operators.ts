import * as tf from '#engine/tf.ts';
import { exportedCases } from './conformance-exported.ts';
import { fixed, operator } from './conformance-makers.ts';
import type { Case } from './conformance.ts';

/** Operators of the table that are more than one operation of TF.js, and what is mended below them. */

const HEADS = ['query', 'key', 'value', 'attention_output'].flatMap((name) => [`${name}_kernel`, `${name}_bias`]);
const row = [2, 7];
const picture = [2, 5, 4, 4];

export const operatorCases: readonly Case[] = [
	...exportedCases,
	{
		name: 'stridedSlice that drops an axis',
		inputs: [[2, 3, 7, 2]],
		op: (x) => tf.stridedSlice(x, [0, 1, 1, 0], [2, 2, 7, 2], [1, 1, 2, 1], 0, 0, 0, 0, 2)
	},
	{
		name: 'stridedSlice backwards that drops an axis',
		inputs: [[2, 3, 5]],
		op: (x) => tf.stridedSlice(x, [1, 0, 4], [2, 3, 0], [1, 1, -2], 0, 6, 0, 0, 1)
	},
	{ name: 'unstack of one step', inputs: [[2, 1, 5]], op: (x) => tf.unstack(x, 1)[0]! },
	...(['maximum', 'minimum'] as const).map((name) => ({
		name: `${name} of what stretches`,
		inputs: [
			[2, 3, 4],
			[3, 1]
		],
		op: (a: tf.Tensor, b: tf.Tensor) => tf[name](a, b)
	})),
	{ name: 'split into one part', inputs: [[2, 5]], op: (x) => tf.split(x, 1, 1)[0]! },
	...['Celu', 'LogSigmoid', 'HardTanh', 'TanhShrink', 'SoftShrink', 'HardShrink', 'SparsePlus', 'SquarePlus'].map(
		(type) => operator(type, [row])
	),
	operator('HardSigmoid', [row], { slope: 1 / 6 }),
	operator('GeluTanh', [row]),
	operator('Elu', [row], { alpha: 0.6 }),
	operator('Relu', [row], { max: 0.8, slope: 0.1, threshold: 0.2 }),
	operator('Softmax', [[2, 3, 4]], { axis: 1 }),
	operator('Subtract', [
		[2, 3, 4],
		[1, 3, 1]
	]),
	operator('Average', [
		[2, 3, 4],
		[2, 1, 4]
	]),
	operator('Resize', [picture], { size: [3, 7], method: 'bilinear' }),
	operator('Resize', [picture], { size: [7, 3], method: 'nearest' }),
	operator('Upsample2D', [picture], { size: [2, 3], method: 'bilinear', halfPixel: true }),
	operator('Upsample1D', [[2, 4, 3]], { size: 3 }),
	operator('Crop1D', [[2, 6, 3]], { cropping: [1, 2] }),
	operator('Crop2D', [picture], {
		cropping: [
			[1, 2],
			[0, 1]
		]
	}),
	operator('Rescale', [picture], { scale: [1, 2, 0.5, -1], offset: [0, 1, 2, 3] }),
	operator('Conv2D', [picture, [3, 3, 2, 6]], { groups: 2, padding: 'same' }, ['kernel']),
	operator(
		'Conv1D',
		[
			[2, 8, 4],
			[3, 2, 4]
		],
		{ groups: 2, dilations: 2, causal: true },
		['kernel']
	),
	operator(
		'Conv2DTranspose',
		[
			[1, 3, 4, 2],
			[3, 3, 3, 2]
		],
		{ strides: 2, padding: 'same', outputShape: [5, 7] },
		['kernel']
	),
	operator('Normalization', [picture], { axes: [3], mean: [0.1, 0.2, 0.3, 0.4], variance: [1, 2, 0.5, 3] }),
	operator('GroupNormalization', [picture, [4], [4]], { groups: 2 }, ['gamma', 'beta']),
	operator('RMSNormalization', [[2, 3, 4], [4]], { axes: [2] }, ['gamma']),
	operator(
		'EinsumDense',
		[
			[2, 3, 4],
			[4, 2, 3],
			[2, 3]
		],
		{ equation: 'abc,cde->abde' },
		['kernel', 'bias']
	),
	operator(
		'EinsumDense',
		[
			[2, 3, 4],
			[3, 4, 2]
		],
		{ equation: 'abc,bcd->abd' },
		['kernel']
	),
	operator(
		'MultiHeadAttention',
		[[2, 3, 4], [2, 5, 3], [4, 2, 2], [2, 2], [3, 2, 2], [2, 2], [3, 2, 2], [2, 2], [2, 2, 4], [4]],
		{},
		HEADS
	),
	operator(
		'GroupQueryAttention',
		[[2, 3, 4], [2, 3, 4], [4, 4, 2], [4, 2], [4, 2, 2], [2, 2], [4, 2, 2], [2, 2], [4, 2, 4], [4]],
		{ causal: true },
		HEADS
	),
	operator('Attention', [[2, 3, 4], [2, 5, 4], []], {}, ['scale']),
	operator('Attention', [[2, 3, 4], [2, 5, 4], []], { mode: 'concat' }, ['concat_score_weight']),
	operator('AdditiveAttention', [[2, 3, 4], [2, 5, 4], [4]], {}, ['scale']),
	operator(
		'DepthwiseConv1D',
		[
			[2, 7, 3],
			[3, 3, 2]
		],
		{ dilations: 2, causal: true },
		['kernel']
	),
	operator(
		'SeparableConv1D',
		[
			[2, 7, 3],
			[3, 3, 1],
			[1, 3, 2]
		],
		{ strides: 2, padding: 'same' },
		['depthwise', 'pointwise']
	),
	operator(
		'Conv1DTranspose',
		[
			[2, 4, 3],
			[3, 2, 3]
		],
		{ strides: 2 },
		['kernel']
	),
	operator('UnitNormalization', [[2, 3, 4]], { axes: [-1] }),
	{
		...operator('MaskedAveragePool', [[2, 4, 3]]),
		op: (x) => {
			const marks = tf.tensor2d([
				[1, 1, 0, 0],
				[1, 1, 1, 0]
			]);
			return fixed('MaskedAveragePool', [x, marks]);
		}
	},
	{
		// Only the data: what the mean and variance of training were is no question that is asked.
		...operator('BatchNormalization', [[2, 4, 5, 3]], { axis: 1 }),
		op: (x) => {
			const values = {
				mean: [0.1, 0.2, -0.3, 0],
				variance: [1, 2, 0.5, 3],
				gamma: [1, -1, 2, 0.5],
				beta: [0, 1, 2, 3]
			};
			return fixed('BatchNormalization', [x], { axis: 1 }, (role) => tf.tensor1d(values[role as keyof typeof values]));
		}
	}
];
