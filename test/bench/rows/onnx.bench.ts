import * as ort from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { inTurn, ms, row } from '../measure.ts';
import { mobileNetV2, resNet18 } from '../../tools/onnx-networks.ts';

/** A page that is not isolated gives neither of the two more than one thread. */
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;

const PIXELS = 3 * 224 * 224;

async function timed<T>(job: () => Promise<T>): Promise<[T, number]> {
	const start = performance.now();
	const made = await job();
	return [made, performance.now() - start];
}

it.each([
	['MobileNet V2', mobileNetV2],
	['ResNet-18', resNet18]
])('%s from an ONNX file beside onnxruntime-web, both on WebAssembly', async (name, make) => {
	await startEngine('wasm');
	const bytes = make();
	const data = Float32Array.from({ length: PIXELS }, (_, i) => Math.sin(i));
	const [session, opened] = await timed(() => ort.InferenceSession.create(bytes));
	const [{ model }, own] = await timed(() =>
		openSource(
			{ name, files: [{ path: 'network.onnx', blob: new Blob([bytes]) }] },
			{ signal: new AbortController().signal, progress: () => {}, checkSize: () => {} }
		)
	);
	row(`${name}, ${(bytes.length / 1e6).toFixed(0)} MB, opened`, ms(own), `onnxruntime-web ${ms(opened)}`, own / opened);

	const [id] = model.graph.inputs as [string];
	const x = tf.tidy(() => tf.transpose(tf.tensor(data, [1, 3, 224, 224]), [0, 2, 3, 1]));
	let scores = new Float32Array();
	let expected = new Float32Array();
	const ours = async () => {
		const [y] = tf.tidy(() => model.run({ [id]: x }, model.graph.outputs)) as [tf.Tensor];
		scores = Float32Array.from(await y.data());
		y.dispose();
	};
	const theirs = async () => {
		const results = await session.run({
			[session.inputNames[0]!]: new ort.Tensor('float32', data, [1, 3, 224, 224])
		});
		expected = Float32Array.from(results[session.outputNames[0]!]!.data as Float32Array);
	};
	const [, first] = await timed(ours);
	const [, theirFirst] = await timed(theirs);
	row(`${name}, first forward pass`, ms(first), `onnxruntime-web ${ms(theirFirst)}`, first / theirFirst);
	const [steady, theirSteady] = await inTurn(15, ours, theirs);
	row(`${name}, forward pass`, ms(steady), `onnxruntime-web ${ms(theirSteady)}`, steady / theirSteady);

	const size = Math.max(...expected.map(Math.abs));
	expect(Math.max(...scores.map((v, i) => Math.abs(v - expected[i]!)))).toBeLessThan(1e-4 * size);
	expect(steady / theirSteady).toBeLessThan(2);
	model.dispose();
	x.dispose();
	await session.release();
});
