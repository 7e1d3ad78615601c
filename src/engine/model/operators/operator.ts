import type { AttributeValue, GraphNode } from '#contracts/graph.ts';
import type { OperatorTraits } from '#contracts/operator.ts';
import type { Derive } from '#engine/model/rules/derivation.ts';
import type { Macs } from '#engine/model/rules/macs.ts';
import type { Positions } from '#engine/model/rules/positions.ts';
import type * as kit from '#engine/model/kit.ts';
import type * as tf from '#engine/tf.ts';

/** Functions of TF.js. */
export type Kit = typeof kit;

/** The weights of a node by their role in its formula: kernel, bias, gamma... */
export type Roles = Readonly<Record<string, string>>;

export interface OperatorContext {
	/** What it is computed with: entries are read by threads without TF.js too, and do not import it. */
	tf: Kit;
	node: GraphNode;
	/** The weight in that role. @throws if the node lacks it */
	weight(role: string): tf.Tensor;
	/** The same, or undefined. */
	optional(role: string): tf.Tensor | undefined;
}

/** On NHWC tensors. */
export type Compute = (inputs: readonly tf.Tensor[], context: OperatorContext) => tf.Tensor | tf.Tensor[];

/** All that the lab knows of an operator: what a node of its type computes, costs, means and looks like. */
export interface Operator extends OperatorTraits {
	/** Null for what runs as itself: by the converter's executor, or as the layer of tfjs-layers. */
	compute: Compute | null;
	macs: Macs;
	/** How positions move, for receptive fields. */
	positions: Positions;
	/** How one output number comes about; null where that is not shown. */
	derive: Derive | null;
	/**
	 * What its numbers are: the input's own (at inference, where nothing is trained), the same in another shape or type, a moved
	 * or thinned copy of them (no layer of its own for class activation maps), or new ones.
	 */
	result: 'identity' | 'reshaped' | 'moved' | 'new';
	/**
	 * What an output means that it gives: shares of classes, yes or no for each, maybe scores of classes, the index of the
	 * largest of its input's, or mere values.
	 */
	head: 'softmax' | 'sigmoid' | 'scores' | 'choice' | 'values';
	/** It has no gradient where it is negative: what comes before it is as good a target. */
	rectifies: boolean;
	/** What it says of the pixels where it comes first: that the model prepares them itself, maybe, or nothing. */
	prepares: 'surely' | 'maybe' | 'no';
	/** The axes of its kernel behind the window: [inputs, outputs], [outputs, inputs], [inputs, filters of each]; or [time, inputs, outputs]. */
	kernel: 'inputs-outputs' | 'outputs-inputs' | 'depthwise' | 'time';
	/** What lies side by side in the last axis of its kernels; `inner`: what the layer within has. */
	gates: readonly string[] | 'inner';
}

/** As it is written down: without a word of its own it is called by its type. */
export type Entry = Omit<Operator, 'word'> & { word: string | null };

/** What one file of this folder exports: operators by type. */
export type Operators = Readonly<Record<string, Entry>>;

/** What holds for most; the rest is said by every group of entries or by the entry itself. */
const USUAL = {
	compute: null,
	derive: null,
	result: 'new',
	head: 'scores',
	rectifies: false,
	prepares: 'no',
	kernel: 'inputs-outputs',
	gates: [],
	strip: 'layer',
	sign: '',
	word: null
} as const satisfies Partial<Record<keyof Operator, unknown>>;

type Usual = keyof typeof USUAL;
/** What neither the usual nor the group says must stand in the entry. */
type Own<C> = Omit<Entry, Usual | keyof C | 'note'> & Partial<Entry>;

/** Entries that have something in common: gives the function that makes one from its sentence and what is its own. */
export const group =
	<C extends Partial<Entry>>(common: C) =>
	(note: string, own: Own<C>): Entry =>
		({ ...USUAL, ...common, ...own, note }) as Entry;

export function number({ attributes, id }: GraphNode, name: string, otherwise?: number): number {
	const value = attributes[name] ?? otherwise;
	if (typeof value !== 'number') throw new Error(`"${id}" lacks the number ${name}.`);
	return value;
}

export function pair(
	{ attributes, id }: GraphNode,
	name: string,
	otherwise: [number, number] = [1, 1]
): [number, number] {
	const value = attributes[name] ?? otherwise;
	if (typeof value === 'number') return [value, value];
	if (Array.isArray(value)) {
		const [a, b = a] = value as number[];
		return [a as number, b as number];
	}
	throw new Error(`"${id}" lacks the pair ${name}.`);
}

export function list({ attributes, id }: GraphNode, name: string): number[] {
	const value: AttributeValue | undefined = attributes[name];
	if (!Array.isArray(value)) throw new Error(`"${id}" lacks the list ${name}.`);
	return [...(value as number[])];
}

/** A number, or a row of them as a tensor that broadcasts over the last axis. */
export function numberOrRow({ tensor1d }: Kit, node: GraphNode, name: string, otherwise: number): number | tf.Tensor {
	const value = node.attributes[name];
	return Array.isArray(value) ? tensor1d(value as number[]) : number(node, name, otherwise);
}

export function flag({ attributes }: GraphNode, name: string): boolean {
	return attributes[name] === true;
}

export type Padding = 'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]];

/** `same`, `valid`, or explicit [[top, bottom], [left, right]]. */
export function padding({ attributes, id }: GraphNode): Padding {
	const value = attributes['padding'] ?? 'valid';
	if (value === 'same' || value === 'valid') return value;
	if (Array.isArray(value) && value.length === 2)
		return [[0, 0], value[0] as [number, number], value[1] as [number, number], [0, 0]];
	throw new Error(`"${id}" has the unknown padding ${String(value)}.`);
}
