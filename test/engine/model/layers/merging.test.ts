import { describe, expect, it } from 'vitest';
import type { Shape } from '#contracts/graph.ts';
import { handsOn, isRecurrent, maskUse, type MaskUse } from '#engine/model/layers/masks.ts';
import { merged } from '#engine/model/layers/merging.ts';
import { ordered } from '#engine/model/layers/order.ts';
import type { LayerPlan, ModelPlan, Reference } from '#engine/model/layers/plan.ts';
import { layersModel } from '#engine/model/layers/model.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';
import { useBackend } from '../../../tools/backends.ts';
import * as k from '../../../tools/keras-files.ts';

/** How layers join, hand on their marks, and follow each other. */

const plan = (className: string, config: JsonObject = {}, calls: LayerPlan['calls'] = []): LayerPlan => ({
	...{ name: className, path: `m/${className}`, className, config, trainable: true, inner: null, calls }
});

describe('inputs that are joined element by element', () => {
	it.each<[string, Shape[], Shape]>([
		['Add', [[null, 3], [null, 3]], [null, 3]], // prettier-ignore
		['Multiply', [[null, 3, 1], [2, 1, 4], [null, 3, 4]], [2, 3, 4]], // prettier-ignore
		['Average', [[null, null, 3], [null, 5, 3]], [null, 5, 3]], // prettier-ignore
		['Maximum', [[null, 5, 3], [null, null, 3]], [null, 5, 3]], // prettier-ignore
		['Minimum', [[null, null, 1], [null, 1, 3]], [null, null, 3]], // prettier-ignore
		['Subtract', [[null, 1], [null, null]], [null, null]] // prettier-ignore
	])('%s of %j', (className, shapes, shape) =>
		expect(merged(className, shapes)).toEqual({
			before: shapes.map(() => null),
			stage: { type: className, attributes: {} },
			shape
		})
	);

	it.each<[Shape, Shape, Shape, (number | null)[], number[]]>([
		[
			[null, 3],
			[null, 4, 5, 3],
			[null, 4, 5, 3],
			[null, 1, 1, 3],
			[1, 1, 3]
		],
		[
			[2, 5, 1],
			[null, 4, 5, 3],
			[2, 4, 5, 3],
			[2, 1, 5, 1],
			[1, 5, 1]
		],
		[
			[null, null],
			[null, 4, 5, 3],
			[null, 4, 5, 3],
			[null, 1, 1, null],
			[1, 1, -1]
		],
		[[null], [null, 4], [null, 4], [null, 1], [1]]
	])('of %j and %j gets its missing axes behind the batch', (low, high, shape, filled, into) => {
		const reshape = { type: 'Reshape', attributes: { shape: into }, shape: filled };
		expect(merged('Add', [low, high])).toMatchObject({ before: [reshape, null], shape });
		expect(merged('Add', [high, low])).toMatchObject({ before: [null, reshape], shape });
	});

	it.each<[string, Shape[]]>([
		['Concatenate', [[null, 3], [null, 3]]], // prettier-ignore
		['Add', [[null, 3]]],
		['Add', []],
		['Subtract', [[null, 3], [null, 3], [null, 3]]], // prettier-ignore
		['Add', [[null, 3], [null, 4]]], // prettier-ignore
		['Add', [[null, 3, 2], [null, 4]]], // prettier-ignore
		['Add', [[2, 3], [4, 3]]], // prettier-ignore
		// Two open sizes leave a reshape no way to tell them apart.
		['Add', [[null, null, null], [null, 4, 5, 3]]] // prettier-ignore
	])('%s of %j is not of them', (className, shapes) => expect(merged(className, shapes)).toBeNull());
});

it('several open sizes and a missing axis: the batch is no other axis all the same', async () => {
	await useBackend('cpu');
	const inputs = [k.input('x', [null, null]), k.input('y', [2, 2, 2])];
	const file = k.functional('m', [...inputs, k.layer('Add', 'sum', {}, 'x', 'y')], ['x', 'y'], ['sum']);
	const model = layersModel({ topology: k.topology(file), weights: [] });
	const x = tf.tensor3d([0, 1, 2, 3, 4, 5, 6, 7], [2, 2, 2]);
	const y = tf.reshape(tf.range(0, 160, 10), [2, 2, 2, 2]);
	const [sum] = model.run({ x, y }, model.graph.outputs);
	const right = Array.from({ length: 16 }, (_, i) => 10 * i + (i >> 3) * 4 + (i & 3));
	expect([...(await sum!.data())]).toEqual(right);
	model.dispose();
});

describe('marks of padding', () => {
	it.each<[string, JsonObject, number, MaskUse, boolean]>([
		['LSTM', {}, 3, 'used', false],
		['GRU', { return_sequences: true }, 3, 'used', true],
		['Bidirectional', { layer: { config: { return_sequences: true } } }, 3, 'used', true],
		['Bidirectional', { layer: { config: {} } }, 3, 'used', false],
		['Bidirectional', { return_sequences: true, layer: { config: {} } }, 3, 'used', false],
		['RNN', { return_sequences: false }, 3, 'used', false],
		['GlobalAveragePooling1D', {}, 3, 'used', false],
		['ConvLSTM2D', { return_sequences: true }, 5, 'ignored', false],
		['Softmax', {}, 3, 'ignored', true],
		['MultiHeadAttention', {}, 3, 'ignored', false],
		['Concatenate', {}, 3, 'none', true],
		['Concatenate', { axis: -1 }, 3, 'none', true],
		['Concatenate', { axis: 2 }, 3, 'none', true],
		['Concatenate', { axis: 1 }, 3, 'ignored', false],
		['Concatenate', { axis: 2 }, 4, 'ignored', false],
		['Dense', {}, 3, 'none', true],
		['SpatialDropout1D', {}, 3, 'none', true],
		['Add', {}, 3, 'none', true],
		['Conv1D', {}, 3, 'none', false],
		['Flatten', {}, 3, 'none', false]
	])('%s %j of rank %d: %s, handed on: %s', (className, config, rank, use, on) => {
		const layer = plan(className, config);
		expect([maskUse(layer, rank), handsOn(layer, rank)]).toEqual([use, on]);
		expect(isRecurrent(layer)).toBe(/^(LSTM|GRU|RNN|Bidirectional)$/.test(className));
	});
});

describe('the order of layers', () => {
	const to = (layer: number, call = 0): Reference => ({ layer, call, output: 0 });
	/** For each layer, of each of its uses what it is given. */
	const model = (calls: Reference[][][], outputs: Reference[]): ModelPlan => ({
		name: 'm',
		layers: calls.map((own, i) => ({ ...plan('L', {}, own.map((inputs) => ({ inputs }))), path: `l${i}` })), // prettier-ignore
		inputs: [to(0)],
		outputs
	});
	const order = (...given: Parameters<typeof model>) =>
		ordered(model(...given)).map(({ index, call }) => `${index}:${call}`);

	it('is that of what they are given, from the first input on; what no output needs is not in it', () => {
		// 0 -> 1 -> 3, 0 -> 2 -> 3; 4 is needed by nothing.
		const calls = [[[]], [[to(0)]], [[to(0)]], [[to(1), to(2)]], [[to(0)]]];
		expect(order(calls, [to(3)])).toEqual(['0:0', '1:0', '2:0', '3:0']);
		expect(order(calls, [to(2), to(1)])).toEqual(['0:0', '2:0', '1:0']);
		const crossed = [[[]], [[to(0)]], [[to(0)]], [[to(2), to(1)]]];
		expect(order(crossed, [to(3), to(3)])).toEqual(['0:0', '2:0', '1:0', '3:0']);
	});

	it('takes each use of a layer by itself', () => {
		// 1 is used twice, the second time on its own output.
		const calls = [[[]], [[to(0)], [to(1, 0)]]];
		expect(order(calls, [to(1, 1)])).toEqual(['0:0', '1:0', '1:1']);
		// A use that the file does not have is given nothing.
		expect(order(calls, [to(0, 5)])).toEqual(['0:5']);
	});

	it('of a ring there is none: it is named', () => {
		expect(() => order([[[]], [[to(1)]]], [to(1)])).toThrow('The layer "l1" is given its own output.');
		expect(() => order([[[]], [[to(2)]], [[to(1)]], [[to(2)]]], [to(3)])).toThrow(
			'The layers "l2", "l1" form a ring: each is given what it helps to make.'
		);
		const ring = (n: number) => Array.from({ length: n }, (_, i) => [[to((i + 1) % n)]]);
		expect(() => order(ring(5), [to(0)])).toThrow('The layers "l0", "l1", "l2", "l3", "l4" form a ring');
		expect(() => order(ring(7), [to(0)])).toThrow('The layers "l0", "l1", "l2", "l3", …, "l6" form a ring');
	});
});
