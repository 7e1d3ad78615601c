import { beforeAll, describe, expect, it } from 'vitest';
import type { AttributionMethod } from '#contracts/method.ts';
import * as tf from '#engine/tf.ts';
import { attributionMethods } from '#methods/registry.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { chain, contextOf, explained } from './fixtures.ts';

const method = (id: string) => attributionMethods.get(id) as AttributionMethod;
const [gradient, smoothgrad, ig, gradcam] = ['gradient', 'smoothgrad', 'integrated-gradients', 'grad-cam'].map(
	method
) as [AttributionMethod, AttributionMethod, AttributionMethod, AttributionMethod];

const row = (...values: number[]) => tf.tensor2d([values]);
const column = (x: tf.Tensor, k: number) => tf.slice(x as tf.Tensor2D, [0, k], [-1, 1]);

/** Captum's BasicModel2 and 3: two networks that compute the same function. */
const basic2 = chain(
	[['y', (x) => tf.relu(tf.sub(tf.sub(tf.relu(column(x, 0)), 1), tf.relu(column(x, 1))))]],
	[null, 2]
);
const basic3 = chain(
	[['y', (x) => tf.relu(tf.sub(tf.relu(tf.sub(column(x, 0), 1)), tf.relu(column(x, 1))))]],
	[null, 2]
);

const linearWeights = [1.5, -2, 0.25, 0, 3];
const linear = chain(
	[['y', (x) => tf.add(tf.matMul(x as tf.Tensor2D, tf.tensor2d(linearWeights, [5, 1])), 0.7)]],
	[null, 5]
);

/** Captum's one-convolution network: conv of ones, relu, and a dense layer that was written for CHW. */
const convNet = chain(
	[
		['conv1', (x) => tf.add(tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 1, 2]), 1, 'valid'), tf.tensor1d([-50, -75]))],
		['relu1', (x) => tf.relu(x)],
		['y', (x) => tf.relu(tf.matMul(tf.reshape(x, [-1, 8]), tf.tensor2d([1, 1, 1, -1, 1, -1, 1, -1], [8, 1])))]
	],
	[null, 4, 4, 1]
);
const arange = () => tf.reshape(tf.range(0, 16), [1, 4, 4, 1]);

/** A small smooth network with random weights: for what must hold of any. */
function random(seed: number) {
	const k1 = tf.randomNormal<tf.Rank.R4>([3, 3, 2, 4], 0, 0.5, 'float32', seed);
	const k2 = tf.randomNormal<tf.Rank.R2>([4, 3], 0, 0.5, 'float32', seed + 1);
	return chain(
		[
			['conv', (x) => tf.softplus(tf.conv2d(x as tf.Tensor4D, k1, 1, 'same'))],
			['pool', (x) => tf.mean(x, [1, 2])],
			['y', (x) => tf.matMul(x as tf.Tensor2D, k2)]
		],
		[null, 6, 6, 2]
	);
}

describe.each(['cpu', 'wasm'] as const)('attribution on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it('gradient: Captum’s BasicModel (T-1)', async () => {
		const model = chain([['y', (x) => tf.sum(tf.sub(1, tf.relu(tf.sub(1, x))), 1, true)]], [null, 6]);
		const { values } = await explained(gradient, contextOf(gradient, model, row(1.5, 2, 3, 0, -1, 7)));
		expectClose({ data: values }, { data: [0, 0, 0, 1, 1, 0] });
	});

	it('Integrated Gradients: Captum’s two networks, the same answer for both (T-2, T-3, T-4)', async () => {
		for (const model of [basic2, basic3]) {
			const parameters = { steps: 500, limit: 500 };
			const { values, facts } = await explained(ig, contextOf(ig, model, row(3, 1), { parameters }));
			expectClose({ data: values }, { data: [1.5, -0.5] }, { atol: 0.01 });
			expect(facts.find(({ id }) => id === 'gap')?.value).toBeLessThan(0.01);
			const plain = await explained(
				ig,
				contextOf(ig, model, row(3, 1), { parameters: { ...parameters, 'times-input': false } })
			);
			expectClose({ data: plain.values }, { data: [0.5, -0.5] }, { atol: 0.01 });
		}
	});

	it('Integrated Gradients: exact for polynomials (T-5), and PAIR’s function (T-8)', async () => {
		const square = chain([['y', (x) => tf.square(x)]], [null, 1]);
		const four = await explained(ig, contextOf(ig, square, row(1), { parameters: { steps: 4, limit: 4 } }));
		expectClose({ data: four.values }, { data: [1] }, { rtol: 1e-5 });
		const pair = chain(
			[['y', (x) => tf.add(tf.add(tf.mul(column(x, 0), 5), tf.square(column(x, 1))), tf.sin(column(x, 2)))]],
			[null, 3]
		);
		const { values } = await explained(ig, contextOf(ig, pair, row(1, 2, 3), { baseline: row(0.5, 1, 1) }));
		expectClose({ data: values }, { data: [2.5, 3, -0.700351] }, { atol: 1e-4 });
	});

	it('completeness holds on random networks (invariant 1), and steps are doubled until it does', async () => {
		const input = tf.randomUniform([1, 6, 6, 2], -2, 2, 'float32', 3);
		const { values, facts } = await explained(ig, contextOf(ig, random(5), input, { parameters: { steps: 8 } }));
		const context = contextOf(ig, random(5), input);
		const [fx, f0] = await Promise.all(
			[input, tf.zerosLike(input)].map(async (x) => (await context.score({ x }).data())[0] as number)
		);
		const sum = values.reduce((a, b) => a + b, 0);
		expect(Math.abs(sum - (fx! - f0!))).toBeLessThan(0.01 * Math.abs(fx! - f0!));
		expect(facts.find(({ id }) => id === 'gap')?.tone).toBeUndefined();

		// A kink that few nodes find: the gap does not close with two, so more are taken.
		const kink = chain([['y', (x) => tf.relu(tf.sub(x, 0.9))]], [null, 1]);
		const more = await explained(ig, contextOf(ig, kink, row(1), { parameters: { steps: 2, limit: 1000 } }));
		expect(more.facts.find(({ id }) => id === 'steps')?.value).toBeGreaterThan(2);
		const capped = await explained(ig, contextOf(ig, kink, row(1), { parameters: { steps: 2, limit: 3 } }));
		expect(capped.facts.find(({ id }) => id === 'gap')?.tone).toBe('warning');
	});

	it('Integrated Gradients say what of the difference is missing: in percent, or as it is where there is none', async () => {
		const gap = async (f: (x: tf.Tensor) => tf.Tensor, x: number, steps: number) => {
			const model = chain([['y', f]], [null, 1]);
			const { facts } = await explained(ig, contextOf(ig, model, row(x), { parameters: { steps, limit: steps } }));
			return facts.find(({ id }) => id === 'gap')!;
		};
		// Two nodes at 0.2113 and 0.7887, one half each: the slope is nought at both, and the change a tenth.
		const none = await gap((x) => tf.relu(tf.sub(x, 0.9)), 1, 2);
		expect(none).toMatchObject({ text: '100.0 %', tone: 'warning', value: expect.closeTo(1, 5) as number });
		expect(none.help).toContain('= 0.1000.');
		// At one of them it is one: 0.5 is attributed instead of 0.3.
		const half = await gap((x) => tf.relu(tf.sub(x, 0.7)), 1, 2);
		expect(half).toMatchObject({ text: '66.7 %', value: expect.closeTo(2 / 3, 4) as number });
		// Two nodes are exact for slopes of the third degree, and 1/36 short for x⁵.
		expect(await gap((x) => tf.pow(x, 5), 1, 2)).toMatchObject({ text: '2.78 %', tone: 'warning' });
		expect((await gap((x) => tf.pow(x, 4), 1, 2)).tone).toBeUndefined();
		const same = await gap((x) => tf.mul(x, 0), 1, 2);
		expect(same).toMatchObject({ text: '0.0e+0', value: 0 });
		expect(same.tone).toBeUndefined();
		// Up and down again: no change, though slopes were met on the way.
		const there = await gap((x) => tf.mul(tf.pow(x, 4), tf.sub(1, x)), 1, 2);
		expect(there).toMatchObject({ text: '2.8e-2', value: expect.closeTo(1 / 36, 5) as number, tone: 'warning' });
	});

	it('a linear model: Integrated Gradients = gradient times input = w (x - x′) (invariant 2)', async () => {
		const [x, base] = [row(1, -1, 2, 4, 0.5), row(0.5, 0, -1, 1, 2)];
		const expected = linearWeights.map((w, i) => w * ([1, -1, 2, 4, 0.5][i]! - [0.5, 0, -1, 1, 2][i]!));
		const a = await explained(ig, contextOf(ig, linear, x, { baseline: base, parameters: { steps: 2 } }));
		expectClose({ data: a.values }, { data: expected }, { atol: 1e-5 });
		const b = await explained(gradient, contextOf(gradient, linear, x, { parameters: { 'times-input': true } }));
		expectClose({ data: b.values }, { data: linearWeights.map((w, i) => w * [1, -1, 2, 4, 0.5][i]!) }, { atol: 1e-5 });
	});

	it('a bias-free ReLU network: Σ x·∇f = f (invariant 3)', async () => {
		const k = tf.randomNormal<tf.Rank.R2>([5, 8], 0, 1, 'float32', 1);
		const l = tf.randomNormal<tf.Rank.R2>([8, 1], 0, 1, 'float32', 2);
		const model = chain(
			[['y', (x) => tf.matMul(tf.relu(tf.matMul(x as tf.Tensor2D, k)) as tf.Tensor2D, l)]],
			[null, 5]
		);
		const x = row(0.3, -1, 2, 0.7, -0.4);
		const context = contextOf(gradient, model, x, { parameters: { 'times-input': true } });
		const { values } = await explained(gradient, context);
		const [f] = await context.score({ x }).data();
		expectClose({ data: [values.reduce((a, b) => a + b, 0)] }, { data: [f as number] }, { rtol: 1e-4, atol: 1e-5 });
	});

	it('SmoothGrad: x² gives 2x (invariant 8), and the gradient without noise (invariant 9)', async () => {
		const model = chain([['y', (x) => tf.sum(tf.square(x), 1, true)]], [null, 3]);
		const many = await explained(
			smoothgrad,
			contextOf(smoothgrad, model, row(1, -2, 0.5), { parameters: { samples: 500, noise: 15 }, batch: 100 })
		);
		// The mean of 500 draws of 2(x + ε), σ = 0.15: four standard errors are 0.054.
		expectClose({ data: many.values }, { data: [2, -4, 1] }, { atol: 0.054 });
		const still = await explained(
			smoothgrad,
			contextOf(smoothgrad, model, row(1, -2, 0.5), { parameters: { samples: 5, noise: 0 } })
		);
		expectClose({ data: still.values }, { data: [2, -4, 1] }, { rtol: 1e-5 });
	});

	it('SmoothGrad: its noise is of its seed, and of the range of the input', async () => {
		const model = chain([['y', (x) => tf.sum(tf.square(x), 1, true)]], [null, 3]);
		const x = [1, -2, 0.5];
		/** What the noise adds: 2x is the map without any. */
		const noise = async (seed: number, range: readonly [number, number], per = 15) => {
			const setup = { parameters: { samples: 8, noise: per }, seed, range };
			const { values } = await explained(smoothgrad, contextOf(smoothgrad, model, row(...x), setup));
			return values.map((value, i) => value - 2 * x[i]!);
		};
		const first = await noise(1, [0, 1]);
		expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.01);
		expect(await noise(1, [0, 1])).toEqual(first);
		const other = await noise(2, [0, 1]);
		for (const [i, value] of other.entries()) expect(value).not.toBeCloseTo(first[i]!, 4);
		// σ is a share of the way from black to white, wherever black is.
		for (const [range, times] of [
			[[-1, 1], 2],
			[[0, 255], 255]
		] as const) {
			const wide = await noise(1, range);
			expectClose({ data: wide }, { data: first.map((value) => times * value) }, { rtol: 1e-3, atol: 1e-5 });
		}
		expectClose(
			{ data: await noise(1, [0, 1], 30) },
			{ data: first.map((value) => 2 * value) },
			{ rtol: 1e-3, atol: 1e-5 }
		);
	});

	it('SmoothGrad says how far it is, and what its map is of', async () => {
		const context = contextOf(smoothgrad, linear, row(1, 2, 3, 4, 5), { parameters: { samples: 5 }, batch: 2 });
		const steps = [];
		for await (const { map, ...step } of smoothgrad.run(context)) {
			map.dispose();
			steps.push(step);
		}
		expect(steps.map(({ done, at }) => [done, at])).toEqual([
			[0.4, 'sample 2 of 5'],
			[0.8, 'sample 4 of 5'],
			[1, undefined]
		]);
		expect(steps.map(({ facts }) => facts.map(({ value, text }) => [value, text]))).toEqual([
			[[2, '2']],
			[[4, '4']],
			[[5, '5']]
		]);
	});

	it('Grad-CAM: Captum’s network (T-20, T-21)', async () => {
		const x = arange();
		const context = contextOf(gradcam, convNet, x, { camLayer: 'conv1', parameters: { positive: false } });
		expectClose({ data: await context.score({ x }).data() }, { data: [54] });
		expectClose({ data: await context.score({ x: tf.add(x, 1) }).data() }, { data: [67] });
		const at = async (layer: string, input: tf.Tensor, positive = false) =>
			(await explained(gradcam, contextOf(gradcam, convNet, input, { camLayer: layer, parameters: { positive } })))
				.values;
		expectClose({ data: await at('conv1', x) }, { data: [11.25, 13.5, 20.25, 22.5] }, { rtol: 1e-4 });
		expectClose({ data: await at('relu1', x) }, { data: [0, 4, 28, 32.5] }, { rtol: 1e-4 });
		expectClose({ data: await at('conv1', tf.add(x, 1)) }, { data: [14.5, 19, 32.5, 37] }, { rtol: 1e-4 });
	});

	it('Grad-CAM: equals CAM / Z behind global average pooling (T-35, invariant 4), zero map without evidence (T-37)', async () => {
		const maps = tf.tensor4d([1, 0, 2, 1, 3, 1, 4, 0], [1, 2, 2, 2]);
		const model = chain(
			[
				['a', (x) => tf.mul(x, 1)],
				['pool', (x) => tf.mean(x, [1, 2])],
				['y', (x) => tf.add(tf.matMul(x as tf.Tensor2D, tf.tensor2d([1, -2], [2, 1])), 0.5)]
			],
			[null, 2, 2, 2]
		);
		const setup = { camLayer: 'a' };
		expectClose({ data: await contextOf(gradcam, model, maps, setup).score({ x: maps }).data() }, { data: [2] });
		const cut = await explained(gradcam, contextOf(gradcam, model, maps, setup));
		expectClose({ data: cut.values }, { data: [0.25, 0, 0.25, 1] });
		const whole = await explained(
			gradcam,
			contextOf(gradcam, model, maps, { ...setup, parameters: { positive: false } })
		);
		expectClose({ data: [whole.values.reduce((a, b) => a + b, 0)] }, { data: [1.5] });
		const none = await explained(gradcam, contextOf(gradcam, model, tf.mul(maps, -1), { ...setup }));
		const negative = await explained(gradcam, contextOf(gradcam, model, tf.zerosLike(maps), { ...setup }));
		expect(none.values.every((value) => value >= 0)).toBe(true);
		expect(Array.from(negative.values)).toEqual([0, 0, 0, 0]);
	});

	it('conv and one dense layer: Σ Grad-CAM is not logit - bias (invariant 5)', async () => {
		const x = arange();
		const context = contextOf(gradcam, convNet, x, { camLayer: 'conv1', parameters: { positive: false } });
		const { values } = await explained(gradcam, context);
		const [logit] = await context.score({ x }).data();
		expect(Math.abs(values.reduce((a, b) => a + b, 0) - (logit as number))).toBeGreaterThan(1);
	});

	describe.each([...attributionMethods.values()])('$title', (any) => {
		const setup = { camLayer: 'conv', parameters: { samples: 7, steps: 6, limit: 6 } };
		const input = () => tf.randomUniform([1, 6, 6, 2], -1, 1, 'float32', 8);

		it('gives the same map for any batch size (invariant 15), changes no input, and repeats with its seed', async () => {
			const x = input();
			const copy = Float32Array.from(await x.data());
			const maps = [];
			for (const batch of [1, 2, 3, 7])
				maps.push((await explained(any, contextOf(any, random(1), x, { ...setup, batch }))).values);
			for (const map of maps.slice(1))
				expectClose({ data: map }, { data: maps[0] as Float32Array }, { rtol: 1e-4, atol: 1e-6 });
			expect(Float32Array.from(await x.data())).toEqual(copy);
			expect((await explained(any, contextOf(any, random(1), x, { ...setup, batch: 7 }))).values).toEqual(maps[3]);
		});

		it('leaves no tensor behind, also when it is cancelled or the score throws (invariant 17)', async () => {
			const model = random(2);
			const x = input();
			const before = tf.memory().numTensors;
			for (let i = 0; i < 20; i++) await explained(any, contextOf(any, model, x, setup));
			expect(tf.memory().numTensors).toBe(before);

			const controller = new AbortController();
			const cancelled = contextOf(any, model, x, { ...setup, batch: 1, signal: controller.signal });
			const steps = any.run(cancelled);
			(await steps.next()).value?.map.dispose();
			controller.abort();
			await steps.next().catch((error: unknown) => expect((error as Error).name).toBe('AbortError'));
			await steps.return();
			expect(tf.memory().numTensors).toBe(before);

			const failing = {
				...contextOf(any, model, x, setup),
				score: () => {
					throw new Error('no score');
				}
			};
			await expect(explained(any, failing)).rejects.toThrow('no score');
			expect(tf.memory().numTensors).toBe(before);
		});

		it('describes itself', () => {
			expect(any.summary.length).toBeGreaterThan(40);
			expect(any.paper.url).toMatch(/^https:\/\/arxiv\.org\//);
			for (const parameter of any.parameters) expect(parameter.help.length).toBeGreaterThan(10);
			expect(structuredClone({ ...any, run: null, refusal: null }).id).toBe(any.id);
		});
	});
});
