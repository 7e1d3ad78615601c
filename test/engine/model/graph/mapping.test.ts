import { describe, expect, it } from 'vitest';
import { mapNode, plainType, type Constant, type TfNode } from '#engine/model/graph/mapping.ts';

const shapes: Record<string, number[]> = {
	k: [3, 2, 4, 8],
	d: [3, 2, 4, 1],
	w: [5, 6],
	b: [8],
	g: [8],
	m: [8],
	v: [8],
	a: [8],
	three: [2, 3, 4]
};
const constants = (input: string | undefined): Constant | undefined =>
	input !== undefined && input in shapes ? { name: input, shape: shapes[input]!, values: null } : undefined;
const tf = (op: string, inputNames: string[], attributes: Record<string, unknown> = {}): TfNode => ({
	name: 'n',
	op,
	inputNames,
	attrParams: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { value }]))
});
const map = (...args: Parameters<typeof tf>) => mapNode(tf(...args), constants);
const conv = { strides: [1, 2, 3, 1], dilations: [1, 4, 5, 1], pad: 'same' };

describe('TensorFlow nodes in the words of the table', () => {
	it('convolutions, with what is fused to them', () => {
		const attributes = { filters: 8, size: [3, 2], strides: [2, 3], padding: 'same', dilations: [4, 5] };
		for (const op of ['Conv2D', '_FusedConv2D'])
			expect(map(op, ['x', 'k'], conv)).toEqual({
				inputs: ['x'],
				stages: [{ type: 'Conv2D', attributes, roles: { kernel: 'k' } }]
			});
		const fused = (fusedOps: string[], rest: string[], more = {}) =>
			map('_FusedConv2D', ['x', 'k', ...rest], { ...conv, fusedOps, ...more });
		expect(fused(['BiasAdd'], ['b'])!.stages).toMatchObject([{ roles: { kernel: 'k', bias: 'b' } }]);
		for (const [name, type] of [
			['Relu', 'Relu'],
			['relu6', 'Relu6'],
			['Elu', 'Elu'],
			['Sigmoid', 'Sigmoid']
		] as const)
			// prettier-ignore
			expect(fused(['BiasAdd', name], ['b'])!.stages[1]).toEqual({ type, attributes: {}, roles: {} });
		expect(fused(['BiasAdd', 'Prelu'], ['b', 'a'])!.stages[1]).toEqual({
			type: 'PRelu',
			attributes: {},
			roles: { alpha: 'a' }
		});
		expect(fused(['LeakyRelu'], [])!.stages[1]).toMatchObject({ type: 'LeakyRelu', attributes: { slope: 0.2 } });
		expect(fused(['LeakyRelu'], [], { leakyreluAlpha: 0.7 })!.stages[1]).toMatchObject({ attributes: { slope: 0.7 } });
		// What is fused otherwise, or computed by other nodes, runs as itself.
		for (const [ops, rest] of [
			[['BiasAdd'], []],
			[['BiasAdd'], ['x']],
			[['Prelu'], []],
			[['Tanh'], []],
			[['constructor'], []]
		] as [string[], string[]][])
			// prettier-ignore
			expect(fused(ops, rest), ops.join()).toBeNull();
		expect(map('Conv2D', ['x', 'y'], conv)).toBeNull();
		for (const op of ['DepthwiseConv2dNative', 'DepthwiseConv2d', 'FusedDepthwiseConv2dNative'])
			expect(map(op, ['x', 'd'], conv)!.stages).toMatchObject([
				{ type: 'DepthwiseConv2D', attributes: { filters: null, size: [3, 2] } }
			]);
	});

	it('padding by numbers, strides that are missing or none', () => {
		const padding = (more: object) => map('Conv2D', ['x', 'k'], { ...more })!.stages[0]!.attributes;
		expect(padding({ pad: 'EXPLICIT', explicitPaddings: [0, 0, 1, 2, 3, 4, 0, 0] })['padding']).toEqual([[1, 2], [3, 4]]); // prettier-ignore
		expect(padding({})).toMatchObject({ padding: 'valid', strides: [1, 1], dilations: [1, 1] });
		expect(padding({ strides: [2, 2] })['strides']).toEqual([1, 1]);
		for (const strides of [
			[1, 0, 1, 1],
			[1, 1, -1, 1],
			[1, 1.5, 1, 1],
			[1, NaN, 1, 1]
		])
			// prettier-ignore
			expect(() => padding({ strides })).toThrow(`"n" (Conv2D) has windows or steps of ${strides.slice(1, 3).join(' × ')}.`);
	});

	it.each([[[0, 0, 1, 2, 3, -1, 0, 0]], [[0, 0, 1.5, 2, 3, 4, 0, 0]], [[0, 0, 1, 2, 3, 4, 0]], [undefined]])(
		'padding by the numbers %j says nothing',
		(explicitPaddings) =>
			expect(() => map('Conv2D', ['x', 'k'], { pad: 'explicit', explicitPaddings })).toThrow(
				'"n" (Conv2D) does not say how much it pads.'
			)
	);

	it('channels first are refused by name', () => {
		for (const [op, inputs] of [
			['Conv2D', ['x', 'k']],
			['MaxPool', ['x']],
			['FusedBatchNorm', ['x', 'g', 'b', 'm', 'v']],
			['BiasAdd', ['x', 'b']],
			['Conv2DBackpropInput', ['s', 'k', 'x']]
		] as [string, string[]][])
			// prettier-ignore
			expect(() => map(op, inputs, { dataFormat: 'nchw' })).toThrow(`The operation "n" (${op}) is laid out channels first`);
	});

	it('matrices: only of two axes, and not turned', () => {
		for (const op of ['MatMul', '_FusedMatMul'])
			expect(map(op, ['x', 'w'])).toEqual({
				inputs: ['x'],
				stages: [{ type: 'Dense', attributes: { units: 6 }, roles: { kernel: 'w' } }]
			});
		expect(map('MatMul', ['x', 'w'], { transposeA: true })).toBeNull();
		expect(map('MatMul', ['x', 'w'], { transposeB: true })).toBeNull();
		expect(map('MatMul', ['x', 'three'])).toBeNull();
		expect(map('MatMul', ['x', 'y'])).toBeNull();
	});

	it('norms, with all four of their constants', () => {
		for (const op of ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'])
			expect(map(op, ['x', 'g', 'b', 'm', 'v'], { epsilon: 0.5 })).toEqual({
				inputs: ['x'],
				stages: [
					{
						type: 'BatchNormalization',
						attributes: { epsilon: 0.5 },
						roles: { gamma: 'g', beta: 'b', mean: 'm', variance: 'v' }
					}
				]
			});
		expect(map('FusedBatchNorm', ['x', 'g', 'b', 'm', 'v'])!.stages[0]!.attributes).toEqual({ epsilon: 1e-3 });
		expect(map('FusedBatchNorm', ['x', 'g', 'b', 'm'])).toBeNull();
		expect(map('FusedBatchNorm', ['x', 'g', 'b', 'm', 'y'])).toBeNull();
	});

	it('transposed convolutions of a size that is known', () => {
		const plain = { strides: conv.strides, pad: 'same' };
		const sized = (values: number[] | null, more = {}) =>
			mapNode(tf('Conv2DBackpropInput', ['s', 'k', 'x'], { ...plain, ...more }), (input) =>
				input === 's' ? { name: 's', shape: [4], values } : constants(input)
			);
		expect(sized([1, 12, 13, 4])).toEqual({
			inputs: ['x'],
			stages: [
				{
					type: 'Conv2DTranspose',
					attributes: { filters: 4, size: [3, 2], strides: [2, 3], padding: 'same', outputShape: [12, 13] },
					roles: { kernel: 'k' }
				}
			]
		});
		expect(sized(null)).toBeNull();
		expect(map('Conv2DBackpropInput', ['y', 'k', 'x'], plain)).toBeNull();
		expect(map('Conv2DBackpropInput', ['k', 'y', 'x'], plain)).toBeNull();
	});

	it('pools, biases and activations', () => {
		const attributes = { size: [2, 3], strides: [4, 5], padding: 'same' };
		const pool = { kernelSize: [1, 2, 3, 1], strides: [1, 4, 5, 1], pad: 'SAME' };
		expect(map('MaxPool', ['x'], pool)).toEqual({
			inputs: ['x'],
			stages: [{ type: 'MaxPool2D', attributes, roles: {} }]
		});
		expect(map('AvgPool', ['x'], pool)!.stages).toMatchObject([{ type: 'AveragePool2D', attributes }]);
		expect(map('BiasAdd', ['x', 'b'])).toEqual({
			inputs: ['x'],
			stages: [{ type: 'BiasAdd', attributes: {}, roles: { bias: 'b' } }]
		});
		expect(map('BiasAdd', ['x', 'y'])).toBeNull();
		for (const op of [
			'Relu',
			'Relu6',
			'Elu',
			'Selu',
			'Sigmoid',
			'Tanh',
			'Softplus',
			'Softmax',
			'LogSoftmax',
			'Identity'
		])
			expect(map(op, ['x', 'y'])).toEqual({ inputs: ['x'], stages: [{ type: op, attributes: {}, roles: {} }] });
		for (const op of ['Snapshot', 'StopGradient', 'PlaceholderWithDefault'])
			expect(map(op, ['x'])!.stages[0]!.type).toBe('Identity');
		expect(map('LeakyRelu', ['x'])!.stages[0]!.attributes).toEqual({ slope: 0.2 });
		expect(map('LeakyRelu', ['x'], { alpha: 0.4 })!.stages[0]!.attributes).toEqual({ slope: 0.4 });
		for (const op of ['Fancy', 'constructor']) expect(map(op, ['x'])).toBeNull();
	});

	it('plain words for the others', () => {
		expect(
			['AddV2', 'AddN', 'Sub', 'Mul', 'RealDiv', 'ConcatV2', 'GatherV2', 'PadV2', '_Fused', 'Exp', 'toString'].map(
				plainType
			)
		).toEqual(
			['Add', 'Add', 'Subtract', 'Multiply', 'Divide', 'Concat', 'Gather', 'Pad', 'Fused', 'Exp', 'toString'] // prettier-ignore
		);
	});
});
