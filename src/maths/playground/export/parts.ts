import type { PlaneNetwork } from '#maths/playground/field.ts';
import { networkLayout } from '#maths/playground/layout.ts';
import type { DerivedInput } from '#maths/playground/spec.ts';

/** A trained network taken apart, for those who write it down in a format of others. */

/** A named tensor; numbers are 4 bytes each. */
export interface NamedWeight {
	name: string;
	shape: readonly number[];
	values: Float32Array | Int32Array;
}

export interface DenseParts {
	/** [inputs, units]: the other way round than `networkLayout`. */
	kernel: Float32Array;
	inputs: number;
	units: number;
	bias: Float32Array;
	/** Of batch normalisation, whose shift is the bias; null without. */
	norm: { scale: Float32Array; mean: Float32Array; variance: Float32Array } | null;
}

export function denseParts({ network, outputs, parameters, running }: PlaneNetwork): DenseParts[] {
	return networkLayout(network, outputs).layers.map(({ inputs, units, weights, bias, scale, running: at }) => {
		const kernel = new Float32Array(inputs * units);
		for (let o = 0; o < units; o++)
			for (let i = 0; i < inputs; i++) kernel[i * units + o] = parameters[weights + o * inputs + i] as number;
		const some = (from: Float32Array, start: number) => from.slice(start, start + units);
		const norm =
			scale < 0
				? null
				: { scale: some(parameters, scale), mean: some(running, at), variance: some(running, at + units) };
		return { kernel, inputs, units, bias: some(parameters, bias), norm };
	});
}

/** Which coordinates a derived input is made of, and whether by a sine. */
export const DERIVATIONS: Readonly<Record<DerivedInput, { of: readonly (0 | 1)[]; sine: boolean }>> = {
	x1: { of: [0], sine: false },
	x2: { of: [1], sine: false },
	'x1-squared': { of: [0, 0], sine: false },
	'x2-squared': { of: [1, 1], sine: false },
	'x1-x2': { of: [0, 1], sine: false },
	'sin-x1': { of: [0], sine: true },
	'sin-x2': { of: [1], sine: true }
};

/** A kernel [2, 1] that picks one coordinate of a point. */
export const picking = (axis: 0 | 1) => Float32Array.of(axis === 0 ? 1 : 0, axis === 1 ? 1 : 0);
export const isPlain = (inputs: readonly DerivedInput[]) => inputs.join() === 'x1,x2';
