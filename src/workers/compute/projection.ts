import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { validParameters } from '#contracts/parameter.ts';
import type {
	MapQuality,
	Metric,
	ProjectionApi,
	ProjectionFrame,
	ProjectionResult,
	ProjectionSpec
} from '#contracts/projection.ts';
import { drive } from '#engine/projection/drive.ts';
import type { Control, HeldRows, NeighbourGraph, ProjectionEngine, Search } from '#engine/projection/engine.ts';
import { firstBroken, type Step } from '#maths/projection/rows.ts';
import { lostNeighbours, soundK } from '#maths/projection/quality.ts';
import { fastStream } from '#maths/random.ts';
import { projectionMethods } from '#methods/projections.ts';
import type { ProjectionMethod } from '#methods/projector.ts';
import { Transferred, type CallContext, type Served } from '#workers/rpc.ts';

/** Projections as a worker answers them, on whichever engine the worker has. */

/** Milliseconds between two frames. */
const FRAME = 80;

/** Rows, and what has been found out about them. */
interface Held {
	rows: HeldRows;
	graphs: Map<string, NeighbourGraph>;
}

/** What is measured to choose a worker: enough for what a GPU waits between two submissions not to decide. */
const MEASURED = { count: 4000, width: 32 } as const;

/** Progress of the whole out of that of its phases, sent as frames no more often than they can be looked at. */
class Watch implements Control {
	readonly milliseconds = { neighbours: 0, graph: 0, start: 0, layout: 0 };
	private now: ProjectionFrame['phase'] = 'neighbours';
	private from = 0;
	private upTo = 0;
	private began = performance.now();
	private sent = 0;
	private shown = 0;

	constructor(
		readonly signal: AbortSignal,
		private readonly send: (frame: ProjectionFrame, transfer: Transferable[]) => void
	) {}

	phase(phase: ProjectionFrame['phase'], upTo: number): void {
		throwIfAborted(this.signal);
		this.close();
		[this.now, this.from, this.upTo] = [phase, this.upTo, upTo];
		this.step({ done: 0 });
	}

	/** Puts the time of the phase to its account. */
	close(): void {
		const now = performance.now();
		this.milliseconds[this.now] += now - this.began;
		this.began = now;
	}

	get wantsFrame(): boolean {
		return performance.now() - this.sent >= FRAME;
	}

	step({ done, positions }: Step): void {
		if (!this.wantsFrame) return;
		this.sent = performance.now();
		// Jobs within jobs may begin anew; what is shown never goes back.
		this.shown = Math.max(this.shown, this.from + Math.min(1, done) * (this.upTo - this.from));
		const frame: ProjectionFrame = { phase: this.now, done: this.shown };
		if (this.now !== 'layout' || !positions) return this.send(frame, []);
		frame.positions = positions.slice();
		this.send(frame, [frame.positions.buffer]);
	}
}

const silent = (signal: AbortSignal): Control => ({ signal, phase: () => {}, step: () => {}, wantsFrame: false });

const specs = (): ProjectionSpec[] =>
	[...projectionMethods.values()].map(({ id, title, order, summary, paper, equation, parameters, neighbours }) => ({
		id,
		title,
		order,
		summary,
		paper,
		equation,
		parameters,
		neighbours
	}));

/** What the worker's other functions need of its rows. */
export interface RowStore {
	keep(rows: HeldRows): number;
	rows(handle: number): HeldRows;
}

/**
 * It keeps to its own rows, so that its jobs and the worker's others take turns as they come.
 * @param engine asked at each use: it may not be known before the worker has started
 */
export function projecting(engine: () => ProjectionEngine): { api: Served<ProjectionApi>; rowStore: RowStore } {
	const held = new Map<number, Held>();
	let next = 1;

	function rowStore(handle: number): Held {
		const found = held.get(handle);
		if (!found) throw new LabError('These rows are no longer there.', 'Open the data again.');
		return found;
	}

	function keep(rows: HeldRows): number {
		held.set(next, { rows, graphs: new Map() });
		return next++;
	}

	/** Found once per metric: a longer list serves for shorter ones. */
	async function neighbours(own: Held, k: number, metric: Metric, search: Search, seed: number, control: Control) {
		const key = `${metric} ${search} ${search === 'exact' ? '' : seed}`;
		let graph = own.graphs.get(key);
		if (!graph || graph.neighbours.k < k) {
			graph = await engine().neighbours(own.rows, k, metric, search, seed, control);
			own.graphs.set(key, graph);
		}
		return shorter(graph, k);
	}

	async function project(
		handle: number,
		request: Parameters<ProjectionApi['project']>[1],
		{ signal, progress }: CallContext
	) {
		const own = rowStore(handle);
		const { method: id, parameters: given, ...rest } = request;
		const method = projectionMethods.get(id);
		if (!method) throw new LabError(`There is no projection “${id}”.`);
		const { count } = own.rows;
		const { labels, start, dimensions, metric, seed } = rest;
		if (count < 1) throw new LabError('There are no rows to project.');
		if (labels && labels.length !== count) throw new RangeError('There must be one label per row.');
		if (start && start.length !== count * dimensions) throw new RangeError('There must be one start per row.');
		const control = new Watch(signal, progress);
		const projected = await method.run({
			...rest,
			parameters: validParameters(method.parameters, given),
			engine: engine(),
			rows: own.rows,
			control,
			neighbours: (k, search) => neighbours(own, k, metric, search, seed, control)
		});
		throwIfAborted(signal);
		control.close();
		const { neighbours: searched, graph, start: begun, layout } = control.milliseconds;
		const result: ProjectionResult = {
			positions: projected.positions.slice(),
			dimensions,
			engine: projected.engine ?? engine().title,
			milliseconds: { neighbours: searched, graph: graph + begun, layout },
			recall: projected.recall
		};
		return new Transferred(result, [result.positions.buffer]);
	}

	async function quality(
		handle: number,
		positions: Float32Array,
		dimensions: 2 | 3,
		requested: number,
		metric: Metric,
		signal: AbortSignal
	): Promise<MapQuality> {
		const own = rowStore(handle);
		const { count } = own.rows;
		if (positions.length !== count * dimensions) throw new RangeError('There must be one position per row.');
		const k = soundK(requested, count);
		const control = silent(signal);
		const found = await engine().fidelity(own.rows, positions, dimensions, k, metric, control);
		const there = await neighbours(own, k, metric, 'auto', 1, control);
		const map = await engine().hold(positions, dimensions);
		try {
			const here = await engine().neighbours(map, k, 'euclidean', 'auto', 1, control);
			const distortion = await drive(lostNeighbours(there.neighbours, here.neighbours), control);
			return { k, ...found, distortion };
		} finally {
			map.dispose();
		}
	}

	const api: Served<ProjectionApi> = {
		projections: specs,

		async holdRows(values, width) {
			if (!(Number.isInteger(width) && width >= 1 && values.length % width === 0))
				throw new RangeError('Rows have a whole number of columns.');
			const count = values.length / width;
			const broken = firstBroken({ values, count, width });
			if (broken >= 0)
				throw new LabError(`Row ${broken + 1} has a number that is not finite.`, 'Mend or drop it.', {
					code: 'refused'
				});
			return { handle: keep(await engine().hold(values, width)), count, width };
		},

		dropRows(handle) {
			const own = held.get(handle);
			if (!own) return;
			own.rows.dispose();
			held.delete(handle);
		},

		project,

		nearest(handle, queries, k, metric, { signal }) {
			const { rows } = rowStore(handle);
			if (queries.some((row) => !(row >= 0 && row < rows.count))) throw new RangeError('There is no such row.');
			return engine().nearest(rows, queries, k, metric, silent(signal));
		},

		mapQuality: (handle, positions, dimensions, k, metric, { signal }) =>
			quality(handle, positions, dimensions, k, metric, signal),

		measureProjection: ({ signal }) => measured(engine(), silent(signal))
	};

	return { api, rowStore: { keep, rows: (handle) => rowStore(handle).rows } };
}

function shorter({ neighbours, recall }: NeighbourGraph, requested: number): NeighbourGraph {
	const { k, indices, distances } = neighbours;
	if (k <= requested) return { neighbours, recall };
	const count = indices.length / k;
	const short = {
		k: requested,
		indices: new Int32Array(count * requested),
		distances: new Float32Array(count * requested)
	};
	for (let i = 0; i < count; i++) {
		short.indices.set(indices.subarray(i * k, i * k + requested), i * requested);
		short.distances.set(distances.subarray(i * k, i * k + requested), i * requested);
	}
	return { neighbours: short, recall };
}

/** A small map of noise; the second counts, when all is compiled. */
async function measured(engine: ProjectionEngine, control: Control): Promise<number> {
	const { count, width } = MEASURED;
	const method = [...projectionMethods.values()].find(({ measured }) => measured) as ProjectionMethod;
	const { uniform } = fastStream(1, 'sample');
	const rows = await engine.hold(Float32Array.from({ length: count * width }, uniform), width);
	const parameters = validParameters(method.parameters, method.measured ?? {});
	try {
		let milliseconds = 0;
		for (let run = 0; run < 2; run++) {
			const began = performance.now();
			await method.run({
				...{ engine, rows, dimensions: 2, metric: 'euclidean', seed: 1, parameters, control },
				neighbours: (k, search) => engine.neighbours(rows, k, 'euclidean', search, 1, control)
			});
			milliseconds = performance.now() - began;
		}
		return milliseconds;
	} finally {
		rows.dispose();
	}
}
