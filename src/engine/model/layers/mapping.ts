import type { AttributeValue, Shape } from '#contracts/graph.ts';

/** Keras layers in the words of the operator table. What is not here runs as the layer itself. */

type Attributes = Record<string, AttributeValue>;
/** A layer's own, complete, in camelCase: what tfjs-layers made of the file. */
type Config = Readonly<Record<string, AttributeValue | undefined>>;
/** What the file says, in snake_case: unchecked. */
type FileConfig = Readonly<Record<string, unknown>>;

export interface Mapped {
	type: string;
	attributes: Attributes;
	/** Of the output, where TF.js would make another. */
	shape?: Shape;
}

/** What else decides what a layer does. */
export interface LayerContext {
	/** Of the layer's first input. */
	shape: Shape;
	/** The file was written by TF.js, which does some things otherwise than Keras. */
	byTfjs: boolean;
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
	(c: Config, file: FileConfig): Mapped => ({
		type,
		attributes: {
			filters: c['filters'] ?? null,
			size: c['kernelSize'] ?? null,
			strides: c['strides'] ?? null,
			padding: c['padding'] ?? null,
			dilations: c['dilationRate'] ?? 1,
			...(groupsOf(file) > 1 ? { groups: groupsOf(file) } : {})
		}
	});

/** Into how many parts the channels are divided, each with filters of its own. */
export const groupsOf = (file: FileConfig): number => (typeof file['groups'] === 'number' ? file['groups'] : 1);

/** With the length that `output_padding` asks for, where the steps leave it open (Keras's deconv_output_length). */
function transposed(c: Config, file: FileConfig, { shape }: LayerContext): Mapped {
	const mapped = convolution('Conv2DTranspose')(c, file);
	const given = file['output_padding'];
	if (given === undefined || given === null) return mapped;
	const [size, strides] = [c['kernelSize'] as number[], c['strides'] as number[]];
	const outputShape = [0, 1].map((i) => {
		const [k, stride, more] = [size[i], strides[i], Array.isArray(given) ? given[i] : given] as [
			number,
			number,
			number
		];
		const cut = c['padding'] === 'same' ? 2 * Math.floor(k / 2) : 0;
		return ((shape[i + 1] as number) - 1) * stride + k - cut + more;
	});
	return {
		...mapped,
		attributes: { ...mapped.attributes, outputShape },
		shape: [shape[0] ?? null, ...outputShape, c['filters'] as number]
	};
}

/** Over all positions, which stay as axes of one cell if the file says so. */
const globalPool =
	(type: string) =>
	(_c: Config, file: FileConfig, { shape }: LayerContext): Mapped => {
		const axes = shape.slice(1, -1).map((_, i) => i + 1);
		if (file['keepdims'] !== true) return { type, attributes: { axes } };
		return {
			type,
			attributes: { axes, keepDims: true },
			shape: shape.map((n, i) => (axes.includes(i) ? 1 : n))
		};
	};

const axesOf = (given: unknown, { length }: Shape) =>
	[given].flat().map((axis) => ((axis as number) + length) % length);

/** By mean and standard deviation per cell of some axes, from the weights or the settings. */
function normalised(file: FileConfig, { shape }: LayerContext): Mapped {
	const { axis = -1, mean = null, variance = null, invert = false } = file;
	const axes = axis === null ? [] : axesOf(axis, shape);
	const given: Attributes = mean === null ? {} : { mean: flat(mean), variance: flat(variance) };
	return { type: 'Normalization', attributes: { axes, invert: invert === true, ...given } };
}

const flat = (values: unknown) => [values].flat(8) as number[];

const pool = (type: string) => (c: Config) => ({
	type,
	attributes: { size: c['poolSize'], strides: c['strides'] ?? c['poolSize'], padding: c['padding'] } as Attributes
});

const attention = (type: string) => (c: Config) => ({
	type,
	attributes: {
		...(c['useCausalMask'] === true ? { causal: true } : {}),
		...(c['scoreMode'] === 'concat' ? { mode: 'concat' } : {})
	} as Attributes
});

/** Along a sequence. */
const line =
	(type: string) =>
	(c: Config): Mapped => {
		const causal = c['padding'] === 'causal';
		const [strides, dilations] = [c['strides'] ?? 1, c['dilationRate'] ?? 1];
		return {
			type,
			attributes: {
				...{ size: c['kernelSize'] ?? null, strides, dilations, padding: causal ? 'valid' : (c['padding'] ?? 'valid') },
				...(causal ? { causal } : {})
			}
		};
	};

const plain =
	(type: string, attributes: Attributes = {}) =>
	(): Mapped => ({ type, attributes });

/** What Dropout and its kin do when nothing is trained. */
const inference = plain('Identity');

const TABLE: Readonly<Record<string, (config: Config, file: FileConfig, context: LayerContext) => Mapped | null>> = {
	Conv2D: convolution('Conv2D'),
	DepthwiseConv2D: convolution('DepthwiseConv2D'),
	SeparableConv2D: convolution('SeparableConv2D'),
	Conv2DTranspose: transposed,
	Conv1D(c, file) {
		const mapped = convolution('Conv1D')(c, file);
		if (c['padding'] === 'causal') Object.assign(mapped.attributes, { causal: true, padding: 'valid' });
		return mapped;
	},
	Dense: (c) => ({ type: 'Dense', attributes: { units: c['units'] as number } }),
	BatchNormalization(c, _file, { shape }): Mapped {
		const [axis] = axesOf(c['axis'], shape);
		const epsilon = c['epsilon'] as number;
		return {
			type: 'BatchNormalization',
			attributes: axis === shape.length - 1 ? { epsilon } : { epsilon, axis: axis! }
		};
	},
	Normalization: (_c, file, context) => normalised(file, context),
	GroupNormalization: (_c, file) => ({
		type: 'GroupNormalization',
		attributes: { groups: (file['groups'] ?? 32) as number, epsilon: (file['epsilon'] ?? 1e-3) as number }
	}),
	RMSNormalization: (_c, file, { shape }) => ({
		type: 'RMSNormalization',
		attributes: { axes: axesOf(file['axis'] ?? -1, shape), epsilon: (file['epsilon'] ?? 1e-6) as number }
	}),
	MultiHeadAttention: attention('MultiHeadAttention'),
	GroupQueryAttention: attention('GroupQueryAttention'),
	Attention: attention('Attention'),
	AdditiveAttention: attention('AdditiveAttention'),
	EinsumDense: (c) => ({ type: 'EinsumDense', attributes: { equation: c['plainEquation'] as string } }),
	DepthwiseConv1D: line('DepthwiseConv1D'),
	SeparableConv1D: line('SeparableConv1D'),
	Conv1DTranspose: line('Conv1DTranspose'),
	MaxPooling2D: pool('MaxPool2D'),
	AveragePooling2D: pool('AveragePool2D'),
	GlobalAveragePooling2D: globalPool('GlobalAveragePool'),
	GlobalMaxPooling2D: globalPool('GlobalMaxPool'),
	GlobalAveragePooling1D: globalPool('GlobalAveragePool'),
	GlobalMaxPooling1D: globalPool('GlobalMaxPool'),
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
	ELU: (_c, file) => ({ type: 'Elu', attributes: { alpha: (file['alpha'] ?? 1) as number } }),
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
	/** Keras samples at half pixels, TF.js does not. */
	UpSampling2D: (c, _file, { byTfjs }) => ({
		type: 'Upsample2D',
		attributes: {
			size: c['size'] as number[],
			method: c['interpolation'] as string,
			...(byTfjs ? {} : { halfPixel: true })
		}
	}),
	/** A number, or one per channel. */
	Rescaling: (_c, file) => ({
		type: 'Rescale',
		attributes: { scale: file['scale'] as number | number[], offset: (file['offset'] ?? 0) as number | number[] }
	}),
	Embedding: plain('Embedding'),
	Concatenate: (c) => ({ type: 'Concat', attributes: { axis: (c['axis'] as number | undefined) ?? -1 } })
};

/** Whether its activation is a node of its own, and TF.js makes the layer without one. */
export const isMapped = (className: string) => Object.hasOwn(TABLE, className);

/**
 * @param config the layer's own, complete, in camelCase
 * @param file what the file says, in snake_case: it may hold what tfjs-layers reads past
 * @returns null for a layer that runs as itself
 */
export function mapLayer(className: string, config: Config, file: FileConfig, context: LayerContext): Mapped | null {
	return Object.hasOwn(TABLE, className) ? (TABLE[className]?.(config, file, context) ?? null) : null;
}
