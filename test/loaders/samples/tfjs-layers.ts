import type { Files, Samples } from '../samples.ts';

/** Keras models as TF.js writes them, with weights of a sine. */

const layer = (class_name: string, config: { name: string }, inbound?: unknown[]) => ({
	class_name,
	config,
	...(inbound ? { name: config.name, inbound_nodes: inbound } : {})
});
const from = (...names: string[]) => [names.map((name) => [name, 0, 0, {}])];

export type WeightEntry = readonly [name: string, shape: readonly number[], quantization?: object];

export function filesOf(head: object, entries: readonly WeightEntry[], extra: Files = {}): Files {
	const parts: Uint8Array[] = entries.map(([, shape, quantization], k) => {
		const size = shape.reduce((n, m) => n * m, 1);
		if (quantization) return Uint8Array.from({ length: size }, (_, i) => (i * 31 + k) % 256);
		// Positive: variances are among them.
		return new Uint8Array(Float32Array.from({ length: size }, (_, i) => 0.1 + 0.08 * Math.sin(i + k)).buffer);
	});
	const bin = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	parts.reduce((at, part) => (bin.set(part, at), at + part.length), 0);
	const weights = entries.map(([name, shape, quantization]) => ({
		...{ name, shape, dtype: 'float32' },
		...(quantization ? { quantization } : {})
	}));
	const half = Math.floor(bin.length / 2);
	const json = { ...head, weightsManifest: [{ paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], weights }] };
	return {
		'model.json': JSON.stringify(json),
		'group1-shard1of2.bin': bin.slice(0, half),
		'group1-shard2of2.bin': bin.slice(half),
		...extra
	};
}

const head = (class_name: string, config: object) => ({
	format: 'layers-model',
	generatedBy: 'keras v2.15.0',
	modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: { class_name, config } }
});

const image = { name: 'image', batch_input_shape: [null, 8, 8, 1], dtype: 'float32' };
const conv = (name: string, activation = 'relu') => ({
	...{ name, filters: 2, kernel_size: [3, 3], strides: [1, 1], padding: 'same' },
	...{ activation, use_bias: true, dilation_rate: [1, 1], data_format: 'channels_last' }
});

/** A skip, a norm, a nested model, a split into two. */
function functional(): Files {
	const inner = {
		name: 'head',
		layers: [
			layer('InputLayer', { ...image, name: 'pooled', batch_input_shape: [null, 2] } as { name: string }, []),
			layer('Dense', { name: 'fc', units: 3, activation: 'softmax', use_bias: true } as { name: string }, [
				from('pooled')[0]
			])
		],
		input_layers: [['pooled', 0, 0]],
		output_layers: [['fc', 0, 0]]
	};
	const config = {
		name: 'model',
		layers: [
			layer('InputLayer', image, []),
			layer('Conv2D', conv('a'), from('image')),
			layer('BatchNormalization', { name: 'norm', axis: -1, epsilon: 0.001, momentum: 0.99, center: true, scale: true } as { name: string }, from('a')), // prettier-ignore
			layer('Conv2D', conv('b', 'linear'), from('norm')),
			layer('Add', { name: 'sum' }, from('norm', 'b')),
			layer('LeakyReLU', { name: 'leaky', alpha: 0.2 } as { name: string }, from('sum')),
			layer('MaxPooling2D', { name: 'pool', pool_size: [2, 2], strides: [2, 2], padding: 'valid' } as { name: string }, from('leaky')), // prettier-ignore
			layer('Dropout', { name: 'drop', rate: 0.5 } as { name: string }, from('pool')),
			layer('GlobalAveragePooling2D', { name: 'mean' }, from('drop')),
			{ class_name: 'Functional', name: 'head', config: inner, inbound_nodes: from('mean') }
		],
		input_layers: [['image', 0, 0]],
		output_layers: [['head', 1, 0]]
	};
	return filesOf(head('Functional', config), [
		['a/kernel', [3, 3, 1, 2]],
		['a/bias', [2]],
		['norm/gamma', [2]],
		['norm/beta', [2]],
		['norm/moving_mean', [2]],
		['norm/moving_variance', [2]],
		['b/kernel', [3, 3, 2, 2], { dtype: 'uint8', scale: 0.001, min: -0.1 }],
		['b/bias', [2]],
		['fc/kernel', [2, 3]],
		['fc/bias', [3]]
	]);
}

function recurrent(): Files {
	const config = {
		name: 'words',
		layers: [
			layer('Embedding', { name: 'embedding', batch_input_shape: [null, 6], input_dim: 10, output_dim: 3, mask_zero: false } as { name: string }), // prettier-ignore
			layer('LSTM', { name: 'lstm', units: 2, return_sequences: true, activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true, unit_forget_bias: true } as { name: string }), // prettier-ignore
			layer('Flatten', { name: 'flat' }),
			layer('Dense', { name: 'dense', units: 4, activation: 'softmax', use_bias: true } as { name: string })
		]
	};
	const labels = { 'labels.txt': 'a\nb\nc\nd\n' };
	const weights: WeightEntry[] = [
		['embedding/embeddings', [10, 3]],
		['lstm/lstm_cell/kernel', [3, 8]],
		['lstm/lstm_cell/recurrent_kernel', [2, 8]],
		['lstm/lstm_cell/bias', [8]],
		['dense/kernel', [12, 4]],
		['dense/bias', [4]]
	];
	return filesOf(head('Sequential', config), weights, labels);
}

function depthwise(): Files {
	const config = {
		name: 'sequential',
		layers: [
			layer('InputLayer', image),
			layer('ZeroPadding2D', { name: 'pad', padding: [[1, 0], [0, 1]] } as { name: string }), // prettier-ignore
			layer('DepthwiseConv2D', { ...conv('dw'), depth_multiplier: 2 } as { name: string }),
			layer('UpSampling2D', { name: 'up', size: [2, 2], interpolation: 'nearest' } as { name: string }),
			layer('Conv2DTranspose', conv('back', 'sigmoid')),
			layer('Cropping2D', { name: 'crop', cropping: [[1, 1], [2, 0]] } as { name: string }), // prettier-ignore
			layer('Reshape', { name: 'shape', target_shape: [128, 4] } as { name: string }),
			layer('Permute', { name: 'turn', dims: [2, 1] } as { name: string }),
			layer('GlobalMaxPooling1D', { name: 'max' }),
			layer('Dense', { name: 'y', units: 1, activation: 'sigmoid' } as { name: string })
		]
	};
	// 8 x 8 -> 9 x 9 -> 9 x 9 x 2 -> 18 x 18 -> 18 x 18 x 2 -> 16 x 16 x 2 -> 128 x 4 -> 4 x 128 -> 128
	return filesOf(head('Sequential', config), [
		['dw/depthwise_kernel', [3, 3, 1, 2]],
		['dw/bias', [2]],
		['back/kernel', [3, 3, 2, 2]],
		['back/bias', [2]],
		['y/kernel', [128, 1]],
		['y/bias', [1]]
	]);
}

const samples: Samples = { cut: 'refused', files: { functional, recurrent, depthwise } };

export default samples;
