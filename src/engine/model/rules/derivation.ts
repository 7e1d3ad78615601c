import type { Derivation, DerivationPart } from '#contracts/anatomy.ts';
import type { GraphNode } from '#contracts/graph.ts';
import { windowOf, type Window } from '#engine/model/rules/window.ts';

/** How one number of a layer is made: the patch, the kernel, the products, the bias and the sum. */

export interface Values {
	/** [h, w, c] or [n], first row of the batch. */
	shape: readonly number[];
	data: Float32Array;
}

/** A node with the numbers around it, and the position of the one that is asked for. */
export interface Working {
	node: GraphNode;
	inputs: readonly Values[];
	weights: Readonly<Record<string, Values>>;
	position: readonly number[];
}

export type Worked = Omit<Derivation, 'layer' | 'type' | 'position' | 'value' | 'from' | 'fromShape' | 'total'>;

/** Works one number out from what it is made of. */
export type Derive = (working: Working) => Worked;

export const at = ({ data, shape }: Values, ...index: number[]) =>
	data[index.reduce((offset, i, axis) => offset * (shape[axis] as number) + i, 0)] as number;

/** The numbers of one channel under a window; null in the padding. */
function patch(input: Values, { top, left, rows, columns, dilation }: Window, channel: number): (number | null)[] {
	const [height, width] = input.shape as [number, number];
	return Array.from({ length: rows * columns }, (_, i) => {
		const y = top + Math.floor(i / columns) * dilation[0];
		const x = left + (i % columns) * dilation[1];
		return y < 0 || x < 0 || y >= height || x >= width ? null : at(input, y, x, channel);
	});
}

const rectangle = ({ top, left, rows, columns, dilation }: Window) => ({
	x: left,
	y: top,
	width: (columns - 1) * dilation[1] + 1,
	height: (rows - 1) * dilation[0] + 1
});

const products = (input: readonly (number | null)[], kernel: readonly number[]) =>
	input.reduce<number>((sum, value, i) => sum + (value ?? 0) * (kernel[i] as number), 0);

/** @param depthwise each filter reads one channel */
export const convolution =
	(depthwise: boolean): Derive =>
	(working) =>
		convolved(working, depthwise);

function convolved({ node, inputs, weights, position }: Working, depthwise: boolean): Worked {
	const [input] = inputs as [Values];
	const kernel = weights['kernel'] as Values;
	const window = windowOf(node, input.shape, position);
	const [, , channels, last] = kernel.shape as [number, number, number, number];
	const k = position[2] as number;
	const groups = depthwise ? 1 : (input.shape[2] as number) / channels;
	const outputs = depthwise ? channels * last : last;
	// The input channels that this filter reads.
	const first = depthwise ? Math.floor(k / last) : Math.floor(k / (outputs / groups)) * channels;
	const parts = Array.from({ length: depthwise ? 1 : channels }, (_, i): DerivationPart => {
		const values = Array.from({ length: window.rows * window.columns }, (_, j) => {
			const [y, x] = [Math.floor(j / window.columns), j % window.columns];
			return depthwise ? at(kernel, y, x, first, k % last) : at(kernel, y, x, i, k);
		});
		const channel = first + i;
		const patchValues = patch(input, window, channel);
		return {
			channel,
			rows: window.rows,
			columns: window.columns,
			input: patchValues,
			kernel: values,
			sum: products(patchValues, values)
		};
	});
	const sum = parts.reduce((total, part) => total + part.sum, 0);
	const bias = weights['bias'] ? at(weights['bias'], k) : null;
	return {
		parts,
		sum,
		bias,
		worked: sum + (bias ?? 0),
		formula: bias === null ? 'Σ x·k' : 'Σ x·k + b',
		figures: [],
		window: rectangle(window)
	};
}

/** The largest number of a window, or their mean. */
export const pooling =
	(isMax: boolean): Derive =>
	(working) =>
		pooled(working, isMax);

function pooled({ node, inputs, position }: Working, isMax: boolean): Worked {
	const [input] = inputs as [Values];
	const window = windowOf(node, input.shape, position);
	const channel = position[2] as number;
	const patchValues = patch(input, window, channel);
	const inside = patchValues.filter((value) => value !== null);
	const worked = isMax ? Math.max(...inside) : inside.reduce((sum, value) => sum + value, 0) / inside.length;
	const part = { channel, rows: window.rows, columns: window.columns, input: patchValues, kernel: null, sum: worked };
	const formula = isMax ? 'max x' : `Σ x / ${inside.length}`;
	return { parts: [part], sum: worked, bias: null, worked, formula, figures: [], window: rectangle(window) };
}

/** The same over all positions. */
export const globalPooling =
	(isMax: boolean): Derive =>
	(working) =>
		globallyPooled(working, isMax);

function globallyPooled({ inputs, position }: Working, isMax: boolean): Worked {
	const [input] = inputs as [Values];
	const channel = position.at(-1) as number;
	const count = input.data.length / (input.shape.at(-1) as number);
	const channels = input.shape.at(-1) as number;
	const values = Array.from({ length: count }, (_, i) => input.data[i * channels + channel] as number);
	const worked = isMax ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / count;
	const [rows, columns] = input.shape.length === 3 ? (input.shape as [number, number]) : [1, count];
	const part = { channel, rows, columns, input: values, kernel: null, sum: worked };
	const window = input.shape.length === 3 ? { x: 0, y: 0, width: columns, height: rows } : null;
	return {
		parts: [part],
		sum: worked,
		bias: null,
		worked,
		formula: isMax ? 'max x' : `Σ x / ${count}`,
		figures: [],
		window
	};
}

export function dense({ inputs, weights, position }: Working): Worked {
	const [input] = inputs as [Values];
	const kernel = weights['kernel'] as Values;
	const unit = position.at(-1) as number;
	const width = kernel.shape[0] as number;
	// A dense layer over a sequence is applied to each step of it.
	const row = position.slice(0, -1).reduce((offset, i, axis) => offset * (input.shape[axis] as number) + i, 0);
	const parts = Array.from({ length: width }, (_, i): DerivationPart => {
		const [x, k] = [input.data[row * width + i] as number, at(kernel, i, unit)];
		return { channel: i, rows: 1, columns: 1, input: [x], kernel: [k], sum: x * k };
	});
	const sum = parts.reduce((total, part) => total + part.sum, 0);
	const bias = weights['bias'] ? at(weights['bias'], unit) : null;
	return {
		parts,
		sum,
		bias,
		worked: sum + (bias ?? 0),
		formula: bias === null ? 'Σ x·w' : 'Σ x·w + b',
		figures: [],
		window: null
	};
}

export function normalisation(working: Working): Worked {
	const { node, weights, position } = working;
	const { axis } = node.attributes;
	// Axes are counted with the batch.
	const channel = (typeof axis === 'number' ? position[axis - 1] : position.at(-1)) as number;
	const figure = (name: string, otherwise: number) => (weights[name] ? at(weights[name], channel) : otherwise);
	const [x] = elementInputs(working) as [number];
	const [mean, variance, gamma, beta] = [
		figure('mean', 0),
		figure('variance', 1),
		figure('gamma', 1),
		figure('beta', 0)
	];
	const epsilon = Number(node.attributes['epsilon'] ?? 1e-3);
	const worked = (gamma * (x - mean)) / Math.sqrt(variance + epsilon) + beta;
	const figures = Object.entries({ x, mean, variance, gamma, beta, epsilon }).map(([name, value]) => ({ name, value }));
	return { ...single([x], worked), formula: 'γ (x − mean) / √(variance + ε) + β', figures };
}

/** The inputs' numbers at the same position. */
function elementInputs({ inputs, position }: Working): number[] {
	return inputs.map((input) => {
		const offset = position.length - input.shape.length;
		return at(input, ...input.shape.map((n, axis) => (n === 1 ? 0 : (position[axis + offset] as number))));
	});
}

function single(values: readonly number[], worked: number) {
	const parts = values.map((value, i): DerivationPart => ({
		channel: i,
		rows: 1,
		columns: 1,
		input: [value],
		kernel: null,
		sum: value
	}));
	return { parts, sum: worked, bias: null, worked, window: null, figures: [] };
}

/** From the one number at the same position. */
export const elementwise =
	(formula: string, f: (x: number, node: GraphNode) => number): Derive =>
	(working) => {
		const [x] = elementInputs(working) as [number];
		return { ...single([x], f(x, working.node)), formula };
	};

/** From the numbers of all inputs at the same position. */
export const joined =
	(formula: string, f: (values: readonly number[]) => number): Derive =>
	(working) => {
		const values = elementInputs(working);
		return { ...single(values, f(values)), formula };
	};

export const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
