import { describe, expect, it } from 'vitest';
import type { HeadSpec } from '#contracts/compute.ts';
import { guessPreprocessing, statisticsNames } from '#engine/model/guess.ts';
import { beyondReason, headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import { graph, node } from '../../tools/networks.ts';

/** As far as a guess looks: an image, a convolution, a thousand classes. */
function imageNet(side = 224, classes = 1000) {
	const image = node('image', 'Input', [], { shape: [null, side, side, 3] });
	const conv = node('conv', 'Conv2D', ['image'], { shape: [null, side, side, 64] });
	const fc = node('fc', 'Dense', ['conv'], { shape: [null, classes] });
	return graph([image, conv, fc, node('softmax', 'Softmax', ['fc'], { shape: [null, classes] })]);
}
const guess = (name: string, model = imageNet()) =>
	guessPreprocessing({ graph: model, input: inputSpecs(model)[0]!, heads: headSpecs(model), name })!;
const guessed = (name: string) => guess(name).preprocessing;

describe('published families get what keras.applications gives them', () => {
	it.each(['vgg16', 'VGG19', 'resnet50'])('%s: BGR minus the means of ImageNet, in 0..255', (name) => {
		const { order, normalisation, width, height, channels } = guessed(name);
		expect([order, width, height, channels]).toEqual(['bgr', 224, 224, 3]);
		// keras.applications.imagenet_utils, mode “caffe”: [103.939, 116.779, 123.68] in the order blue, green, red.
		if (normalisation.kind !== 'standard') return expect.fail('no mean');
		normalisation.mean.forEach((mean, k) => expect(255 * mean).toBeCloseTo([123.68, 116.779, 103.939][k]!, 1));
		normalisation.std.forEach((std) => expect(255 * std).toBeCloseTo(1, 6));
	});

	it.each([
		['mobilenet_v2', -1, 1],
		['InceptionV3', -1, 1],
		['resnet50v2', -1, 1],
		['efficientnet-b0', 0, 255]
	])('%s: %d to %d', (name, low, high) => {
		expect(guessed(name)).toMatchObject({ order: 'rgb', normalisation: { kind: 'range', low, high } });
	});

	it('densenet121: the mean and std of torchvision, in RGB', () => {
		expect(guessed('densenet121')).toMatchObject({
			order: 'rgb',
			normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
		});
	});
});

describe('what the model does to its pixels says more than its name', () => {
	const scaling = (type: string, attributes: Record<string, number | number[]> = {}) => {
		const shape = [null, 224, 224, 3];
		const [image, conv, ...rest] = imageNet().nodes;
		return graph([
			image!,
			node('cast', 'Cast', ['image'], { shape }),
			node('first', type, ['cast'], { shape, attributes }),
			{ ...conv!, inputs: ['first'] },
			...rest
		]);
	};
	it.each<[string, string, Record<string, number | number[]>, number, number, boolean]>([
		['mobilenet_v3_large', 'Rescale', { scale: 1 / 127.5, offset: -1 }, 0, 255, true],
		['efficientnetb0', 'Rescale', { scale: [1 / 58, 1 / 57, 1 / 57], offset: 0 }, 0, 255, true],
		['mobilenet', 'Rescale', { scale: 2, offset: -1 }, 0, 1, true],
		['model', 'Rescale', { scale: 1, offset: [-123, -117, -104] }, 0, 255, true],
		['model', 'Rescale', { scale: 255, offset: 0 }, 0, 1, true],
		['model', 'Normalization', { mean: [0.485, 0.456, 0.406], variance: [0.05, 0.05, 0.05] }, 0, 1, true],
		['model', 'Normalization', {}, 0, 255, true],
		['MobileNetV3', 'Multiply', {}, 0, 255, false],
		['https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/classification/5', 'Multiply', {}, 0, 1, false],
		['mobilenet_v2', 'Multiply', {}, -1, 1, false]
	])('%s that begins with %s %j', (name, type, attributes, low, high, sure) => {
		const found = guess(name, scaling(type, attributes));
		expect(found.preprocessing).toMatchObject({ order: 'rgb', normalisation: { kind: 'range', low, high } });
		expect(found.sure).toBe(sure);
	});

	it('EfficientNet-Lite is none of its namesakes', () => {
		expect(guessed('efficientnet_lite0').normalisation).toMatchObject({ low: -127 / 128, high: 1 });
	});
});

/** The sizes in which keras.applications and the authors publish them. */
const PUBLISHED: readonly (readonly [name: string, sides: readonly number[], low: number, high: number])[] = [
	['efficientnet-lite', [224, 240, 260, 280, 300], -127 / 128, 1],
	['EfficientNetB0..7', [224, 240, 260, 300, 380, 456, 528, 600], 0, 255],
	['efficientnetv2', [224, 240, 260, 300, 384, 480], 0, 255],
	['ConvNeXtTiny', [224, 384], 0, 255],
	['mobilenet_v2', [96, 128, 160, 192, 224], -1, 1],
	['InceptionV3', [299], -1, 1],
	['inception-resnet-v2', [299], -1, 1],
	['Xception', [299], -1, 1],
	['NASNetLarge', [331], -1, 1],
	['NASNetMobile', [224], -1, 1],
	['ResNet50V2', [224], -1, 1],
	['teachable machine', [224], -1, 1],
	['squeezenet', [224, 227], 0, 1],
	['darknet53', [224, 256, 416, 448], 0, 1],
	['yolov3', [320, 416, 608], 0, 1],
	['yolo11n', [512, 640], 0, 1]
];
const named = /^guessed from name, size and classes/;

describe('sizes in which families are published', () => {
	it.each(PUBLISHED.flatMap(([name, sides, low, high]) => sides.map((side) => [name, side, low, high] as const)))(
		'%s at %d: %d to %d',
		(name, side, low, high) => {
			const { preprocessing, reason, sure } = guess(name, imageNet(side));
			expect(preprocessing).toMatchObject({ width: side, height: side, normalisation: { kind: 'range', low, high } });
			expect(reason).toMatch(named);
			expect(sure).toBe(false);
			expect(guess(name, imageNet(side + 1)).reason).toMatch(/^not known: its name is that of a family/);
		}
	);

	it('any number of classes suits detectors; ImageNet’s families have a thousand, not scores of something else', () => {
		expect(guess('yolo', imageNet(416, 20)).reason).toMatch(named);
		expect(guess('mobilenet', imageNet(224, 1002)).reason).toMatch(/^not known/);
		const embedding = imageNet();
		const nodes = embedding.nodes.map((one) => (one.id === 'softmax' ? { ...one, type: 'Tanh' } : one));
		expect(guess('mobilenet', { ...embedding, nodes }).reason).toMatch(/^not known/);
	});

	it('a picture that is not square, or grey, is none of theirs', () => {
		const shaped = (...shape: number[]) => {
			const nodes = imageNet().nodes.map((one) => (one.type === 'Input' ? { ...one, shape: [null, ...shape] } : one));
			return guess('vgg16', graph(nodes));
		};
		expect(shaped(224, 192, 3).reason).toMatch(/^not known: its name/);
		expect(shaped(224, 224, 1).reason).toBe('not known; 0 to 1 is most common');
	});
});

describe('what the first layers say', () => {
	const built = (type: string, change = {}, count = 9) => {
		const nodes = [node('image', 'Input', [], { shape: [null, 50, 40, 3] })];
		for (let i = 0; i < count; i++) nodes.push(node(`dw${i}`, 'DepthwiseConv2D', [nodes.at(-1)!.id]));
		nodes.push(node('six', type, [nodes.at(-1)!.id], change));
		return guess('model', graph(nodes));
	};
	it.each(['Rescale', 'Normalization'])('%s: sure of 0 to 255', (type) => {
		const { preprocessing, reason, sure } = built(type, {}, 0);
		expect(preprocessing).toMatchObject({ width: 40, height: 50, normalisation: { kind: 'range', low: 0, high: 255 } });
		expect([reason, sure]).toEqual(['the model rescales the pixels itself', true]);
	});
	it.each(['Subtract', 'Divide', 'Multiply'])('%s: 0 to 255, not sure', (type) => {
		const { preprocessing, reason, sure } = built(type, {}, 0);
		expect(preprocessing.normalisation).toEqual({ kind: 'range', low: 0, high: 255 });
		expect([reason, sure]).toEqual(['guessed: the model starts by shifting or scaling its input', false]);
		// Further on it says nothing.
		expect(built(type, {}, 1).preprocessing.normalisation).toMatchObject({ high: 1 });
	});
	it.each([
		['Relu6', {}, 8, -1],
		['Relu', { attributes: { max: 6 } }, 8, -1],
		['Relu6', {}, 7, 0],
		['Relu', { attributes: { max: 5 } }, 9, 0],
		['Tanh', { attributes: { max: 6 } }, 9, 0]
	])('%s %j behind %d depthwise convolutions: from %d', (type, change, count, low) => {
		const { preprocessing, sure } = built(type, change, count);
		expect(preprocessing.normalisation).toEqual({ kind: 'range', low, high: 1 });
		expect(sure).toBe(false);
	});
});

describe('sizes and channels', () => {
	it.each([
		[[null, 3, 48, 64], { width: 64, height: 48, channels: 3, fit: 'crop' }],
		[[null, 20, 30], { width: 30, height: 20, channels: 1, fit: 'pad' }],
		[[null, null, null, 3], { width: 224, height: 224, channels: 3, fit: 'crop' }],
		[[null, 64, 32, 4], { width: 32, height: 64, channels: 4, fit: 'crop' }],
		[[null, 40, 32, 1], { width: 32, height: 40, channels: 1, fit: 'pad' }],
		[[null, 32, 33, 1], { width: 33, height: 32, channels: 1, fit: 'crop' }]
	] as const)('of %j: %j', (shape, expected) => {
		const model = graph([node('image', 'Input', [], { shape: [...shape] }), node('y', 'Dense', ['image'])]);
		const { preprocessing, reason, sure } = guess('model', model);
		expect(preprocessing).toEqual({
			...expected,
			order: 'rgb',
			invert: false,
			normalisation: { kind: 'range', low: 0, high: 1 }
		});
		expect(sure).toBe(false);
		expect(reason).toMatch(expected.fit === 'pad' ? /^guessed: small grey images/ : /^not known; 0 to 1/);
	});
});

describe('a name alone is no reason', () => {
	it.each([
		['tiny-vgg', 64, 10],
		['vgg16', 224, 10],
		['vgg16', 64, 1000],
		['densenet', 32, 1000]
	])('%s at %d pixels with %d classes is not known', (name, side, classes) => {
		const { preprocessing, reason, sure } = guess(name, imageNet(side, classes));
		expect(preprocessing).toMatchObject({ order: 'rgb', normalisation: { kind: 'range', low: 0, high: 1 } });
		expect(reason).toMatch(/^not known: its name is that of a family/);
		expect(sure).toBe(false);
	});

	it('but 1001 classes with a background are, too, and a Teachable Machine has any number', () => {
		expect(guess('mobilenet', imageNet(224, 1001)).preprocessing.normalisation).toMatchObject({ low: -1 });
		expect(guess('teachable-machine', imageNet(224, 3)).preprocessing.normalisation).toMatchObject({ low: -1 });
	});
});

describe('who made the model says more than what it is called', () => {
	const BGR = { order: 'bgr', normalisation: { kind: 'standard', std: [1 / 255, 1 / 255, 1 / 255] } };
	const TORCH = { order: 'rgb', normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } }; // prettier-ignore
	/** As an ONNX file is opened: channels last in memory, and first in the file. */
	const planar = (model = imageNet()) =>
		graph(model.nodes.map((one) => (one.type === 'Input' ? { ...one, axes: [0, 3, 1, 2] } : one)));
	const of = (name: string, model: ReturnType<typeof graph>, producer?: string) =>
		guessPreprocessing({ graph: model, input: inputSpecs(model)[0]!, heads: headSpecs(model), name, producer })!;

	it.each(['resnet50.onnx', 'vgg16', 'mobilenet_v2', 'efficientnet_b0', 'squeezenet1_1', 'densenet121', 'model'])(
		'%s by PyTorch, channels first: the mean and deviation of torchvision, in RGB',
		(name) => {
			const { preprocessing, reason, sure } = of(name, planar(), 'pytorch');
			expect(preprocessing).toMatchObject(TORCH);
			expect(reason).toBe(
				'guessed from its producer, pytorch, and classes: torchvision’s networks take ImageNet mean and std'
			);
			expect(sure).toBe(false);
		}
	);
	it('takes channels first for a sign of it where nobody says who wrote the file, and not for less than ImageNet', () => {
		const { preprocessing, reason } = of('resnet50', planar());
		expect(preprocessing).toMatchObject(TORCH);
		expect(reason).toMatch(/^guessed from layout and classes/);
		expect(of('resnet50', planar(imageNet(224, 10)), 'pytorch').reason).toMatch(/^not known/);
		// As they lie in the file, where they are not turned.
		const shape = [null, 3, 224, 224];
		const nodes = imageNet().nodes.map((one) => (one.type === 'Input' ? { ...one, shape } : one));
		expect(of('resnet50', graph(nodes)).preprocessing).toMatchObject({ ...TORCH, width: 224, height: 224 });
	});
	it.each([
		['yolov8n-cls', 0, 1],
		['inception_resnet_v2', -1, 1],
		['efficientnet-lite0', -127 / 128, 1]
	])('%s by PyTorch takes what its family takes', (name, low, high) => {
		expect(of(name, planar(), 'pytorch').preprocessing).toMatchObject({ normalisation: { kind: 'range', low, high } });
	});
	it('knows files of TensorFlow, which have channels first, too, and of Caffe', () => {
		expect(of('resnet50', planar(), 'tf2onnx').preprocessing).toMatchObject(BGR);
		expect(of('resnet50', planar(), 'keras2onnx').preprocessing).toMatchObject(BGR);
		const { preprocessing, reason } = of('model', planar(), 'onnx-caffe2');
		expect(preprocessing).toMatchObject(BGR);
		expect(reason).toMatch(/^guessed from its producer, onnx-caffe2/);
	});
	it('is told before an exported model’s first layers only where these are no scale of its own', () => {
		const [image, conv, ...rest] = planar().nodes;
		const scaled = node('sub', 'Subtract', ['image'], { shape: [null, 224, 224, 3] });
		const own = graph([image!, scaled, { ...conv!, inputs: ['sub'] }, ...rest]);
		expect(of('resnet50', own, 'pytorch').reason).toBe('guessed: the model starts by shifting or scaling its input');
	});

	const layered = (...ids: string[]) => {
		const [image, conv, ...rest] = imageNet().nodes;
		const shape = conv!.shape;
		return graph([image!, conv!, ...ids.map((id) => node(id, 'Conv2D', ['conv'], { shape })), ...rest]);
	};
	const RANGE = { order: 'rgb', normalisation: { kind: 'range', low: -1, high: 1 } };
	it.each([
		['ResNet', BGR, ['conv1_conv', 'conv2_block1_1_conv']],
		['ResNet', BGR, ['StatefulPartitionedCall/resnet50/conv2_block1_1_conv/Conv2D']],
		['ResNetV2', RANGE, ['conv1_conv', 'conv2_block1_preact_bn', 'conv2_block1_1_conv']],
		['ResNeXt', TORCH, ['conv2_block1_1_conv', 'conv2_block1_2_reduce']],
		['DenseNet', TORCH, ['conv2_block1_1_conv', 'conv2_block1_concat']],
		['VGG', BGR, ['block1_conv1', 'block5_conv3']],
		['Xception', RANGE, ['block1_conv1', 'block14_sepconv2']],
		['MobileNet', RANGE, ['conv_dw_13']],
		['MobileNet', RANGE, ['block_16_project']],
		['Inception', RANGE, ['mixed10']],
		['Inception', RANGE, ['block8_10_mixed']]
	])('%s of Keras by its layers: %j', (family, expected, ids) => {
		const { preprocessing, reason, sure } = of('model', layered(...ids));
		expect(preprocessing).toMatchObject(expected);
		expect(reason).toMatch(new RegExp(`^guessed from its layers’ names: ${family} of Keras takes`));
		expect(sure).toBe(false);
	});
	it('hears nothing in names that only hold theirs, nor where other classes were learned', () => {
		expect(of('model', layered('my_block5_conv3')).reason).toMatch(/^not known/);
		const few = layered('block5_conv3').nodes.map((one) =>
			one.shape.at(-1) === 1000 ? { ...one, shape: [null, 10] } : one
		);
		expect(of('model', graph(few)).reason).toMatch(/^not known/);
	});
});

describe('a batch normalisation right behind the input', () => {
	const normalised = (mean: number[], variance: number[], name = 'model') => {
		const model = imageNet();
		const statistics = { mean, variance };
		return guessPreprocessing({
			graph: model,
			input: inputSpecs(model)[0]!,
			heads: headSpecs(model),
			name,
			statistics
		})!;
	};
	// Of pixels v of 0 to 1, with the mean and deviation of ImageNet; what a·v + b are is a·m + b and a·s.
	const of = (a: number, b: number) => [
		[0.485, 0.456, 0.406].map((m) => a * m + b),
		[0.229, 0.224, 0.225].map((s) => (a * s) ** 2)
	];
	it.each([
		[255, 0, { low: 0, high: 255 }],
		[1, 0, { low: 0, high: 1 }],
		[2, -1, { low: -1, high: 1 }],
		[4.4, -1.98, { kind: 'standard' }]
	])('says what it saw: pixels times %d, plus %d', (a, b, expected) => {
		const [mean, variance] = of(a, b);
		const { preprocessing, reason, sure } = normalised(mean!, variance!, 'vgg16');
		expect(preprocessing).toMatchObject({ order: 'rgb', normalisation: expected });
		expect(reason).toMatch(/^guessed: its first batch normalisation has a mean of/);
		expect(sure).toBe(false);
	});
	it('says its numbers', () => {
		expect(normalised([120, 118, 110], [4900, 4900, 4900]).reason).toBe(
			'guessed: its first batch normalisation has a mean of 120 and a standard deviation of 70, as of 0 to 255'
		);
	});
	it.each([
		[[NaN], [1]],
		[[0.7], [0]],
		[[-3], [1]],
		[[1.5], [0.1]]
	])('says nothing where it is of no pixels: %j %j', (mean, variance) => {
		expect(normalised(mean, variance).reason).toMatch(/^not known/);
	});
	it('is found by its weights', () => {
		const weight = (role: string) => ({ name: `bn/${role}`, shape: [3], dtype: 'float32', role });
		const found = (type: string, weights = [weight('mean'), weight('variance')], behind = 'image') => {
			const bn = node('bn', type, [behind], { weights });
			return statisticsNames(graph([...imageNet().nodes, bn]), 'image');
		};
		expect(found('BatchNormalization')).toEqual({ mean: 'bn/mean', variance: 'bn/variance' });
		expect(found('BatchNormalization', [weight('mean')])).toBeNull();
		expect(found('BatchNormalization', [weight('mean'), weight('variance')], 'conv')).toBeNull();
		const missing = [weight('mean'), { ...weight('variance'), missing: true as const }];
		expect(found('BatchNormalization', missing)).toBeNull();
	});
});

describe('scores beyond reason', () => {
	const head = (kind: HeadSpec['kind']): HeadSpec => ({ ...headSpecs(imageNet())[0]!, kind });
	it.each([
		['classes', [1400, -3], 1400],
		['classes', [-912, 4], 912],
		['labels', [101], 101],
		['classes', [99.5, -60], 0],
		['value', [1400], 0],
		['grid', [1400], 0],
		['classes', [NaN, 3], 0]
	] as const)('%s %j: %d', (kind, scores, expected) => expect(beyondReason(head(kind), scores)).toBe(expected));
});
