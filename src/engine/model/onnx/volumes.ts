import { permuted } from '#engine/model/onnx/arrays.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import { rearranged } from '#engine/model/onnx/rearranged.ts';
import { channelsLast, type Value } from '#engine/model/onnx/value.ts';
import { padding, windowOf } from '#engine/model/onnx/windows.ts';

/** Convolutions and poolings of volumes [batch, channels, depth, rows, columns]. */

const ORDER = channelsLast(5);

function kernelOf(call: Call, axes: readonly number[]): { kernel: Constant; size: number[] } {
	const kernel = call.constant(1, 'kernel');
	if (kernel.shape.length !== 5) throw call.fault('has a kernel of other axes than its input');
	return { kernel: permuted(kernel, axes), size: kernel.shape.slice(2) };
}

/** Each channel by itself: full kernels with zeros elsewhere would be large, so groups of one. */
export function convolved(call: Call, x: Value): Value {
	const { kernel, size } = kernelOf(call, [2, 3, 4, 1, 0]);
	const groups = call.int('group', 1);
	const [outputs, depth] = [kernel.shape[4] as number, kernel.shape[3] as number];
	const channels = plain(x.shape[1]);
	if (depth * groups !== channels || outputs % groups)
		throw call.fault(`has a kernel for ${depth * groups} channels and gets ${channels}`);
	const window = windowOf(call, x.shape.slice(2), size);
	if ([1, 2].some((axis) => (window.dilations[axis] as number) > 1) && window.strides.slice(1).some((n) => n > 1))
		throw call.fault('has steps and gaps at once in a volume, which is not computed here');
	return call.t.one(
		'Conv3D',
		[call.t.as(x, ORDER)],
		{ shape: [x.shape[0] as number, outputs, ...window.out], order: ORDER },
		{
			roles: { kernel, bias: call.operands[2] },
			attributes: {
				...{ filters: outputs, size, strides: window.strides, dilations: window.dilations },
				...{ padding: padding(window.pads), ...(groups > 1 ? { groups } : {}) }
			}
		}
	);
}

/** @param pads what is cut off the full answer @param out what is left, axis by axis */
export function transposed(call: Call, x: Value, { pads, out }: { pads: [number, number][]; out: number[] }): Value {
	const { kernel, size } = kernelOf(call, [2, 3, 4, 1, 0]);
	if (call.int('group', 1) !== 1 || (call.ints('dilations') ?? []).some((n) => n > 1))
		throw call.fault('is a transposed convolution of volumes in groups or with gaps, which is not computed here');
	if (kernel.shape[4] !== x.shape[1])
		throw call.fault(`has a kernel for ${kernel.shape[4]} channels and gets ${x.shape[1]}`);
	return call.t.one(
		'Conv3DTranspose',
		[call.t.as(x, ORDER)],
		{ shape: [x.shape[0] as number, kernel.shape[3] as number, ...out], order: ORDER },
		{
			roles: { kernel, bias: call.operands[2] },
			attributes: { size, strides: call.ints('strides') ?? [1, 1, 1], padding: padding(pads), outputShape: out }
		}
	);
}

/**
 * A pooling of volumes as one of pictures and one along the depth: the largest of the largest, the mean of means (each row of
 * a window has as many cells within the border).
 */
export function pooled(call: Call, x: Value, pool: (call: Call, x: Value) => Value): Value {
	const [n, c, depth, rows, columns] = x.shape as [number, number, number, number, number];
	[depth, rows, columns].forEach(plain);
	const part = (axes: readonly number[]) => {
		const attributes = new Map(call.node.attributes);
		for (const name of ['kernel_shape', 'strides', 'dilations']) {
			const given = call.ints(name);
			if (given) attributes.set(name, axes.map((axis) => (axis < 0 ? 1 : (given[axis] ?? 1)))); // prettier-ignore
		}
		const pads = call.ints('pads');
		const ends = [0, 3].flatMap((side) => axes.map((axis) => (axis < 0 ? 0 : (pads?.[side + axis] ?? 0))));
		if (pads) attributes.set('pads', ends);
		return Object.assign(Object.create(Object.getPrototypeOf(call) as object) as Call, call, {
			node: { ...call.node, attributes }
		});
	};
	const frames = rearranged(call.t, swapped(x, [0, 2, 1, 3, 4]), [n * depth, c, rows, columns]);
	const flat = pool(part([1, 2]), frames);
	const [, , high, wide] = flat.shape as [number, number, number, number];
	const stacked = swapped(rearranged(call.t, flat, [n, depth, c, high, wide]), [0, 2, 1, 3, 4]);
	const deep = pool(part([0, -1]), rearranged(call.t, stacked, [n, c, depth, high * wide]));
	return rearranged(call.t, deep, [n, c, deep.shape[2] as number, high, wide]);
}

const swapped = (x: Value, order: readonly number[]): Value => ({
	...x,
	shape: order.map((axis) => x.shape[axis] as number),
	order: x.order.map((axis) => order.indexOf(axis))
});
