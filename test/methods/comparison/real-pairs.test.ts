import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { roundedIn } from '#methods/comparison/causes.ts';
import { partingOf } from '#methods/comparison/parting.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { useBackend } from '../../tools/backends.ts';
import { testInput } from '../../tools/conformance.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';

/** Files that others exported from one network, where they are at hand. */

beforeAll(() => useBackend('wasm'));

const KERAS = 'real-models/keras-h5/mlperf-tiny-resnet8-cifar10';
const LITE = 'real-models/tflite/mlperf-tiny-resnet8';

it.runIf(dataFolder).each([
	['pretrainedResnet.tflite', 'float'],
	['pretrainedResnet_quant.tflite', 'int8']
])('ResNet-8 of Keras and %s', async (name, kind) => {
	const folder = folderSource(join(dataFolder!, LITE));
	const [{ model: first }, { model: second }] = [
		await openSource(folderSource(join(dataFolder!, KERAS)), loadContext()),
		await openSource({ name, files: folder.files.filter(({ path }) => path.endsWith(name)) }, loadContext())
	];
	const x = tf.tidy(() => tf.mul(tf.add(testInput([1, 32, 32, 3], 1), 1), 100));
	const feeds = ({ graph }: typeof first) => ({ [graph.inputs[0]!]: x });
	const found = await partingOf(
		{ model: first, feeds: feeds(first) },
		{ model: second, feeds: feeds(second) },
		compareGraphs(first.graph, second.graph),
		{ signal: new AbortController().signal, progress: () => {} }
	);
	// Every layer after a fold finds its partner; convolutions that took up their normalisation are that normalisation.
	expect(found).toHaveLength(24);
	expect(found.find(({ a }) => a === 'batch_normalization_1')?.b).toBe('model/activation_1/Relu/Conv2D');
	const furthest = Math.max(...found.map(({ relative }) => relative));
	const node = (model: typeof first, id: string) => model.graph.nodes.find((one) => one.id === id)!;
	const { a, b } = found.find(({ relative }) => relative > 1e-3) ?? found[1]!;
	expect(roundedIn(first.graph.nodes, node(first, a))).toBeNull();
	if (kind === 'float') {
		expect(furthest).toBeLessThan(1e-4);
		expect(roundedIn(second.graph.nodes, node(second, b))).toBeNull();
	} else {
		expect(furthest).toBeGreaterThan(1e-3);
		expect(furthest).toBeLessThan(0.5);
		expect(roundedIn(second.graph.nodes, node(second, b))).toBe('int8');
	}
	x.dispose();
	first.dispose();
	second.dispose();
});
