import { beforeAll, expect, it } from 'vitest';
import { openSource } from '#loaders/open-source.ts';
import { Session } from '#workers/compute/session.ts';
import { firstStatistics } from '#workers/compute/statistics.ts';
import { useBackend } from '../../tools/backends.ts';
import { loadContext } from '../../tools/files.ts';
import { onnxFile } from '../../tools/onnx-files.ts';
import { sourceOf } from '../samples.ts';

/** How pictures are prepared for a file as exporters write it: one convolution, and a thousand classes. */

beforeAll(() => useBackend('wasm'));

const zeros = (...shape: number[]) => ({ shape, values: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0) });

async function prepared(name: string, producer: string, statistics?: { mean: number[]; variance: number[] }) {
	const bn = statistics
		? [{ op: 'BatchNormalization', inputs: ['x', 'gamma', 'beta', 'mean', 'variance'], outputs: ['n'] }]
		: [];
	const bytes = onnxFile({
		producer,
		inputs: { x: { shape: ['batch', 3, 224, 224] } },
		outputs: ['y'],
		nodes: [
			...bn,
			{ op: 'Conv', inputs: [statistics ? 'n' : 'x', 'w'], outputs: ['c'], attributes: { strides: [7, 7] } },
			{ op: 'GlobalAveragePool', inputs: ['c'], outputs: ['g'] },
			{ op: 'Flatten', inputs: ['g'], outputs: ['f'] },
			{ op: 'Gemm', inputs: ['f', 'fc', 'b'], outputs: ['y'] }
		],
		constants: {
			w: zeros(4, 3, 7, 7),
			fc: zeros(4, 1000),
			b: zeros(1000),
			gamma: { shape: [3], values: [1, 1, 1] },
			beta: zeros(3),
			mean: { shape: [3], values: statistics?.mean ?? [0, 0, 0] },
			variance: { shape: [3], values: statistics?.variance ?? [1, 1, 1] }
		}
	});
	const loaded = await openSource(sourceOf({ [`${name}.onnx`]: bytes }), loadContext());
	const session = new Session(loaded, name, '', await firstStatistics(loaded.model));
	const [found] = session.opened().preprocessing;
	session.dispose();
	return found!;
}

it.each(['resnet50', 'vgg16', 'densenet121', 'model'])('%s by PyTorch: RGB, ImageNet mean and std', async (name) => {
	const { preprocessing, reason, guessed } = await prepared(name, 'pytorch');
	expect(preprocessing).toMatchObject({
		...{ order: 'rgb', width: 224, height: 224, channels: 3 },
		normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
	});
	expect(reason).toMatch(/^guessed from its producer, pytorch/);
	expect(guessed).toBe(true);
});

it('by Caffe: BGR', async () => {
	const { preprocessing } = await prepared('resnet50', 'onnx-caffe2');
	expect(preprocessing).toMatchObject({ order: 'bgr', normalisation: { std: [1 / 255, 1 / 255, 1 / 255] } });
});

it('as its first batch normalisation learned them, whoever made it', async () => {
	const statistics = { mean: [123, 117, 104], variance: [3600, 3500, 3700] };
	const { preprocessing, reason } = await prepared('resnet50', 'pytorch', statistics);
	expect(preprocessing).toMatchObject({ order: 'rgb', normalisation: { kind: 'range', low: 0, high: 255 } });
	expect(reason).toMatch(/^guessed: its first batch normalisation has a mean of 110 and a standard deviation of 60/);
});
