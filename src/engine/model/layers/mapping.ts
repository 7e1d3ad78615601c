import { LabError } from '#contracts/errors.ts';
import type { AttributeValue } from '#contracts/graph.ts';

/** Keras layers in the words of the operator table. What is not here runs as the layer itself. */

type Attributes = Record<string, AttributeValue>;
/** A layer's own, complete, in camelCase: what tfjs-layers made of the file. */
type Config = Readonly<Record<string, AttributeValue | undefined>>;
/** What the file says, in snake_case: unchecked. */
type FileConfig = Readonly<Record<string, unknown>>;

export interface Mapped {
	type: string;
	attributes: Attributes;
}

/** Weight names end in these; the operators call them so. */
export const ROLES: ReadonlyMap<string, string> = new Map([
	['kernel', 'kernel'],
	['depthwise_kernel', 'kernel'],
	['bias', 'bias'],
	['gamma', 'gamma'],
	['beta', 'beta'],
	['moving_mean', 'mean'],
	['moving_variance', 'variance'],
	['embeddings', 'embeddings'],
	['alpha', 'alpha']
]);

const convolution =
	(type: string) =>
	(c: Config): Mapped => ({
		type,
		attributes: {
			filters: c['filters'] ?? null,
			size: c['kernelSize'] ?? null,
			strides: c['strides'] ?? null,
			padding: c['padding'] ?? null,
			dilations: c['dilationRate'] ?? 1
		}
	});

const pool = (type: string) => (c: Config) => ({
	type,
	attributes: { size: c['poolSize'], strides: c['strides'] ?? c['poolSize'], padding: c['padding'] } as Attributes
});

const plain =
	(type: string, attributes: Attributes = {}) =>
	(): Mapped => ({ type, attributes });

/** What Dropout and its kin do when nothing is trained. */
const inference = plain('Identity');

const TABLE: Readonly<Record<string, (config: Config, file: FileConfig, rank: number) => Mapped | null>> = {
	Conv2D: convolution('Conv2D'),
	DepthwiseConv2D: convolution('DepthwiseConv2D'),
	SeparableConv2D: convolution('SeparableConv2D'),
	Conv2DTranspose: (c, file) => (file['output_padding'] ? null : convolution('Conv2DTranspose')(c)),
	Conv1D(c) {
		const mapped = convolution('Conv1D')(c);
		if (c['padding'] === 'causal') Object.assign(mapped.attributes, { causal: true, padding: 'valid' });
		return mapped;
	},
	Dense: (c) => ({ type: 'Dense', attributes: { units: c['units'] as number } }),
	BatchNormalization(c, _file, rank) {
		const axis = Array.isArray(c['axis']) ? (c['axis'][0] as number) : (c['axis'] as number);
		if (axis !== -1 && axis !== rank - 1) return null;
		return { type: 'BatchNormalization', attributes: { epsilon: c['epsilon'] as number } };
	},
	MaxPooling2D: pool('MaxPool2D'),
	AveragePooling2D: pool('AveragePool2D'),
	GlobalAveragePooling2D: plain('GlobalAveragePool', { axes: [1, 2] }),
	GlobalMaxPooling2D: plain('GlobalMaxPool', { axes: [1, 2] }),
	GlobalAveragePooling1D: plain('GlobalAveragePool', { axes: [1] }),
	GlobalMaxPooling1D: plain('GlobalMaxPool', { axes: [1] }),
	/** What it is called becomes the operator. */
	Activation: plain('Identity'),
	ReLU: (_c, file) => ({
		type: 'Relu',
		attributes: {
			max: (file['max_value'] as number | undefined) ?? null,
			slope: (file['negative_slope'] as number | undefined) ?? 0,
			threshold: (file['threshold'] as number | undefined) ?? 0
		}
	}),
	LeakyReLU: (c, file) => ({
		type: 'LeakyRelu',
		attributes: { slope: (file['negative_slope'] ?? file['alpha'] ?? c['alpha']) as number }
	}),
	PReLU: plain('PRelu'),
	ELU: (c) => ({ type: 'Elu', attributes: { alpha: c['alpha'] as number } }),
	Softmax: (c) => ({ type: 'Softmax', attributes: { axis: (c['axis'] as number | undefined) ?? -1 } }),
	Dropout: inference,
	SpatialDropout1D: inference,
	GaussianNoise: inference,
	GaussianDropout: inference,
	AlphaDropout: inference,
	Flatten: plain('Flatten'),
	Reshape: (c) => ({ type: 'Reshape', attributes: { shape: c['targetShape'] as number[] } }),
	Permute: (c) => ({ type: 'Transpose', attributes: { permutation: [0, ...(c['dims'] as number[])] } }),
	ZeroPadding2D(c) {
		const [rows, columns] = c['padding'] as [[number, number], [number, number]];
		return { type: 'Pad', attributes: { paddings: [[0, 0], rows, columns, [0, 0]] } };
	},
	Cropping2D: (c) => ({ type: 'Crop2D', attributes: { cropping: c['cropping'] as number[][] } }),
	UpSampling2D: (c) => ({
		type: 'Upsample2D',
		attributes: { size: c['size'] as number[], method: c['interpolation'] as string }
	}),
	Rescaling: (c) => ({ type: 'Rescale', attributes: { scale: c['scale'] as number, offset: c['offset'] as number } }),
	Embedding: plain('Embedding'),
	Concatenate: (c) => ({ type: 'Concat', attributes: { axis: (c['axis'] as number | undefined) ?? -1 } }),
	Add: plain('Add'),
	Multiply: plain('Multiply'),
	Average: plain('Average'),
	Maximum: plain('Maximum'),
	Minimum: plain('Minimum')
};

/** Whether its activation is a node of its own, and TF.js makes the layer without one. */
export const isMapped = (className: string) => Object.hasOwn(TABLE, className);

/**
 * @param config the layer's own, complete, in camelCase
 * @param file what the file says, in snake_case: it may hold what tfjs-layers reads past
 * @param rank of the layer's input
 * @returns null for a layer that runs as itself
 */
export function mapLayer(className: string, config: Config, file: FileConfig, rank: number): Mapped | null {
	return Object.hasOwn(TABLE, className) ? (TABLE[className]?.(config, file, rank) ?? null) : null;
}

/**
 * Settings that tfjs-layers reads past without a word, so that its numbers would be silently wrong.
 * @throws LabError naming the layer
 */
export function refuseSilentTraps(className: string, name: string, file: FileConfig): void {
	const trap = (what: string) =>
		new LabError(
			`The layer "${name}" (${className}) uses ${what}, which TF.js does not compute rightly.`,
			'Export the model without it, for example as a TF.js graph model.'
		);
	if (typeof file['groups'] === 'number' && file['groups'] !== 1) throw trap(`groups = ${file['groups']}`);
	if (file['keepdims'] === true) throw trap('keepdims = true');
	if (file['output_padding']) throw trap('output_padding');
	if (file['rms_scaling'] === true) throw trap('rms_scaling = true');
	if (className === 'GRU' && file['reset_after'] === true) throw trap('reset_after = true');
}
