import { describe, expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { ProjectionApi, ProjectionRequest } from '#contracts/projection.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { EmbeddedRows } from '#state/embedding/rows.ts';
import type { ProjectionEngines } from '#state/embedding/projection-engines.ts';
import { projecting } from '#workers/compute/projection.ts';
import { connect, serve, type Remote } from '#workers/rpc.ts';
import { gaussianMixture } from '../../tools/mixture.ts';

const RAW = { kind: 'raw', standardise: false, columns: '' } as const;
const REQUEST: ProjectionRequest = {
	method: 'umap',
	parameters: { epochs: 60 },
	dimensions: 2,
	metric: 'euclidean',
	seed: 1
};

/** A lab whose engine can die, and one that has only just begun. */
function lab() {
	const ports: MessagePort[] = [];
	const engine = () => {
		const { port1, port2 } = new MessageChannel();
		serve<ProjectionApi>(port1 as never, projecting(() => typedEngine).api);
		port1.start();
		port2.start();
		ports.push(port1, port2);
		return connect<ComputeApi>(port2 as never);
	};
	let running = engine();
	const context = { compute: running.remote, identity: () => ({}) };
	const engines = { of: () => context.compute, fastest: () => Promise.resolve('gpu') } as unknown as ProjectionEngines;
	const { values, count, width } = gaussianMixture(200, { width: 8, clusters: 3 });
	const data = { name: 'mixture', count, rows: { values, width, names: [] } } as unknown as DataSet;
	const rows = new EmbeddedRows(context as unknown as ViewContext, engines, () => {
		throw new Error('There are no pixels.');
	});
	return {
		rows,
		data,
		before: values.slice(),
		/** As the lab does: all that waits is rejected, and a while later the model is open again. */
		lose() {
			const old = running;
			running = engine();
			context.compute = running.remote;
			old.close(new Error('The engine was started anew.'));
			setTimeout(() => rows.restored(), 100);
		},
		take: (signal = new AbortController().signal) =>
			rows.of(
				data,
				RAW,
				signal,
				() => {},
				() => {}
			),
		end: () => ports.forEach((port) => port.close())
	};
}

const project = (worker: Remote<ProjectionApi>, handle: number, progress?: () => void) =>
	worker.with(progress ? { progress } : {}).project(handle, REQUEST);

describe('an engine that dies', () => {
	it('takes no data with it: the map is made on the next one, and the same', async () => {
		const { take, rows, lose, data, before, end } = lab();
		const { signal } = new AbortController();
		const first = await take();
		const expected = await project(first.worker, first.handle);
		let runs = 0;
		const messages: string[] = [];
		const map = await rows.surviving(
			signal,
			(phase) => messages.push(phase),
			async () => {
				const held = await take();
				runs++;
				return project(held.worker, held.handle, () => (runs === 1 ? lose() : undefined));
			}
		);
		expect(runs).toBe(2);
		expect(messages).toEqual(['The engine was lost: the rows go to a fresh one']);
		expect(map.positions).toEqual(expected.positions);
		expect(data.rows!.values).toEqual(before);
		end();
	});

	it('is noticed by whoever asks next', async () => {
		const { take, rows, lose, end } = lab();
		const held = await take();
		const ask = () =>
			rows.asking(held, new AbortController().signal, (worker, handle) =>
				worker.nearest(handle, Int32Array.of(3), 5, 'euclidean')
			);
		const expected = await ask();
		lose();
		expect(await ask()).toEqual(expected);
		expect(await take()).not.toBe(held);
		expect(Array.from(await rows.values())).toHaveLength(200 * 8);
		end();
	});

	it('may be felt before it is known, as something aborted', async () => {
		const { rows, lose, end } = lab();
		let runs = 0;
		const done = rows.surviving(
			new AbortController().signal,
			() => {},
			async () => {
				if (runs++) return 'done';
				setTimeout(lose, 100);
				throw new DOMException('The device was lost.', 'AbortError');
			}
		);
		expect(await done).toBe('done');
		end();
	});

	it('hides neither what is wrong with the data nor that one has had enough', async () => {
		const { rows, lose, end } = lab();
		const controller = new AbortController();
		const wrong = () => Promise.reject(new LabError('Row 7 is broken.'));
		await expect(rows.surviving(controller.signal, () => {}, wrong)).rejects.toThrow('Row 7');
		const enough = rows.surviving(
			controller.signal,
			() => {},
			() => {
				lose();
				controller.abort();
				return Promise.reject(new Error('The engine was started anew.'));
			}
		);
		await expect(enough).rejects.toThrow('started anew');
		end();
	});
});
