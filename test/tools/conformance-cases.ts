import * as tf from '#engine/tf.ts';

import type { Case } from './conformance.ts';
import { conv, depthwise, four, pool, resize, unary } from './conformance-makers.ts';

export const cases: readonly Case[] = [
	conv('3x3 same', [2, 6, 5, 3], [3, 3, 3, 4], 1, 'same'),
	conv('3x3 same, vec4', [1, 5, 5, 8], [3, 3, 8, 8], 1, 'same'),
	conv('3x3 valid, stride 2', [2, 7, 6, 3], [3, 3, 3, 2], 2, 'valid'),
	conv('2x2 same, stride 2', [1, 7, 6, 2], [2, 2, 2, 3], 2, 'same'),
	conv('1x1', [2, 4, 4, 5], [1, 1, 5, 3], 1, 'valid'),
	conv('5x3 strides 2x1', [1, 9, 7, 2], [5, 3, 2, 2], [2, 1], 'same'),
	conv('explicit padding', [1, 5, 5, 2], [3, 3, 2, 2], 1, [
		[0, 0],
		[1, 2],
		[0, 1],
		[0, 0]
	]),
	conv('dilated same', [1, 8, 8, 2], [3, 3, 2, 3], 1, 'same', 2),
	conv('dilated valid', [2, 9, 8, 2], [3, 2, 2, 2], 1, 'valid', [2, 3]),
	depthwise('same', [2, 6, 5, 3], [3, 3, 3, 1], 1, 'same'),
	depthwise('valid, stride 2', [2, 7, 7, 4], [3, 3, 4, 1], 2, 'valid'),
	depthwise('same, stride 2', [1, 8, 7, 3], [3, 3, 3, 1], 2, 'same'),
	depthwise('multiplier 2', [1, 6, 6, 2], [3, 3, 2, 2], 1, 'same'),
	depthwise('dilated', [1, 8, 8, 2], [3, 3, 2, 1], 1, 'same', 2),
	{
		name: 'conv2dTranspose stride 2',
		inputs: [
			[1, 4, 3, 2],
			[3, 3, 3, 2]
		],
		op: (x, k) => tf.conv2dTranspose(four(x), four(k), [1, 8, 6, 3], 2, 'same')
	},
	{
		name: 'conv2dTranspose valid',
		inputs: [
			[2, 3, 3, 2],
			[2, 2, 2, 2]
		],
		op: (x, k) => tf.conv2dTranspose(four(x), four(k), [2, 4, 4, 2], 1, 'valid')
	},
	pool('2x2', 'max', [2, 6, 6, 3], 2, 2, 'valid'),
	pool('3x3 same, stride 2', 'max', [1, 7, 6, 2], 3, 2, 'same'),
	pool('3x3 same, stride 1', 'max', [1, 5, 5, 2], 3, 1, 'same'),
	pool('2x3 valid, stride 1', 'max', [1, 5, 6, 2], [2, 3], 1, 'valid'),
	pool('2x2', 'avg', [2, 6, 6, 3], 2, 2, 'valid'),
	pool('3x3 same, stride 2', 'avg', [1, 7, 6, 2], 3, 2, 'same'),
	pool('3x3 same, stride 1', 'avg', [2, 5, 5, 2], 3, 1, 'same'),
	{
		name: 'batchNorm',
		inputs: [[2, 3, 3, 4], [4], [4], [4]],
		op: (x, m, o, s) =>
			tf.batchNorm(x!, m as tf.Tensor1D, tf.tensor1d([0.5, 1, 2, 0.3]), o as tf.Tensor1D, s as tf.Tensor1D, 1e-3)
	},
	{
		name: 'layer norm by moments',
		inputs: [[2, 3, 5]],
		op: (x) => {
			const { mean, variance } = tf.moments(x, -1, true);
			return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
		}
	},
	{
		name: 'local response normalisation',
		inputs: [[1, 3, 3, 6]],
		op: (x) => tf.localResponseNormalization(four(x), 2)
	},
	...(
		[
			'relu',
			'relu6',
			'elu',
			'selu',
			'sigmoid',
			'tanh',
			'softplus',
			'erf',
			'exp',
			'abs',
			'square',
			'neg',
			'softmax',
			'logSoftmax'
		] as const
	).map((name) => unary(name, (x) => tf[name](x as never))),
	unary('leakyRelu', (x) => tf.leakyRelu(x, 0.1)),
	unary('softsign', (x) => tf.div(x, tf.add(tf.abs(x), 1))),
	unary('swish', (x) => tf.mul(x, tf.sigmoid(x))),
	unary('mish', (x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
	unary('gelu', (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
	unary('hardSwish', (x) => tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6))),
	unary('clip', (x) => tf.clipByValue(x, -0.8, 0.7)),
	unary('sqrt, log, rsqrt', (x) => {
		const p = tf.add(tf.square(x), 0.5);
		return tf.add(tf.add(tf.sqrt(p), tf.log(p)), tf.rsqrt(p));
	}),
	unary('pow', (x) => tf.pow(tf.add(tf.abs(x), 0.5), 1.7)),
	// WGSL's sine is exact to some 2e-4 only.
	unary('sin and cos', (x) => tf.add(tf.sin(x), tf.cos(x)), { loose: 2e-3 }),
	{ name: 'prelu', inputs: [[2, 3, 3, 4], [4]], op: (x, a) => tf.prelu(x!, a!) },
	{
		name: 'matMul',
		inputs: [
			[3, 4],
			[4, 5]
		],
		op: (a, b) => tf.matMul(a!, b!)
	},
	{
		name: 'matMul transposed',
		inputs: [
			[4, 3],
			[5, 4]
		],
		op: (a, b) => tf.matMul(a!, b!, true, true)
	},
	{
		name: 'matMul batched',
		inputs: [
			[2, 3, 4],
			[2, 4, 3]
		],
		op: (a, b) => tf.matMul(a!, b!)
	},
	{
		name: 'matMul broadcast batch',
		inputs: [
			[3, 2, 4],
			[1, 4, 3]
		],
		op: (a, b) => tf.matMul(a!, b!)
	},
	{
		name: 'attention',
		inputs: [
			[1, 2, 4, 3],
			[1, 2, 4, 3],
			[1, 2, 4, 3]
		],
		op: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q!, k!, false, true)), v!)
	},
	{
		name: 'einsum bhqd',
		inputs: [
			[1, 3, 2, 4],
			[1, 5, 2, 4]
		],
		op: (q, k) => tf.einsum('bqhd,bkhd->bhqk', q!, k!)
	},
	{
		name: 'einsum dense',
		inputs: [
			[2, 3, 4],
			[4, 2, 3]
		],
		op: (x, w) => tf.einsum('abc,cde->abde', x!, w!)
	},
	resize('bilinear', [8, 10], false, false),
	resize('bilinear', [7, 8], true, false),
	resize('bilinear', [8, 10], false, true),
	resize('bilinear', [3, 3], false, true),
	resize('nearest', [8, 10], false, false),
	resize('nearest', [7, 7], false, false),
	resize('nearest', [8, 10], false, true),
	{
		name: 'pad',
		inputs: [[1, 3, 3, 2]],
		op: (x) =>
			tf.pad(x, [
				[0, 0],
				[1, 2],
				[0, 1],
				[0, 0]
			])
	},
	{
		name: 'mirrorPad reflect',
		inputs: [[1, 4, 5, 2]],
		op: (x) =>
			tf.mirrorPad(
				x,
				[
					[0, 0],
					[2, 1],
					[1, 3],
					[0, 0]
				],
				'reflect'
			)
	},
	{
		name: 'mirrorPad symmetric',
		inputs: [[1, 4, 3, 2]],
		op: (x) =>
			tf.mirrorPad(
				x,
				[
					[0, 0],
					[2, 1],
					[1, 2],
					[0, 0]
				],
				'symmetric'
			)
	},
	{
		name: 'concat',
		inputs: [
			[1, 3, 2],
			[1, 2, 2]
		],
		op: (a, b) => tf.concat([a!, b!], 1)
	},
	{
		name: 'split',
		inputs: [[2, 6]],
		op: (x) => {
			const [a, , c] = tf.split(x, 3, 1);
			return tf.mul(a!, c!);
		}
	},
	{
		name: 'stack and unstack',
		inputs: [
			[2, 3],
			[2, 3]
		],
		op: (a, b) => tf.sum(tf.stack(tf.unstack(tf.stack([a!, b!], 1), 0)), 1)
	},
	{ name: 'slice', inputs: [[2, 5, 4]], op: (x) => tf.slice(x, [0, 1, 1], [2, 3, 2]) },
	{ name: 'stridedSlice', inputs: [[2, 7, 4]], op: (x) => tf.stridedSlice(x, [0, 1, 0], [2, 7, 4], [1, 2, 3]) },
	{ name: 'stridedSlice backwards', inputs: [[2, 7]], op: (x) => tf.stridedSlice(x, [0, 5], [2, 0], [1, -2]) },
	{
		name: 'stridedSlice with masks',
		inputs: [[3, 4, 5]],
		op: (x) => tf.stridedSlice(x, [1, 0, 0], [0, 0, 3], [1, 1, 1], 2, 2, 0, 0, 1)
	},
	{ name: 'gather rows', inputs: [[5, 3]], op: (x) => tf.gather(x, tf.tensor1d([4, 0, 4, 2], 'int32')) },
	{
		name: 'gather columns',
		inputs: [[2, 5, 3]],
		op: (x) =>
			tf.gather(
				x,
				tf.tensor2d(
					[
						[4, 0],
						[4, 2]
					],
					[2, 2],
					'int32'
				),
				1
			)
	},
	{
		name: 'gatherND',
		inputs: [[3, 4, 2]],
		op: (x) =>
			tf.gatherND(
				x,
				tf.tensor2d(
					[
						[0, 1],
						[2, 3],
						[0, 1]
					],
					[3, 2],
					'int32'
				)
			)
	},
	{ name: 'topk values', inputs: [[2, 6]], op: (x) => tf.topk(x, 3).values },
	{ name: 'depthToSpace', inputs: [[1, 2, 3, 8]], op: (x) => tf.depthToSpace(four(x), 2) },
	{
		name: 'batchToSpace of spaceToBatch',
		inputs: [[1, 4, 4, 2]],
		op: (x) =>
			tf.batchToSpaceND(
				tf.mul(
					tf.spaceToBatchND(
						x,
						[2, 2],
						[
							[0, 0],
							[0, 0]
						]
					),
					2
				),
				[2, 2],
				[
					[0, 0],
					[0, 0]
				]
			)
	},
	{ name: 'cumsum inner axis', inputs: [[2, 3, 4, 2]], op: (x) => tf.cumsum(x, 1) },
	{ name: 'cumsum reversed', inputs: [[2, 5]], op: (x) => tf.cumsum(x, 1, true, true) },
	{
		name: 'where on a comparison',
		inputs: [[2, 6]],
		op: (x) => tf.where(tf.greater(x, 0.1), tf.mul(x, 2), tf.square(x))
	},
	{
		name: 'cast, then moved',
		inputs: [[2, 3, 4]],
		op(x) {
			const flags = tf.cast(tf.greater(x, 0.1), 'float32');
			const whole = tf.cast(tf.cast(tf.mul(x, 4), 'int32'), 'float32');
			const parts = [tf.transpose(flags, [2, 0, 1]), tf.transpose(whole, [2, 0, 1])];
			const moved = tf.pad(tf.concat(parts, 0), [
				[0, 1],
				[0, 0],
				[1, 0]
			]);
			return tf.mul(tf.sum(x, 2), tf.reshape(tf.max(moved, [0, 2]), [2, 1]));
		},
		requested: [0]
	},
	{
		name: 'logical on the path',
		inputs: [[2, 6]],
		op: (x) => tf.mul(x, tf.cast(tf.logicalOr(tf.less(x, -0.5), tf.logicalNot(tf.lessEqual(x, 0.4))), 'float32'))
	},
	{
		name: 'transpose, reshape, reverse, tile',
		inputs: [[2, 3, 4]],
		op: (x) => tf.tile(tf.reverse(tf.reshape(tf.transpose(x, [2, 0, 1]), [4, 6]), 1), [1, 2])
	},
	{
		name: 'sum, mean, max, min',
		inputs: [[2, 3, 4]],
		op: (x) => tf.add(tf.add(tf.sum(x, 1), tf.mean(x, 1)), tf.mul(tf.max(x, 1), tf.min(x, 1)))
	},
	{ name: 'prod and logSumExp', inputs: [[2, 4]], op: (x) => tf.add(tf.prod(x, 1), tf.logSumExp(x, 1)) },
	{
		name: 'broadcast arithmetic',
		inputs: [[2, 3, 4], [4], [1, 3, 1]],
		op: (a, b, c) => tf.div(tf.sub(tf.mul(a!, b!), c!), tf.add(tf.square(c!), 1))
	},
	{
		name: 'maximum, minimum, squaredDifference',
		inputs: [
			[2, 5],
			[2, 5]
		],
		op: (a, b) => tf.add(tf.mul(tf.maximum(a!, b!), tf.minimum(a!, b!)), tf.squaredDifference(a!, b!))
	},
	{
		name: 'addN',
		inputs: [
			[2, 3],
			[2, 3],
			[2, 3]
		],
		op: (a, b, c) => tf.addN([a!, b!, c!])
	},
	{
		name: 'broadcastTo and expandDims',
		inputs: [[3, 1]],
		op: (x) => tf.mul(tf.broadcastTo(x, [3, 4]), tf.squeeze(tf.expandDims(x, 0), [0]))
	}
];
