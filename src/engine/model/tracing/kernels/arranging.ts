import { attributes as a } from '#engine/model/graph/attributes.ts';
import type { Size } from '#engine/model/tracing/followed.ts';
import { Unwritten, type Kernels, type Write, type Writing } from '#engine/model/tracing/kernel.ts';

/** What moves, cuts, joins, picks and reduces. */

/** Whole numbers as an input of their own. */
const whole = (w: Writing, what: string, values: readonly number[], shape?: readonly number[]) =>
	w.to.whole(`${w.name}/${what}`, values, shape);
const axis = (w: Writing, name = 'axis') => whole(w, 'axis', [w.number(name)], []);
const pairs = (w: Writing, name: string) => {
	const flat = (w.attribute(name) as readonly (readonly number[])[]).flat();
	return whole(w, name, flat, [flat.length / 2, 2]);
};

/** One size after the batch may be left to be worked out. */
const reshape: Write = (w) => {
	const sizes = w.list('shape');
	const open = sizes.filter((size) => typeof size !== 'number');
	const closed = open.length === 1 && !sizes.includes(0) && !sizes.includes(-1);
	const shape = closed
		? whole(w, 'shape', sizes.map((size) => (typeof size === 'number' ? size : -1))) // prettier-ignore
		: w.to.sizes(`${w.name}/shape`, sizes);
	w.done('Reshape', [...w.all, shape]);
};

/** Over `axis`, or all there are. */
const reduction =
	(op: string, name = 'axis'): Write =>
	(w) => {
		const given = w.attribute(name) as number | number[] | null | undefined;
		const axes = given === null || given === undefined ? w.shape('x').map((_, i) => i) : [given].flat();
		w.done(op, [w.input('x'), whole(w, 'axis', axes)], { keep_dims: a.bool(w.attribute('keepDims') === true) });
	};

const chosen =
	(op: string): Write =>
	(w) =>
		w.done(op, [w.input('x'), axis(w)]);

const running =
	(op: string): Write =>
	(w) =>
		w.done(op, [w.input('x'), axis(w)], {
			exclusive: a.bool(w.attribute('exclusive') === true),
			reverse: a.bool(w.attribute('reverse') === true)
		});

const slice: Write = (w) => {
	const shape = w.shape('x');
	const begin = shape.map((_, i) => w.numbers('begin')[i] ?? 0);
	const given = w.list('size');
	const size = shape.map((full, i): Size => {
		const n = given[i] ?? -1;
		// All rows of the batch, from the first.
		if (typeof n !== 'number') return typeof full !== 'number' && full.rows === n.rows && begin[i] === 0 ? -1 : n;
		return n;
	});
	w.done('Slice', [w.input('x'), whole(w, 'begin', begin), w.to.sizes(`${w.name}/size`, size)]);
};

const MASKS = { beginMask: 'begin_mask', endMask: 'end_mask', ellipsisMask: 'ellipsis_mask', newAxisMask: 'new_axis_mask', shrinkAxisMask: 'shrink_axis_mask' }; // prettier-ignore

const stridedSlice: Write = (w) => {
	const [begin, end] = [w.list('begin'), w.list('end')];
	const masks = Object.fromEntries(
		Object.entries(MASKS).map(([name, tfName]) => {
			// To the last row of the batch.
			const open = name === 'endMask' ? end.reduce<number>((bits, n, i) => (typeof n === 'number' ? bits : bits | (1 << i)), 0) : 0; // prettier-ignore
			return [tfName, a.int(w.number(name, 0) | open)];
		})
	);
	const all = end.every((n, i) => typeof n === 'number' || JSON.stringify(n) === JSON.stringify(w.shape('x')[i]));
	if (!all) throw new Unwritten('a part of the rows of the batch');
	const closed = end.map((n) => (typeof n === 'number' ? n : 0));
	const rows = [begin as number[], closed, w.numbers('strides')];
	const names = ['begin', 'end', 'strides'];
	w.done('StridedSlice', [w.input('x'), ...rows.map((row, i) => whole(w, names[i] as string, row))], masks);
};

const split: Write = (w) => {
	const at = w.number('axis');
	const { length } = w.shape('x');
	const size = w.shape('x')[at < 0 ? at + length : at];
	const given = w.attribute('numOrSizeSplits');
	const count = given as number;
	const sizes = Array.isArray(given)
		? (given as number[])
		: Array<number>(count).fill(typeof size === 'number' ? size / count : NaN);
	if (!sizes.every(Number.isSafeInteger)) throw new Unwritten('a batch that is cut apart');
	const parts = [w.input('x'), whole(w, 'sizes', sizes), axis(w)];
	w.done('SplitV', parts, { num_split: a.int(sizes.length) });
};

const resize =
	(op: string): Write =>
	(w) =>
		w.done(op, [w.input('images'), whole(w, 'size', w.numbers('size'))], {
			align_corners: a.bool(w.attribute('alignCorners') === true),
			half_pixel_centers: a.bool(w.attribute('halfPixelCenters') === true)
		});

const blocks =
	(op: string, cut: string): Write =>
	(w) =>
		w.done(op, [w.input('x'), whole(w, 'blockShape', w.numbers('blockShape')), pairs(w, cut)]);

const kernels: Kernels = {
	Reshape: reshape,
	ExpandDims: (w) => w.done('ExpandDims', [w.input('input'), axis(w, 'dim')]),
	Transpose: (w) => w.done('Transpose', [w.input('x'), whole(w, 'perm', w.numbers('perm'))]),
	Slice: slice,
	StridedSlice: stridedSlice,
	Concat: (w) => w.done('ConcatV2', [...w.all, axis(w)], { N: a.int(w.all.length) }),
	Pack: (w) => w.done('Pack', w.all, { N: a.int(w.all.length), axis: a.int(w.number('axis', 0)) }),
	Unpack(w) {
		const at = w.number('axis', 0);
		const count = w.shape('value').at(at);
		if (typeof count !== 'number') throw new Unwritten('a batch that is taken apart');
		w.done('Unpack', [w.input('value')], { axis: a.int(at), num: a.int(count) });
	},
	SplitV: split,
	PadV2(w) {
		const value = w.to.number(`${w.name}/value`, w.number('constantValue', 0), w.dtype);
		w.done('PadV2', [w.input('x'), pairs(w, 'paddings'), value]);
	},
	MirrorPad: (w) =>
		w.done('MirrorPad', [w.input('x'), pairs(w, 'paddings')], {
			mode: a.text(String(w.attribute('mode')).toUpperCase())
		}),
	Tile: (w) => w.done('Tile', [w.input('x'), w.to.sizes(`${w.name}/multiples`, w.list('reps'))]),
	Reverse: (w) => w.done('ReverseV2', [w.input('x'), whole(w, 'axis', w.numbers('dims'))]),
	Fill(w) {
		const parts = [
			w.to.sizes(`${w.name}/shape`, w.list('shape')),
			w.to.number(`${w.name}/value`, w.number('value'), w.dtype)
		];
		w.done('Fill', parts);
	},
	Range(w) {
		const numbers = ['start', 'stop', 'step'].map((name) => w.to.number(`${w.name}/${name}`, w.number(name), w.dtype));
		w.done('Range', numbers, { Tidx: a.type(w.dtype) });
	},
	OneHot(w) {
		const value = (name: string) => w.to.number(`${w.name}/${name}`, w.number(name), w.dtype);
		const parts = [w.input('indices'), whole(w, 'depth', [w.number('depth')], []), value('onValue'), value('offValue')];
		w.done('OneHot', parts, { axis: a.int(-1) });
	},
	GatherV2: (w) =>
		w.done('GatherV2', [w.input('x'), w.input('indices'), axis(w)], { batch_dims: a.int(w.number('batchDims', 0)) }),
	GatherNd: (w) => w.done('GatherNd', [w.input('params'), w.input('indices')]),
	ScatterNd: (w) =>
		w.done('ScatterNd', [w.input('indices'), w.input('updates'), w.to.sizes(`${w.name}/shape`, w.list('shape'))]),
	TensorScatterUpdate: (w) =>
		w.done('TensorScatterUpdate', [w.input('tensor'), w.input('indices'), w.input('updates')]),
	TopK: (w) =>
		w.done('TopKV2', [w.input('x'), whole(w, 'k', [w.number('k')], [])], {
			sorted: a.bool(w.attribute('sorted') !== false)
		}),
	DepthToSpace: (w) =>
		w.done('DepthToSpace', w.all, { block_size: a.int(w.number('blockSize')), data_format: a.text('NHWC') }),
	SpaceToBatchND: blocks('SpaceToBatchND', 'paddings'),
	BatchToSpaceND: blocks('BatchToSpaceND', 'crops'),
	ResizeBilinear: resize('ResizeBilinear'),
	ResizeNearestNeighbor: resize('ResizeNearestNeighbor'),
	...Object.fromEntries(['Sum', 'Mean', 'Min', 'Prod', 'Any', 'All'].map((op) => [op, reduction(op)])),
	Max: reduction('Max', 'reductionIndices'),
	ArgMax: chosen('ArgMax'),
	ArgMin: chosen('ArgMin'),
	Cumsum: running('Cumsum'),
	Cumprod: running('Cumprod')
};

export default kernels;
