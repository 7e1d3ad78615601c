import { attributes as a } from '#engine/model/graph/attributes.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { JsonObject } from '#maths/json.ts';
import type { FlatTable } from '#loaders/tflite/flatbuffer.ts';
import { runningType } from '#loaders/tflite/constants.ts';
import type { GraphWriter } from '#loaders/tflite/graph-writer.ts';
import type { TfliteOperator } from '#loaders/tflite/schema.ts';
import { product } from '#maths/product.ts';

/** Operators of .tflite files as the TensorFlow operations they stand for, by their number in the schema. */

/** What an operator is written with. */
interface Writing extends TfliteOperator {
	to: GraphWriter;
	/** Of the node that its first output comes from. */
	name: string;
	/** Several pictures can go through at once: the first size of a shape is left open. */
	free: boolean;
}

type Write = (operator: Writing) => void;

const option = <T>({ options }: Writing, read: (options: FlatTable) => T, otherwise: T): T =>
	options ? read(options) : otherwise;

/** A fused activation by its number in the schema. */
const FUSED: ReadonlyMap<number, string> = new Map([
	[1, 'Relu'],
	[3, 'Relu6'],
	[4, 'Tanh']
]);
const RELU_N1_TO_1 = 2;

/** The node itself, and the activation that is fused into it: `NAME/Op`, then `NAME`. */
function fused(w: Writing, activation: number, op: string, input: readonly string[], attr: JsonObject): void {
	const { to, name } = w;
	const after = FUSED.get(activation);
	const inner = after || activation === RELU_N1_TO_1 ? to.unique(`${name}/${op.replace(/^_?Fused/, '')}`) : name;
	to.add(inner, op, input, attr);
	if (after) to.add(name, after, [inner], { T: a.type('float32') });
	else if (activation === RELU_N1_TO_1) clip(w, inner);
}

const clip = ({ to, name }: Writing, input: string) =>
	to.add(name, 'ClipByValue', [input, to.number(`${name}/low`, -1), to.number(`${name}/high`, 1)], {});

const padding = (code: number) => a.text(code === 1 ? 'VALID' : 'SAME');
/** How a window moves: the options of convolutions and of pooling begin alike. */
const steps = (o: FlatTable): JsonObject => ({
	strides: a.ints([1, o.int32(2, 1), o.int32(1, 1), 1]),
	padding: padding(o.int8(0)),
	data_format: a.text('NHWC')
});
const T = { T: a.type('float32') };

function permuted({ shape, values, ...rest }: StoredWeight, order: readonly number[]): StoredWeight {
	const to = order.map((axis) => shape[axis] as number);
	const strides = shape.map((_, i) => product(shape.slice(i + 1)));
	const steps = order.map((axis) => strides[axis] as number);
	const from = values as Float32Array;
	const result = new Float32Array(from.length);
	const at = to.map(() => 0);
	let source = 0;
	for (let i = 0; i < result.length; i++) {
		result[i] = from[source] as number;
		for (let axis = to.length - 1; axis >= 0; axis--) {
			source += steps[axis] as number;
			if (++(at[axis] as number) < (to[axis] as number)) break;
			source -= (steps[axis] as number) * (to[axis] as number);
			at[axis] = 0;
		}
	}
	return { ...rest, shape: to, values: result };
}

/** A kernel in the order that TensorFlow has it. */
function kernel({ to, inputs }: Writing, index: number, order: readonly number[]): string {
	const tensor = to.tensor(inputs[index]);
	if (tensor.shape.length !== order.length || !to.isConstant(inputs[index]))
		throw new Error('a kernel that is computed, or of another rank');
	return to.constant(tensor.name, permuted(to.values(inputs[index]), order));
}

const present = (index: number | undefined): index is number => index !== undefined && index >= 0;
const biasOf = ({ to, inputs }: Writing, at: number) => (present(inputs[at]) ? [to.reference(inputs[at])] : []);
const withBias = (count: number): JsonObject =>
	count ? { fused_ops: a.texts(['BiasAdd']), num_args: a.int(1), epsilon: a.float(0) } : {};

function convolution(w: Writing): void {
	const { to, inputs, options: o } = w;
	if (!o) throw new Error('no options');
	const bias = biasOf(w, 2);
	const input = [to.reference(inputs[0]), kernel(w, 1, [1, 2, 3, 0]), ...bias];
	fused(w, o.int8(3), bias.length ? '_FusedConv2D' : 'Conv2D', input, {
		...T,
		...withBias(bias.length),
		...steps(o),
		dilations: a.ints([1, o.int32(5, 1), o.int32(4, 1), 1])
	});
}

function depthwise(w: Writing): void {
	const { to, inputs, options: o } = w;
	if (!o) throw new Error('no options');
	const [, height = 0, width = 0, outputs = 0] = to.tensor(inputs[1]).shape;
	const channels = to.tensor(inputs[0]).shape[3] ?? 0;
	if (!to.isConstant(inputs[1]) || !channels || outputs % channels) throw new Error('filters that fit no channels');
	const stored = to.values(inputs[1]);
	const shape = [height, width, channels, outputs / channels];
	const bias = biasOf(w, 2);
	const input = [to.reference(inputs[0]), to.constant(to.tensor(inputs[1]).name, { ...stored, shape }), ...bias];
	fused(w, o.int8(4), bias.length ? 'FusedDepthwiseConv2dNative' : 'DepthwiseConv2dNative', input, {
		...T,
		...withBias(bias.length),
		...steps(o),
		dilations: a.ints([1, o.int32(6, 1), o.int32(5, 1), 1])
	});
}

function transposedConvolution(
	w: Writing,
	value: number,
	bias: readonly string[],
	step: readonly [number, number, number],
	activation = 0
): void {
	const { to, inputs, outputs, name } = w;
	const [mode, strideWidth, strideHeight] = step;
	const size = to.whole(`${name}/output_shape`, to.tensor(outputs[0]).shape);
	const attr = {
		...T,
		strides: a.ints([1, strideHeight, strideWidth, 1]),
		padding: padding(mode),
		data_format: a.text('NHWC')
	};
	const input = [size, kernel(w, 1, [1, 2, 0, 3]), to.reference(inputs[value])];
	if (!bias.length) return fused(w, activation, 'Conv2DBackpropInput', input, attr);
	const inner = to.add(to.unique(`${name}/Conv2DTranspose`), 'Conv2DBackpropInput', input, attr);
	fused(w, activation, 'BiasAdd', [inner, ...bias], { ...T, data_format: a.text('NHWC') });
}

/** A matrix of rows; what has more axes is flattened to that, or keeps them all but the last. */
function dense(w: Writing): void {
	const { to, inputs, outputs, name, options: o, free } = w;
	const [x, weights, result] = [to.tensor(inputs[0]), to.tensor(inputs[1]), to.tensor(outputs[0])];
	const [units = 0, width = 0] = weights.shape;
	const keeps = o?.bool(2) ?? false;
	const flat = x.shape.length === 2 && x.shape[1] === width;
	const source = to.reference(inputs[0]);
	const rows = flat
		? source
		: to.add(to.unique(`${name}/Flatten`), 'Reshape', [source, to.whole(`${name}/rows`, [-1, width])], T);
	const bias = biasOf(w, 2);
	const matrix = to.isConstant(inputs[1])
		? [to.constant(weights.name, permuted(to.values(inputs[1]), [1, 0]))]
		: [to.reference(inputs[1])];
	const attr = {
		...{ ...T, ...withBias(bias.length), transpose_a: a.bool(false) },
		transpose_b: a.bool(!to.isConstant(inputs[1]))
	};
	const again = !flat && keeps && x.shape.length > 2;
	const inner: Writing = again ? { ...w, name: to.unique(`${name}/MatMul`) } : w;
	fused(inner, o?.int8(0) ?? 0, bias.length ? '_FusedMatMul' : 'MatMul', [rows, ...matrix, ...bias], attr);
	if (!again) return;
	const shape = [free ? -1 : (result.shape[0] ?? 1), ...result.shape.slice(1, -1), units];
	to.add(name, 'Reshape', [inner.name, to.whole(`${name}/shape`, shape)], T);
}

const pool =
	(op: string): Write =>
	(w) => {
		const { to, inputs, options: o } = w;
		if (!o) throw new Error('no options');
		fused(w, o.int8(5), op, [to.reference(inputs[0])], {
			...T,
			ksize: a.ints([1, o.int32(4, 1), o.int32(3, 1), 1]),
			strides: a.ints([1, o.int32(2, 1), o.int32(1, 1), 1]),
			padding: padding(o.int8(0)),
			data_format: a.text('NHWC')
		});
	};

const all = ({ to, inputs }: Writing) => inputs.filter(present).map((index) => to.reference(index));

/** Its inputs as they come, and maybe a fused activation, which its options say first. */
const plain =
	(op: string, attr: (w: Writing) => JsonObject = () => ({}), activation = false): Write =>
	(w) =>
		fused(w, activation ? option(w, (o) => o.int8(0), 0) : 0, op, all(w), { ...T, ...attr(w) });

const arithmetic = (op: string) => plain(op, undefined, true);

const reduction = (op: string) => plain(op, (w) => ({ keep_dims: a.bool(option(w, (o) => o.bool(0), false)) }));

/** To the shape that the file says comes out. */
const reshape: Write = ({ to, inputs, outputs, name, free }) => {
	const { shape } = to.tensor(outputs[0]);
	const target = free ? [-1, ...shape.slice(1)] : shape;
	to.add(name, 'Reshape', [to.reference(inputs[0]), to.whole(`${name}/shape`, target)], T);
};

const concat: Write = (w) => {
	const parts = all(w);
	const axis = w.to.whole(`${w.name}/axis`, [option(w, (o) => o.int32(0), 0)], []);
	fused(
		w,
		option(w, (o) => o.int8(1), 0),
		'ConcatV2',
		[...parts, axis],
		{ ...T, N: a.int(parts.length) }
	);
};

const softmax: Write = (w) => {
	const { to, name } = w;
	const beta = option(w, (o) => o.float(0), 1);
	const [x] = all(w) as [string];
	const logits = beta === 1 ? x : to.add(to.unique(`${name}/scaled`), 'Mul', [x, to.number(`${name}/beta`, beta)], T);
	to.add(name, 'Softmax', [logits], T);
};

const gather: Write = (w) => {
	const [x, indices] = all(w) as [string, string];
	const axis = w.to.whole(`${w.name}/axis`, [option(w, (o) => o.int32(0), 0)], []);
	const attr = { batch_dims: a.int(option(w, (o) => o.int32(1), 0)), Tparams: a.type('float32') };
	w.to.add(w.name, 'GatherV2', [x, indices, axis], attr);
};

const slice: Write = ({ to, inputs, name, free }) => {
	const size = [...(to.values(inputs[2]).values ?? [])];
	const length = to.whole(`${name}/size`, free ? [-1, ...size.slice(1)] : size);
	to.add(name, 'Slice', [to.reference(inputs[0]), to.reference(inputs[1]), length], T);
};

const stridedSlice = plain('StridedSlice', (w) => {
	const mask = (id: number, bits = 0) => a.int(option(w, (o) => o.int32(id), 0) | bits);
	const whole = w.free ? 1 : 0;
	return {
		...{ begin_mask: mask(0, whole), end_mask: mask(1, whole), ellipsis_mask: mask(2) },
		...{ new_axis_mask: mask(3), shrink_axis_mask: mask(4) }
	};
});

const cast: Write = ({ to, inputs, outputs, name }) => {
	const [from, into] = [runningType(to.tensor(inputs[0])), runningType(to.tensor(outputs[0]))];
	if (!from || !into) throw new Error('a type that is not computed with');
	to.add(name, 'Cast', [to.reference(inputs[0])], { SrcT: a.type(from), DstT: a.type(into) });
};

/** x / |x|, of the last axis. */
const normalised: Write = (w) => {
	const { to, name } = w;
	const [x] = all(w) as [string];
	const part = (what: string, op: string, input: string[], attr: JsonObject = {}) =>
		to.add(to.unique(`${name}/${what}`), op, input, { ...T, ...attr });
	const sum = part('Sum', 'Sum', [part('Square', 'Square', [x]), to.whole(`${name}/axis`, [-1])], {
		keep_dims: a.bool(true)
	});
	const min = part('Maximum', 'Maximum', [sum, to.number(`${name}/least`, 1e-12)]);
	fused(
		w,
		option(w, (o) => o.int8(0), 0),
		'Mul',
		[x, part('Rsqrt', 'Rsqrt', [min])],
		T
	);
};

const resize = (op: string, corners: number, centres: number) =>
	plain(op, (w) => ({
		align_corners: a.bool(option(w, (o) => o.bool(corners), false)),
		half_pixel_centers: a.bool(option(w, (o) => o.bool(centres), false))
	}));

const blocks = (op: string) =>
	plain(op, (w) => ({
		block_size: a.int(option(w, (o) => o.int32(0), 1)),
		data_format: a.text('NHWC')
	}));

const identity = plain('Identity');

const transposed: Write = (w) => {
	const o = w.options;
	if (!o) throw new Error('no options');
	transposedConvolution(w, 2, biasOf(w, 3), [o.int8(0), o.int32(1, 1), o.int32(2, 1)], o.int8(3));
};

const WRITERS: ReadonlyMap<number, Write> = new Map([
	[0, arithmetic('AddV2')],
	[1, pool('AvgPool')],
	[2, concat],
	[3, convolution],
	[4, depthwise],
	[5, blocks('DepthToSpace')],
	[6, identity], // DEQUANTIZE
	[8, plain('Floor')],
	[9, dense],
	[11, normalised],
	[14, plain('Sigmoid')],
	[17, pool('MaxPool')],
	[18, arithmetic('Mul')],
	[19, plain('Relu')],
	[20, (w) => void clip(w, ...(all(w) as [string]))],
	[21, plain('Relu6')],
	[22, reshape],
	[23, resize('ResizeBilinear', 2, 3)],
	[25, softmax],
	[26, blocks('SpaceToDepth')],
	[28, plain('Tanh')],
	[34, plain('Pad')],
	[36, gather],
	[37, plain('BatchToSpaceND')],
	[38, plain('SpaceToBatchND')],
	[39, plain('Transpose')],
	[40, reduction('Mean')],
	[41, arithmetic('Sub')],
	[42, arithmetic('RealDiv')],
	[43, reshape], // SQUEEZE
	[45, stridedSlice],
	[47, plain('Exp')],
	[49, plain('Split', (w) => ({ num_split: a.int(w.outputs.length) }))],
	[50, plain('LogSoftmax')],
	[53, cast],
	[54, plain('Prelu')],
	[55, plain('Maximum')],
	[56, plain('ArgMax', () => ({ output_type: a.type('int32') }))],
	[57, plain('Minimum')],
	[58, plain('Less')],
	[59, plain('Neg')],
	[60, plain('PadV2')],
	[61, plain('Greater')],
	[62, plain('GreaterEqual')],
	[63, plain('LessEqual')],
	[64, plain('Select')],
	[65, slice],
	[66, plain('Sin')],
	[67, transposed],
	[69, plain('Tile')],
	[70, reshape], // EXPAND_DIMS
	[71, plain('Equal')],
	[72, plain('NotEqual')],
	[73, plain('Log')],
	[74, reduction('Sum')],
	[75, plain('Sqrt')],
	[76, plain('Rsqrt')],
	[78, plain('Pow')],
	[79, plain('ArgMin', () => ({ output_type: a.type('int32') }))],
	[80, identity], // FAKE_QUANT
	[81, reduction('Prod')],
	[82, reduction('Max')],
	[83, plain('Pack', (w) => ({ N: a.int(w.inputs.length), axis: a.int(option(w, (o) => o.int32(1), 0)) }))],
	[88, plain('Unpack', (w) => ({ num: a.int(w.outputs.length), axis: a.int(option(w, (o) => o.int32(1), 0)) }))],
	[89, reduction('Min')],
	[90, plain('FloorDiv')],
	[92, plain('Square')],
	[93, plain('ZerosLike')],
	[97, resize('ResizeNearestNeighbor', 0, 1)],
	[98, plain('LeakyRelu', (w) => ({ alpha: a.float(option(w, (o) => o.float(0), 0)) }))],
	[99, plain('SquaredDifference')],
	[100, plain('MirrorPad', (w) => ({ mode: a.text(option(w, (o) => o.int8(0), 0) ? 'SYMMETRIC' : 'REFLECT') }))],
	[101, plain('Abs')],
	[102, plain('SplitV', (w) => ({ num_split: a.int(w.outputs.length) }))],
	[104, plain('Ceil')],
	[106, plain('AddN', (w) => ({ N: a.int(w.inputs.length) }))],
	[108, plain('Cos')],
	[111, plain('Elu')],
	[114, identity], // QUANTIZE
	[116, plain('Round')],
	[117, plain('HardSwish')],
	[123, plain('SelectV2')],
	[126, plain('BatchMatMulV2', (w) => ({ adj_x: a.bool(option(w, (o) => o.bool(0), false)), adj_y: a.bool(option(w, (o) => o.bool(1), false)) }))], // prettier-ignore
	[130, plain('BroadcastTo')],
	[150, (w) => plain(option(w, (o) => o.bool(0), false) ? 'GeluTanh' : 'Gelu')(w)]
]);

/** Operators of MediaPipe's models, which the format does not have itself. */
const CUSTOM: ReadonlyMap<string, Write> = new Map([
	[
		'Convolution2DTransposeBias',
		(w) => {
			const { byteLength, buffer, byteOffset } = w.customOptions;
			if (byteLength < 12) throw new Error('no options');
			const view = new DataView(buffer, byteOffset, byteLength);
			// TfLitePadding counts from 1: SAME, VALID.
			const step = [view.getInt32(0, true) - 1, view.getInt32(4, true), view.getInt32(8, true)] as const;
			transposedConvolution(w, 0, biasOf(w, 2), step);
		}
	]
]);

/** How the operator is written, or undefined for one that is not known. */
export const writerOf = ({ code, custom }: TfliteOperator): Write | undefined =>
	code === 32 ? CUSTOM.get(custom) : WRITERS.get(code);
