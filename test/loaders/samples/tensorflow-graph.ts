import { attr, constant, DT, floats, graph, listedFloats, wholes } from '../../tools/tensorflow-writer.ts';
import type { Samples } from '../samples.ts';

const T = { T: attr.type(DT.float) };
const kernel = Array.from({ length: 18 }, (_, i) => Math.sin(i));

/** A frozen convolutional network with a training-time leftover that gives nothing. */
const frozen = () => ({
	'frozen.pb': graph([
		{ name: 'x', op: 'Placeholder', attr: { dtype: attr.type(DT.float), shape: attr.shape([-1, 6, 6, 1]) } },
		constant('conv/kernel', floats([3, 3, 1, 2], kernel)),
		constant('conv/bias', listedFloats([2], [0.5])),
		constant('axes', wholes([2], [1, 2]), DT.int32),
		{ name: 'conv/read', op: 'Identity', inputs: ['conv/kernel'], attr: T },
		{ name: 'conv', op: 'Conv2D', inputs: ['x', 'conv/read'], attr: { ...T, strides: attr.ints([1, 2, 2, 1]), padding: attr.text('SAME'), data_format: attr.text('NHWC'), dilations: attr.ints([1, 1, 1, 1]) } }, // prettier-ignore
		{ name: 'biased', op: 'BiasAdd', inputs: ['conv', 'conv/bias'], attr: T },
		{ name: 'relu', op: 'Relu', inputs: ['biased'], attr: T },
		{ name: 'mean', op: 'Mean', inputs: ['relu', 'axes'], attr: { ...T, keep_dims: attr.bool(false) } },
		{ name: 'soft', op: 'Softmax', inputs: ['mean', '^init'], attr: T },
		{ name: 'init', op: 'NoOp' }
	])
});

const samples: Samples = { cut: 'refused', files: { frozen } };

export default samples;
