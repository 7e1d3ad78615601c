import { attributes as a } from '#engine/model/graph/attributes.ts';
import { Unwritten, type Kernels, type Write, type Writing } from '#engine/model/tracing/kernel.ts';
import type { JsonObject } from '#maths/json.ts';

/** Convolutions, pooling and products of matrices. */

const NHWC = { data_format: a.text('NHWC') };

/** One number for all axes, or each its own. */
function each(w: Writing, name: string, axes: number): number[] {
	const given = w.attribute(name) === undefined ? [1] : w.numbers(name);
	return given.length === axes ? given : Array<number>(axes).fill(given[0] as number);
}
const spatial = (w: Writing, name: string, axes = 2) => a.ints([1, ...each(w, name, axes), 1]);

type Pairs = readonly (readonly [number, number])[];

/** Explicit borders by axis; null where the window says them. */
function borders(w: Writing): Pairs | null {
	const pad = w.attribute('pad');
	if (pad === 'same' || pad === 'valid') return null;
	if (typeof pad === 'number') return [[0, 0], [pad, pad], [pad, pad], [0, 0]]; // prettier-ignore
	if (Array.isArray(pad) && pad.length === 4) return pad as unknown as Pairs;
	throw new Unwritten(`a border of ${JSON.stringify(pad)}`);
}

function padding(w: Writing): JsonObject {
	const explicit = borders(w);
	if (!explicit) return { padding: a.text(String(w.attribute('pad')).toUpperCase()) };
	return { padding: a.text('EXPLICIT'), explicit_paddings: a.ints(explicit.flat()) };
}

const moving = (w: Writing): JsonObject => ({
	...NHWC,
	...padding(w),
	strides: spatial(w, 'strides'),
	dilations: spatial(w, 'dilations')
});

/** Names that fused operations give their activations; linear is none. */
const ACTIVATIONS = new Set(['relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu']);
const WORDS: Readonly<Record<string, string>> = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid', leakyrelu: 'LeakyRelu', prelu: 'Prelu' }; // prettier-ignore

/** A bias and an activation that come with it. */
function fused(w: Writing): { args: string[]; attr: JsonObject } {
	const activation = String(w.attribute('activation') ?? 'linear');
	const names = w.has('bias') ? ['BiasAdd'] : [];
	if (activation !== 'linear' && !ACTIVATIONS.has(activation)) throw new Unwritten(`a fused ${activation}`);
	if (activation !== 'linear') names.push(WORDS[activation] as string);
	const args = ['bias', 'preluActivationWeights'].filter((role) => w.has(role)).map((role) => w.input(role));
	const slope: JsonObject =
		activation === 'leakyrelu' ? { leakyrelu_alpha: a.float(w.number('leakyreluAlpha', 0.2)) } : {};
	return { args, attr: { fused_ops: a.texts(names), num_args: a.int(args.length), epsilon: a.float(0), ...slope } };
}

/** TF.js reads fused operations only where there is something fused. */
const convolution =
	(op: string, whole: string): Write =>
	(w) => {
		const { args, attr } = fused(w);
		const inputs = [w.input('x'), w.input('filter')];
		if (args.length || w.attribute('activation') === 'relu')
			w.done(whole, [...inputs, ...args], { ...moving(w), ...attr });
		else if ((w.attribute('activation') ?? 'linear') === 'linear') w.done(op, inputs, moving(w));
		else throw new Unwritten(`a fused ${String(w.attribute('activation'))} without a bias`);
	};

/** What lies outside the picture never wins. */
const LOWEST = -3.4e38;

const windowed = (w: Writing, pad: JsonObject): JsonObject => ({
	...NHWC,
	...pad,
	ksize: spatial(w, 'filterSize'),
	strides: spatial(w, 'strides')
});

/** The picture with its border. */
function bordered(w: Writing, explicit: Pairs, value: number): string {
	const rows = w.to.whole(`${w.name}/paddings`, explicit.flat(), [4, 2]);
	return w.part('Pad', 'PadV2', [w.input('x'), rows, w.to.number(`${w.name}/border`, value)]);
}

const VALID = { padding: a.text('VALID') };

const maxPool: Write = (w) => {
	const explicit = borders(w);
	if (!explicit) return w.done('MaxPool', [w.input('x')], windowed(w, padding(w)));
	w.done('MaxPool', [bordered(w, explicit, LOWEST)], windowed(w, VALID));
};

/** With a border the mean of all cells, times the share of those that are of the picture. */
const avgPool: Write = (w) => {
	const explicit = borders(w);
	if (!explicit) return w.done('AvgPool', [w.input('x')], windowed(w, padding(w)));
	const [size, strides] = [each(w, 'filterSize', 2), each(w, 'strides', 2)];
	const counts = [1, 2].map((axis) => {
		const [length, out] = [w.shape('x')[axis], w.output[axis]];
		if (typeof length !== 'number' || typeof out !== 'number')
			throw new Unwritten('a picture of as many rows as the batch');
		return Array.from({ length: out }, (_, i) => {
			const first = i * (strides[axis - 1] as number) - (explicit[axis] as [number, number])[0];
			return Math.min(length, first + (size[axis - 1] as number)) - Math.max(0, first);
		});
	});
	const [rows, columns] = counts as [number[], number[]];
	const whole = (size[0] as number) * (size[1] as number);
	const shares = rows.flatMap((m) => columns.map((n) => whole / (m * n)));
	const mean = w.part('AvgPool', 'AvgPool', [bordered(w, explicit, 0)], windowed(w, VALID));
	const shape = { shape: [1, rows.length, columns.length, 1], dtype: 'float32' } as const;
	w.done('Mul', [mean, w.to.constant(`${w.name}/shares`, shape, shares)]);
};

const volume =
	(op: string, size: string | null): Write =>
	(w) =>
		w.done(op, w.all, {
			...{ data_format: a.text('NDHWC'), padding: a.text(String(w.attribute('pad')).toUpperCase()) },
			strides: spatial(w, 'strides', 3),
			...(size ? { ksize: spatial(w, size, 3) } : { dilations: spatial(w, 'dilations', 3) })
		});

const transposes = (w: Writing) => [w.attribute('transposeA') === true, w.attribute('transposeB') === true] as const;

const kernels: Kernels = {
	Conv2D: convolution('Conv2D', '_FusedConv2D'),
	FusedConv2D: convolution('Conv2D', '_FusedConv2D'),
	DepthwiseConv2dNative: convolution('DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'),
	FusedDepthwiseConv2D: convolution('DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'),
	Conv2DBackpropInput(w) {
		const size = w.to.sizes(`${w.name}/output_shape`, w.list('inputShape'));
		w.done('Conv2DBackpropInput', [size, w.input('filter'), w.input('dy')], {
			...NHWC,
			...padding(w),
			strides: spatial(w, 'strides')
		});
	},
	Conv3D: volume('Conv3D', null),
	MaxPool: maxPool,
	AvgPool: avgPool,
	MaxPool3D: volume('MaxPool3D', 'filterSize'),
	AvgPool3D: volume('AvgPool3D', 'filterSize'),
	BatchMatMul(w) {
		const [x, y] = transposes(w);
		const flat = w.shape('a').length === 2 && w.shape('b').length === 2;
		const attr: JsonObject = flat
			? { transpose_a: a.bool(x), transpose_b: a.bool(y) }
			: { adj_x: a.bool(x), adj_y: a.bool(y) };
		w.done(flat ? 'MatMul' : 'BatchMatMulV2', [w.input('a'), w.input('b')], attr);
	},
	_FusedMatMul(w) {
		const [x, y] = transposes(w);
		const { args, attr } = fused(w);
		const turned = { transpose_a: a.bool(x), transpose_b: a.bool(y) };
		w.done('_FusedMatMul', [w.input('a'), w.input('b'), ...args], { ...turned, ...attr });
	},
	Einsum(w) {
		w.done('Einsum', w.all, { equation: { s: btoa(String(w.attribute('equation'))) }, N: a.int(w.all.length) });
	},
	FusedBatchNorm(w) {
		// A scale or an offset may be left out.
		const row = (role: string, value: number) =>
			w.has(role) ? w.input(role) : w.to.filled(`${w.name}/${role}`, w.shape('mean'), value, 'float32');
		const inputs = [w.input('x'), row('scale', 1), row('offset', 0), w.input('mean'), w.input('variance')];
		const epsilon = a.float(w.number('varianceEpsilon', 1e-3));
		w.done('FusedBatchNormV3', inputs, { ...NHWC, epsilon, is_training: a.bool(false) });
	}
};

export default kernels;
