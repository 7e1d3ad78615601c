import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import * as k from '../../tools/keras-files.ts';
import { conv2d, Nd } from '../../tools/nd.ts';
import { conv, float, ints, list, s } from '../../tools/graph-attributes.ts';

/** Odd graphs of TensorFlow: right by formulas in float64, or refused by a sentence that names the node. */

beforeAll(() => useBackend('cpu'));

const i = (value: number) => ({ i: String(value) });
const dims = (shape: readonly number[]) => ({ dim: shape.map((n) => ({ size: String(n) })) });

interface Def {
	name: string;
	op: string;
	input?: string[];
	attr?: Record<string, unknown>;
}

type Constants = Readonly<Record<string, StoredWeight>>;
const whole = (shape: number[], ...values: number[]): StoredWeight => ({
	shape,
	dtype: 'int32',
	values: Int32Array.from(values)
});
const real = (shape: number[], ...values: number[]): StoredWeight => ({
	shape,
	dtype: 'float32',
	values: Float32Array.from(values)
});

function built(shape: readonly number[], constants: Constants, nodes: readonly Def[], signature?: unknown) {
	const consts = Object.entries(constants).map(([name, { dtype }]): Def => {
		const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
		return { name, op: 'Const', attr: { dtype: { type }, value: { tensor: { dtype: type } } } };
	});
	const x = { name: 'x', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims(shape) } } };
	const weights = new Map(Object.entries(constants));
	return graphModel({ topology: { node: [x, ...consts, ...nodes] }, weights, signature });
}

async function outputsOf(x: Nd, constants: Constants, nodes: readonly Def[], signature?: unknown) {
	const model = built(x.shape, constants, nodes, signature);
	expect(model.obstacle).toBeNull();
	const ys = model.run({ x: tf.tensor(Array.from(x.data), [...x.shape]) }, model.graph.outputs);
	const found = await Promise.all(ys.map(async (y) => ({ shape: y.shape, data: [...(await y.data())] })));
	model.dispose();
	return found;
}

const input = (...shape: number[]) => new Nd(shape, k.values(shape, 5));
const close = (found: { shape: number[]; data: number[] } | undefined, right: Nd) =>
	expectClose(found!, { shape: right.shape, data: right.data }, { rtol: 1e-5, atol: 2e-6 });

describe('odd graphs are computed rightly', () => {
	it('a convolution in groups, said by the depth of its kernel alone', async () => {
		const kernel = k.stored([3, 3, 2, 6], 1);
		const x = input(1, 5, 4, 4);
		const [y] = await outputsOf(x, { kernel }, [{ name: 'y', op: 'Conv2D', input: ['x', 'kernel'], attr: conv }]);
		close(y, conv2d(x, new Nd(kernel.shape, kernel.values as Float32Array), { groups: 2, same: true }));
	});

	it('padding by numbers', async () => {
		const kernel = k.stored([2, 2, 1, 1], 1);
		const x = input(1, 3, 3, 1);
		const attr = { ...conv, padding: s('EXPLICIT'), explicit_paddings: ints(0, 0, 1, 0, 0, 2, 0, 0) };
		const [y] = await outputsOf(x, { kernel }, [{ name: 'y', op: 'Conv2D', input: ['x', 'kernel'], attr }]);
		const padded = Nd.of([1, 4, 5, 1], (_, a, b) => x.at(0, a! - 1, b!, 0));
		close(y, conv2d(padded, new Nd(kernel.shape, kernel.values as Float32Array), {}));
	});

	it('later outputs, control edges, outputs in the order of the signature', async () => {
		const x = input(1, 6);
		const nodes: Def[] = [
			{ name: 'cut', op: 'SplitV', input: ['x', 'sizes', 'axis', '^x'], attr: { num_split: i(3) } },
			{ name: 'b', op: 'Relu', input: ['cut:2', '^cut'] },
			{ name: 'a', op: 'Neg', input: ['cut:1'] }
		];
		const output = (name: string) => ({ name, dtype: 'DT_FLOAT' });
		const signature = { outputs: { first: output('b:0'), second: output('a'), third: output('cut:0') } };
		const constants = { sizes: whole([3], 1, 2, 3), axis: whole([], 1) };
		const [b, a, cut] = await outputsOf(x, constants, nodes, signature);
		close(
			b,
			Nd.of([1, 3], (_, j) => Math.max(0, x.at(0, j! + 3)))
		);
		close(
			a,
			Nd.of([1, 2], (_, j) => -x.at(0, j! + 1))
		);
		close(
			cut,
			Nd.of([1, 1], () => x.at(0, 0))
		);
	});

	const x = input(1, 3, 4);
	it.each<[string, Nd, Constants, Def[], Nd]>([
		[
			'a slice with all masks',
			x,
			{ begin: whole([3], 0, 1, 1), end: whole([3], 0, 2, 4), step: whole([3], 1, 1, 2) },
			[
				{
					name: 'y',
					op: 'StridedSlice',
					input: ['x', 'begin', 'end', 'step'],
					attr: { begin_mask: i(1), end_mask: i(1), shrink_axis_mask: i(2), ellipsis_mask: i(0), new_axis_mask: i(0) }
				}
			],
			Nd.of([1, 2], (_, j) => x.at(0, 1, 1 + 2 * j!))
		],
		[
			'parts put together along a new axis',
			x,
			{},
			[
				{ name: 'p', op: 'Unpack', input: ['x'], attr: { axis: i(1), num: i(3) } },
				{ name: 'y', op: 'Pack', input: ['p:2', 'p', 'p:1'], attr: { axis: i(2), N: i(3) } }
			],
			Nd.of([1, 4, 3], (_, j, part) => x.at(0, [2, 0, 1][part!]!, j!))
		],
		[
			'a product by a sentence of letters',
			x,
			{ w: k.stored([4, 2], 3) },
			[{ name: 'y', op: 'Einsum', input: ['x', 'w'], attr: { equation: s('bij,jk->bki'), N: i(2) } }],
			Nd.of([1, 2, 3], (_, c, a) =>
				[0, 1, 2, 3].reduce((sum, j) => sum + x.at(0, a!, j) * k.values([4, 2], 3)[2 * j + c!]!, 0)
			)
		],
		[
			'a fused product with bias and slope, its kernel turned',
			input(1, 4),
			{ w: k.stored([3, 4], 3), b: real([3], 0.1, -0.2, 0.3) },
			[
				{
					name: 'y',
					op: '_FusedMatMul',
					input: ['x', 'w', 'b'],
					attr: {
						transpose_b: { b: true },
						fused_ops: list('BiasAdd', 'LeakyRelu'),
						num_args: i(1),
						leakyrelu_alpha: { f: 0.3 }
					}
				}
			],
			Nd.of([1, 3], (_, c) => {
				const sum = [0, 1, 2, 3].reduce(
					(so, j) => so + input(1, 4).at(0, j) * k.values([3, 4], 3)[4 * c! + j]!,
					[0.1, -0.2, 0.3][c!]!
				);
				return sum > 0 ? sum : 0.3 * sum;
			})
		],
		[
			'channels as finer positions',
			input(1, 1, 2, 8),
			{},
			[{ name: 'y', op: 'DepthToSpace', input: ['x'], attr: { block_size: i(2), data_format: s('NHWC') } }],
			Nd.of([1, 2, 4, 2], (_, a, b, c) => input(1, 1, 2, 8).at(0, 0, b! >> 1, ((a! % 2) * 2 + (b! % 2)) * 2 + c!))
		]
	])('%s', async (_, given, constants, nodes, right) => close((await outputsOf(given, constants, nodes))[0], right));

	it.each([
		['corner to corner', { align_corners: { b: true } }, (o: number) => (o * 2) / 4],
		['at halves of pixels', { half_pixel_centers: { b: true } }, (o: number) => (o + 0.5) * (3 / 5) - 0.5],
		['plainly', {}, (o: number) => (o * 3) / 5]
	])('a picture resized %s', async (_, attr, source) => {
		const line = input(1, 1, 3, 1);
		const node = { name: 'y', op: 'ResizeBilinear', input: ['x', 'size'], attr };
		const [y] = await outputsOf(line, { size: whole([2], 1, 5) }, [node]);
		const right = Nd.of([1, 1, 5, 1], (_n, _a, o) => {
			const at = Math.min(2, Math.max(0, source(o!)));
			const low = Math.floor(at);
			return (1 - at + low) * line.at(0, 0, low, 0) + (at - low) * line.at(0, 0, Math.min(2, low + 1), 0);
		});
		close(y, right);
	});
});

describe('odd graphs are refused by name', () => {
	const norm = { g: real([1], 1), b: real([1], 0), m: real([1], 0), v: real([1], 1) };
	const batch = (attr: object): Def => ({
		name: 'bn',
		op: 'FusedBatchNormV3',
		input: ['x', 'g', 'b', 'm', 'v'],
		attr: { ...attr }
	});
	const kernel = k.stored([2, 2, 1, 1], 1);
	it.each<[string, Constants, Def[], RegExp]>([
		['a norm in training', norm, [batch({ is_training: { b: true } })], /"bn" .*normalises by the batch/],
		[
			'an output that is not computed',
			norm,
			[batch({ is_training: { b: false } }), { name: 'y', op: 'Relu', input: ['bn:1'] }],
			/"y" reads output 1 of "bn"/
		],
		[
			'padding that is not said',
			{ kernel },
			[{ name: 'y', op: 'Conv2D', input: ['x', 'kernel'], attr: { ...conv, padding: s('EXPLICIT') } }],
			/"y" \(Conv2D\) does not say how much it pads/
		],
		[
			'gaps the other way round',
			{ kernel, size: whole([4], 1, 6, 6, 1) },
			[
				{
					name: 'y',
					op: 'Conv2DBackpropInput',
					input: ['size', 'kernel', 'x'],
					attr: { ...conv, dilations: ints(1, 2, 2, 1) }
				}
			],
			/"y" .*transposed and has gaps/
		],
		[
			'a constant larger than memory',
			{ n: whole([2], 70_000, 70_000), one: real([], 1) },
			[
				{ name: 'big', op: 'Fill', input: ['n', 'one'] },
				{ name: 'y', op: 'Mul', input: ['x', 'big'] }
			],
			/"big" \(Fill\) could not run.*4,900,000,000 numbers, more than there is room for/
		],
		[
			'endless repetition',
			{ n: whole([4], 1, 40_000, 40_000, 1) },
			[{ name: 'y', op: 'Tile', input: ['x', 'n'], attr: { T: float } }],
			/"y" \(Tile\) could not run.*more than there is room for/
		],
		[
			'a stretched tensor',
			{ n: whole([4], 1, 3, 30_000, 30_000), a: real([1, 1, 1, 1], 1) },
			[
				{ name: 'y', op: 'BroadcastTo', input: ['a', 'n'] },
				{ name: 'z', op: 'AddV2', input: ['y', 'x'] }
			],
			/"y" \(BroadcastTo\) could not run.*more than there is room for/
		],
		[
			'a huge picture',
			{ n: whole([2], 60_000, 60_000) },
			[{ name: 'y', op: 'ResizeBilinear', input: ['x', 'n'] }],
			/"y" \(ResizeBilinear\) could not run.*more than there is room for/
		],
		[
			'a product of a column and a row',
			{ a: whole([4], 1, 1, 1, 20_000), b: whole([2], 1, 1), shape: whole([2], -1, 1) },
			[
				{ name: 'row', op: 'Tile', input: ['x', 'a'] },
				{ name: 'column', op: 'Reshape', input: ['row', 'shape'] },
				{ name: 'y', op: 'MatMul', input: ['column', 'column'], attr: { transpose_b: { b: true } } }
			],
			/"y" \(MatMul\) could not run.*more than there is room for/
		]
	])('%s', (_, constants, nodes, message) => {
		const before = tf.memory().numTensors;
		const model = built([1, 3, 3, 1], constants, nodes);
		expect(model.obstacle?.message).toMatch(message);
		model.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});
});
