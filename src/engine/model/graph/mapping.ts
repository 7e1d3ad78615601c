import type { AttributeValue } from '#contracts/graph.ts';
import { LabError } from '#contracts/errors.ts';

/** TensorFlow nodes in the words of the operator table. What is not here runs by the converter's own executor. */

/** A node of the converter, as far as it is read here. */
export interface TfNode {
	name: string;
	op: string;
	inputNames: string[];
	attrParams: Readonly<Record<string, { value?: unknown } | undefined>>;
	/** As the file has them: some are not among the converter's. */
	rawAttrs?: Readonly<Record<string, { b?: unknown } | undefined>> | undefined;
}

export interface Constant {
	name: string;
	shape: readonly number[];
	/** Null where the file that holds them is missing. */
	values: ArrayLike<number> | null;
}

/** One operator of the table that a node becomes, in order; the last one carries the node's name. */
interface Stage {
	type: string;
	attributes: Record<string, AttributeValue>;
	/** Weight names by role. */
	roles: Record<string, string>;
}

export interface MappedNode {
	/** Inputs that are data, in the order that the first stage wants. */
	inputs: string[];
	stages: Stage[];
}

type Constants = (input: string | undefined) => Constant | undefined;

const attribute = (node: TfNode, name: string) => node.attrParams[name]?.value as AttributeValue | undefined;

/** [1, h, w, 1] -> [h, w]. */
function spatial(node: TfNode, name: string): [number, number] {
	const value = attribute(node, name);
	const pair: [number, number] =
		Array.isArray(value) && value.length === 4 ? [value[1] as number, value[2] as number] : [1, 1];
	if (pair.every((n) => Number.isSafeInteger(n) && n > 0)) return pair;
	throw new LabError(
		`"${node.name}" (${node.op}) has windows or steps of ${pair.join(' × ')}.`,
		'Convert the model again.'
	);
}

function pads(node: TfNode): AttributeValue {
	const pad = String(attribute(node, 'pad') ?? 'valid').toLowerCase();
	if (pad !== 'explicit') return pad;
	const all = attribute(node, 'explicitPaddings');
	if (!Array.isArray(all) || all.length !== 8 || !all.every((n) => Number.isSafeInteger(n) && (n as number) >= 0))
		throw new LabError(`"${node.name}" (${node.op}) does not say how much it pads.`, 'Convert the model again.');
	return [all.slice(2, 4), all.slice(4, 6)];
}

function refuseChannelsFirst(node: TfNode): void {
	if (String(attribute(node, 'dataFormat') ?? 'NHWC').toUpperCase() === 'NCHW')
		throw new LabError(
			`The operation "${node.name}" (${node.op}) is laid out channels first, which is not computed rightly on the GPU.`,
			'Convert the model with channels last (NHWC).'
		);
}

/** Activation names of fused operations. */
const FUSED: Readonly<Record<string, string>> = {
	relu: 'Relu',
	relu6: 'Relu6',
	elu: 'Elu',
	sigmoid: 'Sigmoid',
	prelu: 'PRelu',
	leakyrelu: 'LeakyRelu'
};

/** [] or [bias] or [activation] or both, from `fused_ops`. */
function fusedParts(node: TfNode, constants: Constants): { bias?: string; activation?: Stage } | null {
	const names = ((attribute(node, 'fusedOps') as string[] | undefined) ?? []).map((name) => name.toLowerCase());
	const rest = node.inputNames.slice(2).map((input) => constants(input)?.name);
	const parts: { bias?: string; activation?: Stage } = {};
	for (const name of names) {
		if (name === 'biasadd') {
			const bias = rest.shift();
			if (!bias) return null;
			parts.bias = bias;
			continue;
		}
		const type = Object.hasOwn(FUSED, name) ? FUSED[name] : undefined;
		if (!type) return null;
		const alpha = type === 'PRelu' ? rest.shift() : undefined;
		if (type === 'PRelu' && !alpha) return null;
		const attributes: Stage['attributes'] =
			type === 'LeakyRelu' ? { slope: (attribute(node, 'leakyreluAlpha') as number | undefined) ?? 0.2 } : {};
		parts.activation = { type, attributes, roles: alpha ? { alpha } : {} };
	}
	return parts;
}

/** A layer with a kernel, maybe a bias, maybe an activation. */
function weighted(type: string, attributes: (node: TfNode, kernel: Constant) => Stage['attributes']) {
	return (node: TfNode, constants: Constants): MappedNode | null => {
		refuseChannelsFirst(node);
		const kernel = constants(node.inputNames[1]);
		const parts = fusedParts(node, constants);
		if (!kernel || !parts) return null;
		const roles: Record<string, string> = { kernel: kernel.name, ...(parts.bias ? { bias: parts.bias } : {}) };
		const stages = [
			{ type, attributes: attributes(node, kernel), roles },
			...(parts.activation ? [parts.activation] : [])
		];
		return { inputs: [node.inputNames[0] as string], stages };
	};
}

const convolution = (type: string) =>
	weighted(type, (node, kernel) => ({
		filters: type === 'Conv2D' ? (kernel.shape[3] as number) : null,
		size: kernel.shape.slice(0, 2),
		strides: spatial(node, 'strides'),
		padding: pads(node),
		dilations: spatial(node, 'dilations')
	}));

const dense = weighted('Dense', (_node, kernel) => ({ units: kernel.shape[1] as number }));

const one = (type: string, attributes: (node: TfNode) => Stage['attributes'] = () => ({})) => {
	return (node: TfNode): MappedNode => ({
		inputs: node.inputNames.slice(0, 1),
		stages: [{ type, attributes: attributes(node), roles: {} }]
	});
};

const pool = (type: string) => (node: TfNode) => {
	refuseChannelsFirst(node);
	return one(type, (n) => ({ size: spatial(n, 'kernelSize'), strides: spatial(n, 'strides'), padding: pads(n) }))(node);
};

function batchNorm(node: TfNode, constants: Constants): MappedNode | null {
	refuseChannelsFirst(node);
	if (node.rawAttrs?.['is_training']?.b === true)
		throw new LabError(
			`"${node.name}" (${node.op}) normalises by the batch that it is given, as in training, which is not computed here.`,
			'Export the model for inference (training=False).'
		);
	const names = node.inputNames.slice(1, 5).map((input) => constants(input)?.name);
	if (names.length < 4 || names.some((name) => !name)) return null;
	const [gamma, beta, mean, variance] = names as [string, string, string, string];
	const attributes = { epsilon: (attribute(node, 'epsilon') as number | undefined) ?? 1e-3 };
	return {
		inputs: [node.inputNames[0] as string],
		stages: [{ type: 'BatchNormalization', attributes, roles: { gamma, beta, mean, variance } }]
	};
}

function matMul(node: TfNode, constants: Constants): MappedNode | null {
	if (attribute(node, 'transposeA') || attribute(node, 'transposeB')) return null;
	return constants(node.inputNames[1])?.shape.length === 2 ? dense(node, constants) : null;
}

function transposed(node: TfNode, constants: Constants): MappedNode | null {
	refuseChannelsFirst(node);
	if (spatial(node, 'dilations').some((n) => n > 1))
		throw new LabError(
			`"${node.name}" (${node.op}) is transposed and has gaps, which TF.js does not compute rightly.`,
			'Convert the model without dilations in its transposed convolutions.'
		);
	const [shape, kernel] = [constants(node.inputNames[0]), constants(node.inputNames[1])];
	if (!shape?.values || !kernel || pads(node) === 'explicit') return null;
	const attributes = {
		filters: kernel.shape[2] as number,
		size: kernel.shape.slice(0, 2),
		strides: spatial(node, 'strides'),
		padding: pads(node),
		outputShape: [shape.values[1] as number, shape.values[2] as number]
	};
	return {
		inputs: [node.inputNames[2] as string],
		stages: [{ type: 'Conv2DTranspose', attributes, roles: { kernel: kernel.name } }]
	};
}

const identity = one('Identity');

const TABLE: Readonly<Record<string, (node: TfNode, constants: Constants) => MappedNode | null>> = {
	Conv2D: convolution('Conv2D'),
	_FusedConv2D: convolution('Conv2D'),
	DepthwiseConv2dNative: convolution('DepthwiseConv2D'),
	DepthwiseConv2d: convolution('DepthwiseConv2D'),
	FusedDepthwiseConv2dNative: convolution('DepthwiseConv2D'),
	Conv2DBackpropInput: transposed,
	MatMul: matMul,
	_FusedMatMul: matMul,
	BiasAdd(node, constants) {
		refuseChannelsFirst(node);
		const bias = constants(node.inputNames[1]);
		return bias
			? {
					inputs: node.inputNames.slice(0, 1),
					stages: [{ type: 'BiasAdd', attributes: {}, roles: { bias: bias.name } }]
				}
			: null;
	},
	FusedBatchNorm: batchNorm,
	FusedBatchNormV2: batchNorm,
	FusedBatchNormV3: batchNorm,
	MaxPool: pool('MaxPool2D'),
	AvgPool: pool('AveragePool2D'),
	Relu: one('Relu'),
	Relu6: one('Relu6'),
	Elu: one('Elu'),
	Selu: one('Selu'),
	LeakyRelu: one('LeakyRelu', (node) => ({ slope: (attribute(node, 'alpha') as number | undefined) ?? 0.2 })),
	Sigmoid: one('Sigmoid'),
	Tanh: one('Tanh'),
	Softplus: one('Softplus'),
	Softmax: one('Softmax'),
	LogSoftmax: one('LogSoftmax'),
	// Not TensorFlow's own: what TensorFlow Lite has beside.
	HardSwish: one('HardSwish'),
	Gelu: one('Gelu'),
	GeluTanh: one('GeluTanh'),
	Identity: identity,
	Snapshot: identity,
	StopGradient: identity,
	PlaceholderWithDefault: identity
};

/** Whether the table has the operation: also what the converter does not know may be computed. */
export const isMapped = (op: string): boolean => Object.hasOwn(TABLE, op);

/** @returns null for a node that runs by the converter's own executor */
export function mapNode(node: TfNode, constants: Constants): MappedNode | null {
	return isMapped(node.op) ? (TABLE[node.op]?.(node, constants) ?? null) : null;
}

/** Plain words for what is shown of a node that runs as itself. */
const WORDS: Readonly<Record<string, string>> = {
	AddV2: 'Add',
	AddN: 'Add',
	Sub: 'Subtract',
	Mul: 'Multiply',
	RealDiv: 'Divide',
	ConcatV2: 'Concat',
	GatherV2: 'Gather',
	PadV2: 'Pad'
};

export const plainType = (op: string) => (Object.hasOwn(WORDS, op) && WORDS[op]) || op.replace(/^_/, '');
