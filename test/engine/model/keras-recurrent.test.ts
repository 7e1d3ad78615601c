import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { layersModel } from '#engine/model/layers/model.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import * as k from '../../tools/keras-files.ts';
import { Nd } from '../../tools/nd.ts';
import { outputOf, expectLayer, expectSlope, nd, opened, x, type Weights } from '../../tools/one-layer.ts';

/** Recurrent layers, their two ways of a reset gate, their directions, and steps that are padding, in float64. */

beforeAll(() => useBackend('cpu'));

const UNITS = 3;
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

/** All states of a GRU over x [1, steps, 2], in the order in which they come. */
function gru(input: Nd, [w, u, b]: readonly Nd[], after: boolean, backwards = false): number[][] {
	const steps = input.shape[1]!;
	let h = Array<number>(UNITS).fill(0);
	return Array.from({ length: steps }, (_, s) => {
		const t = backwards ? steps - 1 - s : s;
		const fromX = (gate: number, j: number) => {
			const column = gate * UNITS + j;
			const bias = after ? b!.at(0, column) : b!.at(column);
			return [0, 1].reduce((sum, c) => sum + input.at(0, t, c) * w!.at(c, column), bias);
		};
		const fromState = (gate: number, j: number, state: readonly number[]) => {
			const column = gate * UNITS + j;
			return state.reduce((sum, v, i) => sum + v * u!.at(i, column), after ? b!.at(1, column) : 0);
		};
		const old = h;
		const reset = old.map((_v, j) => sigmoid(fromX(1, j) + fromState(1, j, old)));
		const kept = old.map((v, j) => v * reset[j]!);
		h = old.map((v, j) => {
			const z = sigmoid(fromX(0, j) + fromState(0, j, old));
			const state = after ? reset[j]! * fromState(2, j, old) : fromState(2, j, kept);
			return z * v + (1 - z) * Math.tanh(fromX(2, j) + state);
		});
		return h;
	});
}

const weightsOf = (after: boolean, seed = 1, path = 'l'): Weights => [
	[`${path}/gru_cell/kernel`, k.stored([2, 3 * UNITS], seed)],
	[`${path}/gru_cell/recurrent_kernel`, k.stored([UNITS, 3 * UNITS], seed + 1)],
	[`${path}/gru_cell/bias`, k.stored(after ? [2, 3 * UNITS] : [3 * UNITS], seed + 2)]
];
const arrays = (weights: Weights) => weights.map(([, weight]) => nd(weight));
const gates = { units: UNITS, recurrent_activation: 'sigmoid', activation: 'tanh' };

describe('GRU', () => {
	const input = x([1, 4, 2]);

	it.each([
		[true, false],
		[true, true],
		[false, false],
		[false, true]
	])('reset after: %s, backwards: %s', async (after, back) => {
		const weights = weightsOf(after);
		const states = gru(input, arrays(weights), after, back);
		const config = { ...gates, reset_after: after, go_backwards: back, return_sequences: true };
		const layer = { className: 'GRU', config, weights };
		await expectLayer(
			layer,
			[input],
			Nd.of([1, 4, UNITS], (_, t, j) => states[t!]![j!]!)
		);
		await expectSlope(layer, input);
	});

	it('as a cell, and without bias', async () => {
		const cell = { class_name: 'GRUCell', config: { ...gates, name: 'gru_cell', reset_after: true, use_bias: false } };
		const weights = weightsOf(true).slice(0, 2);
		const states = gru(input, [...arrays(weights), new Nd([2, 3 * UNITS])], true);
		const layer = { className: 'RNN', config: { cell }, weights };
		await expectLayer(
			layer,
			[input],
			Nd.of([1, UNITS], (_, j) => states.at(-1)![j!]!)
		);
	});

	it.each([
		['2.12.0', 'gru', 'forward_gru'],
		['3.5.0', 'forward_gru', 'forward_gru']
	])('in both directions, as Keras %s names them', async (version, name, path) => {
		const [there, back] = [weightsOf(true, 1, `l/${path}`), weightsOf(true, 10, 'l/backward_gru')];
		const config = { ...gates, reset_after: true, return_sequences: true };
		const inner = (name: string, go_backwards: boolean) => ({
			class_name: 'GRU',
			config: { ...config, name, go_backwards }
		});
		const both = version.startsWith('3') ? { backward_layer: inner('backward_gru', true) } : {};
		const right = gru(input, arrays(there), true).map((state, t) => {
			const other = gru(input, arrays(back), true, true)[3 - t]!;
			return state.map((v, j) => v * other[j]!);
		});
		await expectLayer(
			{
				className: 'Bidirectional',
				config: { layer: inner(name, false), merge_mode: 'mul', ...both },
				weights: [...there, ...back],
				version
			},
			[input],
			Nd.of([1, 4, UNITS], (_, t, j) => right[t!]![j!]!)
		);
	});

	it('whose other direction is another layer is refused by name', () => {
		const inner = (activation: string) => ({ class_name: 'GRU', config: { ...gates, name: 'gru', activation } });
		const config = { layer: inner('tanh'), backward_layer: inner('relu') };
		expect(() => opened({ className: 'Bidirectional', config }, [[1, 4, 2]])).toThrow(/another layer backwards/);
	});

	it('begins every run anew, and says so where Keras would not', async () => {
		const weights = weightsOf(true);
		const { model, messages } = opened(
			{ className: 'GRU', config: { ...gates, reset_after: true, stateful: true, unroll: true }, weights },
			[[1, 4, 2]]
		);
		await outputOf(model, [input]);
		const again = await outputOf(model, [input]);
		expectClose(again, { data: gru(input, arrays(weights), true).at(-1)! }, { atol: 1e-6 });
		expect(messages.join()).toMatch(/memory of the layer "l" is kept from one call to the next/);
	});
});

describe('steps that are padding', () => {
	const words = (mask_zero: boolean, length: number) =>
		k.layer('Embedding', 'e', { input_dim: 5, output_dim: 2, mask_zero, batch_input_shape: [null, length] });
	const embeddings: Weights = [['e/embeddings', k.stored([5, 2], 4)]];
	const lstm = { units: 2, recurrent_activation: 'sigmoid', activation: 'tanh' };
	const lstmWeights = (path: string): Weights => [
		[`${path}/lstm_cell/kernel`, k.stored([2, 8], 1)],
		[`${path}/lstm_cell/recurrent_kernel`, k.stored([2, 8], 2)],
		[`${path}/lstm_cell/bias`, k.stored([8], 3)]
	];

	async function run(layers: k.LayerFile[], weights: Weights, given: tf.Tensor) {
		const messages: string[] = [];
		const topology = k.topology(k.sequential('s', layers));
		const model = layersModel({ topology, weights, warn: (sentence) => messages.push(sentence) });
		const [y] = model.run({ [model.graph.inputs[0]!]: given }, model.graph.outputs);
		const data = [...(await y!.data())];
		model.dispose();
		return { data, messages };
	}

	const dropout = k.layer('Dropout', 'd', { rate: 0.5 });
	const inner = { class_name: 'LSTM', config: { name: 'lstm', ...lstm } };
	it.each<[string, k.LayerFile[], Weights]>([
		['an LSTM', [dropout, k.layer('LSTM', 'lstm', lstm)], lstmWeights('lstm')],
		[
			'both directions',
			[k.layer('Bidirectional', 'b', { layer: inner })],
			[...lstmWeights('b/forward_lstm'), ...lstmWeights('b/backward_lstm')]
		],
		['a mean', [dropout, k.layer('GlobalAveragePooling1D', 'g', {})], []],
		[
			'a mean over an LSTM’s sequence',
			[k.layer('LSTM', 'lstm', { ...lstm, return_sequences: true }), k.layer('GlobalAveragePooling1D', 'g', {})],
			lstmWeights('lstm')
		]
	])('are left out by %s: as without them', async (_, layers, weights) => {
		const all = [...embeddings, ...weights];
		const padded = await run([words(true, 4), ...layers], all, tf.tensor2d([[3, 1, 0, 0]]));
		const short = await run([words(false, 2), ...layers], all, tf.tensor2d([[3, 1]]));
		expectClose(padded, { data: short.data }, { atol: 1e-6 });
		const seen = await run([words(false, 4), ...layers], all, tf.tensor2d([[3, 1, 0, 0]]));
		expect(Math.abs(seen.data[0]! - short.data[0]!)).toBeGreaterThan(1e-3);
		expect(padded.messages).toEqual([]);
	});

	it('are marked by a value of all their numbers', async () => {
		const masking = k.layer('Masking', 'm', { mask_value: -1, batch_input_shape: [null, 3, 2] });
		const given = tf.tensor3d([
			[
				[1, -1],
				[-1, -1],
				[2, 3]
			]
		]);
		const { data } = await run([masking, k.layer('GlobalAveragePooling1D', 'g', {})], [], given);
		expectClose({ data }, { data: [1.5, 1] });
		const kept = await run([masking, k.layer('Flatten', 'f', {})], [], given);
		expect(kept.data.map((v) => v || 0)).toEqual([1, -1, 0, 0, 2, 3]);
	});

	it('that a layer would leave out in Keras and does not here: said', async () => {
		const { messages } = await run(
			[words(true, 4), k.layer('Softmax', 'f', {})],
			embeddings,
			tf.tensor2d([[3, 1, 0, 0]])
		);
		expect(messages.join()).toMatch(/padding are marked, and the layer "f" would leave them out/);
	});
});

describe('weights beside those of the network', () => {
	const dense = k.topology(k.sequential('s', [k.layer('Dense', 'a', { units: 4, input_dim: 4 })]));
	const own: [string, StoredWeight][] = [
		['m/a/kernel', k.stored([4, 4], 0)],
		['m/a/bias', k.stored([4], 1)]
	];
	const given = [0.3, -0.8, 0.5, 1.1];
	const outputOf = async (weights: Weights) => {
		const messages: string[] = [];
		const model = layersModel({ topology: dense, weights, warn: (sentence) => messages.push(sentence) });
		const [y] = model.run({ a_input: tf.tensor2d([given]) }, model.graph.outputs);
		return { data: [...(await y!.data())], messages };
	};
	const right = k.dense(given, own[0]![1].values as Float32Array, own[1]![1].values as Float32Array);

	it('what an optimiser keeps is none of them', async () => {
		const kept = (slot: string): Weights =>
			own.map(([name, { shape }]) => [`Adam/${slot}/${name}`, k.stored([...shape], 9)]);
		const { data, messages } = await outputOf([
			...kept('m'),
			...own,
			...kept('v'),
			['training/iter', k.stored([1], 1)]
		]);
		expectClose({ data }, { data: right }, { atol: 1e-6 });
		expect(messages).toEqual([]);
		await expect(outputOf(kept('m'))).rejects.toThrow(/"a\/kernel" is missing/);
	});

	it('others are said', async () => {
		const { data, messages } = await outputOf([...own, ['other/kernel', k.stored([2, 2], 3)]]);
		expectClose({ data }, { data: right }, { atol: 1e-6 });
		expect(messages).toEqual(['The weight files hold a weight that no layer uses: "other/kernel".']);
	});

	it('whole numbers and bits are computed with as numbers', async () => {
		const bits: StoredWeight = { shape: [4, 4], dtype: 'bool', values: new Uint8Array(16).fill(1) };
		const whole: StoredWeight = { shape: [4], dtype: 'int32', values: Int32Array.of(1, 2, 3, 4) };
		const { data } = await outputOf([
			['a/kernel', bits],
			['a/bias', whole]
		]);
		expectClose({ data }, { data: [2.1, 3.1, 4.1, 5.1] }, { atol: 1e-5 });
	});

	it('names that look like outputs of others', async () => {
		const [p, q] = ['a', 'a:1'];
		const layers = [k.input('in', [4]), k.layer('Dense', p, { units: 4 }, 'in'), k.layer('Dense', q, { units: 4 }, p)];
		const weights = [p, q].flatMap((name, i): Weights => [
			[`${name}/kernel`, k.stored([4, 4], 2 * i)],
			[`${name}/bias`, k.stored([4], 2 * i + 1)]
		]);
		const model = layersModel({ topology: k.topology(k.functional('m', layers, ['in'], [q])), weights });
		const [y] = model.run({ in: tf.tensor2d([given]) }, model.graph.outputs);
		const values = weights.map(([, { values }]) => values as Float32Array);
		const twice = k.dense(k.dense(given, values[0]!, values[1]!), values[2]!, values[3]!);
		expectClose({ data: await y!.data() }, { data: twice }, { atol: 1e-5 });
	});
});
