import type { Derivation, DerivationPart } from '#contracts/anatomy.ts';
import { LabError } from '#contracts/errors.ts';
import type { GraphNode } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { windowOf, type Window } from '#methods/activation/window.ts';
import * as tf from '#engine/tf.ts';

/** How one number of a layer was made: the patch, the kernel, the products, the bias and the sum. */

/** Parts that are listed; the sum is over all. */
const LISTED = 64;

interface Values {
	/** [h, w, c] or [n], first row of the batch. */
	shape: readonly number[];
	data: Float32Array;
}

interface Working {
	node: GraphNode;
	inputs: readonly Values[];
	weights: Readonly<Record<string, Values>>;
	place: readonly number[];
}

type Result = Omit<Derivation, 'layer' | 'type' | 'place' | 'value' | 'from' | 'fromShape' | 'total'>;

const at = ({ data, shape }: Values, ...index: number[]) =>
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

function convolution({ node, inputs, weights, place }: Working): Result {
	const [input] = inputs as [Values];
	const kernel = weights['kernel'] as Values;
	const depthwise = node.type === 'DepthwiseConv2D';
	const window = windowOf(node, input.shape, place);
	const [, , channels, last] = kernel.shape as [number, number, number, number];
	const k = place[2] as number;
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
		const numbers = patch(input, window, channel);
		return {
			channel,
			rows: window.rows,
			columns: window.columns,
			input: numbers,
			kernel: values,
			sum: products(numbers, values)
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

function pooling({ node, inputs, place }: Working): Result {
	const [input] = inputs as [Values];
	const window = windowOf(node, input.shape, place);
	const channel = place[2] as number;
	const numbers = patch(input, window, channel);
	const inside = numbers.filter((value) => value !== null);
	const largest = node.type === 'MaxPool2D';
	const worked = largest ? Math.max(...inside) : inside.reduce((sum, value) => sum + value, 0) / inside.length;
	const part = { channel, rows: window.rows, columns: window.columns, input: numbers, kernel: null, sum: worked };
	const formula = largest ? 'max x' : `Σ x / ${inside.length}`;
	return { parts: [part], sum: worked, bias: null, worked, formula, figures: [], window: rectangle(window) };
}

function globalPooling({ node, inputs, place }: Working): Result {
	const [input] = inputs as [Values];
	const channel = place.at(-1) as number;
	const count = input.data.length / (input.shape.at(-1) as number);
	const channels = input.shape.at(-1) as number;
	const numbers = Array.from({ length: count }, (_, i) => input.data[i * channels + channel] as number);
	const largest = node.type === 'GlobalMaxPool';
	const worked = largest ? Math.max(...numbers) : numbers.reduce((sum, value) => sum + value, 0) / count;
	const [rows, columns] = input.shape.length === 3 ? (input.shape as [number, number]) : [1, count];
	const part = { channel, rows, columns, input: numbers, kernel: null, sum: worked };
	const window = input.shape.length === 3 ? { x: 0, y: 0, width: columns, height: rows } : null;
	return {
		parts: [part],
		sum: worked,
		bias: null,
		worked,
		formula: largest ? 'max x' : `Σ x / ${count}`,
		figures: [],
		window
	};
}

function dense({ inputs, weights, place }: Working): Result {
	const [input] = inputs as [Values];
	const kernel = weights['kernel'] as Values;
	const unit = place.at(-1) as number;
	const width = kernel.shape[0] as number;
	// A dense layer over a sequence is applied to each step of it.
	const row = place.slice(0, -1).reduce((offset, i, axis) => offset * (input.shape[axis] as number) + i, 0);
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

function normalisation(working: Working): Result {
	const { node, weights, place } = working;
	const { axis } = node.attributes;
	// Axes are counted with the batch.
	const channel = (typeof axis === 'number' ? place[axis - 1] : place.at(-1)) as number;
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

/** The inputs' numbers at the same place. */
function elementInputs({ inputs, place }: Working): number[] {
	return inputs.map((input) => {
		const offset = place.length - input.shape.length;
		return at(input, ...input.shape.map((n, axis) => (n === 1 ? 0 : (place[axis + offset] as number))));
	});
}

function single(numbers: readonly number[], worked: number) {
	const parts = numbers.map((value, i): DerivationPart => ({
		channel: i,
		rows: 1,
		columns: 1,
		input: [value],
		kernel: null,
		sum: value
	}));
	return { parts, sum: worked, bias: null, worked, window: null, figures: [] };
}

const elementwise =
	(formula: string, f: (x: number, node: GraphNode) => number) =>
	(working: Working): Result => {
		const [x] = elementInputs(working) as [number];
		return { ...single([x], f(x, working.node)), formula };
	};

const joined =
	(formula: string, f: (numbers: readonly number[]) => number) =>
	(working: Working): Result => {
		const numbers = elementInputs(working);
		return { ...single(numbers, f(numbers)), formula };
	};

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const KINDS: Readonly<Record<string, (working: Working) => Result>> = {
	Conv2D: convolution,
	DepthwiseConv2D: convolution,
	MaxPool2D: pooling,
	AveragePool2D: pooling,
	GlobalAveragePool: globalPooling,
	GlobalMaxPool: globalPooling,
	Dense: dense,
	BatchNormalization: normalisation,
	Relu: elementwise('max(0, x)', (x, { attributes }) => {
		const most = typeof attributes['max'] === 'number' ? attributes['max'] : Infinity;
		const threshold = Number(attributes['threshold'] ?? 0);
		return x < threshold ? Number(attributes['slope'] ?? 0) * (x - threshold) : Math.min(x, most);
	}),
	Relu6: elementwise('min(max(0, x), 6)', (x) => Math.min(6, Math.max(0, x))),
	Sigmoid: elementwise('1 / (1 + e⁻ˣ)', (x) => 1 / (1 + Math.exp(-x))),
	Tanh: elementwise('tanh x', Math.tanh),
	Identity: elementwise('x', (x) => x),
	Add: joined('Σ x', sum),
	Multiply: joined('Π x', (numbers) => numbers.reduce((a, b) => a * b, 1)),
	Average: joined('Σ x / n', (numbers) => sum(numbers) / numbers.length),
	Maximum: joined('max x', (numbers) => Math.max(...numbers)),
	Minimum: joined('min x', (numbers) => Math.min(...numbers))
};

/** Whether a node's numbers can be taken apart here. */
export const canDerive = ({ type }: Pick<GraphNode, 'type'>) => type in KINDS;

async function read(tensor: tf.Tensor, batched: boolean): Promise<Values> {
	const shape = batched ? tensor.shape.slice(1) : tensor.shape;
	const size = shape.reduce((product, n) => product * n, 1);
	return { shape, data: Float32Array.from((await tensor.data()).subarray(0, size)) };
}

/**
 * @param place [row, column, channel], or as many indices as the activation has axes without the batch
 * @throws LabError for an operation that is not taken apart here
 */
export async function derive(model: Model, feeds: Feeds, layer: string, place: readonly number[]): Promise<Derivation> {
	const node = model.graph.nodes.find(({ id }) => id === layer);
	const kind = node && KINDS[node.type];
	if (!node || !kind)
		throw new LabError(
			`How ${node?.type ?? 'this'} makes its numbers is not shown.`,
			'Choose a convolution, pooling, normalisation or dense layer.',
			{ code: 'refused' }
		);
	const tensors = model.run(feeds, [...node.inputs, layer]);
	try {
		const values = await Promise.all(tensors.map((tensor) => read(tensor, true)));
		const own = values.pop() as Values;
		const weights = await Promise.all(
			node.weights.map(async ({ name, role }) => [role ?? name, await read(model.weight(name), false)] as const)
		);
		const [from] = values as [Values];
		const result = kind({ node, inputs: values, weights: Object.fromEntries(weights), place });
		const strongest = [...result.parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, LISTED);
		return {
			...result,
			layer,
			type: node.type,
			place,
			value: at(own, ...place),
			parts: strongest,
			total: result.parts.length,
			from: node.inputs[0] as string,
			fromShape: from.shape
		};
	} finally {
		tf.dispose(tensors);
	}
}
