import type * as tf from '#engine/tf.ts';
import { flag, group, list, number, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { free, perInput, perOutput } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';
import { product } from '#maths/product.ts';

/** Over `axes`, which stay with one entry where the node keeps them. */
const over =
	(f: (tf: Kit, x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Compute =>
	([x], { tf, node }) =>
		f(tf, x as tf.Tensor, list(node, 'axes'), flag(node, 'keepDims'));

/** WebGPU sums up wrongly where its own number or the order is left out, and so are the gradients of products (tfjs 4.22). */
const runningSum: Compute = ([x], { tf, node }) => {
	const { shape, dtype } = x as tf.Tensor;
	const axis = number(node, 'axis');
	const [own, back] = [flag(node, 'exclusive') ? 0 : 1, flag(node, 'reverse')];
	const length = shape.at(axis) as number;
	const counted = Float32Array.from({ length: length * length }, (_, i) => {
		const before = Math.floor(i / length) - (i % length);
		return Number((back ? -before : before) + own > 0);
	});
	const at = (axis + shape.length) % shape.length;
	const sizes: [number, number, number] = [product(shape.slice(0, at)), length, product(shape.slice(at + 1))];
	const rows = tf.reshape(tf.cast(x as tf.Tensor, 'float32'), sizes);
	const sums = tf.matMul(tf.tensor(counted, [1, length, length]), rows);
	return tf.cast(tf.reshape(sums, shape), dtype);
};

function productOver(tf: Kit, x: tf.Tensor, axes: readonly number[], keep: boolean): tf.Tensor {
	const sorted = [...axes].sort((a, b) => b - a);
	const y = sorted.reduce((all, axis) => tf.unstack(all, axis).reduce((a, b) => tf.mul(a, b)), x);
	const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
	return keep ? tf.reshape(y, kept) : y;
}

/** The index along `axis`; of equal ones the first, or the `last`. */
const indexBy =
	(f: (tf: Kit, x: tf.Tensor, axis: number) => tf.Tensor): Compute =>
	([x], { tf, node }) => {
		const axis = number(node, 'axis', -1);
		const last = flag(node, 'last');
		const found = f(tf, last ? tf.reverse(x as tf.Tensor, axis) : (x as tf.Tensor), axis);
		const end = tf.scalar(((x as tf.Tensor).shape.at(axis) as number) - 1, 'int32');
		const indices = last ? tf.sub(end, found) : found;
		return flag(node, 'keepDims') ? tf.expandDims(indices, axis) : indices;
	};

const common = { family: 'arithmetic', figure: 'other', positions: kept } as const;
const sum = group({ ...common, macs: perInput });
const running = group({ ...common, macs: perOutput, positions: mixed });
const choice = group({ ...common, macs: free });
/** It gives indices or counts, not sizes. */
const finding = group({ ...common, family: 'other', macs: free, positions: mixed });

const operators: Operators = {
	Mean: sum('The mean over some axes.', { compute: over((tf, x, axes, keep) => tf.mean(x, axes, keep)) }),
	Sum: sum('The sum over some axes.', { compute: over((tf, x, axes, keep) => tf.sum(x, axes, keep)) }),
	Prod: sum('The product over some axes.', { compute: over(productOver) }),
	EuclideanNorm: sum('The length of vectors: the root of the sum of squares.', {
		compute: over((tf, x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep)))
	}),
	LogSumExp: sum('The logarithm of a sum of exponentials: a smooth maximum.', {
		compute: over((tf, x, axes, keep) => tf.logSumExp(x, axes, keep))
	}),
	SparseSegmentMean: sum('Means of rows that are picked and grouped by index.', {}),
	SparseSegmentSum: sum('Sums of rows that are picked and grouped by index.', {}),
	Cumsum: running('Sums along an axis, with all sums on the way.', {
		compute: runningSum
	}),
	Cumprod: running('Products along an axis, with all products on the way.', {}),
	Max: choice('The largest value over some axes.', { compute: over((tf, x, axes, keep) => tf.max(x, axes, keep)) }),
	Min: choice('The smallest value over some axes.', { compute: over((tf, x, axes, keep) => tf.min(x, axes, keep)) }),
	All: finding('Whether all values over some axes are true.', {}),
	Any: finding('Whether any value over some axes is true.', {}),
	ArgMax: finding('Where along an axis the largest value stands.', {
		head: 'choice',
		compute: indexBy((tf, x, axis) => tf.argMax(x, axis))
	}),
	ArgMin: finding('Where along an axis the smallest value stands.', {
		compute: indexBy((tf, x, axis) => tf.argMin(x, axis))
	}),
	TopKV2: finding('The largest values along the last axis, and where they stand.', {
		compute([x], { tf, node }) {
			const { values, indices } = tf.topk(x as tf.Tensor, number(node, 'k'));
			return [values, indices];
		}
	}),
	Unique: finding('Each value once, and where it stands.', {}),
	UniqueV2: finding('Each value once, and where it stands.', {}),
	Bincount: finding('Counts how often each whole number occurs.', {}),
	DenseBincount: finding('Counts how often each whole number occurs.', {})
};

export default operators;
