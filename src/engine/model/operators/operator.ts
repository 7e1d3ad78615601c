import type { AttributeValue, GraphNode } from '#contracts/graph.ts';
import { tensor1d, type Tensor } from '#engine/tf.ts';

/** The weights of a node by their role in its formula: kernel, bias, gamma... */
export type Roles = Readonly<Record<string, string>>;

export interface OperatorContext {
	node: GraphNode;
	/** The weight in that role. @throws if the node lacks it */
	weight(role: string): Tensor;
	/** The same, or undefined. */
	optional(role: string): Tensor | undefined;
}

/** A neutral operation on NHWC tensors: what every format's own is translated into. */
export type Operator = (inputs: readonly Tensor[], context: OperatorContext) => Tensor | Tensor[];

/** What one file of this folder exports: operators by type. */
export type Operators = Readonly<Record<string, Operator>>;

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
export function numbers(node: GraphNode, name: string, otherwise: number): number | Tensor {
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
