import type { Files, Samples } from '../samples.ts';
import { filesOf, type WeightEntry } from './tfjs-layers.ts';

/** TensorFlow graphs as the converter writes them. */

const s = (text: string) => ({ s: btoa(text) });
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
const T = { type: 'DT_FLOAT' };
const dims = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
const placeholder = (name: string, ...shape: number[]) => ({
	...{ name, op: 'Placeholder' },
	attr: { dtype: T, shape: { shape: dims(shape) } }
});
const constant = (name: string, shape: readonly number[]) => ({
	...{ name, op: 'Const' },
	attr: { dtype: T, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims(shape) } } }
});
const op = (name: string, type: string, input: string[], attr: object = {}) => ({
	name,
	op: type,
	input,
	attr: { T, ...attr }
});
const window = {
	strides: ints(1, 1, 1, 1),
	...{ padding: s('SAME'), data_format: s('NHWC'), dilations: ints(1, 1, 1, 1) }
};

function head(node: object[], input: readonly number[], units: number) {
	const tensor = (name: string, shape: readonly number[]) => ({ name, dtype: 'DT_FLOAT', tensorShape: dims(shape) });
	return {
		...{ format: 'graph-model', generatedBy: '2.15.0', convertedBy: 'TensorFlow.js Converter v4.22.0' },
		signature: {
			inputs: { x: tensor('x:0', [-1, ...input]) },
			outputs: { y: tensor('Identity:0', [-1, units]) }
		},
		modelTopology: { node, library: {}, versions: { producer: 1645 } }
	};
}

function convolutional(): Files {
	const weights: WeightEntry[] = [
		['k1', [3, 3, 1, 2]],
		['b1', [2]],
		['k2', [3, 3, 2, 1]],
		['gamma', [2]],
		['beta', [2]],
		['mean', [2]],
		['variance', [2]],
		['w', [2, 3], { dtype: 'uint8', scale: 0.01, min: -1 }],
		['b', [3]]
	];
	const node = [
		placeholder('x', -1, 8, 8, 1),
		...weights.map(([name, shape]) => constant(name, shape)),
		op('net/a', '_FusedConv2D', ['x', 'k1', 'b1'], { ...window, fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu')] } }, num_args: { i: '1' }, epsilon: { f: 0 } }), // prettier-ignore
		op('net/b', 'DepthwiseConv2dNative', ['net/a', 'k2'], window),
		op('net/c', 'AddV2', ['net/a', 'net/b']),
		op('net/d', 'FusedBatchNormV3', ['net/c', 'gamma', 'beta', 'mean', 'variance'], { epsilon: { f: 0.001 }, data_format: s('NHWC'), is_training: { b: false } }), // prettier-ignore
		op('net/e', 'MaxPool', ['net/d'], { ksize: ints(1, 2, 2, 1), strides: ints(1, 2, 2, 1), padding: s('VALID'), data_format: s('NHWC') }), // prettier-ignore
		{ ...constant('axes', [2]), attr: { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: dims([2]) } } } }, // prettier-ignore
		op('pool', 'Mean', ['net/e', 'axes'], { keep_dims: { b: false }, Tidx: { type: 'DT_INT32' } }),
		op('fc', 'MatMul', ['pool', 'w'], { transpose_a: { b: false }, transpose_b: { b: false } }),
		op('logits', 'BiasAdd', ['fc', 'b'], { data_format: s('NHWC') }),
		op('probabilities', 'Softmax', ['logits']),
		op('Identity', 'Identity', ['probabilities'])
	];
	const files = filesOf(head(node, [8, 8, 1], 3), weights);
	// Axes are whole numbers: a manifest entry of their own at the end.
	const json = JSON.parse(files['model.json'] as string) as { weightsManifest: [{ weights: object[] }] };
	json.weightsManifest[0].weights.push({ name: 'axes', shape: [2], dtype: 'int32' });
	const last = files['group1-shard2of2.bin'] as Uint8Array<ArrayBuffer>;
	const shard = new Uint8Array(last.length + 8);
	shard.set(last);
	shard.set(new Uint8Array(Int32Array.of(1, 2).buffer), last.length);
	return { ...files, 'model.json': JSON.stringify(json), 'group1-shard2of2.bin': shard };
}

function dense(): Files {
	const weights: WeightEntry[] = [
		['w1', [4, 5]],
		['b1', [5]],
		['w2', [10, 3]]
	];
	const node = [
		placeholder('x', -1, 4),
		...weights.map(([name, shape]) => constant(name, shape)),
		op('hidden', '_FusedMatMul', ['x', 'w1', 'b1'], { fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu')] } }, num_args: { i: '1' }, transpose_a: { b: false }, transpose_b: { b: false } }), // prettier-ignore
		op('half', 'Mul', ['hidden', 'b1']),
		op('parts', 'Pack', ['hidden', 'half'], { N: { i: '2' }, axis: { i: '1' } }),
		op('both', 'Sum', ['parts', 'axis'], { keep_dims: { b: false } }),
		{ name: 'axis', op: 'Const', attr: { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: dims([]) } } } }, // prettier-ignore
		op('joined', 'ConcatV2', ['hidden', 'both', 'axis'], { N: { i: '2' } }),
		op('y', 'MatMul', ['joined', 'w2'], { transpose_a: { b: false }, transpose_b: { b: false } }),
		op('Identity', 'Identity', ['y'])
	];
	const files = filesOf(head(node, [4], 3), weights);
	const json = JSON.parse(files['model.json'] as string) as { weightsManifest: [{ weights: object[] }] };
	json.weightsManifest[0].weights.push({ name: 'axis', shape: [], dtype: 'int32' });
	const last = files['group1-shard2of2.bin'] as Uint8Array<ArrayBuffer>;
	const shard = new Uint8Array(last.length + 4);
	shard.set(last);
	shard.set([1, 0, 0, 0], last.length);
	return { ...files, 'model.json': JSON.stringify(json), 'group1-shard2of2.bin': shard };
}

const samples: Samples = { cut: 'refused', files: { convolutional, dense } };

export default samples;
