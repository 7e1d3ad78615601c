import type * as tf from '#engine/tf.ts';
import {
	group,
	list,
	number,
	type Compute,
	type Kit,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';
import { convolved, spread } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/**
 * Convolutions of volumes [n, depth, h, w, channels], slice by slice of their kernel as convolutions of pictures: those run
 * everywhere and have their gradients, where TF.js computes the ones of volumes wrongly (WASM) or not at all (WebGPU).
 */

type Volume = tf.Tensor5D;
type Pads = [[number, number], [number, number], [number, number]];

const three = ({ node }: OperatorContext, name: string) =>
	(node.attributes[name] === undefined ? [1, 1, 1] : list(node, name)) as [number, number, number];
const padsOf = ({ node }: OperatorContext): Pads => {
	const pads = node.attributes['padding'] ?? 'valid';
	if (pads === 'valid') return [[0, 0], [0, 0], [0, 0]]; // prettier-ignore
	if (!Array.isArray(pads)) throw new Error(`"${node.id}" has the unknown padding ${String(pads)}.`);
	return pads as unknown as Pads;
};
const around = ([, rows, columns]: Pads): 'same' => [[0, 0], rows, columns, [0, 0]] as unknown as 'same';

/** `count` slices from `first` on, every `step`-th: [n, depth, rest] -> [n, count, rest]. */
function every(tf: Kit, x: tf.Tensor3D, first: number, step: number, count: number): tf.Tensor {
	const [n, , rest] = x.shape;
	if (step === 1) return tf.slice(x, [0, first, 0], [n, count, rest]);
	return tf.stridedSlice(x, [0, first, 0], [n, first + (count - 1) * step + 1, rest], [1, step, 1]);
}

/** The k-th slice of a kernel, cut out of rows: along five axes neither WebGPU nor WebGL has the gradient of a slice. */
function layer(tf: Kit, kernel: Volume, k: number): tf.Tensor4D {
	const [size, ...own] = kernel.shape;
	const rows: tf.Tensor2D = tf.reshape(kernel, [size, kernel.size / size]);
	return tf.reshape(tf.slice(rows, [k, 0], [1, rows.shape[1]]), own);
}

const biased = (y: tf.Tensor, { tf, optional }: OperatorContext) => {
	const bias = optional('bias');
	return bias ? tf.add(y, bias) : y;
};

/** Kernel [depth, h, w, in, out]; `padding` before and after along each of three axes, or `valid`. */
const conv3d: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const kernel = weight('kernel') as Volume;
	const [n, depth, height, width, channels] = (x as Volume).shape;
	const [steps, gaps, pads] = [three(context, 'strides'), three(context, 'dilations'), padsOf(context)];
	const groups = number(node, 'groups', 1);
	const [before, behind] = pads[0];
	const size = kernel.shape[0];
	const count = Math.floor((depth + before + behind - (size - 1) * gaps[0] - 1) / steps[0]) + 1;
	const flat: tf.Tensor3D = tf.reshape(x as Volume, [n, depth, height * width * channels]);
	const rows = tf.pad(flat, [[0, 0], [before, behind], [0, 0]]); // prettier-ignore
	const convolve = (pictures: tf.Tensor4D, filter: tf.Tensor4D) =>
		tf.conv2d(pictures, filter, [steps[1], steps[2]], around(pads), 'NHWC', [gaps[1], gaps[2]]);
	const parts = Array.from({ length: size }, (_, k) => {
		const slices = every(tf, rows, k * gaps[0], steps[0], count);
		const pictures = tf.reshape(slices, [n * count, height, width, channels]) as tf.Tensor4D;
		const filters = tf.split(layer(tf, kernel, k), groups, 3);
		if (groups === 1) return convolve(pictures, filters[0] as tf.Tensor4D);
		const shares = tf.split(pictures, groups, 3) as tf.Tensor4D[];
		return tf.concat(
			shares.map((share, i) => convolve(share, filters[i] as tf.Tensor4D)),
			3
		);
	});
	const y: tf.Tensor4D = parts.reduce((a, b) => tf.add(a, b));
	const [, high, wide, outputs] = y.shape;
	return tf.reshape(biased(y, context), [n, count, high, wide, outputs]);
};

/** Kernel [depth, h, w, out, in]; `outputShape` of three axes, `padding` what is cut off the whole answer. */
const conv3dTranspose: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const kernel = weight('kernel') as Volume;
	const [n, depth, height, width, channels] = (x as Volume).shape;
	const [steps, pads] = [three(context, 'strides'), padsOf(context)];
	const [long, rows, columns] = list(node, 'outputShape') as [number, number, number];
	const [size, , , outputs] = kernel.shape;
	const pictures = tf.reshape(x as Volume, [n * depth, height, width, channels]) as tf.Tensor4D;
	const whole = Math.max(long + pads[0][0], (depth - 1) * steps[0] + size);
	const rest = rows * columns * outputs;
	const parts = Array.from({ length: size }, (_, k) => {
		const shape: [number, number, number, number] = [n * depth, rows, columns, outputs];
		const y = tf.conv2dTranspose(pictures, layer(tf, kernel, k), shape, [steps[1], steps[2]], around(pads));
		// Every slice of the input lies `step` behind the one before, and those between are empty.
		const apart = tf.pad(tf.reshape(y, [n, depth, 1, rest]), [[0, 0], [0, 0], [0, steps[0] - 1], [0, 0]]); // prettier-ignore
		const own: tf.Tensor = tf.slice(tf.reshape(apart, [n, depth * steps[0], rest]), [0, 0, 0], [n, (depth - 1) * steps[0] + 1, rest]); // prettier-ignore
		return tf.pad(own, [[0, 0], [k, whole - k - (depth - 1) * steps[0] - 1], [0, 0]]); // prettier-ignore
	});
	const full = parts.reduce((a, b) => tf.add(a, b));
	const cut = tf.reshape(tf.slice(full, [0, pads[0][0], 0], [n, long, rest]), [n * long, rows, columns, outputs]);
	return tf.reshape(biased(cut, context), [n, long, rows, columns, outputs]);
};

const weighted = group({ family: 'weighted', figure: 'convolution', word: 'Convolution', positions: mixed });

const operators: Operators = {
	Conv3D: weighted('Slides filters through a volume, or through the frames of a film.', {
		macs: convolved,
		compute: conv3d
	}),
	Conv3DTranspose: weighted('A convolution of volumes run backwards, so that the output is larger.', {
		word: null,
		figure: 'transposed',
		kernel: 'outputs-inputs',
		macs: spread,
		compute: conv3dTranspose
	})
};

export default operators;
