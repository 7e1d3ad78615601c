import type { FieldContent, PlaneNetwork } from '#contracts/playground.ts';
import { VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import { networkLayout } from '#maths/playground/layout.ts';
import { packedLayers, type PackedLayer } from '#maths/playground/packing.ts';
import { MAX_SUM } from '#maths/playground/field.ts';
import type { Activation, DerivedInput, Loss } from '#maths/playground/spec.ts';

/**
 * Shaders for one architecture: `packing` lays the weights out in blocks of 4 × 4, batch normalisation folded in;
 * `field` then works out a whole network for each pixel, in registers. Twin: maths/playground/field.ts.
 */

type Shape = Pick<PlaneNetwork, 'network' | 'loss' | 'outputs'>;

/** Pixels of a tile's sides. */
export const TILE = 8;

const quadruples = (n: number) => Math.ceil(n / 4);

/** Numbers of a packed network, in vec4. */
export const packedSize = (shape: Shape) => packedLayers(shape).size;

/** Fours of each of the two arrays that layers go through in turn. */
function groupsOf(shape: Shape): [number, number] {
	const fours = [quadruples(shape.network.inputs.length), ...packedLayers(shape).layers.map(({ units }) => units)];
	const max = (turn: number) => Math.max(1, ...fours.filter((_, l) => l % 2 === turn));
	return [max(0), max(1)];
}

/** Whether the layers find room in the 8 KB that a shader may have of its own: 256 neurons do, some 1,000 do not. */
export function fitsShader(shape: Shape): boolean {
	const [a, b] = groupsOf(shape);
	return 16 * (a + b) <= 8192;
}

/** What distinguishes shaders. */
export function shapeKey({ network, loss, outputs }: Shape, content: FieldContent): string {
	const { inputs, hidden, activation, batchNorm } = network;
	return [inputs.join(' '), hidden.join('-'), activation, batchNorm, loss, outputs, content].join(' | ');
}

/** A thread per packed number. `offsets.xy` is where the parameters and the running figures begin. */
export function packing(shape: Shape): string {
	const { layers, size } = packedLayers(shape);
	const cases = networkLayout(shape.network, shape.outputs).layers.map((layer, l) => {
		const { inputs, weights, bias, units } = layers[l] as PackedLayer;
		const { scale, running } = layer;
		const normed = scale >= 0;
		const factor = normed
			? `source[offsets.x + ${scale}u + o] / sqrt(source[offsets.y + ${running + layer.units}u + o] + ${VARIANCE_FLOOR})`
			: '1.0';
		const shift = normed ? ` - source[offsets.y + ${running}u + o] * factor` : '';
		return `
	if (index < ${4 * (bias + units)}u) {
		let own = index - ${4 * weights}u;
		if (own >= ${16 * inputs * units}u) {
			let o = own - ${16 * inputs * units}u;
			if (o < ${layer.units}u) {
				let factor = ${factor};
				value = source[offsets.x + ${layer.bias}u + o]${shift};
			}
		} else {
			let block = own / 16u;
			let i = 4u * (block % ${inputs}u) + (own % 16u) / 4u;
			let o = 4u * (block / ${inputs}u) + own % 4u;
			if (o < ${layer.units}u && i < ${layer.inputs}u) {
				value = source[offsets.x + ${layer.weights}u + o * ${layer.inputs}u + i] * (${factor});
			}
		}
		packed[index] = value;
		return;
	}`;
	});
	return `
@group(0) @binding(0) var<storage, read> source : array<f32>;
@group(0) @binding(1) var<storage, read_write> packed : array<f32>;
@group(0) @binding(2) var<uniform> offsets : vec4<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
	let index = id.x;
	var value = 0.0;
	if (index >= ${4 * size}u) {
		return;
	}
${cases.join('')}
}`;
}

const ACTIVATION: Readonly<Record<Activation, string>> = {
	tanh: 'quickTanh(z)',
	relu: 'max(vec4<f32>(0.0), z)',
	sigmoid: 'sigmoid(z)',
	linear: 'z',
	'leaky-relu': 'select(0.01 * z, z, z > vec4<f32>(0.0))',
	elu: 'select(exp(min(z, vec4<f32>(0.0))) - 1.0, z, z > vec4<f32>(0.0))',
	gelu: 'gelu(z)',
	softplus: 'max(z, vec4<f32>(0.0)) + log(1.0 + exp(-abs(z)))',
	sine: 'sine(z)'
};

const INPUT: Readonly<Record<DerivedInput, string>> = {
	x1: 'x1',
	x2: 'x2',
	'x1-squared': 'x1 * x1',
	'x2-squared': 'x2 * x2',
	'x1-x2': 'x1 * x2',
	'sin-x1': 'sine(vec4<f32>(x1)).x',
	'sin-x2': 'sine(vec4<f32>(x2)).x'
};

/** Of a float: as integers, as compilers may take it that there is no NaN. */
const [MAX_SUM_BITS] = new Uint32Array(Float32Array.of(MAX_SUM).buffer);
const NAN_BITS = '0x7fc00000u';

const FUNCTIONS = `
fn isLost(z : vec4<f32>) -> bool {
	return any((bitcast<vec4<u32>>(z) & vec4<u32>(0x7fffffffu)) >= vec4<u32>(${MAX_SUM_BITS}u));
}

fn quickTanh(z : vec4<f32>) -> vec4<f32> {
	let e = exp(-2.0 * min(abs(z), vec4<f32>(20.0)));
	return sign(z) * (1.0 - e) / (1.0 + e);
}

fn sigmoid(z : vec4<f32>) -> vec4<f32> {
	return 1.0 / (1.0 + exp(-clamp(z, vec4<f32>(-80.0), vec4<f32>(80.0))));
}

// WGSL promises its own sine to 2^-11 only: half turns taken off, then the series to the eleventh power (6e-8).
fn sine(x : vec4<f32>) -> vec4<f32> {
	let turns = round(x * 0.3183098861837907);
	let r = (x - turns * 3.140625) - turns * 9.676535897932795e-4;
	let q = r * r;
	let series = r * (1.0 + q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0 + q * (1.0 / 362880.0 - q / 39916800.0)))));
	return series * (1.0 - 2.0 * (turns - 2.0 * floor(0.5 * turns)));
}

fn gelu(z : vec4<f32>) -> vec4<f32> {
	let x = z * 0.7071067811865476;
	let t = 1.0 / (1.0 + 0.3275911 * abs(x));
	let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-x * x);
	return z * select(1.0 - 0.5 * tail, 0.5 * tail, x < vec4<f32>(0.0));
}
`;

/** The outputs' own activation, in place in the array `y`. */
function ending(loss: Loss, outputs: number, y: string): string {
	const each = (what: string) =>
		`for (var o = 0u; o < ${quadruples(outputs)}u; o++) { let z = ${y}[o]; ${y}[o] = ${what}; }`;
	switch (loss) {
		case 'squared':
			return '';
		case 'logistic':
			return each('sigmoid(z)');
		case 'squared-tanh':
			return each('quickTanh(z)');
		case 'cross-entropy':
			return `
	var top = ${y}[0].x;
	for (var k = 1u; k < ${outputs}u; k++) { top = max(top, ${y}[k / 4u][k % 4u]); }
	var all = 0.0;
	for (var k = 0u; k < ${outputs}u; k++) { all += exp(${y}[k / 4u][k % 4u] - top); }
	${each('exp(z - top) / all')}`;
	}
}

/**
 * A workgroup per tile, row by row, from the one numbered `size.w` on; planes of width × height, one after the other, NaN
 * where a value follows from a sum that is no number. `extent` is left, right, bottom, top; `size.z` is 0, or one more than
 * the only plane that is wanted.
 */
export function field(shape: Shape, content: FieldContent): string {
	const { layers } = packedLayers(shape);
	const { network, loss, outputs } = shape;
	const write = (from: string, units: number, plane: number) =>
		`for (var k = 0u; k < ${units}u; k++) {
			let plane = ${plane}u + k;
			if (only == 0u || only == plane + 1u) {
				let bits = bitcast<u32>(${from}[k / 4u][k % 4u]);
				field[select(0u, plane, only == 0u) * pixels + pixel] = select(bits, ${NAN_BITS}, lost);
			}
		}`;
	let plane = 0;
	const passes = layers.map(({ inputs, units, weights, bias }, l) => {
		const last = l === layers.length - 1;
		const [x, y] = [`a${l % 2}`, `a${(l + 1) % 2}`];
		const shown = !last && content === 'neurons' ? write(y, network.hidden[l] as number, plane) : '';
		if (shown) plane += network.hidden[l] as number;
		return `
	for (var o = 0u; o < ${units}u; o++) {
		var z = packed[${bias}u + o];
		for (var i = 0u; i < ${inputs}u; i++) {
			let x = ${x}[i];
			let w = ${weights}u + 4u * (o * ${inputs}u + i);
			z += packed[w] * x.x + packed[w + 1u] * x.y + packed[w + 2u] * x.z + packed[w + 3u] * x.w;
		}
		lost = lost || isLost(z);
		${y}[o] = ${last ? 'z' : ACTIVATION[network.activation]};
	}
	${shown}`;
	});
	const groups = groupsOf(shape);
	const y = `a${layers.length % 2}`;
	const features = Array.from({ length: 4 * quadruples(network.inputs.length) }, (_, k) => {
		const input = network.inputs[k];
		return input ? INPUT[input] : '0.0';
	});
	const first = Array.from({ length: features.length / 4 }, (_, q) => {
		return `a0[${q}] = vec4<f32>(${features.slice(4 * q, 4 * q + 4).join(', ')});`;
	});
	return `
struct Request {
	extent : vec4<f32>,
	size : vec4<u32>
}
@group(0) @binding(0) var<storage, read> packed : array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> field : array<u32>;
@group(0) @binding(2) var<uniform> request : Request;
${FUNCTIONS}
@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) own : vec3<u32>) {
	let width = request.size.x;
	let height = request.size.y;
	let across = (width + ${TILE - 1}u) / ${TILE}u;
	let tile = request.size.w + group.x;
	let column = ${TILE}u * (tile % across) + own.x;
	let row = ${TILE}u * (tile / across) + own.y;
	if (column >= width || row >= height) {
		return;
	}
	let only = request.size.z;
	let pixels = width * height;
	let pixel = row * width + column;
	let e = request.extent;
	let x1 = e.x + (f32(column) + 0.5) / f32(width) * (e.y - e.x);
	let x2 = e.w + (f32(row) + 0.5) / f32(height) * (e.z - e.w);
	var a0 : array<vec4<f32>, ${groups[0]}>;
	var a1 : array<vec4<f32>, ${groups[1]}>;
	var lost = false;
	${first.join('\n\t')}
${passes.join('')}
	${content === 'scores' ? '' : ending(loss, outputs, y)}
	${write(y, outputs, plane)}
}`;
}
