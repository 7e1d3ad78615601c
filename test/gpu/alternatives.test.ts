import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Alternative } from '#contracts/compute.ts';
import { PRESETS, type Preprocessing } from '#contracts/preprocessing.ts';
import { usualWays } from '#contracts/usual-preprocessing.ts';
import { startEngine } from '#engine/device.ts';
import { normalisedTensor } from '#engine/image.ts';
import * as tf from '#engine/tf.ts';
import { entropy } from '#maths/entropy.ts';
import { alternatives } from '#workers/compute/alternatives.ts';
import { Session } from '#workers/compute/session.ts';
import { expectClose } from '../close.ts';
import { shippedModel } from '../tools/shipped.ts';
import { leftBytes, picture } from '../tools/two-pictures.ts';

/** What other ways of preprocessing give, against each of them fed and predicted alone. */

const context = (progress: (done: number) => void = () => {}, signal = new AbortController().signal) => ({ signal, progress }); // prettier-ignore

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
	beforeAll(() => startEngine(backend).then(() => undefined));
	const open: Session[] = [];
	afterEach(() => open.splice(0).forEach((session) => session.dispose()));

	async function photos(batch: number | null = null) {
		const loaded = await shippedModel('photos');
		const { graph } = loaded.model;
		const nodes = graph.nodes.map((one) =>
			one.type === 'Input' ? { ...one, shape: [batch, ...one.shape.slice(1)] } : one
		);
		Object.defineProperty(loaded.model, 'graph', { value: { ...graph, nodes } });
		const session = new Session(loaded, 'photos');
		open.push(session);
		const id = session.inputs[0]!.id;
		// What no usual way is, and a picture that no fit leaves whole.
		const now: Preprocessing = {
			...session.preprocessing[0]!.preprocessing,
			normalisation: { kind: 'range', low: -2, high: 2 }
		};
		const ways = usualWays(now, { title: 'own', preprocessing: { ...now, order: 'bgr' } }, { width: 50, height: 30 });
		const maps = ways.map(({ preprocessing }) => new Map([[id, preprocessing]]));
		const { output } = session.heads[0]!;
		const inputs = async () => ({ [id]: { kind: 'image' as const, bitmap: await picture(50, 30, leftBytes) } });
		return { session, output, ways, maps, inputs };
	}

	it('they equal what each predicts alone, in one batch or one by one', async () => {
		const { session, output, ways, maps, inputs } = await photos();
		expect(ways).toHaveLength(17);
		const alone: Alternative[] = [];
		for (const way of maps) {
			session.feed(await inputs(), way);
			const [{ order, scores, probabilities, beyond }] = (await session.predict()) as [Awaited<ReturnType<Session['predict']>>[0]]; // prettier-ignore
			const unit = order[0]!;
			alone.push({
				unit,
				score: scores[unit]!,
				probability: probabilities[unit]!,
				entropy: entropy(probabilities),
				beyond
			});
		}
		const values = (of: readonly Alternative[]) =>
			of.map(({ score, probability, entropy }) => [score, probability, entropy!]);
		// They are apart: a mix-up would be seen.
		expect(new Set(alone.map(({ probability }) => probability.toFixed(4))).size).toBeGreaterThan(10);
		const fixed = await photos(1);
		for (const [one, runs] of [
			[{ session, output, inputs, maps }, 1],
			[fixed, 17]
		] as const) {
			// prettier-ignore
			const run = vi.spyOn(one.session.model, 'run');
			const done: number[] = [];
			const before = tf.memory().numTensors;
			const request = { output: one.output, inputs: await one.inputs(), ways: one.maps };
			const found = await alternatives(
				one.session,
				request,
				context((share) => done.push(share))
			);
			expect(tf.memory().numTensors).toBe(before);
			expect(run).toHaveBeenCalledTimes(runs);
			expect(done).toHaveLength(runs);
			expect(done.at(-1)).toBe(1);
			expect(found.map(({ unit, beyond }) => [unit, beyond > 0])).toEqual(alone.map(({ unit, beyond }) => [unit, beyond > 0])); // prettier-ignore
			expectClose({ data: values(found).flat() }, { data: values(alone).flat() }, { rtol: 1e-5, atol: 1e-5 });
		}
	});

	it('they stop when nobody wants them any more, and leave nothing', async () => {
		const { session, output, maps, inputs } = await photos(1);
		const stop = new AbortController();
		const before = tf.memory().numTensors;
		const run = vi.spyOn(session.model, 'run');
		const request = { output, inputs: await inputs(), ways: maps };
		await expect(
			alternatives(
				session,
				request,
				context(() => stop.abort(), stop.signal)
			)
		).rejects.toThrow(/cancelled/);
		expect(run).toHaveBeenCalledTimes(1);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('an input without a value, or a way, is named', async () => {
		const { session, output, inputs } = await photos();
		const ask = (request: object) => alternatives(session, { output, inputs: {}, ways: [], ...request }, context());
		await expect(ask({})).rejects.toThrow(/has no value yet/);
		await expect(ask({ inputs: await inputs(), ways: [new Map()] })).rejects.toThrow(
			/preprocessing of images is unknown/
		);
	});

	it.each(PRESETS)(
		'$title is (v / 255 − mean) / std, or low + v / 255 · (high − low)',
		async ({ normalisation: n, order }) => {
			const [h, w] = [9, 8];
			const bytes = Array.from({ length: h * w }, (_, i) => leftBytes(i));
			const p: Preprocessing = {
				width: w,
				height: h,
				channels: 3,
				fit: 'crop',
				order,
				invert: false,
				normalisation: n
			};
			const value = (v: number, k: number) =>
				n.kind === 'range' ? n.low + (v / 255) * (n.high - n.low) : (v / 255 - n.mean[k]!) / n.std[k]!;
			const expected = bytes.flatMap((colour) => {
				const rgb = colour.map(value);
				return order === 'bgr' ? rgb.reverse() : rgb;
			});
			const pixels = tf.tensor4d(bytes.flat().map((v) => v / 255), [1, h, w, 3]); // prettier-ignore
			const last = normalisedTensor(pixels, p, [null, h, w, 3]);
			const first = normalisedTensor(pixels, p, [null, 3, h, w]);
			expectClose({ data: await last.data() }, { data: expected }, { rtol: 1e-5, atol: 1e-5 });
			const planes = Array.from(
				{ length: 3 * h * w },
				(_, i) => expected[3 * (i % (h * w)) + Math.floor(i / (h * w))]!
			);
			expectClose({ data: await first.data() }, { data: planes }, { rtol: 1e-5, atol: 1e-5 });
			expect(first.shape).toEqual([1, 3, h, w]);
			tf.dispose([pixels, last, first]);
		}
	);
});
