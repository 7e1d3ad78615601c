import { parseReference, type AttributeValue, type Graph, type GraphNode } from '#contracts/graph.ts';
import { newLayer, type FigureKind, type FigureLayer } from '#maths/figures/layer.ts';
import { product } from '#maths/product.ts';

/** A model's graph as the layers of a figure. */

function pair(value: AttributeValue | undefined): [number, number] | null {
	if (typeof value === 'number') return [value, value];
	if (!Array.isArray(value)) return null;
	const [a, b = a] = value as AttributeValue[];
	return typeof a === 'number' && typeof b === 'number' ? [a, b] : null;
}

type Operators = Graph['operators'];

const kindOf = ({ type, inputs }: GraphNode, operators: Operators): FigureKind =>
	inputs.length ? (operators.get(type)?.figure ?? 'other') : 'input';

/** ReLU, ReLU6: a rectifier with an upper limit says it. */
function wordOf({ type, attributes }: GraphNode, operators: Operators): string {
	const limit = attributes['max'];
	return `${operators.get(type)?.word ?? type}${typeof limit === 'number' ? limit : ''}`;
}

/**
 * An activation that its file wrote into the layer before (its id extends that layer's, or the layer's extends its) is
 * part of that layer, as in Keras.
 */
function builtIn({ nodes, operators }: Graph): Map<string, GraphNode> {
	const kind = (node: GraphNode) => kindOf(node, operators);
	const uses = new Map<string, number>();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	for (const { inputs } of nodes)
		for (const input of inputs) {
			const [id] = parseReference(input);
			uses.set(id, (uses.get(id) ?? 0) + 1);
		}
	const found = new Map<string, GraphNode>();
	for (const node of nodes) {
		if (node.inputs.length !== 1 || node.weights.length || kind(node) !== 'activation') continue;
		const owner = byId.get(parseReference(node.inputs[0] as string)[0]);
		if (!owner || uses.get(owner.id) !== 1 || ['input', 'activation'].includes(kind(owner))) continue;
		if (node.id.startsWith(`${owner.id}/`) || owner.id.startsWith(`${node.id}/`)) found.set(node.id, owner);
	}
	return found;
}

/** The matrix [inputs, outputs] of a dense layer. */
function kernelOf({ weights }: GraphNode, kind: FigureKind): string {
	if (kind !== 'dense') return '';
	return (
		weights.find(
			({ role, shape, missing }) => !missing && shape.length === 2 && (role === 'kernel' || role === undefined)
		)?.name ?? ''
	);
}

/** Without the scopes that its frames name. */
const shortName = (id: string, group: readonly string[]) => {
	const parts = id.split('/');
	let shared = 0;
	while (shared < parts.length - 1 && parts[shared] === group[shared]) shared++;
	return parts.slice(shared).join('/');
};

/** In the graph's order: every layer after those that feed it. */
export function modelLayers(graph: Graph): FigureLayer[] {
	const { nodes, operators } = graph;
	const owners = builtIn(graph);
	const joined = new Map([...owners].map(([activation, owner]) => [owner.id, activation]));
	const byId = new Map(nodes.map((node) => [node.id, node]));
	let before = '';
	return nodes.flatMap((node) => {
		if (owners.has(node.id)) return [];
		const activation = byId.get(joined.get(node.id) ?? '');
		const kind = kindOf(node, operators);
		const traits = operators.get(node.type);
		const inputs = [...new Set(node.inputs.map((input) => parseReference(input)[0]))].map(
			(id) => owners.get(id)?.id ?? id
		);
		const trainable = node.weights.map((weight) => weight.trainable).filter((flag) => flag !== undefined);
		const shortest = activation && activation.id.length < node.id.length ? activation.id : node.id;
		const window = pair(node.attributes['size']);
		const layer = newLayer(node.id, {
			name: shortName(shortest, node.group),
			kind,
			type: kind === 'activation' ? wordOf(node, operators) : node.type,
			word: kind === 'activation' ? wordOf(node, operators) : (traits?.word ?? null),
			sign: traits?.sign ?? '',
			shape: node.shape.slice(1),
			window: kind === 'transposed' && !node.weights.length ? null : window,
			strides: pair(node.attributes['strides']),
			activation: activation ? wordOf(activation, operators) : '',
			inputs: inputs.map((id) => (id === before ? '' : id)),
			dtype: node.dtype,
			trainable: trainable.length ? trainable.some(Boolean) : null,
			parameters: node.weights.reduce((sum, { shape }) => sum + product(shape), 0),
			group: node.group,
			kernel: kernelOf(node, kind)
		});
		before = node.id;
		return [layer];
	});
}
