import {
	attr,
	checkpoint,
	constant,
	DT,
	floats,
	graph,
	savedModel,
	words,
	type FunctionSpec,
	type Node
} from '../../tools/tensorflow-writer.ts';
import type { Samples } from '../samples.ts';

const T = { T: attr.type(DT.float) };
const variable = (name: string, ...shape: number[]): Node => ({
	...{ name, op: 'VarHandleOp' },
	attr: { dtype: attr.type(DT.float), shape: attr.shape(shape), shared_name: attr.text('kernel') }
});
const call = (name: string, body: string, inputs: string[]): Node => ({
	...{ name, op: 'StatefulPartitionedCall', inputs },
	attr: { f: attr.func(body) }
});
const read = (name: string, from: string): Node => ({
	...{ name, op: 'ReadVariableOp', inputs: [from] },
	attr: { dtype: attr.type(DT.float) }
});

/** Twice the same layer, one called within the other function, by functions that leave their types open. */
const dense = (name: string, activation: string): FunctionSpec => ({
	name,
	inputs: ['inputs', 'resource'],
	nodes: [
		read('MatMul/ReadVariableOp', 'resource'),
		{ name: 'MatMul', op: 'MatMul', inputs: ['inputs', 'MatMul/ReadVariableOp:value:0'], attr: { T: attr.placeholder('T'), transpose_a: attr.bool(false), transpose_b: attr.bool(false) } }, // prettier-ignore
		{ name: 'Activation', op: activation, inputs: ['MatMul:product:0'], attr: T },
		{ name: 'Identity', op: 'Identity', inputs: ['Activation:output:0'], attr: T }
	],
	returns: { identity: 'Identity:output:0' }
});

const functions: FunctionSpec[] = [
	dense('__inference_hidden_1', 'Relu'),
	dense('__inference_out_2', 'Softmax'),
	{
		name: '__inference_wrapped_3',
		inputs: ['x', 'first', 'second'],
		nodes: [
			call('model/hidden/StatefulPartitionedCall', '__inference_hidden_1', ['x', 'first']),
			call('model/out/StatefulPartitionedCall', '__inference_out_2', ['model/hidden/StatefulPartitionedCall:output:0', 'second']) // prettier-ignore
		],
		returns: { output_0: 'model/out/StatefulPartitionedCall:output:0' }
	},
	{
		name: '__inference__traced_restore_4',
		inputs: ['file_prefix', 'assign_a', 'assign_b'],
		nodes: [
			constant('RestoreV2/tensor_names', words(['layer-1/kernel/.VALUE', 'layer-0/kernel/.VALUE']), DT.string),
			constant('RestoreV2/slices', words(['', '']), DT.string),
			{ name: 'RestoreV2', op: 'RestoreV2', inputs: ['file_prefix', 'RestoreV2/tensor_names:output:0', 'RestoreV2/slices:output:0'] }, // prettier-ignore
			{ name: 'Identity', op: 'Identity', inputs: ['RestoreV2:tensors:0'] },
			{ name: 'AssignVariableOp', op: 'AssignVariableOp', inputs: ['assign_a', 'Identity:output:0'] },
			{ name: 'Identity_1', op: 'Identity', inputs: ['RestoreV2:tensors:1'] },
			{ name: 'AssignVariableOp_1', op: 'AssignVariableOp', inputs: ['assign_b', 'Identity_1:output:0'] }
		],
		returns: {}
	}
];

export const FIRST = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i));
export const SECOND = Float32Array.from({ length: 6 }, (_, i) => Math.sin(2 * i));

/** As Keras exports: two variables of one name, which only the way they are restored tells apart. */
const exported = () => ({
	'saved_model.pb': savedModel(
		graph(
			[
				{
					name: 'serving_default_x',
					op: 'Placeholder',
					attr: { dtype: attr.type(DT.float), shape: attr.shape([-1, 4]) }
				},
				variable('kernel', 4, 3),
				variable('kernel_1', 3, 2),
				constant('Const', words(['']), DT.string),
				constant('unused', floats([1], [1])),
				call('StatefulPartitionedCall', '__inference_wrapped_3', ['serving_default_x', 'kernel', 'kernel_1']),
				call('StatefulPartitionedCall_1', '__inference__traced_restore_4', ['Const', 'kernel_1', 'kernel'])
			],
			functions
		),
		{
			__saved_model_init_op: { inputs: {}, outputs: { init: { name: 'NoOp', shape: [] } } },
			serving_default: {
				inputs: { x: { name: 'serving_default_x:0', shape: [-1, 4] } },
				outputs: { output_0: { name: 'StatefulPartitionedCall:0', shape: [-1, 2] } }
			}
		}
	),
	...checkpoint({
		'layer-0/kernel/.VALUE': { shape: [4, 3], values: FIRST },
		'layer-1/kernel/.VALUE': { shape: [3, 2], values: SECOND }
	})
});

const samples: Samples = { cut: 'refused', files: { exported } };

export default samples;
