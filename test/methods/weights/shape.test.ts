import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import { initialDistributions } from '#methods/weights/initialisation.ts';
import { isKernel, weightShape } from '#methods/weights/shape.ts';
import { useBackend } from '../../tools/backends.ts';
import { denseNode, weightInfo as weight } from '../../tools/weight-nodes.ts';

/** What weights are, and what they may begin with, worked out by hand. */

beforeAll(() => useBackend('cpu'));

const node = (type: string, attributes: GraphNode['attributes'] = {}) =>
	denseNode('n', { type, attributes, shape: [null, 1] });

describe('what a weight is', () => {
	it.each<[WeightInfo, boolean]>([
		[weight([2, 3], 'kernel'), true],
		[weight([1, 3], 'kernel'), true],
		[weight([3], 'kernel'), false],
		[weight([2, 3], 'kernel', { dtype: 'int32' }), false],
		...['bias', 'gamma', 'beta', 'mean', 'variance', 'alpha', 'scale', 'offset'].map((role): [WeightInfo, boolean] => [
			weight([2, 3], role),
			false
		]),
		...['depthwise', 'pointwise', 'recurrent_kernel', 'embeddings', 'Weight', 'weights'].map(
			(role): [WeightInfo, boolean] => [weight([1, 3], role), true]
		),
		[weight([2, 3], 'y'), true],
		[weight([1, 3], 'y'), false],
		[weight([2, 3]), true],
		[weight([1, 1, 3, 2]), true]
	])('%j multiplies its input: %s', (info, expected) => expect(isKernel(info)).toBe(expected));

	it.each([
		['Conv2D', [3, 3, 4, 8], 'kernel', 'kernels', [3, 3, 4, 8], 3, ['input', 'filter']],
		['Conv2D', [1, 2, 4, 8], 'kernel', 'kernels', [1, 2, 4, 8], 3, ['input', 'filter']],
		['Conv2DTranspose', [3, 3, 8, 4], 'kernel', 'kernels', [3, 3, 8, 4], 2, ['output', 'input']],
		['SeparableConv2D', [3, 3, 4, 2], 'depthwise', 'kernels', [3, 3, 1, 8], 3, ['input', 'filter']],
		['DepthwiseConv2D', [3, 3, 4, 2], 'kernel', 'kernels', [3, 3, 1, 8], 3, ['input', 'filter']],
		['Conv3D', [1, 1, 2, 4, 8], 'kernel', 'kernels', [1, 2, 4, 8], 3, ['input', 'filter']],
		['Conv3D', [1, 1, 1, 4, 8], 'kernel', 'matrix', [4, 8], 1, ['input', 'unit']],
		['Conv1D', [5, 3, 8], 'kernel', 'kernels', [1, 5, 3, 8], 3, ['input', 'filter']],
		['Conv1D', [1, 3, 8], 'kernel', 'matrix', [3, 8], 1, ['input', 'unit']],
		['EinsumDense', [5, 3, 2], 'kernel', 'matrix', [15, 2], 1, ['input', 'unit']],
		['Embedding', [9, 4], 'embeddings', 'matrix', [9, 4], 0, ['entry', 'dimension']],
		['Other', [9, 4], 'embeddings', 'matrix', [9, 4], 0, ['entry', 'dimension']],
		['Dense', [8], 'bias', 'matrix', [1, 8], null, ['row', 'column']],
		['Conv2D', [3, 3, 2, 2], 'mean', 'matrix', [18, 2], null, ['row', 'column']],
		['Add', [], 'y', 'matrix', [1, 1], null, ['row', 'column']]
	] as const)('%s %j %s', (type, shape, role, kind, view, filterAxis, axes) =>
		expect(weightShape(node(type), weight([...shape], role))).toEqual({ kind, view, filterAxis, axes, gates: [] })
	);

	it.each([
		['LSTM', [3, 8], 'kernel', 4],
		['LSTM', [3, 8], 'recurrent_kernel', 4],
		['LSTM', [8], 'bias', 4],
		['LSTM', [3, 9], 'kernel', 0],
		['LSTM', [3, 8], 'state', 0],
		['GRU', [3, 9], 'kernel', 3],
		['GRU', [2, 9], 'bias', 3],
		['ConvLSTM2D', [3, 3, 2, 8], 'kernel', 4],
		['SimpleRNN', [3, 8], 'kernel', 0],
		['Dense', [3, 8], 'kernel', 0]
	] as const)('gates of %s %j %s: %d', (type, shape, role, gates) =>
		expect(weightShape(node(type), weight([...shape], role)).gates).toHaveLength(gates)
	);

	it('one gate of it is so much narrower; of a cell within, by its name', () => {
		expect(weightShape(node('LSTM'), weight([3, 8], 'kernel'), 2).view).toEqual([3, 2]);
		expect(weightShape(node('Dense'), weight([3, 8], 'kernel'), 2).view).toEqual([3, 8]);
		expect(weightShape(node('RNN'), weight([3, 9], undefined, { name: 'rnn/gru_cell/kernel' })).gates).toHaveLength(3);
		expect(weightShape(node('RNN'), weight([3, 8], undefined, { name: 'rnn/cell/kernel' })).gates).toEqual([]);
		// Twenty-four would fall into three and into four.
		expect(weightShape(node('RNN'), weight([3, 24], undefined, { name: 'rnn/cell/kernel' })).gates).toEqual([]);
		expect(weightShape(node('RNN'), weight([3, 24], undefined, { name: 'rnn/LSTM_cell/kernel' })).gates).toHaveLength(
			4
		);
	});
});

describe('laws that weights begin with', () => {
	const distributions = (type: string, info: WeightInfo, attributes = {}) =>
		initialDistributions(node(type, attributes), info).map(
			({ id, kind, std, known }) => [id, kind, std, known] as const
		);
	const near = (value: number) => expect.closeTo(value, 10) as number;
	it('the usual ones, by their fans', () => {
		// 2 x 1 cells: 6 in, 8 out.
		expect(distributions('Conv2D', weight([2, 1, 3, 4], 'kernel'))).toEqual([
			['glorot-uniform', 'uniform', near(Math.sqrt(1 / 7)), false],
			['glorot-normal', 'truncated', near(Math.sqrt(1 / 7)), false],
			['he-uniform', 'uniform', near(Math.sqrt(2 / 6)), false],
			['he-normal', 'truncated', near(Math.sqrt(2 / 6)), false],
			['lecun-uniform', 'uniform', near(Math.sqrt(1 / 6)), false],
			['lecun-normal', 'truncated', near(Math.sqrt(1 / 6)), false]
		]);
	});
	it('fans of less than two count as one', () => {
		const stds = distributions('Dense', weight([1, 1], 'kernel')).map(([, , std]) => std);
		expect(stds).toEqual([1, 1, near(Math.SQRT2), near(Math.SQRT2), 1, 1]);
		const none = distributions('Dense', weight([0, 3], 'kernel')).map(([, , std]) => std);
		expect(none.slice(2)).toEqual([near(Math.SQRT2), near(Math.SQRT2), 1, 1]);
		expect(distributions('LSTM', weight([1, 1], 'recurrent_kernel'))[0]![2]).toBe(1);
	});
	it('Keras’s own of embeddings and recurrent kernels', () => {
		const embedding = [['keras-embedding', 'uniform', near(0.05 / Math.sqrt(3)), false]];
		expect(distributions('Embedding', weight([5, 3], 'embeddings'))).toEqual(embedding);
		expect(distributions('Other', weight([5, 3], 'embeddings'))).toEqual(embedding);
		expect(distributions('LSTM', weight([2, 8], 'recurrent_kernel'))).toEqual([
			['orthogonal', 'normal', near(1 / Math.sqrt(8)), false]
		]);
		expect(distributions('Dense', weight([4], 'bias'))).toEqual([]);
		expect(distributions('Dense', weight([4, 2], 'kernel', { dtype: 'int32' }))).toEqual([]);
	});
	const named = (text: string, role = 'kernel', key = 'initialiser') =>
		distributions('Dense', weight([6, 8], role), { [key]: text })[0];
	it.each<[string, string, number]>([
		['He normal', 'truncated', Math.sqrt(2 / 6)],
		['Glorot uniform', 'uniform', Math.sqrt(1 / 7)],
		['variance scaling 0.5 fan out normal', 'truncated', Math.sqrt(0.5 / 8)],
		['variance scaling 3 fan in uniform', 'uniform', Math.sqrt(3 / 6)],
		['variance scaling 2 fan avg uniform', 'uniform', Math.sqrt(2 / 7)],
		['uniform from -0.2 to 0.2', 'uniform', 0.2 / Math.sqrt(3)],
		['normal with std 0.02', 'normal', 0.02],
		['normal with std 1e-3', 'normal', 1e-3],
		['truncated normal with std 0.1', 'truncated', 0.1 * 0.8796256610342398],
		['orthogonal times 2', 'normal', 2 / Math.sqrt(8)],
		['orthogonal times -2', 'normal', 2 / Math.sqrt(8)]
	])('%s', (text, kind, std) => expect(named(text)).toEqual(['file', kind, near(std), true]));
	it.each([
		'uniform from -1 to 2',
		'uniform from 1 to 1',
		'normal with std 0',
		'truncated normal with std 0',
		'ones',
		''
	])('“%s” says nothing that could be drawn', (text) => expect(named(text)![3]).toBe(false));
	it('each kernel of a layer by its own, once in the list', () => {
		expect(named('He normal', 'pointwise', 'pointwise initialiser')![3]).toBe(true);
		expect(named('He normal', 'pointwise')![3]).toBe(false);
		expect(named('orthogonal times 1', 'recurrent_kernel', 'recurrent initialiser')![3]).toBe(true);
		const all = initialDistributions(node('Dense', { initialiser: 'He normal' }), weight([6, 8], 'kernel'));
		expect(all.map(({ title }) => title)).toEqual(['He normal', 'Glorot uniform', 'Glorot normal', 'He uniform', 'LeCun uniform', 'LeCun normal']); // prettier-ignore
		expect(initialDistributions(node('Embedding', { initialiser: 'normal with std 1' }), weight([6, 8], 'embeddings'))).toMatchObject([{ title: 'Normal with std 1', known: true }]); // prettier-ignore
	});
});
