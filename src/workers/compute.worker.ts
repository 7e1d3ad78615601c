import type { ComputeApi } from '#contracts/compute.ts';
import type { FieldPortMessage } from '#contracts/draw.ts';
import type { Field } from '#contracts/field.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { checkSize, loseDevice, onDeviceLost, onGpuError, report, startEngine } from '#engine/device.ts';
import { memory } from '#engine/memory.ts';
import { openSource } from '#loaders/open-source.ts';
import { attributionMethods } from '#methods/registry.ts';
import { explain } from '#workers/compute/explain.ts';
import { Session } from '#workers/compute/session.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread that owns the GPU. One job at a time; what comes in its way waits. */

let session: Session | null = null;
let fields: MessagePort | null = null;
let last: Promise<unknown> = Promise.resolve();

/** Jobs in the order they came: tensors of two jobs never mix, and memory is that of one. */
function queued<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
	const run = last.then(() => {
		throwIfAborted(signal);
		return job();
	});
	last = run.catch(() => undefined);
	return run;
}

function opened(): Session {
	if (!session) throw new LabError('There is no model yet.', 'Choose one or open your own.');
	return session;
}

const api: Parameters<typeof serve<ComputeApi>>[1] = {
	start: (force) => startEngine(force),

	open: (source, { inputShape }, { signal, progress }) =>
		queued(signal, async () => {
			const loaded = await openSource(source, {
				signal,
				progress: (done, note) => progress({ done, note }),
				checkSize,
				...(inputShape ? { inputShape } : {})
			});
			try {
				throwIfAborted(signal);
				const next = new Session(loaded, source.name);
				session?.dispose();
				session = next;
				return next.opened();
			} catch (error) {
				loaded.model.dispose();
				throw error;
			}
		}),

	feed: (inputs, preprocessing, { signal }) =>
		queued(signal, async () => {
			const pixels = opened().feed(inputs, preprocessing);
			if (!pixels) return { seen: null };
			const seen = await createImageBitmap(pixels);
			return new Transferred({ seen }, [seen]);
		}),

	predict: ({ signal }) => queued(signal, () => opened().predict()),

	explain: (request, { signal, progress }) =>
		queued(signal, () =>
			explain(opened(), request, {
				signal,
				progress,
				send: (field: Field, transfer) => fields?.postMessage(field, transfer)
			})
		),

	methods: () =>
		[...attributionMethods.values()].map(
			({ id, title, family, order, summary, paper, equation, signed, grid, parameters }) => ({
				id,
				title,
				family,
				order,
				summary,
				paper,
				equation,
				signed,
				grid,
				parameters
			})
		),

	memory: () => memory(),

	loseDevice: () => loseDevice()
};

const emit = serve<ComputeApi>(self as never, api);
onDeviceLost((reason) => emit('device-lost', reason));
onGpuError((message) => emit('gpu-error', message));

self.addEventListener('message', ({ data }: MessageEvent<FieldPortMessage>) => {
	if (data.type === 'field-port') fields = data.port;
});
