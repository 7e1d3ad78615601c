import { describe, expect, it } from 'vitest';
import { refuseSilentTraps } from '#engine/model/layers/traps.ts';

/** Settings that TF.js reads past: refused one by one, and let through where they say nothing or are computed here. */

type Case = [className: string, file: Record<string, unknown>, what: string | null, whatWithin: string | null];
const gru = (config: object, class_name = 'GRU') => ({ class_name, config });
const both = (layer: unknown, backward_layer: unknown) => ({ layer, backward_layer });
const backwards = 'another layer backwards than forwards';

describe.each<[string, boolean]>([
	['alone', false],
	['within another layer', true]
])('a layer %s', (_, within) => {
	it.each<Case>([
		['Conv2D', { groups: 2 }, null, 'groups = 2'],
		['Conv1D', { groups: [1, 2] }, null, 'groups = 1,2'],
		['GroupNormalization', { groups: 32 }, null, 'groups = 32'],
		['Conv3D', { groups: 2 }, 'groups = 2', 'groups = 2'],
		['Conv3D', { groups: 1 }, null, null],
		['Conv3D', { groups: null }, null, null],
		['Conv3D', { groups: [1, 1] }, null, null],
		['Conv3D', {}, null, null],
		['GlobalAveragePooling2D', { keepdims: true }, null, 'keepdims = true'],
		['GlobalMaxPooling1D', { keepdims: true }, null, 'keepdims = true'],
		['GlobalMaxPooling1D', { keepdims: false }, null, null],
		['GlobalMaxPooling4D', { keepdims: true }, 'keepdims = true', 'keepdims = true'],
		['Conv2DTranspose', { output_padding: 1 }, null, 'output_padding'],
		['Conv2DTranspose', { output_padding: null }, null, null],
		['Conv3DTranspose', { output_padding: 1 }, 'output_padding', 'output_padding'],
		['Conv2DTranspose', { dilation_rate: 2 }, 'dilation_rate', 'dilation_rate'],
		['Conv2DTranspose', { dilation_rate: [1, 2] }, 'dilation_rate', 'dilation_rate'],
		['Conv2DTranspose', { dilation_rate: [1, 1] }, null, null],
		['Conv2D', { dilation_rate: 2 }, null, null],
		['LayerNormalization', { rms_scaling: true }, 'rms_scaling = true', 'rms_scaling = true'],
		['LayerNormalization', { rms_scaling: false }, null, null],
		['LSTM', { time_major: true }, 'time_major = true', 'time_major = true'],
		['LSTM', { time_major: false }, null, null],
		['LSTM', { zero_output_for_mask: true }, 'zero_output_for_mask = true', 'zero_output_for_mask = true'],
		['LSTM', { zero_output_for_mask: false }, null, null],
		['Bidirectional', both(gru({ units: 2 }), gru({ units: 2, go_backwards: true })), null, null],
		['Bidirectional', both(gru({ units: 2 }), gru({ units: 3 })), backwards, backwards],
		['Bidirectional', both(gru({ units: 2 }), gru({ units: 2 }, 'LSTM')), backwards, backwards],
		['Bidirectional', both(gru({ units: 2 }), { class_name: 'GRU' }), backwards, backwards],
		['Bidirectional', both({ class_name: 'GRU' }, gru({ units: 2 })), backwards, backwards],
		['Bidirectional', both(gru({ activation: 'tanh' }), gru({ activation: 'relu' })), backwards, backwards],
		['Bidirectional', both(gru({ units: 2 }), null), null, null],
		['Bidirectional', both(null, gru({ units: 2 })), null, null],
		['Wrapper', both(gru({ units: 2 }), gru({ units: 3 })), null, null],
		['GroupNormalization', { axis: 1 }, 'axis = 1', 'axis = 1'],
		['GroupNormalization', { axis: -1 }, null, 'a normalisation within another layer'],
		['LayerNormalization', { axis: 1 }, null, null],
		['Normalization', {}, null, 'a normalisation within another layer'],
		['BatchNormalization', {}, null, null],
		['ReLU', { negative_slope: 0.1 }, null, 'a slope or threshold'],
		['ReLU', { threshold: 1 }, null, 'a slope or threshold'],
		['ReLU', { negative_slope: 0, threshold: 0, max_value: 6 }, null, null],
		['LeakyReLU', { negative_slope: 0.1 }, null, null],
		['UpSampling2D', { interpolation: 'bilinear' }, null, 'interpolation = bilinear'],
		['UpSampling2D', { interpolation: 'nearest' }, null, null],
		['UpSampling3D', { interpolation: 'bilinear' }, null, null]
	])('%s %j', (className, file, what, whatWithin) => {
		const wrong = within ? whatWithin : what;
		const checked = () => refuseSilentTraps(className, 'm/l', file, within);
		if (wrong === null) expect(checked).not.toThrow();
		else expect(checked).toThrow(`The layer "m/l" (${className}) uses ${wrong}, which TF.js does not compute rightly.`);
	});
});

it('a layer is alone unless it is said to be within another', () => {
	expect(() => refuseSilentTraps('Normalization', 'n', {})).not.toThrow();
	expect(() => refuseSilentTraps('Conv2D', 'n', { groups: 2 })).not.toThrow();
});
