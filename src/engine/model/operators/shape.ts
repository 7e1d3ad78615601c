import type * as tf from '#engine/tf.ts';
import { group, list, number, pair, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { elementwise } from '#engine/model/rules/derivation.ts';
import { free } from '#engine/model/rules/macs.ts';
import { along, kept, mixed, padded, scaled, turned } from '#engine/model/rules/positions.ts';
import { product } from '#maths/product.ts';

/** What hands its numbers on: as they are, in another shape, or in parts. */

const common = { family: 'other', macs: free, positions: kept } as const;
/** It matters in training, or not at all. */
const identity = group({ ...common, figure: 'dropout', result: 'identity', strip: 'hidden' });
const reshaped = group({ ...common, figure: 'flatten', result: 'reshaped', strip: 'hidden' });
const moved = group({ ...common, figure: 'other', result: 'moved' });
/** Numbers about shapes. */
const shapeInfo = group({ ...common, figure: 'other' });

/** Some entries of one axis, within three axes: every backend cuts those rightly. */
function cut(tf: Kit, x: tf.Tensor, [axis, start, step, count]: readonly [number, number, number, number]): tf.Tensor {
	const length = x.shape[axis] as number;
	const [outer, inner] = [product(x.shape.slice(0, axis)), product(x.shape.slice(axis + 1))];
	const given = tf.reshape(x, [outer, length, inner]) as tf.Tensor3D;
	const rows = step < 0 ? tf.reverse(given, 1) : given;
	const [from, by] = step < 0 ? [length - 1 - start, -step] : [start, step];
	const end = from + (count - 1) * by + 1;
	const parts =
		by === 1
			? tf.slice(rows, [0, from, 0], [outer, count, inner])
			: tf.stridedSlice(rows, [0, from, 0], [outer, end, inner], [1, by, 1]);
	return tf.reshape(parts, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]);
}

/** Channels lie as [rows, columns, c] of the finer cells, or as [c, rows, columns]. */
const depthToSpace: Compute = ([x], { tf, node }) => {
	const block = number(node, 'block', 2);
	const channels = (x as tf.Tensor4D).shape[3] / (block * block);
	const indices = Array.from(
		{ length: channels * block * block },
		(_, i) => (i % channels) * block * block + Math.floor(i / channels)
	);
	const sorted = node.attributes['columnsFirst'] ? tf.gather(x as tf.Tensor4D, tf.tensor1d(indices, 'int32'), 3) : x;
	return tf.depthToSpace(sorted as tf.Tensor4D, block, 'NHWC');
};

/** Within four axes: those of a cell's columns and of the channels lie side by side. */
const spaceToDepth: Compute = ([x], { tf, node }) => {
	const block = number(node, 'block', 2);
	const [batch, height, width, channels] = (x as tf.Tensor4D).shape;
	const cells = tf.reshape(x as tf.Tensor4D, [(batch * height) / block, block, width / block, block * channels]);
	const turned = tf.transpose(cells, [0, 2, 1, 3]);
	return tf.reshape(turned, [batch, height / block, width / block, block * block * channels]);
};

/** `cuts`: [axis, first, step, how many] each. */
const slice: Compute = ([x], { tf, node }) =>
	(node.attributes['cuts'] as [number, number, number, number][]).reduce(
		(all, one) => cut(tf, all, one),
		x as tf.Tensor
	);

/** Rows of a batch that are alike may come as one. */
const concat: Compute = (inputs, { tf, node }) => {
	const axis = number(node, 'axis', -1);
	const rows = Math.max(...inputs.map(({ shape }) => shape[0] ?? 1));
	const full = inputs.map((x) =>
		axis !== 0 && x.rank > 1 && x.shape[0] !== rows ? tf.tile(x, [rows, ...x.shape.slice(1).map(() => 1)]) : x
	);
	return tf.concat(full, axis);
};

/** `shape` without the batch, or `full` with it; -1 once for the rest. */
const reshape: Compute = ([x], { tf, node }) => {
	const full = node.attributes['full']
		? list(node, 'full')
		: [(x as tf.Tensor).shape[0] as number, ...list(node, 'shape')];
	return tf.reshape(x as tf.Tensor, full);
};

/** To whole numbers towards zero; to truth, what is not zero. */
const cast: Compute = ([x], { tf, node }) => {
	const to = String(node.attributes['to'] ?? 'float32');
	return to === 'bool' ? tf.notEqual(x as tf.Tensor, 0) : tf.cast(x as tf.Tensor, to as 'int32');
};

const operators: Operators = {
	Identity: identity('Hands on what it gets; layers that only matter in training become this.', {
		word: '',
		derive: elementwise('x', (x) => x),
		compute: ([x], { tf }) => tf.clone(x as tf.Tensor)
	}),
	IdentityN: identity('Hands on all that it gets.', {}),
	Snapshot: identity('Hands on what it gets.', {}),
	StopGradient: identity('Hands on what it gets; training stops here.', {}),
	NoOp: identity('Does nothing.', {}),
	Print: identity('Hands on what it gets; it was there to print.', {}),
	Dropout: identity('Matters in training only; here it hands on what it gets.', {}),
	RandomHeight: identity('Changes the height of pictures in training; here it hands on what it gets.', {}),
	RandomWidth: identity('Changes the width of pictures in training; here it hands on what it gets.', {}),
	EnsureShape: identity('Hands on what it gets, if the shape is right.', {}),
	Cast: reshaped('Changes the type of the numbers.', { figure: 'other', compute: cast }),
	Flatten: reshaped('Lays all numbers of an example out in one row.', {
		compute: ([x], { tf }) => tf.reshape(x as tf.Tensor, [(x as tf.Tensor).shape[0] as number, -1])
	}),
	Reshape: reshaped('Arranges the same numbers in another shape.', {
		compute: reshape
	}),
	Transpose: reshaped('Exchanges axes.', {
		positions: turned,
		compute: ([x], { tf, node }) => tf.transpose(x as tf.Tensor, list(node, 'permutation'))
	}),
	Squeeze: reshaped('Takes axes of length one away.', { positions: mixed }),
	ExpandDims: reshaped('Puts an axis of length one in.', { positions: mixed }),
	Concat: moved('Puts its inputs one behind the other along an axis.', {
		positions: along,
		figure: 'merge',
		word: 'Concatenation',
		result: 'new',
		compute: concat
	}),
	/** `paddings`: [before, after] for each axis. */
	Pad: moved('Puts a border around a tensor, mostly of zeros.', {
		positions: padded,
		strip: 'hidden',
		compute: ([x], { tf, node }) =>
			tf.pad(x as tf.Tensor, node.attributes['paddings'] as [number, number][], number(node, 'value', 0))
	}),
	/** `cropping`: steps cut off before and after. */
	Crop1D: moved('Cuts steps off both ends of a sequence.', {
		compute([x], { tf, node }) {
			const [before, after] = pair(node, 'cropping');
			const [batch, length, channels] = (x as tf.Tensor3D).shape;
			return tf.slice(x as tf.Tensor3D, [0, before, 0], [batch, length - before - after, channels]);
		}
	}),
	/** Every step `size` times. */
	Upsample1D: moved('Repeats every step of a sequence.', {
		figure: 'transposed',
		word: 'Upsampling',
		compute([x], { tf, node }) {
			const [batch, length, channels] = (x as tf.Tensor3D).shape;
			const size = number(node, 'size');
			const repeated = tf.tile(tf.expandDims(x as tf.Tensor3D, 2), [1, 1, size, 1]);
			return tf.reshape(repeated, [batch, length * size, channels]);
		}
	}),
	RepeatVector: moved('Repeats a vector as the steps of a sequence.', { positions: mixed, figure: 'flatten' }),
	MirrorPad: moved('Puts a border around a tensor that mirrors its edges.', { positions: mixed }),
	Pack: moved('Puts its inputs side by side along a new axis.', { positions: mixed }),
	Stack: moved('Puts its inputs side by side along a new axis.', { positions: mixed }),
	Unpack: moved('Takes a tensor apart along an axis.', { positions: mixed }),
	Unstack: moved('Takes a tensor apart along an axis.', { positions: mixed }),
	/** `sizes` of the parts along `axis`. */
	Split: moved('Cuts a tensor into parts along an axis.', {
		positions: mixed,
		compute: ([x], { tf, node }) => tf.split(x as tf.Tensor, list(node, 'sizes'), number(node, 'axis'))
	}),
	SplitV: moved('Cuts a tensor into parts of given lengths along an axis.', { positions: mixed }),
	Slice: moved('Cuts a block out of a tensor.', { positions: mixed, compute: slice }),
	StridedSlice: moved('Cuts a block out of a tensor, maybe by every second number.', { positions: mixed }),
	DepthToSpace: moved('Turns channels into finer positions: a larger picture with fewer channels.', {
		positions: scaled,
		compute: depthToSpace
	}),
	SpaceToDepth: moved('Turns positions into channels: a smaller picture with more of them.', {
		positions: scaled,
		compute: spaceToDepth
	}),
	SpaceToBatchND: moved('Takes a picture apart into interleaved smaller ones, for convolutions with gaps.', {
		positions: mixed
	}),
	BatchToSpaceND: moved('Puts interleaved small pictures together again.', { positions: mixed }),
	Tile: moved('Repeats a tensor.', {
		positions: mixed,
		compute: ([x], { tf, node }) => tf.tile(x as tf.Tensor, list(node, 'repeats'))
	}),
	/** `shape`: -1 for an axis that stays. */
	BroadcastTo: moved('Stretches a tensor to a larger shape by repeating.', {
		positions: mixed,
		compute([x], { tf, node }) {
			const given = x as tf.Tensor;
			const shape = list(node, 'shape').map((n, axis) => (n < 0 ? (given.shape[axis] as number) : n));
			// A product has a gradient for all numbers of axes.
			return given.dtype === 'float32' ? tf.mul(given, tf.ones(shape)) : tf.broadcastTo(given, shape);
		}
	}),
	Reverse: moved('Turns a tensor round along an axis.', { positions: mixed }),
	ReverseV2: moved('Turns a tensor round along an axis.', { positions: mixed }),
	MatrixBandPart: moved('Keeps a band around the diagonal of matrices.', { positions: mixed, result: 'new' }),
	Shape: shapeInfo('The shape of a tensor, as numbers.', { strip: 'hidden' }),
	ShapeN: shapeInfo('The shapes of tensors, as numbers.', {}),
	Size: shapeInfo('How many numbers a tensor has.', {}),
	Rank: shapeInfo('How many axes a tensor has.', {}),
	BroadcastArgs: shapeInfo('The shape that two shapes stretch to.', {})
};

export default operators;
