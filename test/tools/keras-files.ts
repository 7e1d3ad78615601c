import type { StoredWeight } from '#engine/model/stored-weight.ts';

/** Small Keras topologies by hand, as their writers put them, with weights that are told apart by their numbers. */

export interface LayerFile {
	class_name: string;
	name?: string;
	config: Record<string, unknown>;
	inbound_nodes?: unknown;
}

export const input = (name: string, shape: (number | null)[]): LayerFile => ({
	class_name: 'InputLayer',
	name,
	config: { name, batch_input_shape: [null, ...shape], dtype: 'float32' },
	inbound_nodes: []
});

export const layer = (
	class_name: string,
	name: string,
	config: Record<string, unknown>,
	...from: (string | [string, number, number])[]
): LayerFile => ({
	class_name,
	name,
	config: { name, ...config },
	...(from.length
		? { inbound_nodes: [from.map((one) => (typeof one === 'string' ? [one, 0, 0, {}] : [...one, {}]))] }
		: {})
});

export const functional = (
	name: string,
	layers: LayerFile[],
	inputs: string[],
	outputs: (string | [string, number, number])[],
	inbound_nodes: unknown = []
): LayerFile => ({
	class_name: 'Functional',
	name,
	config: {
		name,
		layers,
		input_layers: inputs.map((one) => [one, 0, 0]),
		output_layers: outputs.map((one) => (typeof one === 'string' ? [one, 0, 0] : one))
	},
	inbound_nodes
});

export const sequential = (name: string, layers: LayerFile[], inbound_nodes: unknown = []): LayerFile => ({
	class_name: 'Sequential',
	name,
	config: { name, layers },
	inbound_nodes
});

/** Of a use, as Keras 2 writes it: a nested model's uses are counted from one. */
export const from = (...names: (string | [string, number, number])[]) => [
	names.map((one) => (typeof one === 'string' ? [one, 0, 0, {}] : [...one, {}]))
];

export const topology = (model: LayerFile, keras_version = '2.12.0') => ({ keras_version, model_config: model });

/** Numbers that differ from weight to weight. */
export function values(shape: readonly number[], seed: number): Float32Array {
	const size = shape.reduce((a, b) => a * b, 1);
	return Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 0.7);
}

export const stored = (shape: number[], seed: number): StoredWeight => ({
	shape,
	dtype: 'float32',
	values: values(shape, seed)
});

/** x [n] times kernel [n, units] plus bias, in float64. */
export function dense(x: readonly number[], kernel: Float32Array, bias: Float32Array): number[] {
	return [...bias].map((b, j) => x.reduce((sum, value, i) => sum + value * (kernel[i * bias.length + j] as number), b));
}
