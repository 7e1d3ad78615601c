import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { ModelCard } from '#contracts/card.ts';
import type { AttributionContext, AttributionMethod } from '#contracts/method.ts';
import { camLayers, headSpecs } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { attributionMethods } from '#methods/registry.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';
import { markedScenes } from '../tools/marked-scenes.ts';
import { contextOf, explained } from './fixtures.ts';

const SCENES = 200;
const HORSE = 7;
const card = JSON.parse(readFileSync('models/shortcut/card.json', 'utf8')) as ModelCard;

beforeAll(() => useBackend('wasm'));

/**
 * The pointing game (Zhang et al. 2016): whether the largest value of the map for "horse" lies on the planted mark. What
 * it gives is what the model's card says.
 */
it.each([
	['integrated-gradients', 'pointing game, Integrated Gradients', { steps: 16, limit: 16, baseline: 'mean' }],
	['grad-cam', 'pointing game, Grad-CAM', {}]
])(
	'%s finds the mark',
	async (id, name, parameters) => {
		const { model } = await openSource(
			folderSource('models/shortcut', (path) => /\/model\.(json|bin)$/.test(path)),
			loadContext()
		);
		const [head] = headSpecs(model.graph);
		const [input] = model.graph.inputs as [string];
		const method = attributionMethods.get(id) as AttributionMethod;
		const { mean, std } = card.preprocessing.normalisation as unknown as { mean: number[]; std: number[] };
		let hits = 0;
		let called = 0;
		for (const { pixels, mask } of markedScenes(SCENES, 2024)) {
			const x = tf.tensor(
				Float32Array.from(pixels, (value, i) => (value / 255 - mean[i % 3]!) / std[i % 3]!),
				[1, 32, 32, 3]
			);
			const average = tf.tidy(() => tf.mul(tf.onesLike(x), tf.mean(x, [1, 2], true)));
			const context: AttributionContext = {
				...contextOf(method, model, x, {
					camLayer:
						camLayers(
							model.graph,
							headSpecs(model.graph).map(({ scores }) => scores)
						)[0]?.id ?? null,
					batch: 16,
					parameters
				}),
				feeds: (rows) => ({ [input]: rows }),
				baseline: () => tf.clone(average),
				score: (feeds, options) =>
					tf.tidy(() => {
						const [scores] = model.run(feeds, [head!.scores], options) as [tf.Tensor2D];
						return tf.reshape(tf.slice(scores, [0, HORSE], [-1, 1]), [-1]) as tf.Tensor1D;
					})
			};
			const { values, shape } = await explained(method, context);
			const [, height, width, channels] = shape as [number, number, number, number];
			let best = 0;
			let max = -Infinity;
			for (let cell = 0; cell < height * width; cell++) {
				let sum = 0;
				for (let k = 0; k < channels; k++) sum += values[cell * channels + k] as number;
				if (sum > max) [max, best] = [sum, cell];
			}
			// The middle of the best cell, in pixels.
			const row = Math.floor(((Math.floor(best / width) + 0.5) * 32) / height);
			const column = Math.floor((((best % width) + 0.5) * 32) / width);
			hits += mask[row * 32 + column] as number;
			const [scores] = model.run({ [input]: x }, [head!.scores]) as [tf.Tensor2D];
			const order = await scores.data();
			called += order.every((score) => score <= (order[HORSE] as number)) ? 1 : 0;
			tf.dispose([x, average, scores]);
		}
		model.dispose();
		console.log(`${name}: ${hits} of ${SCENES}; called horse: ${called}`);
		expect(hits / SCENES).toBeCloseTo(card.measured[name] as number, 2);
		expect(hits / SCENES).toBeGreaterThan(0.8);
	},
	300_000
);
