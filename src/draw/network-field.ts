import type { DrawCommand, Regl, Texture2D } from 'regl';
import { INVALID, type FieldTexture } from '#draw/field-texture.ts';
import { floatTargets } from '#draw/float-targets.ts';
import { FULLSCREEN, given, passed } from '#draw/fullscreen.ts';
import { Recent } from '#draw/recent.ts';
import { MAX_SUM, planesOf, type FieldContent, type PlaneNetwork, type PlaneRequest } from '#maths/playground/field.ts';
import { packedLayers, packedNetwork, soundLayers, sumBound, type PackedLayer } from '#maths/playground/packing.ts';
import type { Activation, DerivedInput, Loss } from '#maths/playground/spec.ts';

/**
 * Fields of small networks, worked out where they are drawn: a fragment shader for each architecture, the weights in
 * uniforms or a texture, four planes in the channels of a texel. Twin: maths/playground/field.ts.
 */

/** Fours of weights in a row of their texture. */
const ROW = 64;
const MAX_WIDTH = 64;
/** Multiply-adds of a pixel. */
const MAX_PIXEL_PRODUCTS = 2 ** 14;
/** Fours of weights that are given as uniforms, several times faster than a texture. */
const MAX_UNIFORMS = 128;
/** Shaders that are kept. */
const MAX_SHADERS = 16;

type Shape = Pick<PlaneNetwork, 'network' | 'loss' | 'outputs'>;

/** Whether a network is small enough to be worked out anew for each picture. */
function isSmall({ network, outputs }: Shape): boolean {
	const widths = [network.inputs.length, ...network.hidden, outputs];
	const products = widths.slice(1).reduce((sum, units, l) => sum + units * (widths[l] as number), 0);
	return Math.max(...widths) <= MAX_WIDTH && products <= MAX_PIXEL_PRODUCTS;
}

const ACTIVATION: Readonly<Record<Activation, string>> = {
	tanh: 'quickTanh(z)',
	relu: 'max(z, 0.0)',
	sigmoid: 'sigmoid(z)',
	linear: 'z',
	'leaky-relu': 'max(z, 0.01 * z)',
	elu: 'mix(exp(min(z, 0.0)) - 1.0, z, step(0.0, z))',
	gelu: 'gelu(z)',
	softplus: 'max(z, 0.0) + log(1.0 + exp(-abs(z)))',
	sine: 'sine(z)'
};

const INPUT: Readonly<Record<DerivedInput, string>> = {
	x1: 'x.x',
	x2: 'x.y',
	'x1-squared': 'x.x * x.x',
	'x2-squared': 'x.y * x.y',
	'x1-x2': 'x.x * x.y',
	'sin-x1': 'sine(vec4(x.x)).x',
	'sin-x2': 'sine(vec4(x.y)).x'
};

const FUNCTIONS = `
	vec4 quickTanh(vec4 z) {
		return 1.0 - 2.0 / (1.0 + exp(2.0 * clamp(z, -20.0, 20.0)));
	}
	vec4 sigmoid(vec4 z) { return 1.0 / (1.0 + exp(-clamp(z, -80.0, 80.0))); }
	// GLSL promises nothing of its own sine: half turns taken off, then the series to the eleventh power (6e-8).
	vec4 sine(vec4 x) {
		vec4 turns = floor(x * 0.3183098861837907 + 0.5);
		vec4 r = (x - turns * 3.140625) - turns * 9.676535897932795e-4;
		vec4 q = r * r;
		vec4 series = r * (1.0 + q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0 + q * (1.0 / 362880.0 - q / 39916800.0)))));
		return series * (1.0 - 2.0 * mod(turns, 2.0));
	}
	// Abramowitz & Stegun 7.1.26.
	vec4 gelu(vec4 z) {
		vec4 x = z * 0.7071067811865476;
		vec4 t = 1.0 / (1.0 + 0.3275911 * abs(x));
		vec4 tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-x * x);
		return z * mix(1.0 - 0.5 * tail, 0.5 * tail, step(x, vec4(-1.0e-30)));
	}
`;

/** The outputs' own activation, in place in so many fours, the o-th of which is called `y(o)`. */
function ending(loss: Loss, outputs: number, y: (o: number) => string): string {
	const fours = Array.from({ length: Math.ceil(outputs / 4) }, (_, o) => y(o));
	const each = (what: string) => fours.map((name) => `{ vec4 z = ${name}; ${name} = ${what}; }`).join(' ');
	// What fills up the last four must count for nothing.
	const filled = `vec4(${[0, 1, 2, 3].map((c) => (outputs % 4 === 0 || c < outputs % 4 ? '1.0' : '0.0')).join()})`;
	const counts = (o: number) => (o === fours.length - 1 ? filled : 'vec4(1.0)');
	switch (loss) {
		case 'squared':
			return '';
		case 'logistic':
			return each('sigmoid(z)');
		case 'squared-tanh':
			return each('quickTanh(z)');
		case 'cross-entropy':
			return `
		float top = -3.0e38;
		vec4 here;
		${fours.map((name, o) => `here = mix(vec4(-3.0e38), ${name}, ${counts(o)}); top = max(top, max(max(here.x, here.y), max(here.z, here.w)));`).join('\n\t\t')}
		float all = 0.0;
		${fours.map((name, o) => `${name} = exp(max(${name} - top, -80.0)) * ${counts(o)}; all += dot(${name}, vec4(1.0));`).join('\n\t\t')}
		${each('z / all')}`;
	}
}

/** A layer without its activation: four units, `z`, from the fours before it. */
interface Product {
	layer: PackedLayer;
	/** Numbers that are there: the columns of the others are zeros. */
	inputs: number;
	/** Name of a four of the layer before. */
	before(q: number): string;
}

/** Straight on, weights at constant indices: measured three times as fast as loops where a processor plays the GPU. */
const straight = ({ layer, inputs, before }: Product, o: number) =>
	[
		`w[${layer.bias + o}]`,
		...Array.from(
			{ length: inputs },
			(_, i) =>
				`w[${layer.weights + 4 * (o * layer.inputs + Math.floor(i / 4)) + (i % 4)}] * ${before(Math.floor(i / 4))}.${'xyzw'[i % 4]}`
		)
	].join(' + ');

/**
 * Planes `first` to `first` + 3 at every pixel, or of them the one at `only`, unless that is below 0. `extent` is left, right,
 * bottom, top; the first row is the top one. @param large whether sums may be too large to be numbers
 */
function shader(shape: Shape, content: FieldContent, uniforms: number, large: boolean): string {
	const { layers, size } = packedLayers(shape);
	const { network, loss, outputs } = shape;
	const inUniforms = size <= uniforms;
	const widths = [network.inputs.length, ...network.hidden, outputs];
	// Loops go through arrays, of which two take turns.
	const four = (l: number, q: number) => (inUniforms ? `a${l}x${q}` : `a${l % 2}[${q}]`);
	// Only where it may be needed: measured up to a fifth of the time.
	const summed = large ? 'sums += abs(z);' : '';
	let plane = 0;
	/** A plane's index in its four is known; which four is drawn, the shader is told. */
	const picked = (l: number) =>
		Array.from({ length: widths[l] as number }, (_, k) => {
			const [at, own] = [plane + k, `${four(l, Math.floor(k / 4))}.${'xyzw'[k % 4]}`];
			return `if (first == ${at - (at % 4)}.0) shown.${'xyzw'[at % 4]} = kept(${own}, ${l}.0, sums);`;
		}).join('\n\t\t');
	const passes = layers.map((layer, l) => {
		const { inputs, units, weights, bias } = layer;
		const last = l === layers.length - 1;
		const active = last ? 'z' : ACTIVATION[network.activation];
		const product = { layer, inputs: widths[l] as number, before: (q: number) => four(l, q) };
		const lines = inUniforms
			? Array.from(
					{ length: units },
					(_, o) => `z = ${straight(product, o)};\n\t\t${summed}\n\t\tvec4 ${four(l + 1, o)} = ${active};`
				)
			: [
					`for (int o = 0; o < ${units}; o++) {
			z = weight(float(${bias} + o));
			for (int i = 0; i < ${inputs}; i++) {
				vec4 v = a${l % 2}[i];
				z += ${[0, 1, 2, 3].map((c) => `weight(float(${weights + c} + 4 * (o * ${inputs} + i))) * v.${'xyzw'[c]}`).join(' + ')};
			}
			${summed}
			a${(l + 1) % 2}[o] = ${active};
		}`
				];
		if (last || content !== 'neurons') return lines.join('\n\t\t');
		const shown = picked(l + 1);
		plane += widths[l + 1] as number;
		return [...lines, shown].join('\n\t\t');
	});
	const room = (turn: number) => Math.max(...widths.filter((_, l) => l % 2 === turn).map((n) => Math.ceil(n / 4)));
	const first = Array.from({ length: Math.ceil(network.inputs.length / 4) }, (_, q) => {
		const own = [0, 1, 2, 3].map((c) => {
			const input = network.inputs[4 * q + c];
			return input ? INPUT[input] : '0.0';
		});
		return `${inUniforms ? 'vec4 ' : ''}${four(0, q)} = vec4(${own.join(', ')});`;
	});
	return `
	precision highp float;
	${
		inUniforms
			? `uniform vec4 w[${size}];`
			: `uniform highp sampler2D weights;
	vec4 weight(float at) {
		float row = floor((at + 0.5) / ${ROW}.0);
		return texture2D(weights, vec2((at - ${ROW}.0 * row + 0.5) / ${ROW}.0, (row + 0.5) / ${Math.ceil(size / ROW)}.0));
	}`
	}
	uniform vec4 extent;
	uniform vec2 cells;
	uniform float first;
	uniform float only;
	uniform float sound;
	${FUNCTIONS}
	// A layer's value, counted from 1, after sums of these sizes. Compilers may take it that there is no NaN: of weights the
	// processor says so.
	float kept(float value, float layer, vec4 sums) {
		return layer <= sound && dot(sums, vec4(1.0)) < ${MAX_SUM.toExponential(1)} ? value : ${INVALID};
	}
	void main() {
		vec2 cell = vec2(gl_FragCoord.x, mod(gl_FragCoord.y, cells.y));
		vec2 x = vec2(extent.x + cell.x / cells.x * (extent.y - extent.x), extent.w + cell.y / cells.y * (extent.z - extent.w));
		${inUniforms ? '' : `vec4 a0[${room(0)}]; vec4 a1[${room(1)}];`}
		vec4 shown = vec4(0.0);
		vec4 z;
		vec4 sums = vec4(0.0);
		${[...first, ...passes].join('\n\t\t')}
		${content === 'scores' ? '' : ending(loss, outputs, (o) => four(layers.length, o))}
		${picked(layers.length)}
		gl_FragColor = only < 0.0 ? shown : vec4(only < 0.5 ? shown.x : only < 1.5 ? shown.y : only < 2.5 ? shown.z : shown.w);
	}`;
}

/** @param finished returns when it is drawn, not when it is asked for: for whoever measures the time */
export type NetworkFields = (network: PlaneNetwork, request: PlaneRequest, finished: boolean) => FieldTexture | null;

/** @returns works a field out, or null for networks that are not small and where nothing can be drawn into floats */
export function networkFields(regl: Regl): NetworkFields {
	const commands = new Recent<DrawCommand>(MAX_SHADERS);
	const targets = floatTargets(regl);
	const able = regl.hasExtension('WEBGL_color_buffer_float');
	const max = regl.limits.maxTextureSize;
	const uniforms = Math.min(MAX_UNIFORMS, regl.limits.maxFragmentUniforms - 32);
	const names = (size: number) => Array.from({ length: size }, (_, i) => `w[${i}]`).join(' ');

	function command(network: PlaneNetwork, content: FieldContent, large: boolean): DrawCommand {
		const { inputs, hidden, activation } = network.network;
		const { size } = packedLayers(network);
		const key = [inputs, hidden.join('-'), activation, network.loss, network.outputs, content, large].join(' | ');
		return commands.get(
			key,
			() =>
				regl({
					frag: shader(network, content, uniforms, large),
					...FULLSCREEN,
					framebuffer: given(regl, 'target'),
					viewport: given(regl, 'box'),
					uniforms: passed(regl, `size extent cells first only sound ${size <= uniforms ? names(size) : 'weights'}`)
				}) as DrawCommand
		);
	}

	function weightsTexture(values: Float32Array): Texture2D {
		const height = Math.ceil(values.length / 4 / ROW);
		const data = new Float32Array(4 * ROW * height);
		data.set(values);
		return regl.texture({ data, width: ROW, height, format: 'rgba', type: 'float', min: 'nearest', mag: 'nearest' });
	}

	return (network, request, finished) => {
		const { window, width, height, content, plane } = request;
		const planes = planesOf(network, request);
		const tiles = Math.ceil(planes / 4);
		if (!able || !isSmall(network) || Math.max(width, tiles * height) > max) return null;
		const packed = packedNetwork(network);
		const { values } = packed;
		const reach = Math.max(1, ...[...window.x1, ...window.x2].map(Math.abs));
		const draw = command(network, content, !(sumBound(packed, reach ** 2) < MAX_SUM));
		const target = targets(width, tiles * height);
		const sound = soundLayers(packed);
		const fours = Array.from({ length: values.length / 4 }, (_, i) => [...values.subarray(4 * i, 4 * i + 4)]);
		const weights = fours.length > uniforms ? weightsTexture(values) : null;
		try {
			for (let tile = 0; tile < tiles; tile++)
				draw({
					target: target.framebuffer,
					box: { x: 0, y: tile * height, width, height },
					size: [width, height],
					...(weights ? { weights } : { w: fours }),
					extent: [...window.x1, ...window.x2],
					cells: [width, height],
					first: plane === undefined ? 4 * tile : plane - (plane % 4),
					only: plane === undefined ? -1 : plane % 4,
					sound
				});
			if (finished) regl.read({ framebuffer: target.framebuffer, x: 0, y: 0, width: 1, height: 1 });
		} finally {
			weights?.destroy();
		}
		const { texture, free } = target;
		return {
			texture,
			free,
			bits: false,
			width,
			height: planes * height,
			stride: texture.width,
			fours: height,
			fold: 0
		};
	};
}
