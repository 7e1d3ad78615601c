import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { it } from 'vitest';
import { report, startEngine } from '#engine/device.ts';
import { planeTensor } from '#engine/playground/plane-field.ts';
import { TypedTrainer } from '#engine/playground/typed-trainer.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';
import { dataset } from '#maths/playground/data.ts';
import { planeField } from '#maths/playground/field.ts';
import { initialParameters, networkLayout } from '#maths/playground/layout.ts';
import type { Trainer } from '#contracts/playground.ts';
import { drawWorker } from '../../tools/draw-worker.ts';
import { playground } from '../../tools/playground.ts';
import { ObjectNetwork } from '../../tools/tensorflow-playground.ts';
import { median, ms, row } from '../measure.ts';

/** Side of the field, and of the part of it that tfjs gets on an emulated GPU, where all of it would take minutes. */
const SIDE = 1024;
const PART = 256;

it('a field', async () => {
	await startEngine('webgpu');
	const { network } = playground({ network: { hidden: [64, 64], initialiser: 'glorot-uniform' } });
	const layout = networkLayout(network, 3);
	const parameters = initialParameters(layout, network.initialiser, 1);
	const plane = { network, loss: 'cross-entropy', outputs: 3, parameters, running: new Float32Array(0) } as const;
	const request = (side: number) =>
		({ window: { x1: [-6, 6], x2: [-6, 6] }, width: side, height: side, content: 'outputs' }) as const;
	const read = async (tensor: tf.Tensor) => {
		await tensor.data();
		tensor.dispose();
	};
	await read(await planeTensor(plane, request(PART)));
	const fused = await median(1, async () => read(await planeTensor(plane, request(SIDE))));
	const side = report().software ? PART : SIDE;
	const share = (SIDE / side) ** 2;

	const model = sequential({
		layers: [
			layers.dense({ units: 64, activation: 'tanh', inputShape: [2] }),
			layers.dense({ units: 64, activation: 'tanh' }),
			layers.dense({ units: 3, activation: 'softmax' })
		]
	});
	// The rows of the grid that come first.
	const grid = tf.tensor2d(
		Float32Array.from({ length: side * side * 2 }, (_, i) => {
			const [pixel, axis] = [i >> 1, i & 1];
			const at = 12 * (((axis ? Math.floor(pixel / SIDE) : pixel % SIDE) + 0.5) / SIDE);
			return axis ? 6 - at : at - 6;
		}),
		[side * side, 2]
	);
	const predicted = share * (await median(1, () => read(model.predict(grid, { batchSize: side * side }) as tf.Tensor)));
	row(
		`field of a 2-64-64-3 network, ${SIDE} × ${SIDE}, fused kernel, times faster`,
		ms(fused),
		`tf.predict on the same grid on WebGPU ${ms(predicted)}${share > 1 ? `, from ${side * side} of its rows` : ''}`,
		predicted / fused
	);

	const typed = await median(2, async () => Promise.resolve(planeField(plane, request(SIDE))));
	row(`the same: fused kernel against typed arrays`, ms(fused), `typed arrays ${ms(typed)}`, typed / fused);

	// Where it is drawn, without a bridge.
	const { draw } = drawWorker();
	const shaded = await median(3, () => draw.networkField(plane, request(SIDE), 'field', true));
	row('the same: fragment shader against the fused kernel', ms(shaded), `fused kernel ${ms(fused)}`, fused / shaded);

	// One pixel at a time through objects, as TensorFlow Playground does; its network has one output.
	const one = networkLayout(network, 1);
	const objects = new ObjectNetwork([2, 64, 64, 1], initialParameters(one, network.initialiser, 1));
	const few = 40;
	const slow = await median(2, async () => {
		for (let i = 0; i < few * few; i++) objects.forward([(i % few) / few, Math.floor(i / few) / few]);
		return Promise.resolve();
	});
	const rate = (pixels: number, time: number) => pixels / time / 1000;
	row(
		'the same in pixels per second, against objects in plain JavaScript',
		`${rate(SIDE * SIDE, fused).toFixed(2)} M pixels/s (typed arrays ${rate(SIDE * SIDE, typed).toFixed(2)})`,
		`${rate(few * few, slow).toFixed(3)} M pixels/s`,
		rate(SIDE * SIDE, fused) / rate(few * few, slow)
	);
	tf.dispose([grid]);
	model.dispose();
});

/** Samples per second over about `time` milliseconds, after the first steps. */
async function speed(trainer: Trainer, batch: number, time: number): Promise<number> {
	for (let steps = 1; steps < 300; steps *= 2) await trainer.step(steps);
	const began = performance.now();
	let trained = 0;
	while (performance.now() - began < time) {
		await trainer.step(250);
		trained += 250 * batch * trainer.networks;
	}
	return (1000 * trained) / (performance.now() - began);
}

const spiral = (seed = 1) => playground({ seed, data: { kind: 'spiral', seed: 1 }, network: { hidden: [8, 8, 8] } });
const thousands = (samples: number) => `${(samples / 1000).toFixed(1)} k samples/s`;

it('training', async () => {
	await startEngine('webgpu');
	// A first operation waits for whatever the GPU still does.
	await tf.ones([1]).data();
	const gpu = await WebgpuTrainer.create([spiral()]);
	const webgpu = await speed(gpu, 10, 1500);
	gpu.dispose();

	const { train } = dataset(spiral().data);
	const rows = Array.from(train.x1, (x1, i) => [x1, train.x2[i]!]);
	const layout = networkLayout(spiral().network, 1);
	const objects = new ObjectNetwork([2, 8, 8, 8, 1], initialParameters(layout, 'uniform', 1));
	const arrays = new TypedTrainer([spiral()]);
	const epoch = () => {
		for (const [i, inputs] of rows.entries()) {
			objects.forward(inputs);
			objects.backward(2 * train.y[i]! - 1);
			if ((i + 1) % 10 === 0) objects.update(0.03);
		}
	};
	// In turns, forty epochs each, so that both meet the same machine; the best of each.
	let [typed, plain] = [0, 0];
	for (let turn = 0; turn < 7; turn++) {
		let began = performance.now();
		await arrays.step(1000);
		typed = Math.max(typed, 1e7 / (performance.now() - began));
		began = performance.now();
		for (let i = 0; i < 40; i++) epoch();
		plain = Math.max(plain, 1e7 / (performance.now() - began));
	}

	const fit = async (backend: 'webgpu' | 'cpu', samples: number) => {
		await startEngine(backend);
		const dense = (units: number) => layers.dense({ units, activation: 'tanh', inputShape: [2] });
		const model = sequential({
			layers: [dense(8), ...[8, 8, 1].map((units) => layers.dense({ units, activation: 'tanh' }))]
		});
		model.compile({ optimizer: tf.train.sgd(0.03), loss: 'meanSquaredError' });
		const x = tf.tensor2d(rows.slice(0, samples));
		const y = tf.tensor2d(Array.from(train.y.subarray(0, samples), (v) => [2 * v - 1]));
		await model.fit(x, y, { batchSize: 10, epochs: 1, shuffle: false, verbose: 0 });
		const began = performance.now();
		await model.fit(x, y, { batchSize: 10, epochs: 1, shuffle: false, verbose: 0 });
		const took = performance.now() - began;
		tf.dispose([x, y]);
		model.dispose();
		return (1000 * samples) / took;
	};
	const onCpu = await fit('cpu', 250);
	const onWebgpu = await fit('webgpu', 50);
	const what = 'spiral 2-8-8-8-1, tanh, batch 10';
	row(
		`${what}: typed arrays against tfjs fit on its fastest engine here`,
		thousands(typed),
		`cpu ${thousands(onCpu)}`,
		typed / onCpu
	);
	row(`${what}: WebGPU trainer against tfjs fit on WebGPU`, thousands(webgpu), thousands(onWebgpu), webgpu / onWebgpu);
	row(`${what}: typed arrays against objects, arithmetic alone`, thousands(typed), thousands(plain), typed / plain);
	row(`${what}: WebGPU trainer against typed arrays`, thousands(webgpu), thousands(typed), webgpu / typed);
});

it('64 networks at once', async () => {
	await startEngine('webgpu');
	const { adapterInfo } = tf.backend() as WebGPUBackend as unknown as { adapterInfo: { vendor?: string } | undefined };
	const specs = Array.from({ length: 64 }, (_, i) => spiral(i + 1));
	const steps = 50;
	const time = async (trainers: readonly Trainer[]) => {
		for (const trainer of trainers.slice(0, 1)) for (let i = 1; i < 64; i *= 2) await trainer.step(i);
		const began = performance.now();
		for (const trainer of trainers) await trainer.step(steps);
		return performance.now() - began;
	};
	const all = await WebgpuTrainer.create(specs);
	const together = await time([all]);
	all.dispose();
	const each = await Promise.all(specs.map((spec) => WebgpuTrainer.create([spec])));
	for (const one of each) await one.step(1);
	const apart = await time(each);
	for (const one of each) one.dispose();
	row(
		`64 networks, ${steps} updates each, in one dispatch, times faster`,
		ms(together),
		`one after the other ${ms(apart)} (${adapterInfo?.vendor ?? 'this adapter'})`,
		apart / together
	);
});
