import type { DataSet } from '#contracts/data-set.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { differing } from '#contracts/identity.ts';
import type { MapQuality, Neighbours, ProjectionFrame, ProjectionRequest } from '#contracts/projection.ts';
import { displacement, sampleSize, spread } from '#maths/projection/agreement.ts';
import { soundK } from '#maths/projection/quality.ts';
import { mixed } from '#maths/scatter/mixed.ts';
import { alignedMap, referenceOf, type AlignedMap, type Onto } from '#state/embedding/aligned-map.ts';
import { useViewState } from '#state/lab/context.ts';
import { useDataSets, type DataSets } from '#state/data/data-set.svelte.ts';
import { onOtherData } from '#state/data/on-other-data.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { EmbeddedRows, wordsFor, type Embedded } from '#state/embedding/rows.ts';
import type { FinishedMap } from '#state/embedding/map.ts';
import { useEmbedding, type Embedding } from '#state/embedding/embedding.svelte.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { Transition } from '#state/embedding/transition.svelte.ts';
import { PHASES } from '#state/embedding/projection-engines.ts';

/** A finished map of one stage: the raw values, or a layer of the model that was open. */
export interface StageMap extends FinishedMap {
	id: number;
	/** The same for the same stage of any model. */
	stage: string;
	/** Without how its positions became numbers. */
	title: string;
	/** Which opening of a model it is of; 0 for raw values. */
	model: number;
	/** Of its points in the draw worker. */
	key: string;
	missing: number;
	/** Null until it is measured. */
	quality: MapQuality | null;
	/** Nearest items in the rows, and on the map, of the same few items. */
	near: Neighbours;
	nearOnMap: Neighbours;
}

/** Maps of one model as it was when they were made. */
export interface MapRow {
	model: number;
	title: string;
	maps: readonly StageMap[];
}

/** How all of them are made; each is begun where the one before it ended. */
export type Making = Omit<ProjectionRequest, 'labels' | 'start'>;

/** Neighbours that are compared from map to map. */
const K = 15;
/** Items, for there to be neighbours at all. */
const MIN_ITEMS = 4;

const sameRequest = (a: ProjectionRequest, b: ProjectionRequest) => {
	const own = ({ start: _, labels: __, ...rest }: ProjectionRequest) => JSON.stringify(rest);
	return a.labels === b.labels && own(a) === own(b);
};

/** Several maps of one data set side by side, and the way from one to the next. They outlive the models they are of. */
export class AlignedMaps extends JobViewState implements ViewState {
	protected override readonly titles = {
		align: 'Maps layer by layer'
	};
	rows = $state.raw<readonly MapRow[]>([]);
	alignments = $state.raw<ReadonlyMap<number, AlignedMap>>(new Map());
	/** What the job does now, in words. */
	phase = $state('');
	/** What could not be made, and why. */
	failures = $state.raw<readonly string[]>([]);
	onto = $state<Onto>('previous');
	readonly transition = new Transition((...way) => this.#show(...way));
	#embedding: Embedding | null = null;
	#sets: DataSets | null = null;
	#rows: EmbeddedRows | null = null;
	/** Counts the models that were opened. */
	#model = 1;
	#next = 1;
	/** Counts arrangements: the same maps elsewhere. */
	#frame = 0;
	#lay: typeof import('#maths/projection/procrustes.ts').superposed | null = null;

	readonly maps: ReadonlyMap<number, StageMap> = $derived(
		new Map(this.rows.flatMap(({ maps }) => maps.map((map) => [map.id, map] as const)))
	);
	/** How far each item goes between the maps that one is between, as a share of the picture's width. */
	readonly moved: Float32Array | null = $derived.by(() => {
		const [from, to] = this.transition.segment ?? [0, 0];
		const [a, b] = [this.alignments.get(from), this.alignments.get(to)];
		const dimensions = this.maps.get(from)?.dimensions;
		if (!a || !b || a === b || !dimensions || a.positions.length !== b.positions.length) return null;
		return displacement(a.positions, b.positions, dimensions).map((v) => v / 2);
	});

	attach(embedding: Embedding, sets: DataSets): this {
		this.#embedding = embedding;
		this.#sets = sets;
		this.#rows ??= new EmbeddedRows(this.context, embedding.engines, () => sets.thread);
		return this;
	}

	readonly watch = () => onOtherData(() => this.#sets, this.clear.bind(this));

	get busy(): boolean {
		return 'align' in this.running;
	}
	/** Of the model that is open. */
	get model(): number {
		return this.#model;
	}

	/** Another model is open: finished maps stay, beside which those of the new one can stand. */
	reset(): void {
		this.#model++;
		if (this.busy)
			this.failures = [...this.failures, 'Another model was opened: the remaining maps were not computed.'];
		this.cancel('align');
		this.#rows?.forgetModel();
	}
	restore(): Promise<void> {
		this.#rows?.restored();
		return Promise.resolve();
	}

	/** Another data set: nothing of the old one is left. */
	clear(): void {
		this.cancel('align');
		this.#rows?.drop();
		this.transition.stop();
		this.#embedding?.show(null);
		const before = this.maps;
		this.rows = this.failures = [];
		this.alignments = new Map();
		this.#drop([...before.values()]);
	}

	/**
	 * Makes the maps of the open model one after the other; what is there already stays.
	 * @param title of the model
	 */
	async make(
		stages: readonly { embedded: Embedded; title: string }[],
		making: Making,
		labels: Int32Array | null,
		title: string
	): Promise<void> {
		const data = this.#sets?.data;
		if (!data) return;
		if (data.count < MIN_ITEMS) return this.context.failed(new LabError(`${data.count} items are too few for a map.`));
		this.failures = [];
		await this.job(
			'align',
			async (signal, progress) => {
				this.#lay ??= (await import('#maths/projection/procrustes.ts')).superposed;
				const row = this.#ownRow(title);
				const request: ProjectionRequest = { ...making, ...(labels ? { labels } : {}) };
				// What is there already is shown at once, in its place.
				const maps = stages.map(({ embedded }) => this.#known(data, embedded, request));
				const put = () => this.#put({ ...row, maps: maps.filter((map) => map !== null) });
				for (const [i, { embedded, title }] of stages.entries()) {
					const part = (done: number) => progress((i + done) / stages.length);
					const say = (phase: string) => (this.phase = `${i + 1} of ${stages.length}, ${title}: ${phase}`);
					const before = maps.slice(0, i).filter((map) => map !== null);
					try {
						const control = { signal, progress: part, say };
						maps[i] ??= await this.#rows!.surviving(signal, say, () =>
							this.#make(data, embedded, title, request, before, control)
						);
						signal.throwIfAborted();
						put();
						if (!before.length && !this.#embedding?.lent) this.open(maps[i].id);
						maps[i] = await this.#measured(maps[i], signal, say);
						put();
					} catch (error) {
						if (isAbort(error) || signal.aborted) throw error;
						this.failures = [...this.failures, `${title}: ${(error as Error).message}`];
					} finally {
						this.#rows?.drop();
					}
				}
			},
			() => undefined
		);
	}

	/** The row that a map stands in. */
	rowOf(id: number): MapRow | null {
		return this.rows.find(({ maps }) => maps.some((map) => map.id === id)) ?? null;
	}

	/** A row of the open model: the one that is there, else a new one of another name than its neighbours'. */
	#ownRow(title: string): MapRow {
		const known = this.rows.find(({ model }) => model === this.#model);
		if (known) return known;
		const alike = this.rows.filter((row) => row.title.replace(/ \(\d+\)$/, '') === title).length;
		return { model: this.#model, title: alike ? `${title} (${alike + 1})` : title, maps: [] };
	}

	/** The same map, made before. */
	#known(data: DataSet, embedded: Embedded, request: ProjectionRequest): StageMap | null {
		const model = embedded.kind === 'raw' ? 0 : this.#model;
		const stage = JSON.stringify(embedded);
		const same = (map: StageMap) =>
			map.data === data &&
			map.model === model &&
			map.stage === stage &&
			!differing(map.from, this.#rows!.madeFrom(embedded)).length &&
			sameRequest(map.request, request);
		return [...this.maps.values()].find(same) ?? null;
	}

	async #make(
		data: DataSet,
		embedded: Embedded,
		title: string,
		requested: ProjectionRequest,
		before: readonly StageMap[],
		{ signal, progress, say }: { signal: AbortSignal; progress(done: number): void; say(phase: string): void }
	): Promise<StageMap> {
		say('preparing rows');
		const held = await this.#rows!.of(data, embedded, signal, progress, say);
		const { count, width, missing } = held;
		const engine = held.worker;
		const { dimensions, metric, method } = requested;
		const stage = JSON.stringify(embedded);
		const earlier = this.rows.filter(({ model }) => model !== this.#model).map(({ maps }) => maps);
		const reference = referenceOf({ stage, dimensions }, earlier, before, 'previous');
		// Positions of another method have another scale.
		const start = reference?.request.method === method ? { start: reference.positions } : {};
		const request = { ...requested, ...start };
		const result = await engine
			.with({
				signal,
				progress: (value) => {
					const { phase, done } = value as ProjectionFrame;
					if (signal.aborted) return;
					say(PHASES[phase].toLowerCase());
					progress(0.05 + 0.85 * done);
				}
			})
			.project(held.handle, request);
		say('comparing');
		const k = soundK(K, count);
		const near = await engine
			.with({
				signal
			})
			.nearest(held.handle, spread(count, sampleSize(count, width)), k, metric);
		const nearOnMap = await this.#nearOnMap(result.positions, dimensions, k, signal);
		const id = this.#next++;
		return {
			...result,
			id,
			stage,
			title,
			model: embedded.kind === 'raw' ? 0 : this.#model,
			key: `aligned${id}:`,
			data,
			held,
			from: held.of,
			missing,
			request: requested,
			rows: { count, width },
			of: wordsFor(embedded, data),
			quality: null,
			near,
			nearOnMap
		};
	}

	async #nearOnMap(positions: Float32Array, dimensions: 2 | 3, k: number, signal: AbortSignal): Promise<Neighbours> {
		const engine = this.#embedding!.engines.of('processor');
		const own = positions.slice();
		const { handle, count } = await engine.with({ signal, transfer: [own.buffer] }).holdRows(own, dimensions);
		try {
			const items = spread(count, sampleSize(count, dimensions));
			return await engine.with({ signal }).nearest(handle, items, k, 'euclidean');
		} finally {
			void engine.dropRows(handle).catch(() => undefined);
		}
	}

	/** How far the map may be believed, found out while its rows are there. */
	async #measured(map: StageMap, signal: AbortSignal, say: (phase: string) => void): Promise<StageMap> {
		const { held, positions, dimensions, request } = map;
		if (map.quality || this.#rows?.held !== held) return map;
		say('measuring quality');
		const engine = held.worker;
		const k = soundK(K, held.count);
		const quality = await engine
			.with({
				signal
			})
			.mapQuality(held.handle, positions, dimensions, k, request.metric);
		return { ...map, quality };
	}

	#put(row: MapRow): void {
		this.#keep([...this.#without(row), row]);
	}

	/** Lets go of the maps of a model. */
	letGo(row: MapRow): void {
		this.#keep(this.#without(row));
	}

	#without(row: MapRow): MapRow[] {
		return this.rows.filter(({ model }) => model !== row.model);
	}
	#keep(rows: readonly MapRow[]): void {
		const before = this.maps;
		this.rows = rows;
		this.#drop([...before.values()].filter(({ id }) => !this.maps.has(id)));
		this.arrange();
	}

	rename(row: MapRow, title: string): void {
		this.rows = this.rows.map((one) => (one.model === row.model ? { ...one, title } : one));
	}

	/** Lays all maps onto one another. */
	arrange(onto: Onto = this.onto): void {
		this.onto = onto;
		if (!this.#lay) return;
		this.alignments = alignedMap(
			this.rows.map(({ maps }) => maps),
			onto,
			this.#lay
		);
		this.#frame++;
		for (const [id, { positions }] of this.alignments) {
			const { key, dimensions } = this.maps.get(id)!;
			void this.context.draw.putScatter(key, positions, dimensions).catch(() => undefined);
		}
		this.transition.keep((id) => this.maps.has(id));
		const { path } = this.transition;
		if (!path.length) {
			this.#embedding?.show(null);
			const [first] = this.maps.values();
			// The stage is never empty while there are maps.
			if (first && !this.#embedding?.shown) this.open(first.id);
			return;
		}
		// The way that one is on grows with the maps that come.
		const grown = this.paths().find((way) => path.every((id) => way.path.includes(id)));
		if (grown && grown.path.length !== path.length) this.transition.grow(grown.path);
		if (this.#embedding?.lent) this.transition.again();
	}

	/** Their pictures may still be asked for until the page has seen that they are gone. */
	#drop(maps: readonly StageMap[]): void {
		const keys = maps.map(({ key }) => key);
		if (keys.length) setTimeout(() => void this.context.draw.drop(keys).catch(() => undefined), 500);
	}

	// Looking

	/** The ways that lead through a map: through the layers of its model, and through the models of its layer. */
	paths(): readonly { title: string; path: readonly number[] }[] {
		const long = ({ path }: { path: readonly number[] }) => path.length > 1;
		const flat = (maps: readonly StageMap[]) =>
			maps.filter((map) => map.dimensions === maps[0]?.dimensions).map(({ id }) => id);
		const layers = this.rows.map(({ title, maps }) => ({ title: `The layers of ${title}`, path: flat(maps) }));
		const stages = new Map<string, StageMap[]>();
		for (const map of this.maps.values()) stages.set(map.stage, [...(stages.get(map.stage) ?? []), map]);
		const models = [...stages.values()].map((maps) => ({
			title: `${maps[0]!.title}, from model to model`,
			path: flat(maps)
		}));
		return [...layers, ...models].filter(long);
	}

	/** Shows a map on the stage, on the way that one is on if it leads there. */
	open(id: number): void {
		const { path } = this.transition;
		const way = path.includes(id) ? path : (this.paths().find(({ path }) => path.includes(id))?.path ?? [id]);
		this.transition.follow(way, id);
	}

	#show(from: number, to: number, t: number, moving: boolean): void {
		// At its end a way is a map.
		const [first, second] = t === 1 ? [to, to] : [from, t === 0 ? from : to];
		const [a, b] = [this.alignments.get(first), this.alignments.get(second)];
		const nearer = this.maps.get(t < 0.5 ? from : to);
		const [here, there] = [this.maps.get(first), this.maps.get(second)];
		if (!a || !b || !nearer || !here || !there) return;
		const resting = a !== b && !moving;
		const positions = resting ? mixed(a.positions, b.positions, t) : a.positions;
		const shown = {
			key: here.key,
			positions,
			dimensions: here.dimensions,
			frame: this.#frame,
			space: `aligned${here.dimensions}`,
			...(a === b ? {} : { transition: { to: there.key, t, moving } })
		};
		this.#embedding?.show({ shown, map: nearer, quality: nearer.quality, missing: nearer.missing });
	}
}

export const useAlignedMaps = (): AlignedMaps => useViewState(AlignedMaps).attach(useEmbedding(), useDataSets());
