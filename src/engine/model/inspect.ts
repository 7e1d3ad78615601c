import type { HeadSpec, InputSpec, OpenedModel } from '#contracts/compute.ts';
import { parseReference, type Graph, type GraphNode, type Shape } from '#contracts/graph.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import { counted, sized } from '#maths/format.ts';
import { product } from '#maths/product.ts';

/** What a graph's inputs and outputs mean, read off its structure. */

const nodesById = (graph: Graph) => new Map(graph.nodes.map((node) => [node.id, node]));

/** [.., h, w, c] or [.., c, h, w] with 1, 3 or 4 channels (with opacity), or [.., h, w]. */
export function imageLayout(shape: Shape): 'nhwc' | 'nchw' | 'nhw' | null {
	const [, a, b, c] = shape;
	const large = (n: number | null | undefined) => (n ?? 8) >= 8;
	// Four numbers per cell of a small board are no opacity.
	const channels = (n: number | null | undefined, side: number | null | undefined) =>
		n === 1 || n === 3 || (n === 4 && large(side));
	if (shape.length === 4) return channels(c, a) ? 'nhwc' : channels(a, b) && large(b) ? 'nchw' : null;
	return shape.length === 3 && (a ?? 0) >= 8 && (b ?? 0) >= 8 ? 'nhw' : null;
}

export function inputSpecs(graph: Graph): InputSpec[] {
	const nodes = nodesById(graph);
	return graph.inputs.map((id) => {
		const { shape, axes, dtype } = nodes.get(id) as GraphNode;
		return {
			id,
			shape,
			...(axes ? { axes } : {}),
			dtype,
			kind: dtype !== 'string' && imageLayout(shape) ? 'image' : 'values'
		};
	});
}

/** The node that gives an output its values, through what only reshapes them. */
function origin(nodes: ReadonlyMap<string, GraphNode>, reference: string): GraphNode | undefined {
	let node = nodes.get(parseReference(reference)[0]);
	while (node?.inputs.length && handsOn(node)) node = nodes.get(parseReference(node.inputs[0] as string)[0]);
	return node;
}

/** Nodes that give their input's values, in another shape at most. */
const handsOn = ({ type }: GraphNode) => ['identity', 'reshaped'].includes(operatorOf(type).result);

const known = (shape: Shape) => shape.slice(1).every((n) => n !== null);
const size = (shape: Shape) => shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);

/** One per output that holds numbers. */
export function headSpecs(graph: Graph): HeadSpec[] {
	const nodes = nodesById(graph);
	return graph.outputs.flatMap((given) => {
		const output = compared(nodes, given) ?? given;
		const node = nodes.get(parseReference(output)[0]);
		if (!node || node.dtype === 'string') return [];
		const source = origin(nodes, output);
		const meaning = source ? operatorOf(source.type).head : 'scores';
		const activation = meaning === 'softmax' || meaning === 'sigmoid' ? meaning : 'none';
		const scores = activation === 'none' ? output : (source?.inputs[0] as string);
		const grid =
			node.shape.length > 2 &&
			known(node.shape) &&
			size(node.shape) !== node.shape.at(-1) &&
			node.shape.slice(1).filter((n) => n !== 1).length > 1;
		const units = grid ? (node.shape.at(-1) as number) : size(node.shape);
		const kind: HeadSpec['kind'] = grid
			? 'grid'
			: activation === 'softmax'
				? 'classes'
				: activation === 'sigmoid'
					? units === 1
						? 'binary'
						: 'labels'
					: units > 1 && meaning === 'scores'
						? 'classes'
						: 'value';
		return [{ output, title: title(given, graph), scores, activation, kind, units }];
	});
}

/** The scores behind an output that only says which of them is the largest: those can be shown and explained. */
function compared(nodes: ReadonlyMap<string, GraphNode>, output: string): string | null {
	const argMax = origin(nodes, output);
	const [reference] = argMax && operatorOf(argMax.type).head === 'choice' ? argMax.inputs : [];
	const scores = reference === undefined ? undefined : nodes.get(parseReference(reference)[0]);
	// Along the last axis: over positions it would say where, not what.
	const last = scores && scores.shape.slice(1, -1).join() === argMax?.shape.slice(1).join();
	return last && known(scores.shape) ? (reference ?? null) : null;
}

/** The output by its name, without what only its activation adds. */
function title(output: string, graph: Graph): string {
	if (graph.outputs.length === 1) return 'Output';
	return output.replace(/\/[a-z0-9]+(:\d+)?$/, '') || output;
}

/** Ids of the nodes whose values depend on some of the inputs, these included. */
export function behind(graph: Graph, inputs: readonly string[]): ReadonlySet<string> {
	const fed = new Set(inputs);
	for (const node of graph.nodes) if (node.inputs.some((input) => fed.has(parseReference(input)[0]))) fed.add(node.id);
	return fed;
}

/**
 * Nodes with a grid between inputs and the scores, nearest to the scores first; without those that only move or thin what
 * came before.
 * @param scores references of what is explained; the nodes that give them are no layers of their own
 * @param inputs ids of those that layers must look at
 */
export function camLayers(
	graph: Graph,
	scores: readonly string[],
	inputs: readonly string[] = graph.inputs
): OpenedModel['layers'] {
	const givers = new Set(scores.map((reference) => parseReference(reference)[0]));
	const reaches = new Set<string>();
	const fed = behind(graph, inputs);
	for (const node of [...graph.nodes].reverse())
		if (givers.has(node.id) || reaches.has(node.id))
			node.inputs.forEach((input) => reaches.add(parseReference(input)[0]));
	return graph.nodes
		.filter((node) => {
			const [, h, w] = node.shape;
			const grid = node.shape.length === 4 && known(node.shape) && (h as number) * (w as number) > 1;
			return grid && reaches.has(node.id) && fed.has(node.id) && operatorOf(node.type).result === 'new';
		})
		.map(({ id, type, shape }) => {
			const [, h, w, channels] = shape as [unknown, number, number, number];
			return { id, title: `${id} (${type}, ${h} × ${w} × ${channels})`, grid: [h, w] as const, channels };
		})
		.reverse();
}

/** Scores of a trained network before softmax or sigmoid stay far below this; e to the power of it overflows float32. */
const REASONABLE = 100;

/** The largest magnitude of scores that no trained network gives, or 0. */
export function beyondReason({ kind }: HeadSpec, scores: ArrayLike<number>): number {
	if (kind !== 'classes' && kind !== 'labels' && kind !== 'binary') return 0;
	let max = 0;
	for (const score of Array.from(scores)) max = Math.max(max, Math.abs(score) || 0);
	return max > REASONABLE ? max : 0;
}

/** Numbers in all weights, each counted once. */
export function parameterCount(graph: Graph): number {
	const sizes = new Map(graph.nodes.flatMap((node) => node.weights.map((w) => [w.name, product(w.shape)])));
	return [...sizes.values()].reduce((sum, n) => sum + n, 0);
}

/** Bytes of all activations of one row, for choosing a batch. */
export function activationBytes(graph: Graph): number {
	return 4 * graph.nodes.reduce((sum, node) => sum + size(node.shape), 0);
}

/** Bytes that a prediction of one row holds at a time, about: the largest values as two inputs of a node and its output. */
export const peakBytes = ({ nodes }: Graph): number =>
	3 * 4 * nodes.reduce((most, { shape }) => Math.max(most, size(shape)), 0);

/** Multiply-adds of a node on one row; null where they cannot be counted. */
export function multiplyAdds(node: GraphNode, nodes: ReadonlyMap<string, GraphNode>): number | null {
	const inputs = node.inputs.flatMap((reference) => nodes.get(parseReference(reference)[0]) ?? []);
	const unknown = node.unknown || inputs.some((input) => input.unknown);
	return unknown ? null : operatorOf(node.type).macs(node, inputs);
}

/** What a run on one row computes: multiply-adds, as far as they are counted, and bytes of all values on the way. */
export function runWork(graph: Graph): { macs: number; bytes: number } {
	const nodes = nodesById(graph);
	const macs = graph.nodes.reduce((sum, node) => sum + (multiplyAdds(node, nodes) ?? 0), 0);
	return { macs, bytes: activationBytes(graph) };
}

/** More take a minute or longer on a processor: WebAssembly makes about 5e9 multiply-adds a second. */
const [MANY_MACS, MANY_BYTES] = [3e11, 4e9];

/** What one should know before a prediction is waited for; null where it does not take long. */
export function longRun(graph: Graph): string | null {
	const { macs, bytes } = runWork(graph);
	if (macs <= MANY_MACS && bytes <= MANY_BYTES) return null;
	return `A prediction of this model takes ${counted(macs)} multiply-adds and makes ${sized(bytes)} of numbers on the way: it may take minutes on this machine.`;
}
