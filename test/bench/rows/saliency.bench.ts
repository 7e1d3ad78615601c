import { expect, it } from 'vitest';
import type { AttributionContext, AttributionMethod } from '#contracts/method.ts';
import type { Model } from '#contracts/model.ts';
import { startEngine } from '#engine/device.ts';
import { memory } from '#engine/memory.ts';
import { camLayers, headSpecs } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { attributionMethods } from '#methods/registry.ts';
import { inputGradient } from '#methods/input-gradient.ts';
import { inTurn, median, ms, row } from '../measure.ts';
import { contextOf } from '../../methods/fixtures.ts';
import { shippedModel } from '../../tools/shipped.ts';

async function run(method: AttributionMethod, context: AttributionContext): Promise<void> {
	for await (const { map } of method.run(context)) {
		await map.data();
		map.dispose();
	}
}

function camLayerOf({ graph }: Model): string | null {
	const scores = headSpecs(graph).map((head) => head.scores);
	return camLayers(graph, scores)[0]?.id ?? null;
}

it('saliency in passes', async () => {
	await startEngine(null);
	const { model } = await shippedModel('photos');
	const x = tf.randomUniform([1, 32, 32, 3], -1, 1, 'float32', 1);
	const [name] = model.graph.inputs as [string];
	const layer = camLayerOf(model);
	const base = (method: AttributionMethod, batch: number): AttributionContext => ({
		...contextOf(method, model, x, { camLayer: layer, batch, parameters: { steps: 50, limit: 50, samples: 50 } }),
		feeds: (rows) => ({ [name]: rows })
	});
	const methods = [...attributionMethods.values()];
	const any = methods[0] as AttributionMethod;
	const forward = await median(15, async () => {
		const y = tf.tidy(() => base(any, 1).score({ [name]: x }));
		await y.data();
		y.dispose();
	});

	// 50 forward and backward passes, as bare as they can be, in the batch that is best here.
	const passes = async (batch: number) => {
		const context = base(any, batch);
		const rows = tf.tile(x, [batch, 1, 1, 1]);
		for (let done = 0; done < 50; done += batch) {
			const part = done + batch > 50 ? tf.slice(rows, [0, 0, 0, 0], [50 - done, 32, 32, 3]) : rows;
			const gradient = inputGradient(context, part);
			await gradient.data();
			gradient.dispose();
			if (part !== rows) part.dispose();
		}
		rows.dispose();
	};
	const times = new Map<number, number>();
	for (const batch of [1, 2, 5, 10, 25]) times.set(batch, await median(3, () => passes(batch)));
	const [best, fastest] = [...times].sort((a, b) => a[1] - b[1])[0] as [number, number];

	for (const method of methods) {
		const time = await median(3, () => run(method, base(method, best)));
		row(`${method.title}, as a multiple of one forward pass`, ms(time), `forward ${ms(forward)}`, time / forward);
	}
	const ig = attributionMethods.get('integrated-gradients') as AttributionMethod;
	const [time, bare] = await inTurn(
		5,
		() => run(ig, base(ig, best)),
		() => passes(best)
	);
	row(
		`Integrated Gradients, 50 steps in batches of ${best}`,
		ms(time),
		`50 forward and backward passes ${ms(bare)}`,
		time / bare
	);
	expect(time / bare).toBeLessThan(1.3);
	const single = times.get(1) as number;
	row(`50 passes in batches of ${best}`, ms(fastest), `one by one ${ms(single)}`, fastest / single);
	model.dispose();
	x.dispose();
});

it('memory over 200 jobs', async () => {
	await startEngine(null);
	const { model } = await shippedModel('digits');
	const x = tf.randomUniform([1, 28, 28, 1], 0, 1, 'float32', 1);
	const [name] = model.graph.inputs as [string];
	const layer = camLayerOf(model);
	const methods = [...attributionMethods.values()];
	const job = (i: number) => {
		const method = methods[i % methods.length] as AttributionMethod;
		const context = contextOf(method, model, x, {
			camLayer: layer,
			batch: 8,
			parameters: { steps: 8, limit: 8, samples: 8 }
		});
		return run(method, { ...context, feeds: (rows) => ({ [name]: rows }) });
	};
	for (let i = 0; i < 8; i++) await job(i);
	const before = memory();
	for (let i = 0; i < 200; i++) await job(i);
	const after = memory();
	row(
		'memory after 200 jobs',
		`${after.tensors} tensors, ${after.bytes} bytes`,
		`${before.tensors} tensors, ${before.bytes} bytes before`,
		after.bytes / before.bytes
	);
	expect(after).toEqual(before);
	model.dispose();
	x.dispose();
});
