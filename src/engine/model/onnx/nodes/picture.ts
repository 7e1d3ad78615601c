import { batched, BatchMixed, plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { channelsLast, natural, type Value } from '#engine/model/onnx/value.ts';

/** What scales pictures, and what moves between cells and channels. */

interface Scaling {
	/** Sizes and factors per axis of the file. */
	sizes: number[];
	scales: number[];
}

const MAX_RESIZED_SIDE = 1e5;
/** Of the cells of one axis in those of another. */
const MAX_SHARES = 2 ** 25;

/** Sizes to reach, or factors; for some axes only, in newer files. */
function scalingOf(call: Call, x: Value): Scaling {
	const rank = x.shape.length;
	const old = call.node.op === 'Upsample' || call.opset < 11;
	const listed = call.ints('axes')?.map((axis) => call.checkedAxis(axis, rank)) ?? natural(rank);
	const factors = call.ints('scales') ?? (old ? call.list(1, 'factors') : call.list(2, 'factors'));
	const sizes = old ? null : call.list(3, 'sizes');
	const at = <T>(list: readonly T[], axis: number): T | undefined => list[listed.indexOf(axis)];
	const given = sizes?.length ? sizes : null;
	if (!given && factors?.length !== listed.length) throw call.fault('says neither a size nor factors for its axes');
	const policy = call.text('keep_aspect_ratio_policy', 'stretch');
	if (given && policy !== 'stretch') {
		const ratios = given.map((n, k) => n / plain(x.shape[listed[k] as number]));
		const one = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
		return {
			sizes: x.shape.map((n, axis) => (listed.includes(axis) ? Math.round(n * one) : n)),
			scales: x.shape.map((_, axis) => (listed.includes(axis) ? one : 1))
		};
	}
	const scales = x.shape.map((n, axis) => (given ? (at(given, axis) ?? n) / n : (at(factors as number[], axis) ?? 1)));
	return {
		sizes: x.shape.map((n, axis) =>
			given ? (at(given, axis) ?? n) : scales[axis] === 1 ? n : Math.floor(n * (scales[axis] as number))
		),
		scales
	};
}

const resize: Handler = (call) => {
	const x = call.value(0);
	const rank = x.shape.length;
	const { sizes, scales } = scalingOf(call, x);
	if (
		sizes.length !== rank ||
		sizes.some((n, axis) => !(Number.isSafeInteger(n) && n >= 1) || (n !== x.shape[axis] && n > MAX_RESIZED_SIDE))
	)
		throw call.fault('scales to a size that cannot be');
	const moved = natural(rank).filter((axis) => sizes[axis] !== x.shape[axis] || scales[axis] !== 1);
	if (moved.some((axis) => batched(x.shape[axis] as number))) throw new BatchMixed();
	if (!moved.length) return call.each('Identity');
	const upsample = call.node.op === 'Upsample' || call.opset < 11;
	const mode = call.text('mode', 'nearest');
	const transform = upsample ? 'asymmetric' : call.text('coordinate_transformation_mode', 'half_pixel');
	const nearest = upsample ? 'floor' : call.text('nearest_mode', 'round_prefer_floor');
	if (transform === 'tf_crop_and_resize') throw call.fault('cuts out while it scales, which is not computed here');
	if (call.int('antialias', 0) && moved.some((axis) => (scales[axis] as number) < 1))
		throw call.fault('smooths while it shrinks (antialias), which is not computed here');
	const grid = rank === 4 && moved.every((axis) => axis > 1);
	const order = grid ? channelsLast(4) : x.order;
	const lying = call.t.as(x, order);
	const factors = [2, 3].map((axis) => (sizes[axis] as number) / (x.shape[axis] as number));
	const whole =
		grid &&
		factors.every(Number.isInteger) &&
		moved.every(
			(axis) => Math.abs((scales[axis] as number) * (x.shape[axis] as number) - (sizes[axis] as number)) < 1e-3
		);
	// With whole factors the nearest cell is the same by all of these.
	const plainly =
		(transform === 'asymmetric' && nearest === 'floor') ||
		(/half_pixel$/.test(transform) && nearest.startsWith('round'));
	if (whole && mode === 'nearest' && plainly)
		return call.t.one(
			'Upsample2D',
			[lying],
			{ shape: sizes, order },
			{ attributes: { size: factors, method: 'nearest' } }
		);
	if (whole && mode === 'linear' && /^(half_pixel|pytorch_half_pixel)$/.test(transform) && moved.length === 2)
		return call.t.one(
			'Upsample2D',
			[lying],
			{ shape: sizes, order },
			{ attributes: { size: factors, method: 'bilinear', halfPixel: true } }
		);
	if (moved.some((axis) => (sizes[axis] as number) * (x.shape[axis] as number) > MAX_SHARES))
		throw call.fault('scales from or to a size that is not computed here');
	const attributes = {
		method: mode === 'linear' ? 'bilinear' : mode,
		...{
			transform,
			nearest,
			cubic: call.float('cubic_coeff_a', -0.75),
			excludeOutside: call.int('exclude_outside', 0) !== 0
		},
		axes: moved.map((axis) => order.indexOf(axis)),
		sizes: moved.map((axis) => sizes[axis] as number),
		scales: moved.map((axis) => scales[axis] as number)
	};
	return call.t.one('Resample', [lying], { shape: sizes, order }, { attributes });
};

/** Channels of a picture, as [rows, columns, c] or [c, rows, columns] of its finer cells. */
const depthToSpace: Handler = (call) => {
	const x = call.value(0);
	const block = call.int('blocksize', 1);
	const [n, c, h, w] = x.shape as [number, number, number, number];
	if (x.shape.length !== 4 || !(block >= 1) || plain(c) % (block * block))
		throw call.fault(`takes ${c} channels apart in blocks of ${block}`);
	const order = channelsLast(4);
	return call.t.one(
		'DepthToSpace',
		[call.t.as(x, order)],
		{ shape: [n, c / (block * block), plain(h) * block, plain(w) * block], order },
		{
			attributes: { block, columnsFirst: call.text('mode', 'DCR') === 'CRD' }
		}
	);
};

const spaceToDepth: Handler = (call) => {
	const x = call.value(0);
	const block = call.int('blocksize', 1);
	const [n, c, h, w] = x.shape as [number, number, number, number];
	if (x.shape.length !== 4 || !(block >= 1) || plain(h) % block || plain(w) % block)
		throw call.fault(`takes a picture of ${h} × ${w} apart in blocks of ${block}`);
	const order = channelsLast(4);
	return call.t.one(
		'SpaceToDepth',
		[call.t.as(x, order)],
		{ shape: [n, plain(c) * block * block, h / block, w / block], order },
		{ attributes: { block } }
	);
};

const METHODS: Readonly<Record<string, string>> = {
	...{ bilinear: 'linear', linear: 'linear', nearest: 'nearest' },
	...{ bicubic: 'cubic', cubic: 'cubic' }
};

/** A picture read at places that are computed. */
const gridSample: Handler = (call) => {
	const x = call.value(0);
	const grid = call.natural(1);
	const method = METHODS[call.text('mode', 'linear')];
	if (x.shape.length !== 4 || grid.shape.length !== 4)
		throw call.fault(
			`reads ${x.shape.length - 2} axes at places of ${grid.shape.length - 2}, which is not computed here`
		);
	if (!method) throw call.fault(`reads by ${call.text('mode', '')}, which is not known here`);
	x.shape.slice(1).forEach(plain);
	const [n, rows, columns] = grid.shape as [number, number, number];
	if (n !== x.shape[0])
		throw batched(n) || batched(x.shape[0] as number) ? new BatchMixed() : call.fault('does not fit');
	const order = channelsLast(4);
	return call.t.one(
		'GridSample',
		[call.t.as(x, order), grid],
		{ shape: [n, x.shape[1] as number, plain(rows), plain(columns)], order },
		{
			attributes: {
				method,
				border: call.text('padding_mode', 'zeros'),
				aligned: call.int('align_corners', 0) !== 0
			}
		}
	);
};

const handlers: Handlers = {
	GridSample: gridSample,
	Resize: resize,
	Upsample: resize,
	DepthToSpace: depthToSpace,
	SpaceToDepth: spaceToDepth
};

export default handlers;
