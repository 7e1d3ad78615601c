import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** Keras 1 in the words of Keras 2 (keras/legacy/interfaces.py of 2.3): layers and their settings were called otherwise. */

type Weights = readonly (readonly [name: string, weight: StoredWeight])[];

const NAMES: Readonly<Record<string, string>> = {
	Convolution1D: 'Conv1D',
	Convolution2D: 'Conv2D',
	Convolution3D: 'Conv3D',
	AtrousConvolution2D: 'Conv2D',
	SeparableConvolution2D: 'SeparableConv2D',
	Deconvolution2D: 'Conv2DTranspose'
};

const SETTINGS: Readonly<Record<string, string>> = {
	nb_filter: 'filters',
	output_dim: 'units',
	border_mode: 'padding',
	subsample: 'strides',
	subsample_length: 'strides',
	stride: 'strides',
	pool_length: 'pool_size',
	filter_length: 'kernel_size',
	atrous_rate: 'dilation_rate',
	bias: 'use_bias',
	inner_activation: 'recurrent_activation',
	p: 'rate',
	init: 'kernel_initializer',
	length: 'size'
};

const MERGES: Readonly<Record<string, string>> = {
	sum: 'Add',
	mul: 'Multiply',
	concat: 'Concatenate',
	ave: 'Average',
	max: 'Maximum',
	dot: 'Dot'
};

function settings(className: string, config: JsonObject): JsonObject {
	const renamed = Object.entries(config).map(([key, value]): [string, Json] => {
		// An embedding has kept the word.
		const own = key === 'output_dim' && className === 'Embedding' ? key : SETTINGS[key];
		return [own !== undefined && !(key === 'p' && !/Dropout/.test(className)) ? own : key, value];
	});
	const plain = Object.fromEntries(renamed);
	const { nb_row: rows, nb_col: columns, dim_ordering: order } = config;
	if (rows !== undefined && columns !== undefined) plain['kernel_size'] = [rows, columns];
	if (order === 'th') plain['data_format'] = 'channels_first';
	if (order === 'tf') plain['data_format'] = 'channels_last';
	return plain;
}

function layer(given: Json): Json {
	if (!isObject(given) || typeof given['class_name'] !== 'string') return given;
	const { class_name: className, config } = given;
	if (Array.isArray(config) || (isObject(config) && Array.isArray(config['layers']))) return model(given);
	if (!isObject(config)) return given;
	if (className === 'Merge') {
		const { name = null, concat_axis: axis = -1, mode } = config;
		const merged = typeof mode === 'string' ? MERGES[mode] : undefined;
		return merged ? { ...given, class_name: merged, config: { name, axis } } : given;
	}
	const inner: JsonObject = isObject(config['layer']) ? { layer: layer(config['layer']) } : {};
	return {
		...given,
		class_name: NAMES[className] ?? className,
		config: { ...settings(className, config), ...inner }
	};
}

function model(given: JsonObject): JsonObject {
	const { config } = given;
	if (Array.isArray(config)) return { ...given, config: config.map(layer) };
	if (!isObject(config) || !Array.isArray(config['layers'])) return given;
	return { ...given, config: { ...config, layers: config['layers'].map(layer) } };
}

/** Layers whose kernels Theano's order of axes wrote as [filters, channels, rows, columns]. */
function theano({ config }: JsonObject): ReadonlySet<string> {
	const layers = isObject(config) ? config['layers'] : config;
	return new Set(
		(Array.isArray(layers) ? layers : []).flatMap((one) => {
			const own = isObject(one) && isObject(one['config']) ? one['config'] : {};
			return own['dim_ordering'] === 'th' ? [String(own['name'])] : [];
		})
	);
}

function turned(weight: StoredWeight): StoredWeight {
	const [filters, channels, rows, columns] = weight.shape as [number, number, number, number];
	const { values } = weight;
	if (!(values instanceof Float32Array)) return weight;
	const out = new Float32Array(values.length);
	let from = 0;
	for (let f = 0; f < filters; f++)
		for (let c = 0; c < channels; c++)
			for (let i = 0; i < rows; i++)
				for (let j = 0; j < columns; j++)
					out[((i * columns + j) * channels + c) * filters + f] = values[from++] as number;
	return { ...weight, shape: [rows, columns, channels, filters], values: out };
}

/** The network and its weights as Keras 2 has them. */
export function keras1(config: JsonObject, weights: Weights): { config: JsonObject; weights: Weights } {
	const old = theano(config);
	return {
		config: model(config),
		weights: weights.map(([name, weight]) => [
			name,
			weight.shape.length === 4 && old.has(weight.location?.layer ?? '') ? turned(weight) : weight
		])
	};
}
