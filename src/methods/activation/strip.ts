import type { Cells, CellStats, StripRequest, LayerActivation } from '#contracts/anatomy.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { toPayload } from '#engine/field.ts';
import { letGo, readAll, valuesNow, type Values } from '#engine/read-all.ts';
import * as tf from '#engine/tf.ts';
import { cellGrid, cellStats as cellStatsOfArray } from '#maths/cells.ts';
import { cellStats, grid, inOrder, layoutOf, stackOf } from '#methods/activation/cells.ts';

/** Numbers along the side of a picture in the strip. */
const THUMB = 48;

interface Taken {
	id: string;
	shape: number[];
	cells: Cells;
	/** [5, cells], or of units [1, cells]: their values. */
	stats: Values;
	/** The picture; null for units. */
	field: Values | null;
	thinned: number;
}

type Summary = Omit<Taken, 'id' | 'shape'>;

export interface StripContext {
	model: Model;
	feeds: Feeds;
	transfer: 'array' | 'bits';
	signal: AbortSignal;
	send(field: SentField, transfer: Transferable[]): void;
}

/**
 * One run of the model that looks at each layer as it passes: statistics of every channel and a picture of some. What is
 * not looked at any more is freed on the way, so that a deep network needs no more memory than its prediction.
 */
export async function activationStrip(
	context: StripContext,
	{ layers, prefix, maxCells }: StripRequest
): Promise<LayerActivation[]> {
	const taken = take(context, layers, maxCells);
	const { transfer, signal, send } = context;
	try {
		const asArrays = transfer === 'array';
		const values = await readAll(taken.flatMap(({ stats, field }) => (asArrays && field ? [stats, field] : [stats])));
		throwIfAborted(signal);
		let at = 0;
		const next = () => values[at++] as Float32Array<ArrayBuffer>;
		const reports: LayerActivation[] = [];
		for (const { id, shape, cells, stats: _, field, thinned } of taken) {
			const all = next();
			const rows = Array.from({ length: all.length / cells.count }, (_, k) =>
				all.slice(k * cells.count, (k + 1) * cells.count)
			);
			const key = field ? prefix + id : null;
			if (field && key) {
				const width = cells.columns * cells.width;
				const height = Math.ceil(cells.shown / cells.columns) * cells.height;
				if (asArrays) {
					const payload = { kind: 'array' as const, values: next() };
					send({ key, width, height, payload }, [payload.values.buffer]);
				} else {
					const { payload, transfer: parts } = await toPayload(field as tf.Tensor2D, transfer);
					send({ key, width, height, payload }, parts);
				}
			}
			reports.push({ id, shape, cells, stats: cellFigures(rows), key, thinned });
		}
		return reports;
	} finally {
		for (const { stats, field } of taken) [stats, field].forEach(letGo);
	}
}

const unitCells = (count: number): Cells => ({
	kind: 'units',
	count,
	width: 1,
	height: 1,
	columns: count,
	shown: count
});

/** Of one number each, it is its own mean, least and most. */
function cellFigures(rows: readonly Float32Array[]): CellStats {
	const [mean, std, min, max, zeros] = rows as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
	if (rows.length === 5) return { mean, std, min, max, zeros };
	const none = new Float32Array(mean.length);
	return { mean, std: none, min: mean, max: mean, zeros: mean.map((n) => (n === 0 ? 1 : 0)) };
}

/** Taps on the way: what they make outlives the run. */
function take({ model, feeds }: StripContext, layers: readonly string[], maxCells: number): Taken[] {
	const types = new Map(model.graph.nodes.map(({ id, type }) => [id, type]));
	const found = new Map<string, Taken>();
	const side = maxCells ? THUMB : Infinity;
	const summary = (value: tf.Tensor, type: string): Summary => {
		// On a processor a few loops over the numbers where they lie cost less than operations on tensors.
		const now = valuesNow(value);
		const plain = now && inOrder(value.shape, type);
		if (now && plain) {
			const [h, w, count] = plain;
			if (h * w === 1 && value.rank < 3)
				return { cells: unitCells(count), stats: now.slice(), field: null, thinned: 1 };
			const { layout, cells } = layoutOf(plain, 'maps', maxCells, side);
			const stats = cellStatsOfArray(now, h * w, count);
			return { cells, stats, field: cellGrid(now, h, w, count, layout), thinned: layout.thinned };
		}
		const kept: { taken?: Summary } = {};
		tf.tidy(() => {
			const stack = stackOf(value, type);
			const { kind, tensor } = stack;
			if (kind === 'units') {
				const stats = tf.keep(tf.clone(tensor));
				kept.taken = { cells: unitCells(tensor.size), stats, field: null, thinned: 1 };
				return;
			}
			const { field, cells, thinned } = grid(stack, maxCells, side);
			kept.taken = { cells, stats: tf.keep(cellStats(stack)), field: tf.keep(field), thinned };
		});
		return kept.taken as Summary;
	};
	const tap = (id: string) => (value: tf.Tensor) => {
		found.set(id, { id, shape: value.shape.slice(1), ...summary(value, types.get(id) ?? '') });
		return value;
	};
	const replace = Object.fromEntries(layers.map((id) => [id, tap(id)]));
	try {
		tf.dispose(model.run(feeds, last(model, layers), { replace }));
	} catch (error) {
		for (const { stats, field } of found.values()) [stats, field].forEach(letGo);
		throw error;
	}
	return layers.flatMap((id) => found.get(id) ?? []);
}

/** The layers that no other of them needs: what has to be fetched so that all are passed. */
function last({ graph }: Model, layers: readonly string[]): string[] {
	const requested = new Map(layers.map((id) => [parseReference(id)[0], id]));
	const passed = new Set<string>();
	const fetches: string[] = [];
	for (const { id, inputs } of [...graph.nodes].reverse()) {
		const layer = requested.get(id);
		if (layer && !passed.has(id)) fetches.push(layer);
		if (layer || passed.has(id)) inputs.forEach((input) => passed.add(parseReference(input)[0]));
	}
	return fetches;
}
