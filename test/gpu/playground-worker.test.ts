import { expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { FieldPortMessage } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { calibrate } from '#state/playground/calibration.ts';
import { connect, type Remote } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { playground } from '../tools/playground.ts';

/** A worker, and the fields that it sends to whoever draws. */
function started<Api>(worker: Worker): { api: Remote<Api>; fields: SentField[]; worker: Worker } {
	const { port1, port2 } = new MessageChannel();
	const fields: SentField[] = [];
	port2.onmessage = ({ data }: MessageEvent<SentField>) => fields.push(data);
	worker.postMessage({ type: 'field-port', port: port1 } satisfies FieldPortMessage, [port1]);
	return { api: connect<Api>(worker).remote, fields, worker };
}

it('both workers train the same network to the same field, and the faster one is named', async () => {
	const processor = started<PlaygroundApi>(
		new Worker(new URL('../../src/workers/playground.worker.ts', import.meta.url), { type: 'module' })
	);
	const gpu = started<ComputeApi>(
		new Worker(new URL('../../src/workers/compute.worker.ts', import.meta.url), { type: 'module' })
	);
	const compute = gpu.api as unknown as Remote<PlaygroundApi>;
	await gpu.api.start('webgpu');
	const specs = [playground(), playground({ network: { hidden: [3], batchNorm: true } })];
	const request = { window: { x1: [-6, 6], x2: [-6, 6] }, width: 9, height: 7, content: 'neurons' } as const;
	const results: { losses: number[]; values: Float32Array }[] = [];
	for (const { api, fields } of [processor, { api: compute, fields: gpu.fields }]) {
		const handle = await api.playCreate(specs);
		const { metrics } = await api.playStep(handle, 20, 1000);
		expect(metrics.map(({ step }) => step)).toEqual([20, 20]);
		expect((await api.playFields(handle, [1, 0], request, 'both')).count).toBe(4 + 7);
		await expect.poll(() => fields.length).toBe(1);
		const [{ key, payload, height }] = fields as [SentField];
		expect([key, height]).toEqual(['both', 77]);
		if (payload.kind === 'array')
			results.push({ losses: metrics.map(({ test }) => test.loss), values: payload.values });
		await api.playDispose(handle);
	}
	const [one, other] = results as [(typeof results)[0], (typeof results)[0]];
	expectClose({ data: other.values }, { data: one.values }, { rtol: 1e-3, atol: 1e-4 });
	expectClose({ data: other.losses }, { data: one.losses }, { rtol: 1e-3, atol: 1e-4 });
	const { fastest, speeds } = await calibrate([compute, processor.api], [playground()], 100);
	expect(speeds).toHaveLength(2);
	expect(fastest).toBe(speeds[0]!.samples > speeds[1]!.samples ? 'webgpu' : 'typed-arrays');
	// On an emulated device the processor itself is the faster one.
	expect(speeds[1]!.samples).toBeGreaterThan(10_000);
	processor.worker.terminate();
	gpu.worker.terminate();
});
