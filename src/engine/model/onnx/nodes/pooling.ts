import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { asGiven, asPicture } from '#engine/model/onnx/nodes/convolution.ts';
import { scalar } from '#engine/model/onnx/translation.ts';
import { channelsLast, type Value } from '#engine/model/onnx/value.ts';
import * as volumes from '#engine/model/onnx/volumes.ts';
import { flat, padding, windowOf } from '#engine/model/onnx/windows.ts';

type Pads = readonly (readonly [number, number])[];

interface Pooled {
	picture: Value;
	size: [number, number];
	strides: [number, number];
	dilations: [number, number];
	pads: [number, number][];
	/** Cells behind the border that the last windows reach. */
	beyond: [number, number];
	out: [number, number];
}

function pooled(call: Call, x: Value): Pooled {
	const grid = x.shape.slice(2);
	const size = call.ints('kernel_shape');
	if (!size) throw call.fault('does not say the size of its window');
	const window = windowOf(call, grid, size, call.int('ceil_mode', 0) !== 0);
	const beyond = grid.map((n, i) => {
		const reach = ((size[i] as number) - 1) * (window.dilations[i] as number) + 1;
		const [before, after] = window.pads[i] as [number, number];
		return Math.max(0, ((window.out[i] as number) - 1) * (window.strides[i] as number) + reach - n - before - after);
	});
	return {
		picture: asPicture(call, x),
		size: flat(window.size, 1),
		strides: flat(window.strides, 1),
		dilations: flat(window.dilations, 1),
		pads: flat(window.pads, [0, 0]),
		beyond: flat(beyond, 0),
		out: flat(window.out, 1)
	};
}

const further = (pads: Pads, beyond: readonly number[]): [number, number][] =>
	pads.map(([before, after], i) => [before, after + (beyond[i] as number)]);

const maxPool: Handler = (call) => {
	if (call.gives(1)) throw call.fault('gives indices besides the largest values, which is not computed here');
	const x = call.value(0);
	return x.shape.length === 5 ? volumes.pooled(call, x, largest) : largest(call, x);
};

function largest(call: Call, x: Value): Value {
	const { picture, size, strides, dilations, pads, beyond, out } = pooled(call, x);
	if (dilations.some((n) => n > 1) && size[0] * size[1] > 1024)
		throw call.fault(`has a window of ${size.join(' × ')} with gaps, which is not computed here`);
	const y = call.t.one(
		'MaxPool2D',
		[picture],
		{ shape: [...picture.shape.slice(0, 2), ...out], order: channelsLast(4) },
		{
			attributes: {
				...{ size, strides, padding: padding(further(pads, beyond)) },
				...(dilations.some((n) => n > 1) ? { dilations } : {})
			}
		}
	);
	return asGiven(call, y, x.shape.length);
}

/** With a border that counts, it is put around the picture first. */
function average(
	call: Call,
	picture: Value,
	{ size, strides, dilations, pads, beyond, out }: Omit<Pooled, 'picture'>,
	counted: boolean
): Value {
	if (dilations.some((n) => n > 1)) throw call.fault('averages with gaps, which is not computed here');
	const border = counted && pads.some(([a, b]) => a || b);
	const [n, c, ...grid] = picture.shape as [number, number, number, number];
	const wide = border
		? call.t.one(
				'Pad',
				[picture],
				{
					shape: [n, c, ...grid.map((m, i) => m + (pads[i] as number[])[0]! + (pads[i] as number[])[1]!)],
					order: channelsLast(4)
				},
				{
					attributes: { paddings: [[0, 0], ...pads, [0, 0]] }
				}
			)
		: picture;
	return call.t.one(
		'AveragePool2D',
		[wide],
		{ shape: [n, c, ...out], order: channelsLast(4) },
		{
			attributes: { size, strides, padding: padding(further(border ? [[0, 0], [0, 0]] : pads, beyond)) } // prettier-ignore
		}
	);
}

const averagePool: Handler = (call) => {
	const x = call.value(0);
	return x.shape.length === 5 ? volumes.pooled(call, x, mean) : mean(call, x);
};

function mean(call: Call, x: Value): Value {
	const { picture, ...window } = pooled(call, x);
	const y = average(call, picture, window, call.int('count_include_pad', 0) !== 0);
	return asGiven(call, y, x.shape.length);
}

/** The p-th root of sums of powers: an average between them. */
const lpPool: Handler = (call) => {
	const { picture, ...window } = pooled(call, call.value(0));
	const p = call.float('p', 2);
	const { t } = call;
	const powers = power(call, t.one('Abs', [picture], picture), p);
	const y = average(call, powers, window, true);
	const sum = combined(t, 'Multiply', [y, scalar(window.size[0] * window.size[1])]);
	return asGiven(call, power(call, sum, 1 / p), call.value(0).shape.length);
};

const power = (call: Call, x: Value, p: number): Value => (p === 1 ? x : combined(call.t, 'Pow', [x, scalar(p)]));

/** Over the whole grid, which stays with one cell. */
const globally =
	(type: string): Handler =>
	(call) => {
		const x = call.value(0);
		const rank = x.shape.length;
		if (rank < 3) throw call.fault(`pools a tensor of ${rank} axes`);
		const order = channelsLast(rank);
		x.shape.slice(2).forEach(plain);
		const axes = order.slice(1, -1).map((_, i) => i + 1);
		return call.t.one(
			type,
			[call.t.as(x, order)],
			{ shape: x.shape.map((n, axis) => (axis < 2 ? n : 1)), order },
			{
				attributes: { axes, keepDims: true }
			}
		);
	};

const handlers: Handlers = {
	MaxPool: maxPool,
	AveragePool: averagePool,
	LpPool: lpPool,
	GlobalAveragePool: globally('GlobalAveragePool'),
	GlobalMaxPool: globally('GlobalMaxPool'),
	GlobalLpPool(call) {
		const x = call.value(0);
		const p = call.float('p', 2);
		const { t } = call;
		const order = channelsLast(x.shape.length);
		const powers = power(call, t.one('Abs', [t.as(x, order)], { shape: x.shape, order }), p);
		const shape = x.shape.map((n, axis) => (axis < 2 ? n : 1));
		const attributes = { axes: order.slice(1, -1).map((_, i) => i + 1), keepDims: true };
		return power(call, t.one('Sum', [powers], { shape, order }, { attributes }), 1 / p);
	}
};

export default handlers;
