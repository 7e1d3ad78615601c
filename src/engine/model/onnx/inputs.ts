import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import { filled } from '#engine/model/input-shape.ts';
import { BATCH } from '#engine/model/onnx/batch.ts';
import type { OnnxGraph, OnnxInput } from '#engine/model/onnx/definition.ts';
import { needed } from '#engine/model/onnx/sorted.ts';
import { channelsLast, inverse, natural } from '#engine/model/onnx/value.ts';

/** What goes into the graph: its sizes where the file leaves them open, and how it lies in memory. */

export interface Fed {
	input: OnnxInput;
	shape: number[];
	order: number[];
	/** Names of sizes that nobody said. */
	assumed: string[];
}

export interface Sizes {
	/** Whether the batch is left open. */
	symbolic: boolean;
	/** For sizes that are free and no picture's. */
	free: number;
	picture?: readonly [height: number, width: number, channels: number] | undefined;
	/** It will not run: nobody is asked for sizes. */
	stuck: boolean;
}

/** They work on pictures, channels first. */
const PICTURES =
	/^(Conv|ConvTranspose|QLinearConv|ConvInteger|MaxPool|AveragePool|LpPool|Global\w*Pool|BatchNormalization|InstanceNormalization|GroupNormalization|LRN|Resize|Upsample|DepthToSpace|SpaceToDepth)$/;
/** They hand a picture on, number by number. */
const THROUGH =
	/^(Add|Sub|Mul|Div|Cast|Identity|Clip|Relu|QuantizeLinear|DequantizeLinear|Pad|Slice|Gather|Concat|Split|Unsqueeze|Sigmoid|Neg|Sqrt|Pow|Dropout|DynamicQuantizeLinear)$/;

/** Whether a picture goes from here into what wants its channels first. */
function isPicture(graph: OnnxGraph, name: string): boolean {
	const seen = new Set([name]);
	// Tools put their own nodes behind all others.
	for (const { op, inputs, outputs } of needed(graph.nodes, graph.outputs)) {
		if (!seen.has(inputs[0] ?? '') && !(op === 'Concat' && inputs.some((one) => seen.has(one)))) continue;
		if (PICTURES.test(op)) return true;
		if (THROUGH.test(op)) outputs.forEach((output) => seen.add(output));
	}
	return false;
}

const MAX_VALUES = 2 ** 28;

function check({ name, shape, dtype, other }: OnnxInput): Shape {
	const wrong = (what: string) =>
		new LabError(`The input "${name}" ${what}.`, 'Export the model with tensors of numbers as inputs.');
	if (other) throw wrong(`takes ${other}, which is not computed here`);
	if (dtype === 'string') throw wrong('takes texts, which are not computed here');
	if (!shape) throw wrong('does not say its shape');
	const count = shape.reduce<number>((n, m) => n * (m ?? 1), 1);
	if (shape.length > 6 || count > MAX_VALUES || shape.some((n) => n !== null && !(n >= 0)))
		throw wrong(`has the shape [${shape.map((n) => n ?? '?').join(', ')}], which cannot be`);
	return shape;
}

/** Whether each of the inputs may be rows of a batch. */
export function mayBeBatched(inputs: readonly OnnxInput[]): boolean {
	const shapes = inputs.map(({ shape }) => shape ?? []).filter(({ length }) => length);
	const long = shapes.filter(({ length }) => length > 1);
	return (
		long.every(([first]) => first === 1 || first === null) &&
		shapes.some(([first], i) => first === null || (shapes[i] as Shape).length > 1)
	);
}

/** A batch, and not on the first axis: states of recurrent layers are [layers, batch, units]. */
const isBatch = (name: string | undefined, axis: number, shape: Shape) =>
	name === undefined || name === ''
		? axis === 1 && shape.length === 3 && (shape[0] ?? 1) > 1 && shape[2] !== null
		: /^(batch(_?size)?|n|b|bs)$/i.test(name);

/** A size with a name: `past + 1` is as long as what it is made of. */
function sizeFrom(name: string | undefined, free: number): number {
	const parts = (name ?? '').split('+').map((part) => part.trim());
	if (parts.length < 2) return free;
	return parts.reduce((sum, part) => sum + (/^\d+$/.test(part) ? Number(part) : free), 0);
}

/** @throws LabError with the code `shape-needed` */
export function fed(graph: OnnxGraph, input: OnnxInput, { symbolic, free, picture, stuck }: Sizes): Fed {
	const declared = check(input);
	const rank = declared.length;
	const image = rank === 4 && isPicture(graph, input.name);
	const order = image ? channelsLast(4) : natural(rank);
	const assumed: string[] = [];
	const rows = (n: number | null) => (symbolic && (n === null || (n === 1 && rank > 1)) ? BATCH : (n ?? 1));
	const lying: Shape = order.map((axis) => declared[axis] as number | null);
	const full =
		rank === 4 && !stuck ? inverse(order).map((at) => filled(lying, picture)[at] as number | null) : declared;
	const shape = full.map((n, axis) => {
		if (axis === 0) return rows(n);
		if (n !== null) return n;
		const name = input.sizes[axis];
		if (isBatch(name, axis, declared)) return 1;
		assumed.push(name ?? `axis ${axis}`);
		return sizeFrom(name, free);
	});
	return { input, shape, order, assumed };
}
