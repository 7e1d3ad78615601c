import { beforeAll, expect, it } from 'vitest';
import type { MaximiseRequest } from '#contracts/anatomy.ts';
import { hash, hashNormal } from '#maths/hash-normal.ts';
import { maximise, type MaximiseContext } from '#methods/activation/maximise.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { convolved, drawn, type Grid } from '../../tools/naive-layers.ts';
import { smallModel } from '../../tools/small-model.ts';

/** Every picture on the way against one that is made in float64 with gradients by differences. */

beforeAll(() => useBackend('cpu'));

type Size = readonly [height: number, width: number, channels: number];
const KERNEL = [2, 2, 3, 2] as const;
const kernel = drawn(KERNEL, 1);
const bias = [-0.2, 0.1];

/** conv -> relu -> the mean of each channel. */
const network = ([h, w, c]: Size) =>
	smallModel({ x: [null, h, w, c] }, [
		{ id: 'k', type: 'Conv2D', weights: { kernel: [[2, 2, c, 2], kernel.subarray(0, 8 * c)], bias: [[2], bias] } },
		{ id: 'r', type: 'Relu' },
		{ id: 'pool', type: 'GlobalAveragePool', attributes: { axes: [1, 2] } }
	]);

/** What its layers give to pixels. */
function layersOf({ shape, data }: Grid): Record<string, Grid> {
	const fed: Grid = { shape, data: Array.from(data, (value) => 2 * value - 1) };
	const k = convolved(fed, [2, 2, shape[2], 2], kernel.subarray(0, 8 * shape[2]), {}, bias);
	const r: Grid = { ...k, data: Array.from(k.data, (value) => Math.max(0, value)) };
	const cells = r.data.length / 2;
	const pool = [0, 1].map(
		(c) => Array.from(r.data).reduce((sum, value, i) => sum + (i % 2 === c ? value : 0), 0) / cells
	);
	return { k, r, pool: { shape: [1, 1, 2], data: pool } };
}

function objective(grid: Grid, { channel, objective: kind }: MaximiseRequest): number {
	const [h, w] = grid.shape;
	const column = Array.from({ length: h * w }, (_, i) => grid.data[2 * i + channel]!);
	if (kind === 'neuron') return column[Math.floor(h / 2) * w + Math.floor(w / 2)]!;
	return column.reduce((a, b) => a + b, 0) / column.length;
}

/** The square root of ImageNet's covariance of colours that Lucid has, over its largest column norm. */
const LUCID = [
	[0.26, 0.09, 0.02],
	[0.27, 0, -0.05],
	[0.27, -0.09, 0.03]
];
const norms = [0, 1, 2].map((k) => Math.hypot(...LUCID.map((row) => row[k]!)));

/** DCT-II with frequencies weighed by one over their length; decorrelated colours; a sigmoid. */
function painted(f: Float64Array, [h, w, c]: Size, decorrelate: boolean): Grid {
	const wave = (n: number, k: number, x: number) =>
		Math.sqrt((k ? 2 : 1) / n) * Math.cos((Math.PI * (x + 0.5) * k) / n);
	const plain = new Float64Array(h * w * c);
	for (let k = 0; k < c; k++)
		for (let fy = 0; fy < h; fy++)
			for (let fx = 0; fx < w; fx++) {
				const length = Math.max(Math.hypot(fy / (2 * h), fx / (2 * w)), 1 / Math.max(h, w));
				const share = f[(k * h + fy) * w + fx]! / length / 4;
				for (let y = 0; y < h; y++)
					for (let x = 0; x < w; x++) plain[(y * w + x) * c + k]! += share * wave(h, fy, y) * wave(w, fx, x);
			}
	const data = plain.map((value, i) => {
		const [cell, k] = [Math.floor(i / c), i % c];
		const mixed =
			c === 3 && decorrelate
				? LUCID[k]!.reduce((sum, share, j) => sum + (share / Math.max(...norms)) * plain[cell * 3 + j]!, 0)
				: value;
		return 1 / (1 + Math.exp(-mixed));
	});
	return { shape: [h, w, c], data };
}

/** Larger, smaller or as it is, its middle moved by up to `jitter`; grey where nothing is left of it. */
function moved({ shape, data }: Grid, seed: number, step: number, jitter: number): Grid {
	const [h, w, c] = shape;
	const roll = (k: number, n: number) => hash(seed, step, k, 7) % n;
	const scale = [0.9, 1, 1.1][roll(0, 3)]!;
	const size = [Math.round(h * scale), Math.round(w * scale)] as const;
	const axis = (length: number, own: number, k: number) => {
		const front = Math.max(0, Math.ceil((length - own) / 2)) + jitter;
		const free = own + 2 * front - length;
		const from = Math.min(free, Math.max(0, Math.floor(free / 2) - jitter + roll(k, 2 * jitter + 1))) - front;
		/** Where a pixel comes from: two cells and how much of the second; null where it is grey. */
		return (i: number): readonly [number, number, number] | null => {
			const at = i + from;
			if (at < 0 || at >= own) return null;
			const position = Math.min(length - 1, Math.max(0, ((at + 0.5) * length) / own - 0.5));
			const low = Math.floor(position);
			return [low, Math.min(length - 1, low + 1), position - low];
		};
	};
	const [rows, columns] = [axis(h, size[0], 1), axis(w, size[1], 2)];
	const out = Array.from({ length: h * w * c }, (_, i) => {
		const [y, x, k] = [rows(Math.floor(i / (w * c))), columns(Math.floor(i / c) % w), i % c];
		if (!y || !x) return 0.5;
		const at = (a: number, b: number) => data[(a * w + b) * c + k]!;
		const [top, bottom] = [y[0], y[1]].map((row) => at(row, x[0]) * (1 - x[2]) + at(row, x[1]) * x[2]) as [
			number,
			number
		];
		return top * (1 - y[2]) + bottom * y[2];
	});
	return { shape, data: out };
}

/** Adam (Kingma & Ba 2015) uphill, rate 0.05; what comes before a rectifier counts fully for 16 steps, then a twentieth. */
function reference(size: Size, request: MaximiseRequest) {
	const { layer, seed, steps, jitter, decorrelate } = request;
	const before = layer === 'r' ? 'k' : layer;
	const count = size[0] * size[1] * size[2];
	let x = Float64Array.from({ length: count }, (_, i) => 0.01 * hashNormal(seed, 0, i));
	let [m, v] = [new Float64Array(count), new Float64Array(count)];
	const noise = objective(layersOf(painted(x, size, decorrelate))[layer]!, request);
	for (let step = 1; step <= steps; step++) {
		const score = (f: Float64Array) => {
			const all = layersOf(moved(painted(f, size, decorrelate), seed, step, jitter));
			const leak = objective(all[before]!, request);
			return step <= 16 ? leak : objective(all[layer]!, request) + 0.05 * leak;
		};
		const gradient = x.map((_, i) => {
			const at = (e: number) => score(x.map((value, k) => (k === i ? value + e : value)));
			return (at(1e-4) - at(-1e-4)) / 2e-4;
		});
		m = m.map((value, i) => 0.9 * value + 0.1 * gradient[i]!);
		v = v.map((value, i) => 0.999 * value + 0.001 * gradient[i]! ** 2);
		x = x.map(
			(value, i) => value + (0.05 * (m[i]! / (1 - 0.9 ** step))) / (Math.sqrt(v[i]! / (1 - 0.999 ** step)) + 1e-8)
		);
	}
	const picture = painted(x, size, decorrelate);
	return { picture, noise, value: objective(layersOf(picture)[layer]!, request) };
}

const contextOf = (size: Size, signal = new AbortController().signal): MaximiseContext => ({
	model: network(size),
	feeds: (pixels) => ({ x: tf.sub(tf.mul(pixels, 2), 1) }),
	size,
	signal
});
const request = (change: Partial<MaximiseRequest>): MaximiseRequest => ({
	layer: 'r',
	channel: 1,
	steps: 2,
	seed: 3,
	objective: 'channel',
	jitter: 1,
	decorrelate: true,
	...change
});

it.each<[Size, Partial<MaximiseRequest>]>([
	[[4, 5, 3], { steps: 18 }],
	[[4, 5, 3], { steps: 0 }],
	[[5, 4, 3], { layer: 'k', objective: 'neuron', jitter: 2, decorrelate: false, seed: 5 }],
	[[6, 6, 1], { layer: 'pool', objective: 'neuron', channel: 0, jitter: 0, seed: 6, steps: 3 }],
	[[6, 5, 1], { layer: 'k', jitter: 0, seed: 1, steps: 3 }]
])('%j %j', async (size, change) => {
	const requested = request(change);
	const right = reference(size, requested);
	const context = contextOf(size);
	const before = tf.memory().numTensors;
	const done: number[] = [];
	let last = { noise: NaN, value: NaN, data: new Float32Array() };
	for await (const step of maximise(context, requested)) {
		done.push(step.done);
		expect(step.pixels.shape).toEqual(size);
		last = { noise: step.noise, value: step.value, data: Float32Array.from(await step.pixels.data()) };
		step.pixels.dispose();
	}
	expect([done[0], done.at(-1)]).toEqual([0, requested.steps ? 1 : 0]);
	expect(tf.memory().numTensors).toBe(before);
	expectClose({ data: last.data }, { data: right.picture.data }, { rtol: 1e-3, atol: 2e-4 });
	expectClose({ data: [last.noise, last.value] }, { data: [right.noise, right.value] }, { rtol: 1e-3, atol: 1e-4 });
	if (requested.steps > 9) expect(last.value).toBeGreaterThan(last.noise);
});

it('refuses a channel that the layer has not, and stops when told', async () => {
	const context = contextOf([4, 5, 3]);
	const first = (change: Partial<MaximiseRequest>) => maximise(context, request(change)).next();
	await expect(first({ channel: 2 })).rejects.toThrow('The layer “r” has no channel 2.');
	await expect(first({ layer: 'nowhere' })).rejects.toThrow('The layer “nowhere” has no channel 1.');
	const controller = new AbortController();
	const run = maximise({ ...context, signal: controller.signal }, request({}));
	const before = tf.memory().numTensors;
	(await run.next()).value?.pixels.dispose();
	controller.abort();
	await expect(run.next()).rejects.toThrow('cancelled');
	expect(tf.memory().numTensors).toBe(before);
});
