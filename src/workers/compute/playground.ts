import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import type {
	Metrics,
	PlaneNetwork,
	PlaneRequest,
	PlaygroundApi,
	PlaygroundSpec,
	SentPlanes,
	StepReport,
	Trainer
} from '#contracts/playground.ts';
import { breath } from '#engine/breath.ts';
import type { PlaygroundEngine, Planes } from '#engine/playground/engine.ts';
import { sized } from '#maths/format.ts';
import { playgroundCost } from '#maths/playground/cost.ts';
import { dataset } from '#maths/playground/data.ts';
import { planesOf, valuesAt } from '#maths/playground/field.ts';
import { outputsOf, specProblem } from '#maths/playground/layout.ts';
import { stepsPerEpoch } from '#maths/playground/schedule.ts';
import { Transferred, type Served } from '#workers/rpc.ts';

/** The playground as a worker answers it, on whichever engine the worker has. */

interface Training {
	trainer: Trainer;
	specs: readonly PlaygroundSpec[];
	/** What `playStep` does now; the next one waits for it. */
	stepping: Promise<unknown>;
}

/** Points that are evaluated at once. */
const POINTS_AT_ONCE = 64;

/** What a field may take. */
const MAX_FIELD_BYTES = 2 ** 29;

/** @param count planes of the field */
function checkField(count: number, { width, height }: PlaneRequest): void {
	if (![width, height, count].every((n) => Number.isInteger(n) && n >= 1))
		throw new RangeError('A field has whole numbers of rows and columns.');
	if (4 * count * width * height > MAX_FIELD_BYTES)
		throw new LabError('A field of this size is too large.', 'Ask for a smaller one.', { code: 'too-large' });
}

function check(specs: readonly PlaygroundSpec[], maxBytes: number): void {
	let bytes = 0;
	for (const spec of specs) {
		if (spec.data.kind === 'points' && !spec.data.points)
			throw new LabError('There are no points yet.', 'Draw some, or open a table.', { code: 'refused' });
		const problem = specProblem(spec, dataset(spec.data).classes);
		if (problem) throw new LabError(problem, '', { code: 'refused' });
		bytes += playgroundCost(spec).bytes;
	}
	if (bytes > maxBytes)
		throw new LabError(
			`This needs ${sized(bytes)}; ${sized(maxBytes)} are there.`,
			'Take fewer or smaller layers, or a smaller batch.',
			{ code: 'too-large' }
		);
}

/** Samples of an average update. */
const samplesOf = ({ data, learning }: PlaygroundSpec) => {
	const samples = dataset(data).train.y.length;
	return samples / stepsPerEpoch(samples, learning.batch);
};

/** So many updates, in slices of about `span` milliseconds that let messages in; `report` is called after each. */
async function steps(
	trainer: Trainer,
	count: number,
	span: number,
	signal: AbortSignal,
	report: () => Promise<void>
): Promise<number> {
	let [slice, milliseconds] = [1, 0];
	for (let done = 0; done < count;) {
		throwIfAborted(signal);
		const some = Math.min(slice, count - done);
		const began = performance.now();
		await trainer.step(some);
		const took = performance.now() - began;
		milliseconds += took;
		done += some;
		if (some === slice)
			slice = Math.max(1, Math.floor(slice * Math.min(2, Math.max(0.25, span / Math.max(took, 0.01)))));
		await report();
		await breath();
	}
	return milliseconds;
}

/** @param send puts a field on its way to the draw worker */
export function playground(
	engine: PlaygroundEngine,
	send: (field: SentField, transfer: Transferable[]) => void
): Served<PlaygroundApi> {
	const trainings = new Map<number, Training>();
	let next = 1;

	function training(handle: number): Training {
		const found = trainings.get(handle);
		if (!found) throw new LabError('This playground is no longer there.');
		return found;
	}

	function specOf({ specs }: Training, network: number): PlaygroundSpec {
		const spec = specs[network];
		if (!spec) throw new RangeError(`There is no network ${network}.`);
		return spec;
	}

	function sent(
		{ payload, transfer }: Planes,
		count: number,
		{ width, height }: PlaneRequest,
		key: string
	): SentPlanes {
		send({ key, width, height: height * count, payload }, transfer);
		return { key, width, height, count };
	}

	const outputs = ({ data, learning }: PlaygroundSpec) => outputsOf(learning.loss, dataset(data).classes);

	async function fields(handle: number, networks: readonly number[], request: PlaneRequest, key: string) {
		const own = training(handle);
		const count = networks
			.map((network) => specOf(own, network))
			.reduce((sum, spec) => sum + planesOf({ network: spec.network, outputs: outputs(spec) }, request), 0);
		checkField(count, request);
		// Begun at once, so that both are of one step.
		const [planes, { step }] = await Promise.all([
			engine.trainedPlanes(own.trainer, networks, request),
			own.trainer.snapshot(networks[0] ?? 0)
		]);
		return { ...sent(planes, count, request, key), step };
	}

	return {
		async playCreate(specs) {
			check(specs, engine.maxBytes);
			const trainer = await engine.create(specs);
			trainings.set(next, { trainer, specs, stepping: Promise.resolve() });
			return next++;
		},

		async playStep(handle, count, interval, { signal, progress }) {
			const own = training(handle);
			const run = own.stepping.then(async (): Promise<StepReport> => {
				const began = performance.now();
				let last = began;
				const milliseconds = await steps(own.trainer, count, engine.slice, signal, async () => {
					const now = performance.now();
					if (now - last < interval) return;
					last = now;
					progress({ metrics: await own.trainer.metrics(), milliseconds: now - began } satisfies StepReport);
				});
				return { metrics: await own.trainer.metrics(), milliseconds };
			});
			own.stepping = run.catch(() => undefined);
			return run;
		},

		playMetrics: (handle) => training(handle).trainer.metrics(),
		playSnapshot: (handle, network) => training(handle).trainer.snapshot(network),
		async playState(handle, network) {
			const { trainer } = training(handle);
			// Both are begun at once: between two messages it may train.
			const [metrics, snapshot] = await Promise.all([trainer.metrics(), trainer.snapshot(network)]);
			return { metrics: metrics[network] as Metrics, snapshot };
		},
		playRestore: (handle, network, snapshot) => training(handle).trainer.restore(network, snapshot),
		playSetParameter: (handle, network, index, value) => training(handle).trainer.setParameter(network, index, value),

		playField: (handle, network, request, key) => fields(handle, [network], request, key),
		playFields: (handle, networks, request, key) => fields(handle, networks, request, key),

		async playPlanes(network: PlaneNetwork, request, key) {
			const count = planesOf(network, request);
			checkField(count, request);
			return sent(await engine.planes(network, request), count, request, key);
		},

		async playOutputs(network, x1, x2, { signal }) {
			const values = new Float32Array(network.outputs * x1.length);
			let began = performance.now();
			for (let first = 0; first < x1.length; first += POINTS_AT_ONCE) {
				const last = Math.min(x1.length, first + POINTS_AT_ONCE);
				const some = valuesAt(
					network,
					{ x1: x1.subarray(first, last), x2: x2.subarray(first, last) },
					{ content: 'outputs' }
				);
				for (let k = 0; k < network.outputs; k++)
					values.set(some.subarray(k * (last - first), (k + 1) * (last - first)), k * x1.length + first);
				if (performance.now() - began < engine.slice) continue;
				await breath(signal);
				began = performance.now();
			}
			return new Transferred(values, [values.buffer]);
		},

		async playProbe(handle, network, [x1, x2], content) {
			const own = training(handle);
			const spec = specOf(own, network);
			const { parameters, running } = await own.trainer.snapshot(network);
			const plane = { network: spec.network, loss: spec.learning.loss, outputs: outputs(spec), parameters, running };
			return valuesAt(plane, { x1: Float64Array.of(x1), x2: Float64Array.of(x2) }, { content });
		},

		playDispose(handle) {
			trainings.get(handle)?.trainer.dispose();
			trainings.delete(handle);
		},

		async playMeasure(specs, milliseconds, { signal }) {
			check(specs, engine.maxBytes);
			const trainer = await engine.create(specs);
			try {
				// Engines get faster while they find out how much to do at once: the second half of the time counts.
				let [count, trained, counting] = [1, 0, false];
				let began = performance.now();
				while (performance.now() - began < milliseconds / 2 || !counting) {
					throwIfAborted(signal);
					const start = performance.now();
					if (!counting && start - began >= milliseconds / 2) [counting, trained, began] = [true, 0, start];
					await trainer.step(count);
					trained += count;
					if (performance.now() - start < milliseconds / 16) count *= 2;
					await breath();
				}
				const samples = specs.reduce((sum, spec) => sum + samplesOf(spec), 0) * trained;
				return { kind: engine.kind, samples: (1000 * samples) / (performance.now() - began) };
			} finally {
				trainer.dispose();
			}
		}
	};
}
