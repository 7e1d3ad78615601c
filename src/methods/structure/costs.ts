import type { Graph, GraphNode, Shape } from '#contracts/graph.ts';
import { parseReference } from '#contracts/graph.ts';
import type { NodeCost } from '#contracts/structure.ts';
import { costKind } from '#methods/structure/cost-kinds.ts';
import { receptiveFields } from '#methods/structure/receptive-field.ts';

/**
 * Multiply-adds per node and row of a batch. A convolution counts kernel size times output size; additions of biases,
 * comparisons of rectifiers and lookups count as nothing, normalisations and sums of inputs as one per output number.
 * FLOPs, where they are shown, are twice that.
 */

const size = (shape: Shape) => shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Output cells without the batch and the channels. */
const positions = (shape: Shape) => shape.slice(1, -1).reduce<number>((n, m) => n * (m ?? 1), 1);

/** Numbers that bilinear interpolation weighs for one that comes out. */
const CORNERS = 4;

function formula({ type, shape, weights, attributes }: GraphNode, inputs: readonly GraphNode[]): number | null {
	const kernel = weights.find(({ role }) => role === 'kernel')?.shape;
	const [input, second] = inputs;
	if (/Transpose$/.test(type)) {
		// Each input cell is multiplied with the whole kernel. Without a role, the kernel is the weight of that rank.
		const own = kernel ?? weights.find((weight) => weight.shape.length === shape.length)?.shape;
		return own && input ? positions(input.shape) * product(own) : null;
	}
	if (type === 'SeparableConv2D')
		return positions(shape) * weights.filter((w) => w.shape.length === 4).reduce((sum, w) => sum + product(w.shape), 0);
	if (/Conv/.test(type)) {
		const own = kernel ?? weights.find((weight) => weight.shape.length === shape.length)?.shape;
		const computed = type === 'Conv2DDynamic' && second ? product(second.shape.map((n) => n ?? 1)) : null;
		return own ? positions(shape) * product(own) : computed === null ? null : positions(shape) * computed;
	}
	if (type === 'Dense') return kernel ? (size(shape) / (kernel[1] as number)) * product(kernel) : null;
	if (/MatMul/.test(type)) {
		const inner = input?.shape.at(attributes['transposeA'] === true ? -2 : -1);
		return inner ? size(shape) * inner : null;
	}
	if (type === 'AveragePool2D') {
		const window = attributes['size'];
		return Array.isArray(window) ? size(shape) * product(window as number[]) : null;
	}
	if (type === 'Upsample2D') return attributes['method'] === 'bilinear' ? CORNERS * size(shape) : 0;
	if (type === 'ResizeBilinear' || type === 'CropAndResize') return CORNERS * size(shape);
	// Recurrent: all matrices at every step.
	const steps = input?.shape[1];
	return steps
		? steps *
				weights.filter((w) => w.shape.length === 2 && w.role !== 'bias').reduce((sum, w) => sum + product(w.shape), 0)
		: null;
}

function macs(node: GraphNode, inputs: readonly GraphNode[]): number | null {
	if (node.unknown || inputs.some(({ unknown }) => unknown)) return null;
	const { type, shape, weights } = node;
	switch (costKind(type)) {
		case 'formula':
			return formula(node, inputs);
		case 'free':
			return 0;
		case 'output':
			return (
				size(shape) * (/^(Add|Multiply|Average)$/.test(type) ? Math.max(1, inputs.length + weights.length - 1) : 1)
			);
		case 'input':
			return inputs[0] ? size(inputs[0].shape) : null;
		default:
			return null;
	}
}

/** By node id. */
export function nodeCosts(graph: Graph): Map<string, NodeCost> {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const fields = receptiveFields(graph);
	const counted = new Set<string>();
	return new Map(
		graph.nodes.map((node) => {
			const inputs = node.inputs.flatMap((reference) => nodes.get(parseReference(reference)[0]) ?? []);
			const parameters = node.weights.reduce((sum, { name, shape }) => {
				if (counted.has(name)) return sum;
				counted.add(name);
				return sum + product(shape);
			}, 0);
			const receptive = fields.get(node.id)?.size ?? null;
			return [
				node.id,
				{ parameters, macs: macs(node, inputs), activation: node.unknown ? 0 : 4 * size(node.shape), receptive }
			];
		})
	);
}
