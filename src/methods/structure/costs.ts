import type { Graph, GraphNode, Shape } from '#contracts/graph.ts';
import { parseReference } from '#contracts/graph.ts';
import type { NodeCost } from '#contracts/structure.ts';
import { receptiveFields } from '#methods/structure/receptive-field.ts';

/**
 * Multiply-adds per node and row of a batch. A convolution counts kernel size times output size; additions of biases,
 * comparisons of rectifiers and lookups count as nothing, normalisations and sums of inputs as one per output number.
 * FLOPs, where they are shown, are twice that.
 */

const size = (shape: Shape) => shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const FREE =
	/^(Input|Identity|IdentityN|Flatten|Reshape|Transpose|Squeeze|ExpandDims|Concat|Pad|Crop2D|Slice|StridedSlice|Split|Cast|Gather|Embedding|BiasAdd|Relu\d?|LeakyRelu|PRelu|MaxPool2D|GlobalMaxPool|MaxPool|Upsample2D|Maximum|Minimum|Stack|Unstack|Shape|Pack|Unpack|Tile|Reverse|Select|Greater|Less|Equal)$/;
const PER_OUTPUT =
	/^(BatchNormalization|Add|Subtract|Multiply|Divide|Average|Rescale|Sigmoid|Tanh|Elu|Selu|Swish|Mish|Gelu\w*|HardSigmoid|Softplus|Softsign|Softmax|LogSoftmax|Exp|Sqrt|Rsqrt|Square|Pow|Abs|Neg)$/;
const PER_INPUT = /^(AveragePool2D|GlobalAveragePool|Mean|Sum)$/;

function macs({ type, shape, weights }: GraphNode, inputs: readonly GraphNode[]): number | null {
	const kernel = weights.find(({ role }) => role === 'kernel')?.shape;
	const positions = (rank: number) => shape.slice(1, rank - 1).reduce<number>((n, m) => n * (m ?? 1), 1);
	const [input] = inputs;
	if (kernel && (type === 'Conv2D' || type === 'Conv1D')) return positions(shape.length) * product(kernel);
	if (kernel && type === 'DepthwiseConv2D') return positions(shape.length) * product(kernel);
	if (type === 'SeparableConv2D')
		return (
			positions(shape.length) *
			weights.filter(({ shape: s }) => s.length === 4).reduce((sum, w) => sum + product(w.shape), 0)
		);
	// Each input cell is multiplied with the whole kernel.
	if (kernel && type === 'Conv2DTranspose' && input)
		return input.shape.slice(1, -1).reduce<number>((n, m) => n * (m ?? 1), 1) * product(kernel);
	if (kernel && type === 'Dense') return (size(shape) / (kernel[1] as number)) * product(kernel);
	if (type === 'MatMul' || type === 'BatchMatMul' || type === 'BatchMatMulV2') {
		const inner = input?.shape.at(-1);
		const other = weights[0]?.shape;
		return inner ? size(shape) * inner : other ? size(shape) * (other[0] as number) : null;
	}
	if (PER_INPUT.test(type)) return input ? size(input.shape) : null;
	if (PER_OUTPUT.test(type))
		return size(shape) * Math.max(1, /^(Add|Multiply|Average)$/.test(type) ? inputs.length + weights.length - 1 : 1);
	return FREE.test(type) ? 0 : null;
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
			return [node.id, { parameters, macs: macs(node, inputs), activation: 4 * size(node.shape), receptive }];
		})
	);
}
