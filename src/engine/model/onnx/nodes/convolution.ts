import { made, permuted, product, valuesOf, worked } from '#engine/model/onnx/arrays.ts';
import type { Values } from '#engine/model/onnx/definition.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { channelsLast, isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';
import * as volumes from '#engine/model/onnx/volumes.ts';
import { flat, padding, windowOf } from '#engine/model/onnx/windows.ts';

/** Kernels are [outputs, inputs, rows, columns] in files, and [rows, columns, inputs, outputs] here. */

/** The kernel with a grid of two axes. */
function planar(call: Call, kernel: Operand): Operand {
	if (kernel.shape.length !== 3) return kernel;
	const shape = [kernel.shape[0] as number, kernel.shape[1] as number, 1, kernel.shape[2] as number];
	return isConstant(kernel) ? { ...kernel, shape } : call.t.reshape(call.t.natural(kernel), { shape });
}

/** As a tensor of its own with these axes first, whether constant or computed. */
function kernelIn(call: Call, kernel: Operand, axes: readonly number[], shape?: readonly number[]): Operand {
	if (isConstant(kernel)) {
		const turned = permuted(kernel, axes);
		return shape ? { ...turned, shape } : turned;
	}
	const sizes = axes.map((axis) => kernel.shape[axis] as number);
	const own = call.t.natural(kernel);
	const turned = call.t.one('Transpose', [own], { shape: sizes }, { attributes: { permutation: [...axes] } });
	return shape ? call.t.reshape(turned, { shape }) : turned;
}

/** [batch, channels, length] as a picture of height 1, channels last. */
export function asPicture(call: Call, x: Value): Value {
	const { shape } = x;
	if (x.dtype !== 'float32')
		return asPicture(call, call.t.one('Cast', [x], { ...x, dtype: 'float32' }, { attributes: { to: 'float32' } }));
	if (shape.length === 4) return call.t.as(x, channelsLast(4));
	if (shape.length !== 3) throw call.fault(`works on ${shape.length} axes, which is not computed here`);
	const turned = call.t.as(x, channelsLast(3));
	const [n, c, length] = shape as [number, number, number];
	return call.t.reshape(turned, { shape: [n, c, 1, length], order: channelsLast(4) });
}

/** The reverse: what came of a picture of height 1, as a sequence again. */
export function asGiven(call: Call, y: Value, rank: number): Value {
	if (rank === 4) return y;
	const [n, c, , length] = y.shape as [number, number, number, number];
	return call.t.reshape(y, { shape: [n, c, length], order: channelsLast(3) });
}

const convolution: Handler = (call) => {
	const x = call.value(0);
	const rank = x.shape.length;
	if (rank === 5) return volumes.convolved(call, x);
	const kernel = planar(call, call.operand(1));
	if (rank > 4 || rank < 3 || kernel.shape.length !== 4)
		throw call.fault('is a convolution of volumes, which is not computed here');
	const [outputs, depth, ...size] = kernel.shape as [number, number, number, number];
	const channels = plain(x.shape[1]);
	const groups = call.int('group', 1);
	if (depth * groups !== channels || outputs % groups)
		throw call.fault(`has a kernel for ${depth * groups} channels and gets ${channels}`);
	const window = windowOf(call, x.shape.slice(2), rank === 3 ? size.slice(1) : size);
	const depthwise = groups === channels && groups > 1;
	const picture = asPicture(call, x);
	const stored = depthwise
		? kernelIn(call, kernel, [2, 3, 1, 0], [...size, channels, outputs / channels])
		: kernelIn(call, kernel, [2, 3, 1, 0]);
	const [strides, dilations] = [flat(window.strides, 1), flat(window.dilations, 1)];
	// TF.js computes either steps or gaps; with both, the steps are taken afterwards.
	const stepped = dilations.some((n) => n > 1) && strides.some((n) => n > 1);
	const grid = stepped ? windowOf(unstepped(call), x.shape.slice(2), window.size).out : window.out;
	const y = call.t.one(
		depthwise ? 'DepthwiseConv2D' : 'Conv2D',
		[picture],
		{ shape: [x.shape[0] as number, outputs, ...flat(grid, 1)], order: channelsLast(4) },
		{
			roles: { kernel: stored, bias: call.operands[2] },
			attributes: {
				filters: outputs,
				size,
				strides: stepped ? [1, 1] : strides,
				padding: padding(flat(window.pads, [0, 0])),
				dilations,
				...(groups > 1 && !depthwise ? { groups } : {})
			}
		}
	);
	if (!stepped) return asGiven(call, y, rank);
	const cuts = [1, 2].map((axis) => ({
		axis,
		start: 0,
		step: strides[axis - 1] as number,
		count: flat(window.out, 1)[axis - 1] as number
	}));
	const sampled = call.t.one(
		'Slice',
		[y],
		{ shape: [x.shape[0] as number, outputs, ...flat(window.out, 1)], order: channelsLast(4) },
		{ attributes: { cuts: cuts.map((cut) => [cut.axis, cut.start, cut.step, cut.count]) } }
	);
	return asGiven(call, sampled, rank);
};

function unstepped(call: Call): Call {
	const attributes = new Map([...call.node.attributes].filter(([name]) => name !== 'strides'));
	return Object.assign(Object.create(Object.getPrototypeOf(call) as object) as Call, call, {
		node: { ...call.node, attributes }
	});
}

/** Zeros between the cells of a kernel. */
function gapped(call: Call, kernel: Operand, dilations: readonly [number, number]): Operand {
	if (dilations.every((n) => n === 1)) return kernel;
	if (!isConstant(kernel)) throw call.fault('has a computed kernel with gaps, which is not known here');
	const [a, b, h, w] = kernel.shape as [number, number, number, number];
	const [rows, columns] = [(h - 1) * dilations[0] + 1, (w - 1) * dilations[1] + 1];
	const values = valuesOf(kernel);
	const out = new Float32Array(a * b * rows * columns);
	for (let i = 0; i < a * b; i++)
		for (let y = 0; y < h; y++)
			for (let x = 0; x < w; x++)
				out[(i * rows + y * dilations[0]) * columns + x * dilations[1]] = values[(i * h + y) * w + x] as number;
	return made([a, b, rows, columns], 'float', out, kernel);
}

/** One share of the kernels of a convolution in groups. */
function share(call: Call, operand: Operand | undefined, k: number, groups: number): Operand | undefined {
	if (!operand || groups === 1) return operand;
	if (!isConstant(operand)) throw call.fault('has computed kernels in groups, which is not known here');
	const own = product(operand.shape) / groups;
	const shape = [(operand.shape[0] as number) / groups, ...operand.shape.slice(1)];
	const result = { ...operand, name: `${operand.name}/group ${k}`, shape };
	return worked([operand], result, `part ${k} of ${groups}`, (values) =>
		(values as Values).slice(k * own, (k + 1) * own)
	);
}

const transposed: Handler = (call) => {
	const x = call.value(0);
	const rank = x.shape.length;
	if (rank === 5) {
		const strides = call.ints('strides') ?? [1, 1, 1];
		return volumes.transposed(
			call,
			x,
			spread(call, x.shape.slice(2).map(plain), strides, call.operand(1).shape.slice(2), 5)
		);
	}
	const given = planar(call, call.operand(1));
	if (rank > 4 || rank < 3 || given.shape.length !== 4)
		throw call.fault('is a convolution of volumes, which is not computed here');
	const groups = call.int('group', 1);
	const dilations = flat(call.ints('dilations') ?? [1, 1].slice(0, rank - 2), 1);
	const kernel = gapped(call, given, dilations);
	const [inputs, each, ...size] = kernel.shape as [number, number, number, number];
	if (inputs !== x.shape[1] || inputs % groups)
		throw call.fault(`has a kernel for ${inputs} channels and gets ${x.shape[1]}`);
	const grid = flat(x.shape.slice(2).map(plain), 1);
	const strides = flat(call.ints('strides') ?? [1, 1].slice(0, rank - 2), 1);
	const { pads, out } = spread(call, grid, strides, size, rank);
	const picture = asPicture(call, x);
	const output = { shape: [x.shape[0] as number, each, ...out], order: channelsLast(4) };
	const attributes = { size, strides, padding: padding(pads), outputShape: out };
	const parts =
		groups === 1
			? [picture]
			: call.t.emit({
					type: 'Split',
					inputs: [picture],
					attributes: { axis: 3, sizes: Array<number>(groups).fill(inputs / groups) },
					outputs: Array.from({ length: groups }, () => ({
						shape: [x.shape[0] as number, inputs / groups, ...grid],
						order: channelsLast(4)
					}))
				});
	const made = parts.map((part, k) =>
		call.t.one('Conv2DTranspose', [part], output, {
			roles: {
				kernel: kernelIn(call, share(call, kernel, k, groups) as Operand, [2, 3, 1, 0]),
				bias: share(call, call.operands[2], k, groups)
			},
			attributes
		})
	);
	const y =
		groups === 1
			? (made[0] as Value)
			: call.t.one('Concat', made, { ...output, shape: [x.shape[0] as number, each * groups, ...out] });
	return asGiven(call, y, rank);
};

/** What is cut off the full answer of a transposed convolution, and what is left. */
function spread(
	call: Call,
	grid: readonly number[],
	strides: readonly number[],
	size: readonly number[],
	rank: number
) {
	const each = <T>(list: readonly T[], one: T): readonly T[] => (rank === 5 ? list : flat(list, one));
	const two = (name: string, fill: number) => each(call.ints(name) ?? Array<number>(rank - 2).fill(fill), fill);
	const extra = two('output_padding', 0);
	const asked = call.ints('output_shape') ? each((call.ints('output_shape') as number[]).slice(2 - rank), 1) : null;
	const listed = call.ints('pads') ?? Array<number>(2 * (rank - 2)).fill(0);
	const half = listed.length / 2;
	const given = each(
		listed.slice(0, half).map((n, i): [number, number] => [n, listed[half + i] as number]),
		[0, 0]
	);
	const auto = call.text('auto_pad', 'NOTSET');
	const full = grid.map((n, i) => (n - 1) * (strides[i] as number) + (size[i] as number) + (extra[i] as number));
	const requested = asked ?? (auto.startsWith('SAME') ? grid.map((n, i) => n * (strides[i] as number)) : null);
	const pads = full.map((n, i): [number, number] => {
		if (!requested) return auto === 'VALID' ? [0, 0] : (given[i] as [number, number]);
		const total = Math.max(0, n - (requested[i] as number));
		const small = Math.floor(total / 2);
		return auto === 'SAME_UPPER' ? [small, total - small] : [total - small, small];
	});
	const out = full.map(
		(n, i) => requested?.[i] ?? n - (pads[i] as [number, number])[0] - (pads[i] as [number, number])[1]
	);
	const sound = pads.flat().every((n) => Number.isSafeInteger(n) && n >= 0) && out.every((n) => n >= 1);
	if (!sound || !strides.every((n) => n >= 1)) throw call.fault('is transposed with a border that cannot be');
	return { pads, out };
}

const handlers: Handlers = { Conv: convolution, ConvTranspose: transposed };

export default handlers;
