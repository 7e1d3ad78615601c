import { attributes as a } from '#engine/model/graph/attributes.ts';
import type { Kernels, Write } from '#engine/model/tracing/kernel.ts';
import type { JsonObject } from '#maths/json.ts';

/** The inputs in their order, under a name that may be another. */
const plain =
	(op: string, attr: (w: Parameters<Write>[0]) => JsonObject = () => ({})): Write =>
	(w) =>
		w.done(op, w.all, attr(w));

const NHWC = a.text('NHWC');

const SAME = [
	...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Expm1'],
	...[
		'Floor',
		'IsFinite',
		'IsInf',
		'IsNan',
		'Log',
		'Log1p',
		'LogicalNot',
		'Neg',
		'Prelu',
		'Reciprocal',
		'Relu',
		'Relu6'
	],
	...['Round', 'Rsqrt', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Square', 'Tan', 'Tanh'],
	...['AddN', 'Atan2', 'Equal', 'FloorDiv', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'],
	...[
		'Maximum',
		'Minimum',
		'Mod',
		'NotEqual',
		'Pow',
		'RealDiv',
		'SquaredDifference',
		'Sub',
		'Identity',
		'ZerosLike',
		'OnesLike'
	]
];

const kernels: Kernels = {
	...Object.fromEntries(SAME.map((op) => [op, plain(op)])),
	Multiply: plain('Mul'),
	Select: plain('SelectV2'),
	/** A row for the last axis is a bias. */
	Add(w) {
		const [a, b] = [w.shape('a'), w.shape('b')];
		const bias = b.length === 1 && a.length > 1 && w.dtype === 'float32' && a.at(-1) === b[0];
		w.done(bias ? 'BiasAdd' : 'AddV2', w.all, bias ? { datNHWC: NHWC } : {});
	},
	Cast: plain('Cast', (w) => ({ DstT: a.type(w.dtype) })),
	LeakyRelu: plain('LeakyRelu', (w) => ({ alpha: a.float(w.number('alpha', 0.2)) })),
	ClipByValue(w) {
		const [low, high] = [w.number('clipValueMin'), w.number('clipValueMax')];
		w.done('ClipByValue', [...w.all, w.to.number(`${w.name}/low`, low), w.to.number(`${w.name}/high`, high)]);
	},
	Softmax: plain('Softmax'),
	LogSoftmax: plain('LogSoftmax'),
	LRN: plain('LRN', (w) => ({
		depth_radius: a.int(w.number('depthRadius')),
		bias: a.float(w.number('bias')),
		alpha: a.float(w.number('alpha')),
		beta: a.float(w.number('beta'))
	}))
};

export default kernels;
