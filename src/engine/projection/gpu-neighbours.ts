import type { Control, NeighbourGraph, Search } from '#engine/projection/engine.ts';
import { allTiles, gpuNearest, TILE, type GpuSearch, type Tile } from '#engine/projection/gpu-nearest.ts';
import type { GpuRows } from '#engine/projection/gpu-rows.ts';
import { sample } from '#maths/random.ts';
import type { Metric, Neighbours } from '#maths/projection/rows.ts';

/** Neighbour graphs on the GPU: exact, and by cells (an inverted file, Sivic & Zisserman 2003) for very many rows. */

/** Pairs times columns up to which every pair is looked at: seconds on a small GPU. */
const MAX_EXACT_PRODUCTS = 4e12;
/** Rows whose neighbours are looked up exactly, to know the recall; and what it must at least be. */
const MEASURED = 128;
const ENOUGH = 0.985;

const inOrder = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

/** The k nearest of some rows, or of all, among all rows. */
export function exactOnGpu(
	rows: GpuRows,
	of: ArrayLike<number> | null,
	k: number,
	metric: Metric,
	control: Pick<Control, 'signal' | 'step'>
): Promise<Neighbours> {
	const queryOrder = of ? Uint32Array.from(of) : inOrder(rows.count);
	const tiles = allTiles(queryOrder.length, rows.count);
	const candidateOrder = inOrder(rows.count);
	return gpuNearest(
		{ queries: rows, candidates: rows, metric, k, withSelf: false, queryOrder, candidateOrder, tiles },
		control
	);
}

/** The k nearest known rows of new ones. */
export function nearestOnGpu(
	queries: GpuRows,
	candidates: GpuRows,
	k: number,
	metric: Metric,
	control: Pick<Control, 'signal' | 'step'>
): Promise<Neighbours> {
	const [queryOrder, candidateOrder] = [inOrder(queries.count), inOrder(candidates.count)];
	const tiles = allTiles(queries.count, candidates.count);
	return gpuNearest({ queries, candidates, metric, k, withSelf: true, queryOrder, candidateOrder, tiles }, control);
}

/** Every row in the cell of the nearest of some rows. */
interface Cells {
	/** Rows by cell, and where each cell begins. */
	order: Uint32Array;
	offsets: Uint32Array;
	of: Int32Array;
	/** Per cell, the cells around it, itself first. */
	near: Neighbours;
}

async function cellsOf(
	rows: GpuRows,
	metric: Metric,
	seed: number,
	control: Pick<Control, 'signal' | 'step'>
): Promise<Cells> {
	const centres = Uint32Array.from(sample(rows.count, Math.max(1, Math.round(Math.sqrt(rows.count))), seed));
	const base = { queries: rows, candidates: rows, metric, withSelf: true, candidateOrder: centres };
	const assigned = await gpuNearest(
		{ ...base, k: 1, queryOrder: inOrder(rows.count), tiles: allTiles(rows.count, centres.length) },
		control
	);
	const cell = new Map(Array.from(centres, (row, index) => [row, index]));
	const of = assigned.indices.map((row) => cell.get(row) ?? 0);
	const offsets = new Uint32Array(centres.length + 1);
	for (const own of of) offsets[own + 1]!++;
	for (let c = 0; c < centres.length; c++) offsets[c + 1]! += offsets[c] as number;
	const next = offsets.slice();
	const order = new Uint32Array(rows.count);
	of.forEach((own, row) => (order[next[own]!++] = row));
	const near = await gpuNearest(
		{ ...base, k: centres.length, queryOrder: centres, tiles: allTiles(centres.length, centres.length) },
		control
	);
	return { order, offsets, of, near: { ...near, indices: near.indices.map((row) => cell.get(row) ?? 0) } };
}

/** Tiles of rows of one cell, which look at the same cells around it. */
function cellTiles(counts: ArrayLike<number>, { offsets, near }: Cells, probes: number): Tile[] {
	const tiles: Tile[] = [];
	let first = 0;
	for (let cell = 0; cell < counts.length; cell++) {
		const around = Array.from(near.indices.subarray(cell * near.k, cell * near.k + probes)).sort((a, b) => a - b);
		const spans = around.map((other) => [offsets[other] as number, offsets[other + 1] as number] as const);
		for (let left = counts[cell] as number; left > 0; left -= TILE) {
			const count = Math.min(TILE, left);
			tiles.push({ first, count, spans });
			first += count;
		}
	}
	return tiles;
}

function byCells(
	rows: GpuRows,
	cells: Cells,
	k: number,
	metric: Metric,
	probes: number,
	of: ArrayLike<number>
): GpuSearch {
	const { offsets } = cells;
	const counts = new Uint32Array(offsets.length - 1);
	for (let n = 0; n < of.length; n++) counts[cells.of[of[n] as number] as number]!++;
	const queryOrder = Uint32Array.from(of).sort((a, b) => (cells.of[a] as number) - (cells.of[b] as number) || a - b);
	return {
		queries: rows,
		candidates: rows,
		metric,
		k,
		withSelf: false,
		queryOrder,
		candidateOrder: cells.order,
		tiles: cellTiles(counts, cells, probes)
	};
}

/** Share of the true neighbours found; ties count as found. */
function recallOf(found: Neighbours, exact: Neighbours): number {
	let kept = 0;
	const { k } = exact;
	for (let q = 0; q < exact.indices.length / k; q++) {
		const farthest = (exact.distances[(q + 1) * k - 1] as number) * (1 + 1e-6);
		for (let n = 0; n < k; n++) if ((found.distances[q * k + n] as number) <= farthest) kept++;
	}
	return exact.indices.length ? kept / exact.indices.length : 1;
}

/** As many cells around each are looked at as its measured recall demands. */
async function approximate(
	rows: GpuRows,
	k: number,
	metric: Metric,
	seed: number,
	control: Control
): Promise<NeighbourGraph> {
	const quiet = { signal: control.signal, step: () => {} };
	const cells = await cellsOf(rows, metric, seed, quiet);
	const all = cells.offsets.length - 1;
	const sampled = Uint32Array.from(sample(rows.count, MEASURED, seed));
	let probes = Math.min(all, 8);
	let recall: number;
	for (; ; probes = Math.min(all, 2 * probes)) {
		const search = byCells(rows, cells, k, metric, probes, sampled);
		const exact = await exactOnGpu(rows, search.queryOrder, k, metric, quiet);
		recall = recallOf(await gpuNearest(search, quiet), exact);
		if (recall >= ENOUGH || probes === all) break;
	}
	const search = byCells(rows, cells, k, metric, probes, inOrder(rows.count));
	const found = await gpuNearest(search, control);
	const indices = new Int32Array(found.indices.length);
	const distances = new Float32Array(found.distances.length);
	search.queryOrder.forEach((row, index) => {
		indices.set(found.indices.subarray(index * k, index * k + k), row * k);
		distances.set(found.distances.subarray(index * k, index * k + k), row * k);
	});
	return { neighbours: { k, indices, distances }, recall };
}

export async function gpuNeighbours(
	rows: GpuRows,
	requested: number,
	metric: Metric,
	search: Search,
	seed: number,
	control: Control
): Promise<NeighbourGraph> {
	const k = Math.max(0, Math.min(requested, rows.count - 1));
	if (!k) return { neighbours: { k, indices: new Int32Array(0), distances: new Float32Array(0) }, recall: 1 };
	const exact = search === 'exact' || (search === 'auto' && rows.count ** 2 * rows.width <= MAX_EXACT_PRODUCTS);
	if (exact || rows.count < 4 * TILE)
		return { neighbours: await exactOnGpu(rows, null, k, metric, control), recall: 1 };
	return approximate(rows, k, metric, seed, control);
}
