import { beforeAll, describe, expect, it } from 'vitest';
import type { AttributeValue } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import { convolved, depthwise, drawn, transposed, type Grid, type Window } from '../../../tools/naive-layers.ts';
import { outputOf, outputsOf, recorded, type OperatorOptions } from './table.ts';

/** Convolutions of the table against their sums, number by number; also while a gradient is recorded. */

const PADS = [
	[1, 2],
	[0, 1]
] as const;
const WINDOWS: readonly (readonly [string, Window])[] = [
	['as they are', {}],
	['same', { padding: 'same' }],
	['strides of two and one', { padding: 'same', strides: [2, 1] }],
	['strides of one and two, no padding', { padding: 'valid', strides: [1, 2] }],
	['dilated by one and two', { padding: 'same', dilations: [1, 2] }],
	['dilated by two and one, no padding', { padding: 'valid', dilations: [2, 1] }],
	['padding by numbers', { padding: PADS, strides: [2, 2] }]
];
const SHAPE = [7, 6, 4] as const;
const x: Grid = { shape: SHAPE, data: drawn(SHAPE, 1) };
const image = ({ shape, data }: Grid) => tf.tensor4d(Float32Array.from(data), [1, ...shape]);
const attributesOf = (window: Window) => ({ ...window }) as Record<string, AttributeValue>;

async function check(type: string, expected: Grid, input: Grid, how: OperatorOptions) {
	const right = { shape: [1, ...expected.shape], data: expected.data };
	const tolerance = { rtol: 1e-4, atol: 2e-6 };
	expectClose(await outputOf(type, [image(input)], how), right, tolerance);
	const found = await recorded(type, image(input), how);
	expectClose(found, right, tolerance);
	const sum = Array.from(expected.data).reduce((a, b) => a + b, 0);
	expectClose({ data: [found.sum] }, { data: [sum] }, { rtol: 1e-4, atol: 1e-4 });
	return found;
}

describe.each(['cpu', 'wasm'] as const)('convolutions on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it.each(WINDOWS)('Conv2D, %s, with and without a bias', async (_, window) => {
		const shape = [3, 2, 4, 5] as const;
		const [weights, bias] = [drawn(shape, 2), drawn([5], 3)];
		const kernel = tf.tensor4d(weights, [...shape]);
		const attributes = attributesOf(window);
		await check('Conv2D', convolved(x, shape, weights, window), x, { attributes, weights: { kernel } });
		await check('Conv2D', convolved(x, shape, weights, window, bias), x, {
			attributes,
			weights: { kernel, bias: tf.tensor1d(bias) }
		});
	});

	it('Conv2D: each group of channels has filters of its own', async () => {
		const shape = [3, 3, 2, 6] as const;
		const window: Window = { padding: 'same', strides: [2, 2] };
		const [weights, bias] = [drawn(shape, 4), drawn([6], 5)];
		await check('Conv2D', convolved(x, shape, weights, window, bias), x, {
			attributes: { ...attributesOf(window), groups: 2 },
			weights: { kernel: tf.tensor4d(weights, [...shape]), bias: tf.tensor1d(bias) }
		});
	});

	it('Conv2DDynamic takes its kernel from another node', async () => {
		const shape = [2, 3, 4, 2] as const;
		const weights = drawn(shape, 6);
		const found = await outputOf('Conv2DDynamic', [image(x), tf.tensor4d(weights, [...shape])], {
			attributes: { strides: 2, padding: 'valid' }
		});
		const right = convolved(x, shape, weights, { strides: [2, 2] });
		expectClose(found, { shape: [1, ...right.shape], data: right.data }, { rtol: 1e-4, atol: 2e-6 });
	});

	const square: Window[] = [
		{ padding: 'same' },
		{ padding: 'valid', strides: [2, 2] },
		{ padding: 'same', dilations: [2, 2] },
		{ padding: PADS }
	];
	it.each(square)('DepthwiseConv2D %j, two filters for each channel', async (window) => {
		const shape = [3, 3, 4, 2] as const;
		const [weights, bias] = [drawn(shape, 7), drawn([8], 8)];
		const kernel = tf.tensor4d(weights, [...shape]);
		const attributes = attributesOf(window);
		await check('DepthwiseConv2D', depthwise(x, shape, weights, window), x, { attributes, weights: { kernel } });
		await check('DepthwiseConv2D', depthwise(x, shape, weights, window, bias), x, {
			attributes,
			weights: { kernel, bias: tf.tensor1d(bias) }
		});
	});

	it.each(square.slice(0, 3))('SeparableConv2D %j: channels one by one, then mixed', async (window) => {
		const [first, second] = [
			[3, 3, 4, 1],
			[1, 1, 4, 3]
		] as [[number, number, number, number], [number, number, number, number]];
		const [own, mix, bias] = [drawn(first, 9), drawn(second, 10), drawn([3], 11)];
		await check('SeparableConv2D', convolved(depthwise(x, first, own, window), second, mix, {}, bias), x, {
			attributes: attributesOf(window),
			weights: { depthwise: tf.tensor4d(own, first), pointwise: tf.tensor4d(mix, second), bias: tf.tensor1d(bias) }
		});
	});

	it.each([
		['same', 2, [3, 3], [6, 8], [0, 0]],
		['same', [2, 1], [2, 3], [6, 4], [0, 1]],
		['valid', 2, [3, 3], [7, 9], [0, 0]],
		['valid', [2, 1], [2, 4], [6, 7], [0, 0]],
		['valid', [3, 2], [2, 2], [9, 8], [0, 0]]
	] as const)('Conv2DTranspose, %s, strides %j, kernel %j', async (padding, strides, kernel, size, before) => {
		const small: Grid = { shape: [3, 4, 2], data: drawn([3, 4, 2], 12) };
		const shape = [...kernel, 3, 2] as const;
		const [weights, bias] = [drawn(shape, 13), drawn([3], 14)];
		const pair = typeof strides === 'number' ? ([strides, strides] as const) : strides;
		const right = transposed(small, shape, weights, pair, size, before);
		const how = { attributes: { strides, padding }, weights: { kernel: tf.tensor4d(weights, [...shape]) } };
		await check('Conv2DTranspose', right, small, how);
		const biased = { ...right, data: Array.from(right.data, (value, i) => value + bias[i % 3]!) };
		await check('Conv2DTranspose', biased, small, { ...how, weights: { ...how.weights, bias: tf.tensor1d(bias) } });
		// The format's own answer goes before what the padding implies.
		const given = { ...how, attributes: { ...how.attributes, outputShape: [...size] } };
		await check('Conv2DTranspose', right, small, given);
	});

	it('Conv2DTranspose: of two sizes that the padding allows, the one that is asked for', async () => {
		const small: Grid = { shape: [3, 3, 1], data: drawn([3, 3, 1], 15) };
		const shape = [3, 3, 1, 1] as const;
		const weights = drawn(shape, 16);
		const how = (size: number[]) => ({
			attributes: { strides: 2, padding: 'same', outputShape: size },
			weights: { kernel: tf.tensor4d(weights, [...shape]) }
		});
		await check('Conv2DTranspose', transposed(small, shape, weights, [2, 2], [5, 5], [1, 1]), small, how([5, 5]));
		await check('Conv2DTranspose', transposed(small, shape, weights, [2, 2], [6, 6], [0, 0]), small, how([6, 6]));
	});

	it.each([
		['valid', 1, 1, {}],
		['same', 2, 1, {}],
		['valid', 1, 2, {}],
		['valid', 1, 2, { causal: true }],
		['valid', 2, 1, { causal: true }]
	] as const)('Conv1D, %s, stride %d, dilation %d, %j', async (padding, stride, dilation, more) => {
		const causal = 'causal' in more;
		const series: Grid = { shape: [1, 9, 3], data: drawn([9, 3], 17) };
		const shape = [1, 3, 3, 4] as const;
		const [weights, bias] = [drawn(shape, 18), drawn([4], 19)];
		const window: Window = {
			strides: [1, stride],
			dilations: [1, dilation],
			// Nothing of what comes later: all padding lies in front.
			padding: causal ? [[0, 0], [2 * dilation, 0]] : padding // prettier-ignore
		};
		const right = convolved(series, shape, weights, window, bias);
		const found = await outputOf('Conv1D', [tf.tensor3d(Float32Array.from(series.data), [1, 9, 3])], {
			attributes: { strides: [stride], dilations: dilation, padding, ...more },
			weights: { kernel: tf.tensor3d(weights, [3, 3, 4]), bias: tf.tensor1d(bias) }
		});
		expectClose(found, { shape: [1, ...right.shape.slice(1)], data: right.data }, { rtol: 1e-4, atol: 2e-6 });
	});

	it('without their kernel they say what they lack', () => {
		expect(() => outputsOf('Conv2D', [image(x)])).toThrow('it lacks its kernel');
		expect(() => outputsOf('Nonsense', [image(x)])).toThrow('no operator Nonsense');
		const kernel = tf.zeros([3, 3, 4, 2]);
		const padded = (padding: AttributeValue) => () =>
			outputsOf('Conv2D', [image(x)], { attributes: { padding }, weights: { kernel } });
		expect(padded('half')).toThrow('"y" has the unknown padding half');
		expect(padded([[1, 1]])).toThrow('unknown padding');
		expect(() => outputsOf('Conv2D', [image(x)], { attributes: { strides: 'one' }, weights: { kernel } })).toThrow(
			'"y" lacks the pair strides'
		);
	});
});
