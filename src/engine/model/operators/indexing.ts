import type * as tf from '#engine/tf.ts';
import { flag, group, number, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';
import { product } from '#maths/product.ts';

const whole = (tf: Kit, x: tf.Tensor | undefined) => tf.cast(x as tf.Tensor, 'int32');

/** Flat indices into a tensor of the sizes: along one axis those given, along the others those of where they stand. */
function flatIndices(tf: Kit, indices: tf.Tensor, axis: number, sizes: readonly number[]): tf.Tensor1D {
	const step = (at: number) => product(sizes.slice(at + 1));
	const base = Int32Array.from({ length: indices.size }, (_, i) => {
		let [rest, sum] = [i, 0];
		for (let at = sizes.length - 1; at >= 0; at--) {
			const length = indices.shape[at] as number;
			if (at !== axis) sum += (rest % length) * step(at);
			rest = Math.floor(rest / length);
		}
		return sum;
	});
	const flat = tf.reshape(whole(tf, indices), [-1]);
	const length = sizes[axis] as number;
	const positive = tf.add(flat, tf.mul(tf.cast(tf.less(flat, 0), 'int32'), tf.scalar(length, 'int32')));
	return tf.add(tf.mul(positive, tf.scalar(step(axis), 'int32')), tf.tensor1d(base, 'int32'));
}

const gatherElements: Compute = ([x, indices], { tf, node }) => {
	const { shape } = x as tf.Tensor;
	const flat = flatIndices(tf, indices as tf.Tensor, number(node, 'axis'), shape);
	return tf.reshape(tf.gather(tf.reshape(x as tf.Tensor, [-1]), flat), (indices as tf.Tensor).shape);
};

/** The values, with others put at their indices or added to them. */
function updated(tf: Kit, x: tf.Tensor, targets: tf.Tensor, updates: tf.Tensor, adds: boolean): tf.Tensor {
	const put = tf.scatterND(targets, updates, x.shape as [number]);
	if (adds) return tf.add(x, put);
	const kept = tf.equal(tf.scatterND(targets, tf.onesLike(updates), x.shape as [number]), 0);
	return tf.add(tf.mul(x, tf.cast(kept, 'float32')), put);
}

const scatterElements: Compute = ([x, indices, updates], { tf, node }) => {
	const { shape } = x as tf.Tensor;
	const at = flatIndices(tf, indices as tf.Tensor, number(node, 'axis'), shape);
	const flat = tf.reshape(x as tf.Tensor, [-1]);
	const y = updated(tf, flat, tf.reshape(at, [-1, 1]), tf.reshape(updates as tf.Tensor, [-1]), flag(node, 'adds'));
	return tf.reshape(y, shape);
};

const scatterNd: Compute = ([x, indices, updates], { tf, node }) => {
	const { shape } = x as tf.Tensor;
	const depth = (indices as tf.Tensor).shape.at(-1) as number;
	const targets = tf.reshape(whole(tf, indices), [-1, depth]);
	const rows = tf.reshape(updates as tf.Tensor, [-1, ...shape.slice(depth)]);
	return updated(tf, x as tf.Tensor, targets, rows, flag(node, 'adds'));
};

const oneHot: Compute = ([x], { tf, node }) => {
	const depth = number(node, 'depth');
	const given = whole(tf, x);
	// -1 is the last one.
	const indices = tf.add(given, tf.mul(tf.cast(tf.less(given, 0), 'int32'), tf.scalar(depth, 'int32')));
	const rows = tf.cast(tf.oneHot(indices as tf.Tensor1D, depth), 'float32');
	const [on, off] = [number(node, 'on', 1), number(node, 'off', 0)];
	return on === 1 && off === 0 ? rows : tf.add(tf.mul(rows, on - off), off);
};

const indexed = group({ family: 'other', figure: 'other', macs: free, positions: mixed });

const operators: Operators = {
	Gather: indexed('Picks slices by index.', {
		compute: ([x, indices], { tf, node }) => tf.gather(x as tf.Tensor, whole(tf, indices), number(node, 'axis', 0))
	}),
	GatherElements: indexed('Picks a value for every index, along one axis.', { compute: gatherElements }),
	ScatterElements: indexed('Replaces values along one axis, by index.', { compute: scatterElements }),
	ScatterNdUpdate: indexed('Replaces values at coordinates, or adds to them.', { compute: scatterNd }),
	GatherNd: indexed('Picks values by their coordinates.', {
		compute: ([x, indices], { tf }) => tf.gatherND(x as tf.Tensor, whole(tf, indices))
	}),
	ScatterNd: indexed('Puts values at coordinates, with zeros elsewhere.', {}),
	TensorScatterUpdate: indexed('Replaces values at coordinates.', {}),
	SparseToDense: indexed('Puts listed values at coordinates of a full tensor.', {}),
	SparseReshape: indexed('Arranges a sparse tensor in another shape.', {}),
	SparseFillEmptyRows: indexed('Gives empty rows of a sparse tensor a value.', {}),
	LowerBound: indexed('Where in a sorted row a value would go in, at the first index.', {}),
	UpperBound: indexed('Where in a sorted row a value would go in, at the last index.', {}),
	OneHot: indexed('A row per index, with one at its index and zeros elsewhere.', { compute: oneHot }),
	CategoryEncoding: indexed('Turns indices into rows of ones and zeros, or of counts.', {})
};

export default operators;
