import type { ComputeApi } from '#contracts/compute-api.ts';
import type { FieldPortMessage } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { LabError } from '#contracts/errors.ts';
import { loseDevice, onDeviceLost, onGpuError, startEngine } from '#engine/device.ts';
import { memory } from '#engine/memory.ts';
import { webgpuEngine } from '#engine/playground/webgpu-engine.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import { arraysFor } from '#loaders/input-array.ts';
import { attributionMethods } from '#methods/registry.ts';
import { activationRows } from '#workers/compute/activation-rows.ts';
import * as anatomy from '#workers/compute/anatomy.ts';
import { alternatives } from '#workers/compute/alternatives.ts';
import { blending } from '#workers/compute/blends.ts';
import { comparing } from '#workers/compute/comparison.ts';
import { exporting } from '#workers/compute/export.ts';
import { explain } from '#workers/compute/explain.ts';
import { times } from '#workers/compute/times.ts';
import { openModel } from '#workers/compute/opening.ts';
import { drawnOutput } from '#workers/compute/output.ts';
import { kernelSlices } from '#workers/compute/kernels.ts';
import { parting } from '#workers/compute/parting.ts';
import { playground } from '#workers/compute/playground.ts';
import { projecting } from '#workers/compute/projection.ts';
import { Session } from '#workers/compute/session.ts';
import { slicing } from '#workers/compute/slices.ts';
import { Turns } from '#workers/compute/turns.ts';
import * as weights from '#workers/compute/weights.ts';
import { serve, Transferred, type CallContext } from '#workers/rpc.ts';

/** The thread that owns the GPU. */

let session: Session | null = null;
let fields: MessagePort | null = null;
const turns = new Turns(() => session?.identity ?? null);
const alone: Turns['alone'] = (signal, job) => turns.alone(signal, job);
const together: Turns['together'] = (signal, job) => turns.together(signal, job);

function opened(): Session {
	if (!session) throw new LabError('There is no model yet.', 'Choose one or open your own.');
	return session;
}

const send = (field: SentField, transfer: Transferable[]) => fields?.postMessage(field, transfer);
const outlets = ({ signal, progress }: CallContext) => ({ signal, progress, send });

const comparison = comparing({ opened, alone, together });
const slices = slicing({ opened, together, send });
const projection = projecting(tensorEngine);

const api: Parameters<typeof serve<ComputeApi>>[1] = {
	start: (force) => startEngine(force),

	open: (source, options, context) =>
		openModel(source, options, context, {
			alone,
			take: (next) => {
				session?.dispose();
				session = next;
				comparison.forget();
				slices.forget();
			},
			renew: (next) => {
				session = next;
			}
		}),

	openKey: ({ signal }) => together(signal, () => Promise.resolve(session?.identity.model ?? null)),

	feed: (inputs, preprocessingByInput, explained, of, { signal }) =>
		alone(signal, async () => {
			const pixels = opened().feed(inputs, preprocessingByInput, explained, of);
			const pictures = [...pixels].map(async ([id, image]) => [id, await createImageBitmap(image)] as const);
			const preprocessed = new Map(await Promise.all(pictures));
			return new Transferred({ preprocessed }, [...preprocessed.values()]);
		}),

	predict: ({ signal, progress }) =>
		together(signal, () => {
			progress(null);
			return opened().predict();
		}),

	output: (request, { signal }) => together(signal, () => drawnOutput(opened(), request)),

	alternatives: (request, context) => together(context.signal, () => alternatives(opened(), request, context)),

	readArrays: (file, inputs, wanted) => arraysFor(file, inputs, wanted),

	explain: (request, { signal, progress }) =>
		together(signal, () => explain(opened(), request, { signal, progress, send })),

	activations: (request, context) =>
		together(context.signal, () => anatomy.activations(opened(), request, outlets(context))),

	ablate: (ablations, { signal }) =>
		alone(signal, async () => {
			opened().model.ablations = ablations;
			return Promise.resolve();
		}),

	effects: (layer, by, target, context) =>
		together(context.signal, () => anatomy.effects(opened(), layer, by, target, outlets(context))),

	gradients: (layer, target, context) =>
		together(context.signal, () => anatomy.gradients(opened(), layer, target, outlets(context))),

	derive: (layer, position, { signal }) => together(signal, () => anatomy.derivation(opened(), layer, position)),

	receptiveField: (layer, position, { signal }) =>
		together(signal, () => Promise.resolve(anatomy.receptiveField(opened(), layer, position))),

	maximise: (request, context) =>
		together(context.signal, async () => {
			const best = await anatomy.maximised(opened(), request, outlets(context));
			return new Transferred(best, [best.picture]);
		}),

	patches: (layer, channel, images, context) =>
		together(context.signal, async () => {
			const found = await anatomy.patches(opened(), layer, channel, images, outlets(context));
			return new Transferred(
				found,
				found.map(({ picture }) => picture)
			);
		}),

	times: (request, context) => together(context.signal, () => times(opened(), request, context)),

	weightReports: (names, context) =>
		together(context.signal, () => weights.weightReports(opened(), names, outlets(context))),

	weightGates: (name, { signal }) => together(signal, () => weights.weightGates(opened(), name)),

	weightHistograms: (names, range, bins, context) =>
		together(context.signal, () => weights.weightHistograms(opened(), names, range, bins, outlets(context))),

	weightPicture: (request, context) =>
		together(context.signal, () => weights.picture(opened(), request, outlets(context))),

	spectrumSource: (name, gate, { signal }) =>
		together(signal, async () => {
			const source = await weights.source(opened(), name, gate);
			return new Transferred(source, [source.values.buffer]);
		}),

	weightFile: (names, format, context) =>
		together(context.signal, () => weights.file(opened(), names, format, outlets(context))),

	kernelSlices: (slices, { signal }) => together(signal, () => kernelSlices(opened().model, slices, signal)),

	...comparison.api,
	...parting({ opened, second: (key) => comparison.current(key), alone, together }),
	...slices.api,

	methods: () => [...attributionMethods.values()].map(({ run: _run, refusal: _refusal, ...spec }) => spec),

	...playground(webgpuEngine, send),

	...projection.api,
	...activationRows(opened, projection.rowStore, together),
	...blending(opened, together),
	...exporting(opened, together),

	memory: () => memory(),

	loseDevice: () => loseDevice()
};

const emit = serve<ComputeApi>(self as never, api);
onDeviceLost((reason) => emit('device-lost', reason));
onGpuError((message) => emit('gpu-error', message));

self.addEventListener('message', ({ data }: MessageEvent<FieldPortMessage>) => {
	if (data.type === 'field-port') fields = data.port;
});
