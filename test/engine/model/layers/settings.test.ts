import { describe, expect, it } from 'vitest';
import { checkSettings } from '#engine/model/layers/settings.ts';
import type { Json, JsonObject } from '#maths/json.ts';

const max = 2 ** 31 - 1;
const check = (name: string, value: Json, className = 'Any') => checkSettings(className, 'a/b', { [name]: value });

describe('settings of layers', () => {
	it.each<[string, Json[], Json[]]>([
		['units', [1, max, null], [0, max + 1, 1.5, '4', [4], true]],
		['filters', [8], [-8]],
		['n', [1], [0]],
		['input_dim', [1], [0]],
		['output_dim', [1], [0]],
		['num_heads', [1], [0]],
		['key_dim', [1], [0]],
		['value_dim', [1], [0]],
		['depth_multiplier', [1], [0]],
		['kernel_size', [3, [3], [3, 3], [1, 2, 3], null], [0, [], [3, 0], [1, 2, 3, 4], 'same']],
		['strides', [2, [1, 2]], [0, [0, 1]]],
		['dilation_rate', [2, [1, 2]], [0]],
		['pool_size', [2, [2, 2]], [null, 0]],
		['size', [2, [2, 2]], [null, 0]],
		['height', [8, [0.1, 0.2], null], ['8', {}]],
		['width', [8.5], [true]],
		['groups', [1, [1]], ['1']],
		['padding', ['same', 'valid', 'causal', 0, 2, [1, 2], [[1, 2], [0, 3]], [[1, 2], [0, 3], [1, 1]], null], ['full', -1, [], [[1, 2, 3]], [[]], [1, 2, 3, 4]]], // prettier-ignore
		['cropping', [0, [1, 2], [[1, 2], [3, 4]]], ['same', -1]], // prettier-ignore
		['data_format', ['channels_last', 'channels_first', null], ['NHWC', 1]],
		['interpolation', ['nearest', 'anything'], [2]],
		...[
			'use_bias',
			'center',
			'return_sequences',
			'return_state',
			'go_backwards',
			'stateful',
			'unroll',
			'mask_zero'
		].map((name): [string, Json[], Json[]] => [name, [true, false, null], [0, 'true']]),
		...['reset_after', 'keepdims', 'trainable'].map((name): [string, Json[], Json[]] => [name, [true], ['yes']]),
		// A root of less than nothing has no value.
		['epsilon', [0.5, 0, null], [-1, '0.5', Infinity, [], {}]],
		...['momentum', 'alpha', 'theta', 'rate', 'stddev', 'threshold', 'negative_slope'].map(
			(name): [string, Json[], Json[]] => [name, [0.5, -1, [0.1, 0.2], null], ['0.5', Infinity, [], {}]]
		),
		['max_value', [6, Infinity, null], ['6']],
		['axis', [-8, 8, [1, 2], null], [-9, 9, 1.5, [], Array.from({ length: 9 }, () => 1)]],
		['axes', [1, [1, 2]], [100]],
		['shared_axes', [[1, 2], null], [1, [9]]],
		['dims', [[2, 1]], [null, [0], [9], [], [-1]]],
		['target_shape', [[-1, 3], [max]], [null, [], [0.5], [-max - 1], Array.from({ length: 9 }, () => 1)]],
		['activation', ['relu', { class_name: 'ReLU' }, null], [3, ['relu']]],
		['recurrent_activation', ['tanh'], [3]],
		['merge_mode', ['concat', null], [1]],
		['input_shape', [[null, 3], []], ['3', [-1]]],
		['batch_input_shape', [[null, 3], [-1], null], [[], 4, Array.from({ length: 9 }, () => 1)]],
		['unknown_setting', [null, 'anything', { a: [1] }], []]
	])('%s', (name, good, bad) => {
		for (const value of good) expect(() => check(name, value), JSON.stringify(value)).not.toThrow();
		for (const value of bad)
			expect(() => check(name, value), JSON.stringify(value)).toThrow(`The layer "a/b" (Any) has the ${name} `);
	});

	it('say what stands there, cut where it is long', () => {
		const messageOf = (value: Json) => {
			try {
				check('units', value);
			} catch (error) {
				return (error as Error).message;
			}
			return '';
		};
		expect(messageOf('many')).toBe('The layer "a/b" (Any) has the units "many", which cannot be.');
		const [fits, long] = ['x'.repeat(58), 'x'.repeat(59)];
		expect(messageOf(fits)).toContain(`"${fits}", which`);
		expect(messageOf(long)).toBe(`The layer "a/b" (Any) has the units "${'x'.repeat(56)}…, which cannot be.`);
	});
});

const need = (settings: string[], ...layers: string[]) => layers.map((layer): [string, string[]] => [layer, settings]);

it.each([
	...need(['units'], 'Dense', 'LSTM', 'GRU', 'SimpleRNN'),
	...need(['filters', 'kernel_size'], 'Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose'),
	...need(['filters', 'kernel_size'], 'SeparableConv2D'),
	...need(['kernel_size'], 'DepthwiseConv2D'),
	...need(['input_dim', 'output_dim'], 'Embedding'),
	...[need(['target_shape'], 'Reshape'), need(['dims'], 'Permute'), need(['n'], 'RepeatVector')].flat(),
	...[need(['activation'], 'Activation'), need(['scale'], 'Rescaling')].flat(),
	...need(['layer'], 'TimeDistributed', 'Bidirectional'),
	...need(['cell'], 'RNN')
])('%s cannot be made without its %s', (className, needed) => {
	const inner = { class_name: 'Any', config: {} };
	const all: Record<string, Json> = { activation: 'relu', target_shape: [1], dims: [1], layer: inner, cell: inner };
	const config = Object.fromEntries(needed.map((name) => [name, all[name] ?? 2]));
	expect(() => checkSettings(className, 'l', config)).not.toThrow();
	for (const name of needed) {
		const message = `The layer "l" (${className}) lacks its ${name}.`;
		expect(() => checkSettings(className, 'l', { ...config, [name]: null })).toThrow(message);
		const { [name]: _, ...rest } = config;
		expect(() => checkSettings(className, 'l', rest)).toThrow(message);
	}
});

it('what a layer wraps is checked as it is', () => {
	const bad = { class_name: 'LSTM', config: { units: 0 } };
	const message = 'The layer "l" (LSTM) has the units 0, which cannot be.';
	const within: [string, JsonObject][] = [
		['Bidirectional', { layer: bad }],
		['RNN', { cell: bad }],
		['StackedRNNCells', { cells: [{ class_name: 'LSTM', config: { units: 2 } }, bad] }]
	];
	for (const [className, config] of within) expect(() => checkSettings(className, 'l', config)).toThrow(message);
	const none: Json[] = [{}, { class_name: 'LSTM' }, { class_name: 3, config: {} }, { class_name: 'LSTM', config: [] }];
	for (const layer of none)
		expect(() => checkSettings('Any', 'l', { layer })).toThrow('The layer "l" (Any) wraps something that is no layer.');
	expect(() => checkSettings('Any', 'l', { cells: [] })).toThrow('has the cells [], which cannot be');
});
