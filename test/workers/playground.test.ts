import { expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import type { PlaygroundApi, StepReport } from '#contracts/playground.ts';
import { typedEngine } from '#engine/playground/typed-engine.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { TypedTrainer } from '#engine/playground/typed-trainer.ts';
import { planeField, valuesAt } from '#maths/playground/field.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import { calibrate } from '#state/playground/calibration.ts';
import { connect, serve, type Remote } from '#workers/rpc.ts';
import { playground } from '#workers/compute/playground.ts';
import { playground as spec } from '../tools/playground.ts';

/** The API as threads speak it, over a channel, with the engine that needs no GPU. */
async function over(
	use: (api: Remote<PlaygroundApi>, sent: SentField[]) => Promise<void>,
	engine = typedEngine
): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	const sent: SentField[] = [];
	serve<PlaygroundApi>(
		port1 as never,
		playground(engine, (field) => sent.push(field))
	);
	port1.start();
	port2.start();
	try {
		await use(connect<PlaygroundApi>(port2 as never).remote, sent);
	} finally {
		port1.close();
		port2.close();
	}
}

it('trains, reports, draws, goes back and lets go', () =>
	over(async (api, sent) => {
		const specs = [spec(), spec({ network: { hidden: [3], batchNorm: true }, learning: { rate: 0.1 } })];
		const handle = await api.playCreate(specs);
		const reports: StepReport[] = [];
		const done = await api
			.with({
				progress: (value) => reports.push(value as StepReport)
			})
			.playStep(handle, 500, 1);
		expect(done.metrics.map(({ step, epoch }) => [step, epoch])).toEqual([
			[500, 20],
			[500, 20]
		]);
		expect(reports.length).toBeGreaterThan(0);
		const alone = new TypedTraining(specs[1]!);
		for (let i = 0; i < 500; i++) alone.train();
		const kept = await api.playSnapshot(handle, 1);
		expect(kept).toEqual(alone.snapshot());
		expect(done.metrics[1]).toEqual(alone.metrics());

		const request = { window: { x1: [-6, 6], x2: [-6, 6] }, width: 8, height: 6, content: 'neurons' } as const;
		expect(await api.playField(handle, 1, request, 'map')).toEqual({
			key: 'map',
			width: 8,
			height: 6,
			count: 4,
			step: 500
		});
		const field = planeField(alone.planeNetwork(), request);
		expect(sent).toEqual([{ key: 'map', width: 8, height: 24, payload: { kind: 'array', values: field } }]);
		const some = { ...request, content: 'scores' } as const;
		expect(await api.playFields(handle, [1, 0], some, 'grid')).toMatchObject({ count: 2, height: 6 });
		const { payload } = sent.pop()!;
		const one = planeField(alone.planeNetwork(), some);
		expect(payload.kind === 'array' && payload.values.subarray(0, one.length)).toEqual(one);
		const value = await api.playProbe(handle, 1, [-6 + 0.75, 6 - 1], 'outputs');
		expect(value[0]).toBeCloseTo(field[3 * 48]!, 6);

		await api.playSetParameter(handle, 1, 0, 2.5);
		expect((await api.playSnapshot(handle, 1)).parameters[0]).toBe(2.5);
		await api.playRestore(handle, 1, kept);
		expect(await api.playSnapshot(handle, 1)).toEqual(kept);
		await api.playDispose(handle);
		await expect(api.playMetrics(handle)).rejects.toThrow('no longer there');
	}));

it('stops when told to, between two updates', () =>
	over(async (api) => {
		const handle = await api.playCreate([spec({ network: { hidden: [32, 32] } })]);
		const controller = new AbortController();
		const run = api
			.with({
				signal: controller.signal,
				progress: () => controller.abort()
			})
			.playStep(handle, 1e9, 5);
		await expect(run).rejects.toThrow('cancelled');
		const [first] = await api.playMetrics(handle);
		const after = await api.playStep(handle, 1, 1000);
		expect(after.metrics[0]!.step).toBeLessThan(first!.step + 1000);
	}));

it('measures itself, and refuses in words what it cannot do', () =>
	over(async (api) => {
		const speed = await api.playMeasure([spec()], 60);
		expect(speed.kind).toBe('typed-arrays');
		expect(speed.samples).toBeGreaterThan(10_000);
		await expect(api.playCreate([spec({ network: { inputs: [] } })])).rejects.toMatchObject({
			code: 'refused'
		});
		await expect(api.playCreate([spec({ data: { kind: 'points' } })])).rejects.toMatchObject({
			code: 'refused'
		});
		await expect(api.playCreate([spec({ network: { hidden: [60000, 60000] } })])).rejects.toMatchObject({
			code: 'too-large'
		});
	}));

/** As the other, but every call of `step` takes ten milliseconds more. */
class SlowTrainer extends TypedTrainer {
	override async step(steps: number): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve, 10));
		return super.step(steps);
	}
}

it('the faster trainer is found and named', () => {
	const slow: PlaygroundEngine = { ...typedEngine, kind: 'webgpu', create: async (specs) => new SlowTrainer(specs) };
	const absent: PlaygroundEngine = {
		...slow,
		create: () => Promise.reject(new LabError('WebGPU is not the engine in use.'))
	};
	return over((fast) =>
		over(async (other) => {
			const found = await calibrate([other, fast], [spec()], 60);
			expect(found.fastest).toBe('typed-arrays');
			expect(found.speeds.map(({ kind }) => kind)).toEqual(['webgpu', 'typed-arrays']);
			await over(async (none) => {
				expect((await calibrate([none, fast], [spec()], 30)).speeds).toHaveLength(1);
				await expect(calibrate([none], [spec()], 30)).rejects.toThrow('WebGPU is not the engine');
			}, absent);
		}, slow)
	);
});

it('answers for many points at once as for each alone', () =>
	over(async (api) => {
		const training = new TypedTraining(spec({ data: { kind: 'spirals' }, learning: { loss: 'cross-entropy' } }));
		const network = training.planeNetwork();
		const x1 = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 6);
		const x2 = Float64Array.from({ length: 1000 }, (_, i) => Math.cos(3 * i) * 6);
		const outputs = await api.playOutputs(network, x1, x2);
		expect(outputs).toEqual(valuesAt(network, { x1, x2 }, { content: 'outputs' }));
		expect(outputs).toHaveLength(3000);
		expect(await api.playOutputs(network, new Float64Array(0), new Float64Array(0))).toHaveLength(0);
	}));
