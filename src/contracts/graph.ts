import type { OperatorTraits } from '#contracts/operator.ts';

/** The structure of a model as plain data: every format becomes this, every view reads this. It crosses threads. */

export type AttributeValue = string | number | boolean | null | readonly AttributeValue[];

/** `null` is a dimension known only when the model runs (the batch, mostly). */
export type Shape = readonly (number | null)[];

export interface WeightInfo {
	/** Unique in the model, e.g. `conv1/kernel`. */
	name: string;
	shape: readonly number[];
	dtype: string;
	/** How the file stored it, where that differs from `dtype`: float16, uint8, uint16. */
	stored?: string;
	trainable?: boolean;
	/** What it is in its node's formula: kernel, bias, gamma, beta, mean, variance, alpha... */
	role?: string;
	/** Its axes as PyTorch writes them: [outputs, inputs] or [outputs, inputs, height, width]. Else outputs come last. */
	order?: 'outputs-first';
	/** Its numbers are not there: the file that holds them is missing, or they were not read. */
	missing?: true;
}

export interface GraphNode {
	/** Unique in the graph. */
	id: string;
	/** The operator in the field's usual words: Conv2D, Dense, Relu, Softmax, Add, Input... */
	type: string;
	attributes: Readonly<Record<string, AttributeValue>>;
	/** Where the inputs come from: a node's id, or `id:k` for its k-th output. */
	inputs: readonly string[];
	/** Shape of the first output, batch included; empty, too, where it is `unknown`. */
	shape: Shape;
	/** Where each axis of the file lies in `shape`, where the file has them in another order: channels first, mostly. */
	axes?: readonly number[];
	/** The model cannot run, and nothing else says which shape comes out. */
	unknown?: true;
	dtype: string;
	weights: readonly WeightInfo[];
	/** The nested models, scopes and composite layers that it lies in, outermost first. */
	group: readonly string[];
}

export interface Graph {
	/** In an order in which every node follows its inputs. */
	nodes: readonly GraphNode[];
	/** Ids of the nodes to feed. */
	inputs: readonly string[];
	/** References (`id` or `id:k`) of what the model returns. */
	outputs: readonly string[];
	/** What is known of the types of its nodes: each has its entry. */
	operators: ReadonlyMap<string, OperatorTraits>;
}

/** The shape in the file's own order, as people know it. */
export const fileShape = ({ shape, axes }: Pick<GraphNode, 'shape' | 'axes'>): Shape =>
	axes?.map((axis) => shape[axis] ?? null) ?? shape;

/** `id:k` -> [id, k]. Node ids may contain colons, so only a numeric tail counts. */
export function parseReference(reference: string): [id: string, output: number] {
	const match = /^(.*):(\d+)$/.exec(reference);
	return match ? [match[1] as string, Number(match[2])] : [reference, 0];
}
