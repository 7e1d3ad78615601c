import { parseReference, type AttributeValue, type Graph, type GraphNode } from '#contracts/graph.ts';
import { plainWord } from '#maths/figures/chain.ts';
import { newLayer, type FigureKind, type FigureLayer } from '#maths/figures/layer.ts';

/** A model's graph as the layers of a figure. */

const KIND_OF: readonly (readonly [RegExp, FigureKind])[] = [
	[/^(Input|InputLayer|Placeholder)$/, 'input'],
	[/Depthwise|Separable/, 'depthwise'],
	[/Conv\dDTranspose|Upsample|UpSampling|ResizeBilinear|ResizeNearest|Conv2DBackpropInput/, 'transposed'],
	[/Conv/, 'convolution'],
	[/^Global.*Pool/, 'global-pooling'],
	[/Pool/, 'pooling'],
	[/^(Dense|MatMul|EinsumDense)$/, 'dense'],
	[/^(Flatten|Reshape|Squeeze|ExpandDims|Permute|Transpose|RepeatVector)$/, 'flatten'],
	[/Norm|^Rescale$|^BiasAdd$/, 'normalisation'],
	[
		/^(Relu\d?|Elu|Selu|LeakyRelu|PRelu|Sigmoid|HardSigmoid|Tanh|Softmax|LogSoftmax|Softplus|Softsign|Swish|Mish|Gelu|GeluTanh|ThresholdedReLU|HardSwish)$/,
		'activation'
	],
	[/Dropout|^GaussianNoise$|^Identity(N)?$|^StopGradient$/, 'dropout'],
	[/^(Add|AddN|Multiply|Subtract|Average|Maximum|Minimum|Concat|Concatenate|Dot)$/, 'merge'],
	[/LSTM|GRU|RNN|Bidirectional/, 'recurrent'],
	[/Attention/, 'attention']
];

const kindOf = (node: GraphNode): FigureKind =>
	(node.inputs.length ? undefined : ('input' as const)) ??
	KIND_OF.find(([pattern]) => pattern.test(node.type))?.[1] ??
	'other';

function pair(value: AttributeValue | undefined): [number, number] | null {
	if (typeof value === 'number') return [value, value];
	if (!Array.isArray(value)) return null;
	const [a, b = a] = value as AttributeValue[];
	return typeof a === 'number' && typeof b === 'number' ? [a, b] : null;
}

const activationWord = ({ type, attributes }: GraphNode) =>
	type === 'Relu' && attributes['max'] === 6 ? 'ReLU6' : plainWord(type);

/**
 * An activation that its file wrote into the layer before (its id extends that layer's, or the layer's extends its) is
 * part of that layer, as in Keras.
 */
function builtIn(nodes: readonly GraphNode[]): Map<string, GraphNode> {
	const uses = new Map<string, number>();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	for (const { inputs } of nodes)
		for (const input of inputs) {
			const [id] = parseReference(input);
			uses.set(id, (uses.get(id) ?? 0) + 1);
		}
	const found = new Map<string, GraphNode>();
	for (const node of nodes) {
		if (node.inputs.length !== 1 || node.weights.length || kindOf(node) !== 'activation') continue;
		const owner = byId.get(parseReference(node.inputs[0] as string)[0]);
		if (!owner || uses.get(owner.id) !== 1 || kindOf(owner) === 'input' || kindOf(owner) === 'activation') continue;
		if (node.id.startsWith(`${owner.id}/`) || owner.id.startsWith(`${node.id}/`)) found.set(node.id, owner);
	}
	return found;
}

/** The matrix [inputs, outputs] of a dense layer. */
function kernelOf({ type, weights }: GraphNode): string {
	if (type !== 'Dense' && type !== 'MatMul') return '';
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
export function modelLayers({ nodes }: Graph): FigureLayer[] {
	const owners = builtIn(nodes);
	const joined = new Map([...owners].map(([activation, owner]) => [owner.id, activation]));
	const byId = new Map(nodes.map((node) => [node.id, node]));
	let before = '';
	return nodes.flatMap((node) => {
		if (owners.has(node.id)) return [];
		const activation = byId.get(joined.get(node.id) ?? '');
		const kind = kindOf(node);
		const inputs = [...new Set(node.inputs.map((input) => parseReference(input)[0]))].map(
			(id) => owners.get(id)?.id ?? id
		);
		const trainable = node.weights.map((weight) => weight.trainable).filter((flag) => flag !== undefined);
		const shortest = activation && activation.id.length < node.id.length ? activation.id : node.id;
		const window = pair(node.attributes['size']);
		const layer = newLayer(node.id, {
			name: shortName(shortest, node.group),
			kind,
			type: kind === 'activation' ? activationWord(node) : node.type,
			shape: node.shape.slice(1),
			window: kind === 'transposed' && !node.weights.length ? null : window,
			strides: pair(node.attributes['strides']),
			activation: activation ? activationWord(activation) : '',
			inputs: inputs.map((id) => (id === before ? '' : id)),
			dtype: node.dtype,
			trainable: trainable.length ? trainable.some(Boolean) : null,
			parameters: node.weights.reduce((sum, { shape }) => sum + shape.reduce((n, m) => n * m, 1), 0),
			group: node.group,
			kernel: kernelOf(node)
		});
		before = node.id;
		return [layer];
	});
}
