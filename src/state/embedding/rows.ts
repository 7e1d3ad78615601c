import type { DataApi } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { differing, REPLACED, type Identity } from '#contracts/identity.ts';
import { isWhole } from '#contracts/inputs.ts';
import type { ProjectionApi, RowsInfo } from '#contracts/projection.ts';
import { filled } from '#maths/table-scaling.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { columnsInWords, embeddedRows } from '#state/embedding/columns.ts';
import type { EngineId, ProjectionEngines } from '#state/embedding/projection-engines.ts';
import type { Remote } from '#workers/rpc.ts';

/** What becomes rows: numbers (and categories, see `chosenColumns`) of the data, or the activations of a layer of the open model. */
export type Embedded =
	| { kind: 'raw'; standardise: boolean; columns: string }
	| { kind: 'layer'; layer: string; pooling: 'mean' | 'max' | 'flat' };

/** Rows held by an engine, and what they are of. */
export interface Held extends RowsInfo {
	engine: EngineId;
	/** They are gone with it. */
	worker: Remote<ProjectionApi>;
	data: DataSet;
	embedded: Embedded;
	/** Of what model, and how fed; nothing where it has no part in them. */
	of: Identity;
	/** Values that were missing and are the mean of their column. */
	missing: number;
}

export const POOLED = { mean: 'mean-pooled', max: 'max-pooled', flat: 'flattened' } as const;

/** In words. */
export function wordsFor(embedded: Embedded, data: DataSet): string {
	if (embedded.kind === 'layer') return `${embedded.layer}, ${POOLED[embedded.pooling]}`;
	const columns = columnsInWords(embedded.columns, data);
	return `raw values${columns && ` of ${columns}`}${embedded.standardise ? ', each column standardised' : ''}`;
}

/** Side to which images are brought before their pixels are rows. */
const sideOf = (count: number) => (count > 20_000 ? 16 : 32);

/** Milliseconds after which a lost engine is known to be lost, and in which a fresh one is there. */
const [NOTICED, STARTED] = [1500, 60_000];

const silent = () => {};

/** @returns whether it came true in time */
async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
	for (let left = milliseconds; !condition(); left -= 50) {
		if (left <= 0) return false;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return true;
}

const same = (a: Embedded, b: Embedded) => JSON.stringify(a) === JSON.stringify(b);

/** The rows of the map, in the worker that projects fastest. */
export class EmbeddedRows {
	held: Held | null = null;
	/** Of a layer whose rows another thread holds, for comparing groups. */
	#layer: Float32Array | null = null;
	/** Told when the model is open on a fresh engine. */
	#waiting: (() => void)[] = [];

	constructor(
		private readonly context: ViewContext,
		private readonly engines: ProjectionEngines,
		private readonly thread: () => Remote<DataApi>
	) {}

	/** What rows depend on besides the data. */
	madeFrom(embedded: Embedded): Identity {
		return embedded.kind === 'layer' ? this.context.identity(REPLACED) : {};
	}

	drop(): void {
		const before = this.held;
		this.held = this.#layer = null;
		if (before && this.#alive(before)) this.#dropIn(before.engine, before.handle);
	}
	#alive({ engine, worker }: Held): boolean {
		return this.engines.of(engine) === worker;
	}
	#dropIn(engine: EngineId, handle: number): void {
		void this.engines
			.of(engine)
			.dropRows(handle)
			.catch(() => undefined);
	}

	/** Another model is open. */
	forgetModel(): void {
		if (this.held?.engine === 'gpu' || this.held?.embedded.kind === 'layer') this.drop();
	}
	/** A fresh engine is there, with the model that was open. */
	restored(): void {
		for (const tell of this.#waiting.splice(0)) tell();
	}

	/**
	 * Does what needs the engine, once more where that has died meanwhile: what was loaded is still here, and goes to the fresh
	 * one.
	 */
	async surviving<T>(signal: AbortSignal, say: (phase: string) => void, work: () => Promise<T>): Promise<T> {
		const { compute } = this.context;
		try {
			return await work();
		} catch (error) {
			// What runs on a device that goes may hear of it before the lab does, and as of something aborted.
			if (signal.aborted || error instanceof LabError) throw error;
			if (!(await until(() => this.context.compute !== compute || signal.aborted, NOTICED))) throw error;
			say('The engine was lost: the rows go to a fresh one');
			await Promise.race([new Promise<void>((tell) => this.#waiting.push(tell)), until(() => signal.aborted, STARTED)]);
			throwIfAborted(signal);
			return work();
		}
	}

	/** Asks the engine that holds these rows; they are taken again where it has died. */
	asking<T>(
		held: Held,
		signal: AbortSignal,
		ask: (worker: Remote<ProjectionApi>, handle: number) => Promise<T>
	): Promise<T> {
		return this.surviving(signal, silent, async () => {
			const there = this.held === held && this.#alive(held);
			const { worker, handle } = there ? held : await this.of(held.data, held.embedded, signal, silent, silent);
			return ask(worker, handle);
		});
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
		const [{ held }, from] = [this, this.madeFrom(embedded)];
		if (
			held?.data === data &&
			!differing(held.of, from).length &&
			held.engine === engine &&
			this.#alive(held) &&
			same(held.embedded, embedded)
		)
			return held;
		this.drop();
		const made =
			embedded.kind === 'raw'
				? await this.#raw(data, embedded, engine, signal, say)
				: await this.#activations(data, embedded, engine, signal, progress, say);
		return (this.held = { ...made, engine, worker: this.engines.of(engine), data, embedded, of: from });
	}

	async #raw(
		data: DataSet,
		{ standardise, columns }: Extract<Embedded, { kind: 'raw' }>,
		engine: EngineId,
		signal: AbortSignal,
		say: (phase: string) => void
	) {
		const { values, width, missing } = data.rows
			? embeddedRows(columns, data, standardise)
			: await this.#pixels(data, signal, say);
		const transfer = [values.buffer];
		return { missing, ...(await this.engines.of(engine).with({ signal, transfer }).holdRows(values, width)) };
	}

	async #pixels({ images, count }: DataSet, signal: AbortSignal, say: (phase: string) => void) {
		if (!images) throw new LabError('The data set has neither numeric columns nor images.');
		say('Reading the pixels');
		const { values, width } = await this.thread().with({ signal }).pixels(images, sideOf(count));
		return { values: values as Float32Array<ArrayBuffer>, width, missing: 0 };
	}

	async #activations(
		data: DataSet,
		{ layer, pooling }: Extract<Embedded, { kind: 'layer' }>,
		engine: EngineId,
		signal: AbortSignal,
		progress: (done: number) => void,
		say: (phase: string) => void
	) {
		say('Running the model on the data');
		const { compute } = this.context;
		const info = await compute
			.with({
				signal,
				progress: (value) => progress(0.05 * (value as { done: number }).done)
			})
			.holdActivations(layer, pooling, this.inputs(data));
		if (engine === 'gpu') return { ...info, missing: 0 };
		try {
			const values = await compute.with({ signal }).readRows(info.handle);
			const copy = values.slice();
			const transfer = [values.buffer as ArrayBuffer];
			const own = await this.engines.of(engine).with({ signal, transfer }).holdRows(values, info.width);
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
			// Not standardised: differences are of the columns' own units.
			if (held.data.rows) return embeddedRows(held.embedded.columns, held.data, false).values;
			throw new LabError('Single pixels are not meaningful.', 'Embed a layer of the model, and compare its channels.');
		}
		const own =
			held?.engine === 'gpu'
				? await this.of(held.data, held.embedded, new AbortController().signal, silent, silent)
				: held;
		if (this.#layer) return this.#layer;
		if (own?.engine === 'gpu') return this.context.compute.readRows(own.handle);
		throw new LabError('The rows of the map are no longer there.', 'Recompute the map.');
	}

	/** How the data set is fed to the model's explained input; null where it cannot take it. */
	fits(data: DataSet): 'images' | 'rows' | null {
		const input = this.context.explained;
		if (!input || !this.context.inputs.length) return null;
		if (input.kind === 'image') return data.images ? 'images' : null;
		if (isWhole(input)) return null;
		const width = input.shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
		return data.rows?.width === width ? 'rows' : null;
	}

	inputs(data: DataSet): readonly Blob[] | Float32Array {
		const kind = this.fits(data);
		if (!kind)
			throw new LabError(
				'The open model does not fit these data.',
				'Open a model for images of this kind, or embed the raw values.'
			);
		return kind === 'images' ? data.images! : filled(data.rows!.values, data.rows!.width).values;
	}
}
