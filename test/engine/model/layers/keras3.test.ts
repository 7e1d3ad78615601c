import { describe, expect, it } from 'vitest';
import { customClass, kerasMajor, plainConfig } from '#engine/model/layers/keras3.ts';
import type { Json, JsonObject } from '#maths/json.ts';

describe('which Keras has written a file', () => {
	const layers = (...list: Json[]) => ({ model_config: { class_name: 'Sequential', config: { layers: list } } });
	it.each<[JsonObject, 2 | 3]>([
		[{ keras_version: '2.15.0' }, 2],
		[{ keras_version: '3.0.5' }, 3],
		[{ keras_version: '10.1' }, 3],
		[{ keras_version: '1.2' }, 2],
		[{ keras_version: '2.15.0', ...layers({ module: 'keras.layers' }) }, 2],
		[{ keras_version: 'tfjs-layers 4.22.0', ...layers({ module: 'keras.layers' }) }, 3],
		[{ keras_version: 'tfjs-layers 4.22.0', ...layers({ class_name: 'Dense' }) }, 2],
		[{}, 2],
		[layers({ config: { batch_shape: [null, 4] } }), 3],
		[layers({ config: { batch_input_shape: [null, 4] } }), 2],
		[layers({ config: { batch_shape: 'none' } }), 2],
		[layers({ module: null }), 2],
		[layers(...Array.from({ length: 7 }, () => ({})), { module: 'keras.layers' }), 3],
		// Whoever has not said so in eight layers does not.
		[layers(...Array.from({ length: 8 }, () => ({})), { module: 'keras.layers' }), 2],
		// What a layer wraps is looked into; not without end.
		[layers({ config: { config: { module: 'x' } } }), 3],
		[layers({ config: { config: { config: { module: 'x' } } } }), 2]
	])('%j: %d', (topology, major) => expect(kerasMajor(topology)).toBe(major));
});

it.each<[JsonObject, string | null]>([
	[{ class_name: 'Dense' }, null],
	[{ class_name: 'Dense', module: 'keras.layers', registered_name: null }, null],
	[{ class_name: 'Dense', module: 'tensorflow.keras.layers', registered_name: 'Dense' }, null],
	[{ class_name: 'Dense', module: 'tf_keras.src.layers' }, null],
	[{ class_name: 'Mine', module: 'keras.layers', registered_name: 'pack>Mine' }, 'pack>Mine'],
	[{ class_name: 'Mine', module: 'my.code' }, 'my.code.Mine'],
	[{ class_name: 'Mine', module: 'kerastuner' }, 'kerastuner.Mine']
])('a class that its writer made: %j is %s', (layer, expected) => expect(customClass(layer)).toBe(expected));

it.each<[JsonObject, JsonObject]>([
	[
		{ units: 4, dtype: 'float16' },
		{ units: 4, dtype: 'float16' }
	],
	[{ dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } }, { dtype: 'mixed_float16' }],
	[{ dtype: { config: null } }, { dtype: 'float32' }],
	[{ dtype: { config: { name: 7 } } }, { dtype: 'float32' }],
	[{ activation: { class_name: 'function', config: 'relu6' } }, { activation: 'relu6' }],
	[
		{ activation: { class_name: 'function', config: { a: 1 } } },
		{ activation: { class_name: 'function', config: { a: 1 } } }
	],
	[{ activation: { class_name: 'ReLU', config: 'x' } }, { activation: { class_name: 'ReLU', config: 'x' } }],
	[{ batch_shape: [null, 2] }, { batch_shape: [null, 2], batch_input_shape: [null, 2] }],
	[
		{ batch_shape: [null, 2], batch_input_shape: [null, 3] },
		{ batch_shape: [null, 2], batch_input_shape: [null, 3] }
	],
	...['layer', 'cell', 'forward_layer', 'backward_layer'].map((key): [JsonObject, JsonObject] => [
		{ [key]: { class_name: 'LSTM', config: { dtype: { config: { name: 'float16' } } } } },
		{ [key]: { class_name: 'LSTM', config: { dtype: 'float16' } } }
	]),
	[{ layer: { class_name: 'LSTM', config: 3 } }, { layer: { class_name: 'LSTM', config: 3 } }],
	[{ other: { class_name: 'x', config: { dtype: {} } } }, { other: { class_name: 'x', config: { dtype: {} } } }]
])('settings in the words of Keras 2: %j', (config, expected) => expect(plainConfig(config)).toEqual(expected));
