import type { DataApi } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { RowsInfo } from '#contracts/projection.ts';
import { filled, standardised } from '#maths/table-scaling.ts';
import type { Door } from '#state/door.ts';
import type { EngineId, ProjectionEngines } from '#state/projection-engines.ts';
import type { Remote } from '#workers/rpc.ts';

/** What becomes rows: the numbers as they are, or what a layer of the open model answers. */
export type Embedded =
	{ kind: 'raw'; standardise: boolean } | { kind: 'layer'; layer: string; pooling: 'mean' | 'max' | 'flat' };

/** Rows held by an engine, and what they are of. */
export interface Held extends RowsInfo {
	engine: EngineId;
	data: DataSet;
	embedded: Embedded;
	/** Values that were missing and are the mean of their column. */
	missing: number;
}

export const POOLED = { mean: 'mean over places', max: 'largest over places', flat: 'all numbers' } as const;

/** In words. */
export const wordsFor = (embedded: Embedded) =>
	embedded.kind === 'raw'
		? embedded.standardise
			? 'raw values, each column standardised'
			: 'raw values'
		: `${embedded.layer}, ${POOLED[embedded.pooling]}`;

/** Side to which images are brought before their pixels are rows. */
const sideOf = (count: number) => (count > 20_000 ? 16 : 32);

const same = (a: Embedded, b: Embedded) => JSON.stringify(a) === JSON.stringify(b);

/** The rows of the map, in the worker that projects fastest. */
export class EmbeddedRows {
	held: Held | null = null;
	/** Of a layer whose rows another thread holds, for comparing groups. */
	#layer: Float32Array | null = null;

	constructor(
		private readonly door: Door,
		private readonly engines: ProjectionEngines,
		private readonly thread: () => Remote<DataApi>
	) {}

	drop(): void {
		const before = this.held;
		this.held = this.#layer = null;
		if (before) this.#dropIn(before.engine, before.handle);
	}
	#dropIn(engine: EngineId, handle: number): void {
		void this.engines
			.of(engine)
			.call('dropRows', [handle])
			.catch(() => undefined);
	}

	/** Another model is open. */
	forgetModel(): void {
		if (this.held?.engine === 'gpu' || this.held?.embedded.kind === 'layer') this.drop();
	}
	/** The GPU's worker was started anew and knows nothing. */
	forgetGpu(): void {
		if (this.held?.engine === 'gpu') this.held = null;
	}

	/** Those that are there already, else new ones. */
	async of(
		data: DataSet,
		embedded: Embedded,
		signal: AbortSignal,
		progress: (done: number) => void,
		say: (phase: string) => void
	): Promise<Held> {
		const engine = await this.engines.fastest(signal);
		const { held } = this;
		if (held?.data === data && held.engine === engine && same(held.embedded, embedded)) return held;
		this.drop();
		const made =
			embedded.kind === 'raw'
				? await this.#raw(data, embedded.standardise, engine, signal, say)
				: await this.#activations(data, embedded, engine, signal, progress, say);
		return (this.held = { ...made, engine, data, embedded });
	}

	async #raw(data: DataSet, standardise: boolean, engine: EngineId, signal: AbortSignal, say: (phase: string) => void) {
		let { rows } = data;
		if (!rows && data.images) {
			say('Reading the pixels');
			const read = await this.thread().call('pixels', [data.images, sideOf(data.count)], { signal });
			rows = { ...read, names: [] };
		}
		if (!rows) throw new LabError('The data set has neither numbers nor images.');
		const { values, missing } = filled(rows.values, rows.width);
		const own = standardise ? standardised(rows.values, rows.width) : values;
		const transfer = [own.buffer];
		return { missing, ...(await this.engines.of(engine).call('holdRows', [own, rows.width], { signal, transfer })) };
	}

	async #activations(
		data: DataSet,
		{ layer, pooling }: Extract<Embedded, { kind: 'layer' }>,
		engine: EngineId,
		signal: AbortSignal,
		progress: (done: number) => void,
		say: (phase: string) => void
	) {
		say('The data go through the model');
		const { compute } = this.door;
		const info = await compute.call('holdActivations', [layer, pooling, this.inputs(data)], {
			signal,
			progress: (value) => progress(0.05 * (value as { done: number }).done)
		});
		if (engine === 'gpu') return { ...info, missing: 0 };
		try {
			const values = await compute.call('readRows', [info.handle], { signal });
			const copy = values.slice();
			const transfer = [values.buffer as ArrayBuffer];
			const own = await this.engines.of(engine).call('holdRows', [values, info.width], { signal, transfer });
			this.#layer = copy;
			return { ...own, missing: 0 };
		} finally {
			this.#dropIn('gpu', info.handle);
		}
	}

	/** The numbers of the rows that are held. */
	async values(): Promise<Float32Array> {
		const { held } = this;
		if (held?.embedded.kind === 'raw') {
			const { rows } = held.data;
			if (rows) return filled(rows.values, rows.width).values;
			throw new LabError('Single pixels say little.', 'Embed a layer of the model, and compare its channels.');
		}
		if (this.#layer) return this.#layer;
		if (held?.engine === 'gpu') return this.door.compute.call('readRows', [held.handle]);
		throw new LabError('The rows of the map are no longer there.', 'Make the map anew.');
	}

	/** How the data set is fed to a model; null where the open one cannot take it. */
	fits(data: DataSet): 'images' | 'rows' | null {
		const [input, ...others] = this.door.inputs;
		if (!input || others.length) return null;
		if (input.kind === 'image') return data.images ? 'images' : null;
		const width = input.shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
		return data.rows?.width === width ? 'rows' : null;
	}

	inputs(data: DataSet): readonly Blob[] | Float32Array {
		const kind = this.fits(data);
		if (!kind)
			throw new LabError(
				'The open model cannot take these data.',
				'Open a model for images of this kind, or embed the raw values.'
			);
		return kind === 'images' ? data.images! : filled(data.rows!.values, data.rows!.width).values;
	}
}
