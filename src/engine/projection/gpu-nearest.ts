import { throwIfAborted } from '#contracts/errors.ts';
import { bufferOf, gpuBackend, pipeline, read } from '#engine/pipelines.ts';
import type { Control } from '#engine/projection/engine.ts';
import {
	dispatch,
	isUnit,
	metricCode,
	maxBinding,
	uniform,
	type Chunk,
	type GpuRows
} from '#engine/projection/gpu-rows.ts';
import wgsl from '#engine/projection/nearest.wgsl?raw';
import { finished, type Metric, type Neighbours } from '#maths/projection/rows.ts';

/** Nearest rows on the GPU: given queries against given candidates, chunk by chunk. */

/** Queries of a workgroup, and candidates that it looks at together. */
export const TILE = 64;
const BLOCK = 32;
/** Milliseconds that a dispatch should take: short enough for the page to draw between two, and for every watchdog. */
const [MIN_MS, MAX_MS] = [15, 60];
const FAR = 3.4e38;

/** Some queries with the candidates that they look at. */
export interface Tile {
	/** Indices of `Search.queries`. */
	first: number;
	count: number;
	/** Runs of indices of `Search.candidates`. */
	spans: readonly (readonly [first: number, end: number])[];
}

export interface GpuSearch {
	queries: GpuRows;
	candidates: GpuRows;
	metric: Metric;
	k: number;
	/** Whether a row may be its own neighbour, as where queries are other rows than candidates. */
	withSelf: boolean;
	/** Row numbers; tiles look at them by index. */
	queryOrder: Uint32Array;
	candidateOrder: Uint32Array;
	tiles: readonly Tile[];
}

/** All queries, a tile after the other, against all candidates. */
export function allTiles(queries: number, candidates: number): Tile[] {
	return Array.from({ length: Math.ceil(queries / TILE) }, (_, n) => ({
		first: n * TILE,
		count: Math.min(TILE, queries - n * TILE),
		spans: [[0, candidates]]
	}));
}

/** How much work was right for the last dispatch, in pairs times columns: kept for the next search. */
let budget = 2 ** 24;

/** @returns per query, in its order: nearest first; -1 where there are fewer than k candidates */
export async function gpuNearest(search: GpuSearch, control: Pick<Control, 'signal' | 'step'>): Promise<Neighbours> {
	const { queries, k, queryOrder, metric } = search;
	if (k < 1) return { k: 0, indices: new Int32Array(0), distances: new Float32Array(0) };
	const sums = new Float32Array(queryOrder.length * k).fill(Infinity);
	const indices = new Int32Array(queryOrder.length * k).fill(-1);
	const max = Math.floor(maxBinding(gpuBackend().device) / (8 * k));
	let done = 0;
	for (const chunk of queries.chunks)
		for (const part of within(search, chunk, max)) {
			const found = await nearestOfPart(
				search,
				chunk,
				part,
				(share) => control.step({ done: (done + share * part.indices.length) / queryOrder.length }),
				control.signal
			);
			part.indices.forEach((index, slot) => {
				for (let n = 0; n < k; n++) {
					const sum = found.sums[slot * k + n] as number;
					if (sum >= FAR) continue;
					sums[index * k + n] = sum;
					indices[index * k + n] = found.rows[slot * k + n] as number;
				}
			});
			done += part.indices.length;
		}
	throwIfAborted(control.signal);
	return { k, indices, distances: sums.map((sum) => finished(metric, sum)) };
}

interface Part {
	/** Indices of the queries, one per slot. */
	indices: number[];
	tiles: { first: number; count: number; spans: Tile['spans'] }[];
}

/** The queries of a chunk, in parts whose lists fit one buffer. */
function* within({ queryOrder, tiles }: GpuSearch, chunk: Chunk, max: number): Generator<Part> {
	let part: Part = { indices: [], tiles: [] };
	for (const { first, count, spans } of tiles) {
		const own: number[] = [];
		for (let index = first; index < first + count; index++) {
			const row = queryOrder[index] as number;
			if (row >= chunk.first && row < chunk.first + chunk.count) own.push(index);
		}
		if (!own.length) continue;
		if (part.indices.length + own.length > max) {
			yield part;
			part = { indices: [], tiles: [] };
		}
		part.tiles.push({ first: part.indices.length, count: own.length, spans });
		part.indices.push(...own);
	}
	if (part.indices.length) yield part;
}

async function nearestOfPart(
	search: GpuSearch,
	chunk: Chunk,
	{ indices, tiles }: Part,
	step: (share: number) => void,
	signal: AbortSignal
): Promise<{ sums: Float32Array; rows: Int32Array }> {
	const { device } = gpuBackend();
	const { k, metric, queryOrder, candidates, queries } = search;
	const empty = new Uint32Array(indices.length * 2 * k);
	const floats = new Float32Array(empty.buffer);
	for (let slot = 0; slot < indices.length; slot++) floats.fill(FAR, slot * 2 * k, slot * 2 * k + k);
	const best = bufferOf(device, empty, GPUBufferUsage.COPY_SRC);
	const compiled = await pipeline(device, `nearest ${metric}`, () => metricCode(metric, wgsl));
	try {
		for (const [n, other] of candidates.chunks.entries()) {
			const lists = listsFor(
				search,
				other,
				tiles,
				indices.map((index) => (queryOrder[index] as number) - chunk.first)
			);
			if (!lists.longest) continue;
			const buffer = bufferOf(device, lists.values);
			try {
				const stats = isUnit(metric)
					? [await queries.stats(chunk, metric), await candidates.stats(other, metric)]
					: [null, null];
				const bound = [chunk.buffer, other.buffer, ...stats, buffer, best];
				const job = (begin: number, end: number, firstTile: number) =>
					Uint32Array.of(
						search.queries.width,
						k,
						begin,
						end,
						firstTile,
						chunk.first,
						other.first,
						search.withSelf ? 1 : 0,
						lists.queryOrder,
						lists.candidateOrder,
						lists.spans,
						0
					);
				for await (const share of slices(
					lists,
					tiles.length,
					queries.width,
					signal,
					async ([begin, end, firstTile, count]) => {
						const uniforms = uniform(device, job(begin, end, firstTile));
						const encoder = device.createCommandEncoder();
						dispatch(device, encoder, compiled, [...bound, uniforms], [count, 1]);
						device.queue.submit([encoder.finish()]);
						await device.queue.onSubmittedWorkDone();
						uniforms.destroy();
					}
				))
					step((n + share) / candidates.chunks.length);
			} finally {
				buffer.destroy();
			}
		}
		const all = await read(device, best, 0, empty.length);
		const rows = new Int32Array(all.buffer);
		const found = { sums: new Float32Array(indices.length * k), rows: new Int32Array(indices.length * k) };
		for (let slot = 0; slot < indices.length; slot++) {
			found.sums.set(all.subarray(slot * 2 * k, slot * 2 * k + k), slot * k);
			found.rows.set(rows.subarray(slot * 2 * k + k, (slot + 1) * 2 * k), slot * k);
		}
		return found;
	} finally {
		best.destroy();
	}
}

interface Lists {
	values: Uint32Array<ArrayBuffer>;
	queryOrder: number;
	candidateOrder: number;
	spans: number;
	/** How many candidates are in this chunk, and the most that a tile looks at. */
	all: number;
	longest: number;
}

/** Tiles, orders and spans in one buffer, for the candidates that are in this chunk. */
function listsFor(
	{ candidateOrder }: GpuSearch,
	chunk: Chunk,
	tiles: Part['tiles'],
	queries: readonly number[]
): Lists {
	// Where each index of the whole order is in this chunk's.
	const before = new Uint32Array(candidateOrder.length + 1);
	const own: number[] = [];
	candidateOrder.forEach((row, index) => {
		if (row >= chunk.first && row < chunk.first + chunk.count) own.push(row - chunk.first);
		before[index + 1] = own.length;
	});
	const spans: number[] = [];
	let longest = 0;
	const heads = tiles.flatMap(({ first, count, spans: given }) => {
		const start = spans.length / 2;
		let length = 0;
		for (const [from, end] of given) {
			const [a, b] = [before[from] as number, before[end] as number];
			if (a === b) continue;
			spans.push(a, b);
			length += b - a;
		}
		longest = Math.max(longest, length);
		return [first, count, start, spans.length / 2 - start];
	});
	const queryOrder = heads.length;
	const candidatesAt = queryOrder + queries.length;
	const spansAt = candidatesAt + own.length;
	const values = new Uint32Array(spansAt + spans.length);
	values.set(heads);
	values.set(queries, queryOrder);
	values.set(own, candidatesAt);
	values.set(spans, spansAt);
	return { values, queryOrder, candidateOrder: candidatesAt, spans: spansAt, all: own.length, longest };
}

type Slice = [begin: number, end: number, firstTile: number, tiles: number];

/** Dispatches of about the right length, measured as they run: few tiles at once, or part of their candidates. */
async function* slices(
	{ all, longest }: Lists,
	tiles: number,
	width: number,
	signal: AbortSignal,
	run: (slice: Slice) => Promise<void>
): AsyncGenerator<number> {
	// Where tiles look at runs of their own, all of a tile's go together.
	const whole = longest < all;
	for (let tile = 0; tile < tiles;) {
		const perTile = TILE * width * (whole ? longest : BLOCK);
		const some = Math.min(tiles - tile, 65535, Math.max(1, Math.floor(budget / perTile)));
		let begin = 0;
		while (begin < all) {
			throwIfAborted(signal);
			const blocks = Math.max(1, Math.floor(budget / (some * TILE * width * BLOCK)));
			const end = whole ? all : Math.min(all, begin + blocks * BLOCK);
			const began = performance.now();
			await run([begin, end, tile, some]);
			const took = performance.now() - began;
			if (took < MIN_MS) budget *= 2;
			else if (took > MAX_MS) budget = Math.max(2 ** 16, budget / 2);
			begin = end;
			yield (tile + (some * begin) / all) / tiles;
		}
		tile += some;
	}
}
