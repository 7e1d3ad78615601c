import { VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';
import { networkLayout } from '#maths/playground/layout.ts';

/** A network's weights in fours, as shaders read them: batch normalisation folded in, sides filled up with zeros. */

export interface PackedLayer {
	/** Fours of inputs and of units. */
	inputs: number;
	units: number;
	/** Where its weights begin: for four units and four inputs the four columns of a matrix, inputs changing fastest. */
	weights: number;
	/** Where its biases begin. Both are counted in fours. */
	bias: number;
}

export interface PackedNetwork {
	layers: readonly PackedLayer[];
	values: Float32Array;
}

/** Layers before the first that has a weight that is no number. */
export function soundLayers({ layers, values }: PackedNetwork): number {
	const lost = layers.findIndex(({ weights, bias, units }) =>
		values.subarray(4 * weights, 4 * (bias + units)).some((value) => !Number.isFinite(value))
	);
	return lost < 0 ? layers.length : lost;
}

/** What no sum exceeds at inputs up to `input`, and none that activations, which are at most |z| + 1, make of it. */
export function sumBound({ layers, values }: PackedNetwork, input: number): number {
	let max = input;
	for (const { inputs, units, weights, bias } of layers) {
		const reach = values.subarray(4 * bias, 4 * (bias + units)).map(Math.abs);
		const blocks = values.subarray(4 * weights, 4 * bias);
		for (const [i, weight] of blocks.entries()) {
			const unit = 4 * Math.floor(i / (16 * inputs)) + (i % 4);
			reach[unit] = (reach[unit] as number) + max * Math.abs(weight);
		}
		max = Math.max(...reach) + 1;
	}
	return max;
}

const fours = (n: number) => Math.ceil(n / 4);

/** Of an architecture, without numbers. */
export function packedLayers({ network, outputs }: Pick<PlaneNetwork, 'network' | 'outputs'>): {
	layers: PackedLayer[];
	size: number;
} {
	let size = 0;
	const layers = networkLayout(network, outputs).layers.map((layer) => {
		const [inputs, units] = [fours(layer.inputs), fours(layer.units)];
		const packed = { inputs, units, weights: size, bias: size + 4 * inputs * units };
		size = packed.bias + units;
		return packed;
	});
	return { layers, size };
}

export function packedNetwork({ network, outputs, parameters, running }: PlaneNetwork): PackedNetwork {
	const { layers, size } = packedLayers({ network, outputs });
	const values = new Float32Array(4 * size);
	for (const [l, own] of networkLayout(network, outputs).layers.entries()) {
		const { inputs, weights, bias } = layers[l] as PackedLayer;
		const normed = own.scale >= 0;
		for (let o = 0; o < own.units; o++) {
			const variance = running[own.running + own.units + o] as number;
			const factor = normed ? (parameters[own.scale + o] as number) / Math.sqrt(variance + VARIANCE_FLOOR) : 1;
			const shift = normed ? factor * (running[own.running + o] as number) : 0;
			values[4 * bias + o] = (parameters[own.bias + o] as number) - shift;
			for (let i = 0; i < own.inputs; i++) {
				const column = weights + 4 * (Math.floor(o / 4) * inputs + Math.floor(i / 4)) + (i % 4);
				values[4 * column + (o % 4)] = factor * (parameters[own.weights + o * own.inputs + i] as number);
			}
		}
	}
	return { layers, values };
}
