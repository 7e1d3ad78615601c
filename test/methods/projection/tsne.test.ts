import { expect, it } from 'vitest';
import { validParameters } from '#contracts/parameter.ts';
import type { Control } from '#engine/projection/engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import tsne from '#methods/projection/tsne.ts';
import type { ProjectionContext } from '#methods/projector.ts';
import type { Unlaid } from '#methods/starting.ts';
import type { TsneOptions } from '#maths/projection/tsne-layout.ts';
import { gaussianMixture } from '../../tools/mixture.ts';

/** What t-SNE asks of its engine, which lays nothing out here. */
async function requested(parameters: Record<string, unknown>, change: Partial<ProjectionContext> = {}) {
	const control: Control = { signal: new AbortController().signal, phase() {}, step() {}, wantsFrame: false };
	const data = gaussianMixture(60, { width: 5 });
	const rows = await typedEngine.hold(data.values, 5);
	const given: { start: Float32Array; options: TsneOptions }[] = [];
	await tsne.run({
		...{ dimensions: 2, metric: 'euclidean', seed: 1, rows, control },
		parameters: validParameters(tsne.parameters, parameters),
		neighbours: (k, search) => typedEngine.neighbours(rows, k, 'euclidean', search, 1, control),
		engine: {
			...typedEngine,
			run: async (_, input) => {
				const { start, options } = input as Unlaid<TsneOptions>;
				given.push({ start, options });
				return { result: start as never, engine: 'nothing' };
			}
		},
		...change
	} as ProjectionContext);
	return given[0]!;
}

it('exaggerates for the first third of its iterations, 250 at most, by what was asked for', async () => {
	expect((await requested({ exaggeration: 7 })).options).toMatchObject({
		iterations: 750,
		early: 250,
		exaggeration: 7
	});
	expect((await requested({ iterations: 200 })).options).toMatchObject({
		iterations: 200,
		early: 66,
		exaggeration: 12
	});
	expect((await requested({ iterations: 5000, theta: 0.2 })).options).toMatchObject({ early: 250, theta: 0.2 });
});

it('begins so small that all rows feel each other, unless it goes on from a map, without exaggeration', async () => {
	for (const start of ['pca', 'random']) {
		const reach = Math.max(...(await requested({ start })).start.map(Math.abs));
		expect(reach).toBeGreaterThan(1e-5);
		expect(reach).toBeLessThan(1e-3);
	}
	const map = Float32Array.from({ length: 120 }, (_, i) => i);
	const next = await requested({}, { start: map });
	expect(next.options.early).toBe(0);
	expect(next.start).toEqual(map);
});
