/** A small TF.js layers model made here: words, an LSTM, a GRU and odd weights to look at. */

const layer = (class_name: string, config: object) => ({ class_name, config });

const topology = {
	class_name: 'Sequential',
	config: {
		name: 'words',
		layers: [
			layer('Embedding', {
				name: 'embedding',
				batch_input_shape: [null, 6],
				dtype: 'float32',
				input_dim: 40,
				output_dim: 4,
				embeddings_initializer: layer('RandomUniform', { minval: -0.05, maxval: 0.05 }),
				mask_zero: false,
				input_length: 6
			}),
			layer('LSTM', {
				name: 'lstm',
				units: 3,
				return_sequences: true,
				activation: 'tanh',
				recurrent_activation: 'sigmoid',
				use_bias: true,
				kernel_initializer: layer('GlorotUniform', {}),
				recurrent_initializer: layer('Orthogonal', { gain: 1 })
			}),
			layer('GRU', {
				name: 'gru',
				units: 2,
				activation: 'tanh',
				recurrent_activation: 'sigmoid',
				use_bias: true,
				reset_after: false
			}),
			layer('Dense', {
				name: 'dense',
				units: 12,
				activation: 'softmax',
				use_bias: true,
				kernel_initializer: layer('VarianceScaling', { scale: 2, mode: 'fan_in', distribution: 'normal' })
			})
		]
	}
};

const WEIGHTS = [
	['embedding/embeddings', [40, 4]],
	['lstm/lstm_cell/kernel', [4, 12]],
	['lstm/lstm_cell/recurrent_kernel', [3, 12]],
	['lstm/lstm_cell/bias', [12]],
	['gru/gru_cell/kernel', [3, 6]],
	['gru/gru_cell/recurrent_kernel', [2, 6]],
	['gru/gru_cell/bias', [6]],
	['dense/kernel', [2, 12]],
	['dense/bias', [12]]
] as const;

/** Each number tells its index: k / 100 counted through all weights; the last bias is NaN, one row of words zero. */
export function recurrentModel(): { json: string; bin: Uint8Array<ArrayBuffer>; values: Float32Array } {
	const size = WEIGHTS.reduce((sum, [, shape]) => sum + shape.reduce<number>((n, m) => n * m, 1), 0);
	const values = Float32Array.from({ length: size }, (_, k) => (k >= 8 && k < 12 ? 0 : ((k * 37) % 101) / 100 - 0.5));
	values[size - 1] = NaN;
	const weights = WEIGHTS.map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
	return {
		json: JSON.stringify({
			format: 'layers-model',
			generatedBy: 'keras v2.15.0',
			modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: topology },
			weightsManifest: [{ paths: ['model.bin'], weights }]
		}),
		bin: new Uint8Array(values.buffer),
		values
	};
}
