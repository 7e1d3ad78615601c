import type * as tf from '#engine/tf.ts';
import { group, list, number, pair, type Operators } from '#engine/model/operators/operator.ts';
import { elementwise } from '#engine/model/rules/derivation.ts';
import { free } from '#engine/model/rules/macs.ts';
import { along, kept, mixed, padded, scaled, turned } from '#engine/model/rules/positions.ts';

/** What hands its numbers on: as they are, in another shape, or in parts. */

const common = { family: 'other', macs: free, positions: kept } as const;
/** It matters in training, or not at all. */
const identity = group({ ...common, figure: 'dropout', result: 'identity', strip: 'hidden' });
const reshaped = group({ ...common, figure: 'flatten', result: 'reshaped', strip: 'hidden' });
const moved = group({ ...common, figure: 'other', result: 'moved' });
/** Numbers about shapes. */
const told = group({ ...common, figure: 'other' });

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
	Cast: reshaped('Changes the type of the numbers.', { figure: 'other' }),
	Flatten: reshaped('Lays all numbers of an example out in one row.', {
		compute: ([x], { tf }) => tf.reshape(x as tf.Tensor, [(x as tf.Tensor).shape[0] as number, -1])
	}),
	/** `shape` without the batch; -1 once for the rest. */
	Reshape: reshaped('Arranges the same numbers in another shape.', {
		compute: ([x], { tf, node }) =>
			tf.reshape(x as tf.Tensor, [(x as tf.Tensor).shape[0] as number, ...list(node, 'shape')])
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
		compute: (inputs, { tf, node }) => tf.concat([...inputs], number(node, 'axis', -1))
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
	Split: moved('Cuts a tensor into equal parts along an axis.', { positions: mixed }),
	SplitV: moved('Cuts a tensor into parts of given lengths along an axis.', { positions: mixed }),
	Slice: moved('Cuts a block out of a tensor.', { positions: mixed }),
	StridedSlice: moved('Cuts a block out of a tensor, maybe by every second number.', { positions: mixed }),
	DepthToSpace: moved('Turns channels into finer positions: a larger picture with fewer channels.', {
		positions: scaled
	}),
	SpaceToBatchND: moved('Takes a picture apart into interleaved smaller ones, for convolutions with gaps.', {
		positions: mixed
	}),
	BatchToSpaceND: moved('Puts interleaved small pictures together again.', { positions: mixed }),
	Tile: moved('Repeats a tensor.', { positions: mixed }),
	BroadcastTo: moved('Stretches a tensor to a larger shape by repeating.', {}),
	Reverse: moved('Turns a tensor round along an axis.', { positions: mixed }),
	ReverseV2: moved('Turns a tensor round along an axis.', { positions: mixed }),
	MatrixBandPart: moved('Keeps a band around the diagonal of matrices.', { positions: mixed, result: 'new' }),
	Shape: told('The shape of a tensor, as numbers.', { strip: 'hidden' }),
	ShapeN: told('The shapes of tensors, as numbers.', {}),
	Size: told('How many numbers a tensor has.', {}),
	Rank: told('How many axes a tensor has.', {}),
	BroadcastArgs: told('The shape that two shapes stretch to.', {})
};

export default operators;
