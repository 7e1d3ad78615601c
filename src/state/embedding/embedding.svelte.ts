import { useViewState } from '#state/lab/context.ts';
import type { LabelPlacement, Matrix } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import type {
	MapQuality,
	Metric,
	Neighbours,
	ProjectionFrame,
	ProjectionRequest,
	ProjectionSpec
} from '#contracts/projection.ts';
import { keyOf, type Identity } from '#contracts/identity.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import { fitted, fittingOf } from '#maths/scatter/bounds.ts';
import { separation } from '#maths/separation.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import { onOtherData } from '#state/data/on-other-data.svelte.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import type { MapFile } from '#state/embedding/export.ts';
import type { FinishedMap, Visible, Separated, ShownMap } from '#state/embedding/map.ts';
import type { MapPicture } from '#state/embedding/map-picture.ts';
import { objectKey } from '#state/lab/object-key.ts';
import { saveFile } from '#state/lab/saving.ts';
import { columnNames } from '#state/embedding/columns.ts';
import { EmbeddedRows, wordsFor, type Embedded } from '#state/embedding/rows.ts';
import { PHASES, ProjectionEngines } from '#state/embedding/projection-engines.ts';

const NEAREST = 12;
const MAX_SEPARATION_COLUMNS = 12;
/** Rows of which the quality is measured at this k. */
const QUALITY_K = 15;
/** The map of the data set: how it is made, what is chosen on it. */
export class Embedding extends JobViewState implements ViewState {
	protected override readonly titles = { project: 'Map of the data set', quality: 'Quality of the map' };
	specs = $state.raw<readonly ProjectionSpec[]>([]);
	shown = $state.raw<ShownMap | null>(null);
	map = $state.raw<FinishedMap | null>(null);
	/** What the job does now, in words. */
	phase = $state('');
	/** The share of the work after which the map on the stage was stopped; null unless it was. */
	stopped = $state<number | null>(null);
	quality = $state.raw<MapQuality | null>(null);
	/** Values that were missing and are the mean of their column. */
	missing = $state(0);
	selection = $state.raw<Int32Array | null>(null);
	/** Only these are shown. */
	only = $state.raw<Int32Array | null>(null);
	/** 1 for each item that is not shown; null where all are. */
	readonly hidden: Uint8Array | null = $derived.by(() => {
		const { only, data } = this;
		if (!only || !data) return null;
		const hidden = new Uint8Array(data.count).fill(1);
		for (const i of only) hidden[i] = 0;
		return hidden;
	});
	chosen = $state(-1);
	hovered = $state(-1);
	neighbours = $state.raw<Neighbours | null>(null);
	/** A selection that is kept to compare another one with. */
	kept = $state.raw<Int32Array | null>(null);
	separated = $state.raw<Separated | null>(null);
	#sets: DataSets | null = null;
	readonly engines: ProjectionEngines;
	#rows: EmbeddedRows;
	#turn = 0;
	/** The map that is made here, while one of another view state is looked at. */
	#aside = $state.raw<Visible | null>(null);

	constructor(context: ViewContext) {
		super(context);
		this.engines = new ProjectionEngines(context);
		this.#rows = new EmbeddedRows(context, this.engines, () => this.#sets!.thread);
		void this.known().catch(context.failed);
	}

	readonly watch = () => onOtherData(() => this.#sets, this.clear.bind(this));

	/** What can be asked for. */
	async known(): Promise<readonly ProjectionSpec[]> {
		if (!this.specs.length) this.specs = await this.engines.of('processor').projections();
		return this.specs;
	}

	attach(sets: DataSets): this {
		this.#sets = sets;
		return this;
	}

	get busy(): boolean {
		return 'project' in this.running;
	}

	get data(): DataSet | null {
		return this.#sets?.data ?? null;
	}

	/** Another model is open: a map of raw values stays, one of its layers is history but still a map. */
	reset(): void {
		this.#rows.forgetModel();
	}

	restore(): Promise<void> {
		this.#rows.restored();
		return Promise.resolve();
	}

	/** Another data set: nothing of the old one is left. */
	clear(): void {
		for (const name of ['project', 'quality', 'nearest']) this.cancel(name);
		this.#rows.drop();
		this.show(null);
		if (this.shown) void this.context.draw.drop([this.shown.key]).catch(() => undefined);
		this.shown = this.map = this.quality = this.stopped = null;
		this.forget();
		this.missing = 0;
	}

	/** What was chosen. */
	forget(): void {
		this.selection = this.neighbours = this.kept = this.separated = null;
		this.chosen = this.hovered = -1;
		this.showOnly(null);
	}

	/** Whether a map of another view state stands in the place of the one that was made here. */
	get lent(): boolean {
		return !!this.#aside;
	}
	/** Whether there is one that was made here, on the stage or not. */
	get own(): boolean {
		return !!(this.#aside ?? this).shown;
	}

	/** Shows a map that another view state has made and keeps; null: the own one again. */
	show(at: Visible | null): void {
		const { map } = this;
		const next = at ?? this.#aside;
		if (!next) return;
		this.#aside = at ? (this.#aside ?? this.#visible()) : null;
		({ shown: this.shown, map: this.map, quality: this.quality, missing: this.missing } = next);
		if (map !== next.map) this.neighbours = null;
		if (!next.shown || next.shown.transition?.moving) return;
		const { positions, dimensions } = next.shown;
		void this.#sets?.thread.putMap(positions, dimensions).catch(() => undefined);
	}

	// Making the map

	async project(
		embedded: Embedded,
		request: Omit<ProjectionRequest, 'labels'>,
		labels: Int32Array | null
	): Promise<void> {
		const { data } = this;
		if (!data) return;
		this.phase = 'Preparing rows';
		this.cancel('quality');
		const before = this.#aside ?? this.#visible();
		const from = this.madeFrom(embedded, request, labels);
		let done = 0;
		const requested: ProjectionRequest = { ...request, ...(labels ? { labels } : {}) };
		await this.job(
			'project',
			(signal, progress) => {
				const say = (phase: string) => (this.phase = phase);
				return this.#rows.surviving(signal, say, async () => {
					const held = await this.#rows.of(data, embedded, signal, progress, say);
					this.missing = held.missing;
					const result = await held.worker
						.with({
							signal,
							progress: (value) => {
								if (signal.aborted) return;
								const frame = value as ProjectionFrame;
								this.phase = PHASES[frame.phase];
								done = 0.05 + 0.95 * frame.done;
								progress(done);
								if (frame.positions) this.#form(frame.positions, request.dimensions);
							}
						})
						.project(held.handle, requested);
					return { held, result };
				});
			},
			({ held, result }) => {
				this.#show(result.positions, result.dimensions);
				this.stopped = null;
				const { count, width } = held;
				this.map = {
					...result,
					data,
					request: requested,
					rows: { count, width },
					held,
					from,
					of: wordsFor(embedded, data)
				};
				this.quality = null;
			}
		);
		if (this.data !== data || this.busy) return;
		this.#settle(before, done);
		if (this.map?.data !== data) return;
		if (!this.quality) void this.measure();
		if (this.chosen >= 0) void this.choose(this.chosen);
	}

	/** Keys of all that a map of this is made from. */
	madeFrom(
		embedded: Embedded,
		{ seed, ...request }: Omit<ProjectionRequest, 'labels'>,
		labels: Int32Array | null
	): Identity {
		return {
			...this.#rows.madeFrom(embedded),
			data: this.data ? objectKey(this.data) : '',
			layer: keyOf(embedded),
			parameters: keyOf([request, labels && objectKey(labels)]),
			seed: String(seed)
		};
	}

	/** How a data set is fed to a model; null where the open one cannot take it. */
	fits(data: DataSet): 'images' | 'rows' | null {
		return this.#rows.fits(data);
	}

	inputs(data: DataSet): readonly Blob[] | Float32Array {
		return this.#rows.inputs(data);
	}

	#show(positions: Float32Array, dimensions: 2 | 3): void {
		const own = fitted(positions, dimensions, fittingOf(positions, dimensions));
		// A map that is made takes the stage.
		this.show(null);
		const before = this.shown;
		const same = before?.dimensions === dimensions && before.positions.length === own.length;
		const key = same ? before.key : `map${this.#turn++}:`;
		if (before && !same) void this.context.draw.drop([before.key]).catch(() => undefined);
		void this.context.draw.putScatter(key, own, dimensions).catch(() => undefined);
		void this.#sets?.thread.putMap(own, dimensions).catch(() => undefined);
		this.shown = { key, positions: own, dimensions, frame: (before?.frame ?? 0) + 1 };
	}

	/** Points on their way: what was known of the map in whose place they stand is not true of them. */
	#form(positions: Float32Array, dimensions: 2 | 3): void {
		this.#show(positions, dimensions);
		this.map = this.quality = this.neighbours = this.stopped = null;
	}

	/** The making was stopped: the finished map that stood there comes back; without one, what there is stays and says so. */
	#settle({ map, quality, missing }: Visible, done: number): void {
		const own = this.#aside ?? this.#visible();
		if (!own.shown || own.map) return;
		const lent = this.#aside && this.#visible();
		if (map) {
			this.#show(map.positions, map.dimensions);
			Object.assign(this, { map, quality, missing });
		} else this.stopped = done;
		if (lent) this.show(lent);
	}

	#visible(): Visible {
		const { shown, map, quality, missing } = this;
		return { shown, map, quality, missing };
	}

	/** How far the map may be believed. */
	async measure(): Promise<void> {
		const { map } = this;
		const held = this.#rows.held;
		if (!map || map.held !== held) return;
		const k = Math.min(QUALITY_K, Math.floor((held.count - 1) / 2));
		if (k < 1) return;
		const { positions, dimensions, request } = map;
		await this.job(
			'quality',
			(signal) =>
				this.#rows.asking(held, signal, (worker, handle) =>
					worker.with({ signal }).mapQuality(handle, positions, dimensions, k, request.metric)
				),
			(quality) => {
				if (this.map === map) this.quality = quality;
				else if (this.#aside?.map === map) this.#aside = { ...this.#aside, quality };
			}
		);
	}

	// Choosing

	/** Looks at an item: its neighbours in the original space. */
	async choose(item: number): Promise<void> {
		this.chosen = item;
		this.neighbours = null;
		this.cancel('nearest');
		const held = this.#rows.held;
		const { map } = this;
		if (item < 0 || !held || map?.held !== held) return;
		const k = Math.min(NEAREST, held.count - 1);
		const metric: Metric = map.request.metric;
		await this.job(
			'nearest',
			(signal) =>
				this.#rows.asking(held, signal, (worker, handle) =>
					worker.with({ signal }).nearest(handle, Int32Array.of(item), k, metric)
				),
			(neighbours) => (this.neighbours = neighbours)
		);
	}

	/** Keeps the selection, to compare the next one with. */
	keep(): void {
		this.kept = this.selection;
		this.separated = null;
		this.selection = null;
	}

	/** Which columns or channels tell the selection from the one that was kept. */
	async separate(): Promise<void> {
		const [a, b, held, map] = [this.selection, this.kept, this.#rows.held, this.map];
		if (!a || !b || !held || map?.held !== held) return;
		const { data, embedded, width } = held;
		await this.job(
			'separate',
			() => this.#rows.values(),
			(values) => {
				this.separated = {
					of: map.of,
					layer: embedded.kind === 'layer' && embedded.pooling !== 'flat' ? embedded.layer : null,
					names: embedded.kind === 'raw' ? columnNames(embedded.columns, data) : [],
					counts: [a.length, b.length],
					columns: separation(values, width, a, b, MAX_SEPARATION_COLUMNS)
				};
			}
		);
	}

	select(items: Int32Array | null): void {
		this.selection = items?.length ? items : null;
	}

	showOnly(items: Int32Array | null): void {
		this.only = items;
		void this.#sets?.thread.hide(this.hidden).catch(() => undefined);
	}

	// Drawing and pointing

	/** A file of the finished map. @param picture as it is looked at; null while there is none */
	async save(kind: MapFile, picture: MapPicture | null): Promise<void> {
		const { map, data } = this;
		if (!map || !data || map.data !== data || !picture) return;
		try {
			const { mapFile } = await import('#state/embedding/export.ts');
			const blob = await mapFile(kind, data, map, picture, (request) => this.picture(request));
			saveFile(blob, `${data.name}-${map.request.method}${ENDINGS[kind]}`);
		} catch (error) {
			this.context.failed(error);
		}
	}

	ink(key: string, ink: Uint8Array): void {
		void this.context.draw.inkScatter(key, ink).catch(() => undefined);
	}

	picture(request: ScatterRequest): Promise<ImageBitmap> {
		return this.context.draw.scatter(request);
	}

	pick(
		matrix: Matrix,
		canvas: readonly [number, number],
		at: readonly [number, number],
		radius: number
	): Promise<number> {
		if (this.shown?.transition?.moving) return Promise.resolve(-1);
		return this.#sets!.thread.pick(matrix, canvas, at, radius);
	}

	inside(matrix: Matrix, canvas: readonly [number, number], polygon: Float32Array): Promise<Int32Array> {
		return this.#sets!.thread.inside(matrix, canvas, polygon);
	}

	placements(codes: Int32Array, categories: number): Promise<readonly LabelPlacement[]> {
		return this.#sets!.thread.labels(codes, categories);
	}
}

const ENDINGS: Readonly<Record<MapFile, string>> = {
	csv: '.csv',
	npy: '.npy',
	parquet: '.parquet',
	png: '.png',
	svg: '.svg',
	projector: '-projector.zip'
};

/** The state of this page, for any component of its view. */
export const useEmbedding = (): Embedding => useViewState(Embedding).attach(useViewState(DataSets));
