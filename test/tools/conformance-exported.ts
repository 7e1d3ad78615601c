import * as tf from '#engine/tf.ts';
import { fixed, operator } from './conformance-makers.ts';
import type { Case } from './conformance.ts';

/** What files of other makers bring to the operator table: borders of any kind, axes of any position, steps of sequences. */

const row = [2, 7];
const picture = [2, 5, 4, 4];
const volume = [2, 3, 2, 3, 2];
const border = [
	[1, 0],
	[0, 2]
];

/** No window lies in it as a whole. */
const narrow = [
	[1, 0],
	[0, 1]
];

/** Of numbers that have a root and a logarithm. */
const positive = (type: string): Case => ({
	...operator(type, [row]),
	op: (x) => fixed(type, [tf.add(tf.abs(x), 0.3)])
});

/** Of numbers from -1 to 1. */
const angle = (type: string): Case => ({ ...operator(type, [row]), op: (x) => fixed(type, [tf.mul(x, 0.5)]) });

/** The first of them is what decides: it stands between two numbers. */
const condition = (x: tf.Tensor) => tf.greater(x, 0.1);

const whole = (values: readonly number[], shape: readonly number[]) => tf.tensor([...values], [...shape], 'int32');

const recurrent = (
	type: string,
	gates: number,
	attributes: Record<string, string | boolean | string[] | number>
): Case => {
	const directions = attributes['direction'] === 'bidirectional' ? 2 : 1;
	return operator(
		type,
		[
			[2, 3, 2],
			[directions, gates * 2, 2],
			[directions, gates * 2, 2],
			[directions, gates * 4],
			[directions, 2, 2]
		],
		{ units: 2, ...attributes },
		['kernel', 'recurrent', 'bias', 'state']
	);
};
const lstm = ['Sigmoid', 'Tanh', 'Tanh'];

export const exportedCases: readonly Case[] = [
	...['zeros', 'border', 'reflection'].flatMap((border) =>
		['linear', 'cubic'].map((method) =>
			operator(
				'GridSample',
				[
					[2, 4, 5, 2],
					[2, 3, 3, 2]
				],
				{ method, border, aligned: border === 'border' }
			)
		)
	),
	{
		...operator(
			'GridSample',
			[
				[2, 4, 5, 2],
				[2, 3, 3, 2]
			],
			{ method: 'nearest', border: 'zeros', aligned: false }
		),
		requested: [0]
	},
	operator(
		'Conv3D',
		[[2, 3, 4, 3, 2], [2, 2, 3, 2, 3], [3]],
		{
			strides: [2, 1, 1],
			padding: [
				[1, 0],
				[0, 1],
				[1, 1]
			]
		},
		['kernel', 'bias']
	),
	operator(
		'Conv3D',
		[
			[1, 5, 3, 3, 4],
			[2, 2, 2, 2, 4]
		],
		{ groups: 2, dilations: [2, 1, 2], padding: 'valid' },
		['kernel']
	),
	operator(
		'Conv3DTranspose',
		[
			[1, 2, 3, 2, 2],
			[3, 2, 2, 3, 2]
		],
		{
			strides: [2, 2, 1],
			padding: [
				[1, 0],
				[0, 1],
				[0, 0]
			],
			outputShape: [4, 5, 3]
		},
		['kernel']
	),
	...['Erf', 'Sin', 'Sinh', 'Cos', 'Cosh', 'Tan', 'Atan', 'Asinh'].map((type) => operator(type, [row])),
	...['Asin', 'Acos', 'Atanh'].map(angle),
	{ ...operator('Acosh', [row]), op: (x) => fixed('Acosh', [tf.add(tf.abs(x), 1.5)]) },
	positive('Reciprocal'),
	...['Sign', 'Floor', 'Ceil', 'Round', 'IsNan', 'IsInf'].map((type) => operator(type, [row])),
	operator('ClipByValue', [row], { min: -0.7, max: 0.6 }),
	operator('ThresholdedReLU', [row], { threshold: 0.4 }),
	operator('PReluDynamic', [picture, [4]]),
	operator('LogSoftmax', [[2, 3, 4]], { axis: 1 }),
	{ ...operator('Pow', [row]), op: (x) => fixed('Pow', [x, tf.scalar(3)]) },
	{
		...operator('Pow', [row, [7]]),
		name: 'operator Pow of both',
		op: (x, y) => fixed('Pow', [tf.add(tf.abs(x), 0.5), y])
	},
	{ ...operator('Mod', [row]), op: (x) => fixed('Mod', [tf.add(x, 5), tf.scalar(1.7)]) },
	{ ...operator('FMod', [row]), op: (x) => fixed('FMod', [x, tf.scalar(0.9)]) },
	...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'].map((type) => operator(type, [row, [7]])),
	...['LogicalAnd', 'LogicalOr'].map((type) => ({
		...operator(type, [row, row]),
		op: (x: tf.Tensor, y: tf.Tensor) => fixed(type, [condition(x), condition(y)])
	})),
	{ ...operator('LogicalNot', [row]), op: (x) => fixed('LogicalNot', [condition(x)]) },
	{ ...operator('Select', [row, row, [7]]), op: (c, a, b) => fixed('Select', [condition(c), a, b]) },
	...['Mean', 'Sum', 'Max', 'Min', 'EuclideanNorm', 'LogSumExp'].map((type) =>
		operator(type, [[2, 3, 4, 3]], { axes: [1, 3], keepDims: true })
	),
	operator('Mean', [volume], { axes: [2, 4] }),
	operator('Max', [[2, 3, 4]], { axes: [0, 2] }),
	operator('Prod', [[2, 3, 4]], { axes: [2] }),
	operator('Prod', [[2, 3, 4]], { axes: [1], keepDims: true }),
	operator('Cumsum', [[2, 3, 4, 2]], { axis: 2, exclusive: true, reverse: true }),
	operator('Cumsum', [[2, 3, 4]], { axis: 1 }),
	operator('TopKV2', [[2, 3, 7]], { k: 3 }),
	operator('Split', [[2, 7, 3]], { axis: 1, sizes: [3, 4] }),
	operator('Slice', [picture], {
		cuts: [
			[1, 1, 2, 2],
			[3, 3, -2, 2]
		]
	}),
	operator('Slice', [volume], {
		cuts: [
			[1, 1, 1, 2],
			[3, 0, 2, 2]
		]
	}),
	operator('Tile', [[2, 3, 2]], { repeats: [1, 2, 3] }),
	operator('BroadcastTo', [[2, 1, 3]], { shape: [-1, 4, 3] }),
	operator(
		'Concat',
		[
			[2, 3, 2],
			[1, 1, 2]
		],
		{ axis: 1 }
	),
	operator('DepthToSpace', [[1, 2, 3, 8]], { block: 2 }),
	operator('DepthToSpace', [[1, 2, 3, 8]], { block: 2, columnsFirst: true }),
	operator('SpaceToDepth', [[2, 4, 6, 3]], { block: 2 }),
	operator('Transpose', [volume], { permutation: [0, 3, 1, 4, 2] }),
	operator('Reshape', [volume], { full: [-1, 6] }),
	{ ...operator('Gather', [picture]), op: (x) => fixed('Gather', [x, whole([3, 0, 0], [3])], { axis: 2 }) },
	{
		...operator('GatherElements', [[3, 4]]),
		op: (x) => fixed('GatherElements', [x, whole([0, -1, 2, 2, 1, 0], [3, 2])], { axis: 1 })
	},
	{
		...operator('GatherNd', [[3, 4, 2]]),
		op: (x) => fixed('GatherNd', [x, whole([0, 3, 2, 1], [2, 2])])
	},
	{
		...operator('ScatterElements', [
			[3, 4],
			[2, 4]
		]),
		op: (x, y) => fixed('ScatterElements', [x, whole([0, 1, 2, 0, 2, 0, 1, 1], [2, 4]), y], { axis: 0 })
	},
	{
		...operator('ScatterNdUpdate', [
			[3, 4, 2],
			[2, 2]
		]),
		op: (x, y) => fixed('ScatterNdUpdate', [x, whole([0, 3, 2, 1], [2, 2]), y])
	},
	{
		...operator('ScatterNdUpdate', [
			[4, 2],
			[3, 2]
		]),
		name: 'operator ScatterNdUpdate that adds',
		op: (x, y) => fixed('ScatterNdUpdate', [x, whole([0, 3, 0], [3, 1]), y], { adds: true })
	},
	operator('MaxPool2D', [[1, 6, 5, 2]], { size: [3, 2], strides: [2, 1], padding: narrow }),
	operator('MaxPool2D', [[1, 7, 6, 2]], { size: [2, 3], strides: [1, 2], dilations: [2, 1], padding: border }),
	operator('AveragePool2D', [[1, 6, 5, 2]], { size: [3, 2], strides: [2, 1], padding: narrow }),
	operator('Conv2D', [picture, [3, 3, 4, 2]], { padding: border, strides: [2, 1] }, ['kernel']),
	operator('Conv2D', [picture, [2, 2, 4, 2]], { padding: border, dilations: [2, 2] }, ['kernel']),
	operator('DepthwiseConv2D', [picture, [3, 2, 4, 2]], { padding: border, strides: [2, 2] }, ['kernel']),
	operator('DepthwiseConv2D', [picture, [2, 2, 4, 1]], { padding: border, dilations: [2, 1] }, ['kernel']),
	operator(
		'Conv2DTranspose',
		[
			[1, 3, 4, 2],
			[3, 3, 3, 2]
		],
		{ strides: [2, 2], padding: border, outputShape: [6, 7] },
		['kernel']
	),
	operator('LayerNormalization', [[2, 3, 4], [4], [4]], { axes: [2] }, ['gamma', 'beta']),
	operator('LayerNormalization', [picture, [1, 5, 4, 1]], { axes: [1, 2] }, ['gamma']),
	operator('RMSNormalization', [[2, 3, 4], [4]], { axes: [2] }, ['gamma']),
	operator('LRN', [[1, 3, 2, 6]], { size: 3, alpha: 0.5, beta: 0.75, bias: 1 }),
	operator('LRN', [[1, 3, 2, 6]], { size: 4, alpha: 0.5, beta: 0.6, bias: 2 }),
	...(['bilinear', 'cubic', 'nearest'] as const).map((method) =>
		operator('Resample', [picture], {
			...{ method, transform: 'half_pixel', nearest: 'floor', axes: [1, 2], sizes: [7, 3], scales: [1.4, 0.75] }
		})
	),
	operator('Resample', [[2, 3, 4]], {
		...{ method: 'bilinear', transform: 'align_corners', nearest: 'floor', axes: [1], sizes: [7], scales: [7 / 3] }
	}),
	operator(
		'Einsum',
		[
			[2, 3, 4],
			[2, 5, 4]
		],
		{ equation: 'bij,bkj->bik' }
	),
	operator(
		'Einsum',
		[
			[2, 3],
			[4, 3]
		],
		{ equation: 'ij,kj->ki' }
	),
	operator('Einsum', [[2, 3, 4]], { equation: 'bij->jb' }),
	operator(
		'Einsum',
		[
			[2, 3],
			[3, 4],
			[4, 2]
		],
		{ equation: 'ab,bc,cd->ad' }
	),
	{
		...operator('MatMul', [
			[2, 3, 2, 4],
			[1, 3, 4, 2]
		]),
		name: 'operator MatMul of many with one'
	},
	{
		...operator('MatMul', [
			[2, 1, 2, 3],
			[1, 3, 3, 2]
		]),
		name: 'operator MatMul of rows with columns'
	},
	{
		...operator('MatMul', [
			[2, 3, 1, 2, 3],
			[3, 2, 3, 2]
		]),
		name: 'operator MatMul of five axes'
	},
	operator(
		'MatMul',
		[
			[2, 2, 3],
			[2, 4, 3]
		],
		{ transposeB: true }
	),
	recurrent('LSTMSequence', 4, { direction: 'forward', activations: lstm }),
	recurrent('LSTMSequence', 4, { direction: 'bidirectional', activations: [...lstm, ...lstm] }),
	recurrent('GRUSequence', 3, { direction: 'reverse', activations: ['Sigmoid', 'Tanh'] }),
	recurrent('GRUSequence', 3, { direction: 'forward', activations: ['Sigmoid', 'Tanh'], resetAfter: true }),
	recurrent('RNNSequence', 1, { direction: 'bidirectional', activations: ['Tanh', 'Tanh'] }),
	operator('Dequantize', [row], { scale: 0.5, zero: 3 })
];
