import { LEAK } from '#maths/playground/activations.ts';
import { VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import { denseParts, DERIVATIONS, isPlain, picking, type NamedWeight } from '#maths/playground/export/parts.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';
import type { Activation, Loss } from '#maths/playground/spec.ts';

/** A playground's network as a TensorFlow graph, which has a sine where Keras has none. */

interface GraphNode {
	name: string;
	op: string;
	input: readonly string[];
	attr: Record<string, unknown>;
}

const OPS: Readonly<Partial<Record<Activation, string>>> = {
	tanh: 'Tanh',
	relu: 'Relu',
	sigmoid: 'Sigmoid',
	elu: 'Elu',
	softplus: 'Softplus',
	sine: 'Sin',
	'leaky-relu': 'LeakyRelu'
};
const OUTPUT_ACTIVATION: Readonly<Record<Loss, string>> = {
	'cross-entropy': 'Softmax',
	logistic: 'Sigmoid',
	'squared-tanh': 'Tanh',
	squared: 'Identity'
};

const shapeOf = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });

/** @returns nodes, signature and weights, in the order of the file */
export function graphTopology(plane: PlaneNetwork): {
	topology: { node: GraphNode[]; versions: { producer: number } };
	signature: unknown;
	weights: NamedWeight[];
} {
	const { network, loss, outputs } = plane;
	const node: GraphNode[] = [];
	const weights: NamedWeight[] = [];
	const add = (op: string, name: string, input: readonly string[], attr: Record<string, unknown> = {}): string => {
		node.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
		return name;
	};
	const constant = (name: string, shape: readonly number[], values: Float32Array | Int32Array): string => {
		const dtype = values instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT';
		weights.push({ name, shape, values });
		const attr = { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: shapeOf(shape) } } };
		node.push({ name, op: 'Const', input: [], attr });
		return name;
	};
	const number = (name: string, value: number) => constant(name, [], Float32Array.of(value));

	const attr = { dtype: { type: 'DT_FLOAT' }, shape: { shape: shapeOf([-1, 2]) } };
	node.push({ name: 'point', op: 'Placeholder', input: [], attr });
	const axes = new Map<0 | 1, string>();
	const coordinate = (axis: 0 | 1): string => {
		const name = axes.get(axis) ?? `x${axis + 1}`;
		if (!axes.has(axis)) add('MatMul', name, ['point', constant(`${name}/kernel`, [2, 1], picking(axis))]);
		axes.set(axis, name);
		return name;
	};
	const derived = isPlain(network.inputs)
		? ['point']
		: network.inputs.map((input) => {
				const { of, sine } = DERIVATIONS[input];
				const from = of.map(coordinate);
				const name = input.replace(/-/g, '_');
				if (sine) return add('Sin', name, from);
				return from.length === 1 ? (from[0] as string) : add('Mul', name, from);
			});
	let last = derived[0] as string;
	if (derived.length > 1) {
		const axis = constant('inputs/axis', [], Int32Array.of(1));
		last = add('ConcatV2', 'inputs', [...derived, axis], {
			N: { i: String(derived.length) },
			Tidx: { type: 'DT_INT32' }
		});
	}

	/** z Φ(z), by the error function. */
	const gelu = (name: string, z: string) => {
		const share = add('Mul', `${name}/scaled`, [z, number(`${name}/root`, Math.SQRT1_2)]);
		const both = add('AddV2', `${name}/plus`, [add('Erf', `${name}/erf`, [share]), number(`${name}/one`, 1)]);
		const half = add('Mul', `${name}/half`, [both, number(`${name}/a`, 0.5)]);
		return add('Mul', name, [z, half]);
	};

	const parts = denseParts(plane);
	for (const [l, { kernel, inputs, units, bias, norm }] of parts.entries()) {
		const isOutput = l === parts.length - 1;
		const name = isOutput ? 'output' : `hidden_${l + 1}`;
		last = add('MatMul', `${name}/sum`, [last, constant(`${name}/kernel`, [inputs, units], kernel)]);
		let shift = bias;
		if (norm) {
			// As it is when nothing is trained: one scale and one shift.
			const scale = norm.scale.map((gamma, o) => gamma / Math.sqrt((norm.variance[o] as number) + VARIANCE_FLOOR));
			shift = bias.map((beta, o) => beta - (norm.mean[o] as number) * (scale[o] as number));
			last = add('Mul', `${name}/norm`, [last, constant(`${name}/scale`, [units], scale)]);
		}
		last = add('AddV2', `${name}/biased`, [last, constant(`${name}/bias`, [units], shift)]);
		const { activation } = network;
		if (isOutput) last = add(OUTPUT_ACTIVATION[loss], 'output', [last]);
		else if (activation === 'gelu') last = gelu(name, last);
		else {
			const leak = activation === 'leaky-relu' ? { alpha: { f: LEAK } } : {};
			last = add(OPS[activation] ?? 'Identity', name, [last], leak);
		}
	}
	const tensor = (name: string, sizes: readonly number[]) => ({
		[name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shapeOf(sizes) }
	});
	return {
		topology: { node, versions: { producer: 1087 } },
		signature: { inputs: tensor('point', [-1, 2]), outputs: tensor('output', [-1, outputs]) },
		weights
	};
}
