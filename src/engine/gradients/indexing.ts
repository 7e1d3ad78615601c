import * as tf from '#engine/tf.ts';
import { put, take } from '#engine/gradients/axes.ts';
import { product } from '#maths/product.ts';

/**
 * tfjs 4.22 has no gradient for StridedSlice, GatherNd, ScatterNd, TopK and DepthToSpace; the one of MirrorPad drops what was
 * reflected, the one of Cumsum permutes the wrong way on inner axes, those of Unpack and SplitV want a list also where there
 * is one part only, and Gather's wants a kernel that WASM lacks. To be deleted one by one when tfjs mends them.
 */

function stridedSlice(dy: tf.Tensor, x: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor {
	const a = attributes as unknown as Record<'begin' | 'end' | 'strides', number[]> &
		Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;
	const info = tf.slice_util.sliceInfo(
		x.shape,
		a.begin,
		a.end,
		a.strides,
		a.beginMask,
		a.endMask,
		a.ellipsisMask,
		a.newAxisMask,
		a.shrinkAxisMask
	);
	return tf.tidy(() => {
		// What was cut out, before axes were dropped or added.
		const counts = info.begin.map((begin, axis) => {
			const stride = info.strides[axis] as number;
			return Math.max(0, Math.ceil(((info.end[axis] as number) - begin) / stride));
		});
		let result = tf.reshape(dy, counts);
		counts.forEach((count, axis) => {
			const length = x.shape[axis] as number;
			const stride = info.strides[axis] as number;
			const begin = info.begin[axis] as number;
			if (!count || (count === length && stride === 1)) return;
			// A negative stride walks the rows backwards.
			const rows = stride < 0 ? tf.reverse(result, axis) : result;
			result = put(rows, axis, stride < 0 ? begin + (count - 1) * stride : begin, Math.abs(stride), length);
		});
		return tf.reshape(result, x.shape);
	});
}

/** Reflected borders are added to the cells that they mirror. */
function mirrorPad(dy: tf.Tensor, x: tf.Tensor, paddings: [number, number][], mode: string): tf.Tensor {
	const offset = mode === 'reflect' ? 1 : 0;
	return tf.tidy(() =>
		paddings.reduce<tf.Tensor>((all, [before, after], axis) => {
			const length = x.shape[axis] as number;
			const parts = [take(all, axis, before, 1, length)];
			if (before) parts.push(put(tf.reverse(take(all, axis, 0, 1, before), axis), axis, offset, 1, length));
			if (after)
				parts.push(
					put(tf.reverse(take(all, axis, before + length, 1, after), axis), axis, length - after - offset, 1, length)
				);
			return tf.addN(parts);
		}, dy)
	);
}

/** Rows of dy added up by their index, as a product with a one-hot matrix. */
function gather(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
	return tf.tidy(() => {
		const at = (axis + x.rank) % x.rank;
		const [outer, inner, length] = [
			product(x.shape.slice(0, at)),
			product(x.shape.slice(at + 1)),
			x.shape[at] as number
		];
		const rows = tf.transpose(tf.reshape(dy, [outer, indices.size, inner]), [1, 0, 2]);
		const oneHot = tf.cast(
			tf.oneHot(tf.reshape(tf.cast(indices, 'int32'), [-1]) as tf.Tensor1D, length),
			'float32'
		) as tf.Tensor2D;
		const sums = tf.matMul(oneHot, tf.reshape(rows, [indices.size, outer * inner]) as tf.Tensor2D, true);
		return tf.reshape(tf.transpose(tf.reshape(sums, [length, outer, inner]), [1, 0, 2]), x.shape);
	});
}

function depthToSpace(dy: tf.Tensor, x: tf.Tensor, block: number): tf.Tensor {
	return tf.tidy(() => {
		const [b, h, w, c] = x.shape as [number, number, number, number];
		const cells = tf.reshape(dy, [b, h, block, w, block, c / (block * block)]);
		return tf.reshape(tf.transpose(cells, [0, 1, 3, 2, 4, 5]), x.shape);
	});
}

/** Of whole numbers that come of real ones: TF.js wants it real. */
const nothing = (indices: tf.Tensor) => tf.zeros(indices.shape);

export function mendIndexing(): void {
	tf.registerGradient({
		kernelName: 'StridedSlice',
		inputsToSave: ['x'],
		gradFunc: (dy, [x], attributes) => ({ x: () => stridedSlice(dy as tf.Tensor, x as tf.Tensor, attributes) })
	});
	tf.registerGradient({
		kernelName: 'MirrorPad',
		inputsToSave: ['x'],
		gradFunc: (dy, [x], { paddings, mode }) => ({
			x: () => mirrorPad(dy as tf.Tensor, x as tf.Tensor, paddings as [number, number][], mode as string)
		})
	});
	tf.registerGradient({
		kernelName: 'GatherNd',
		inputsToSave: ['params', 'indices'],
		gradFunc: (dy, saved) => {
			const [params, indices] = saved as [tf.Tensor, tf.Tensor];
			return {
				params: () => tf.scatterND(tf.cast(indices, 'int32'), dy as tf.Tensor, params.shape as [number]),
				indices: () => nothing(indices)
			};
		}
	});
	tf.registerGradient({
		kernelName: 'ScatterNd',
		inputsToSave: ['indices'],
		gradFunc: (dy, [indices]) => ({
			updates: () => tf.gatherND(dy as tf.Tensor, indices as tf.Tensor),
			indices: () => nothing(indices as tf.Tensor)
		})
	});
	const gatherV2 = tf.getGradient('GatherV2');
	tf.registerGradient({
		...gatherV2,
		gradFunc: (dy, saved, attributes) => {
			const [x, indices] = saved as [tf.Tensor, tf.Tensor];
			const theirs = tf.getBackend() !== 'wasm' || attributes['batchDims'];
			return {
				...(theirs
					? gatherV2.gradFunc(dy, saved, attributes)
					: { x: () => gather(dy as tf.Tensor, x, indices, attributes['axis'] as number) }),
				indices: () => nothing(indices)
			} as ReturnType<typeof gatherV2.gradFunc>;
		}
	});
	tf.registerGradient({
		kernelName: 'TopK',
		inputsToSave: ['x'],
		outputsToSave: [false, true],
		gradFunc: (dys, saved) => {
			const [x, indices] = saved as [tf.Tensor, tf.Tensor];
			const [dy] = dys as [tf.Tensor, tf.Tensor];
			const oneHot = () => tf.cast(tf.oneHot(tf.cast(indices, 'int32'), x.shape.at(-1) as number), 'float32');
			return { x: () => tf.tidy(() => tf.sum(tf.mul(oneHot(), tf.expandDims(dy, -1)), -2)) };
		}
	});
	tf.registerGradient({
		kernelName: 'Unpack',
		gradFunc: (dy, _, { axis }) => ({ value: () => tf.stack([dy].flat(), axis as number) })
	});
	tf.registerGradient({
		kernelName: 'SplitV',
		gradFunc: (dy, _, { axis }) => ({ x: () => tf.concat([dy].flat(), axis as number) })
	});
	tf.registerGradient({
		kernelName: 'DepthToSpace',
		inputsToSave: ['x'],
		gradFunc: (dy, [x], { blockSize }) => ({
			x: () => depthToSpace(dy as tf.Tensor, x as tf.Tensor, blockSize as number)
		})
	});
	tf.registerGradient({
		kernelName: 'Cumsum',
		inputsToSave: ['x'],
		gradFunc: (dy, _, { axis, exclusive, reverse }) => ({
			x: () => tf.cumsum(dy as tf.Tensor, axis as number, exclusive as boolean, !(reverse as boolean))
		})
	});
}
