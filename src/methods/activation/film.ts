import type { CellStats, FilmRequest, LayerActivation } from '#contracts/anatomy.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { toPayload } from '#engine/field.ts';
import { readAll } from '#engine/read-all.ts';
import * as tf from '#engine/tf.ts';
import { cellStats, grid, stackOf } from '#methods/activation/cells.ts';

/** Numbers along the side of a picture in the strip. */
const THUMB = 48;

interface Taken {
	id: string;
	shape: number[];
	/** [5, cells], or of units [1, cells]: their values. */
	stats: tf.Tensor2D;
	picture: ReturnType<typeof grid> | null;
}

export interface FilmContext {
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
export async function film(context: FilmContext, { layers, prefix, most }: FilmRequest): Promise<LayerActivation[]> {
	const taken = take(context, layers, most);
	const { transfer, signal, send } = context;
	try {
		const asArrays = transfer === 'array';
		const numbers = await readAll(
			taken.flatMap(({ stats, picture }) => (asArrays && picture ? [stats, picture.field] : [stats]))
		);
		throwIfAborted(signal);
		let at = 0;
		const next = () => numbers[at++] as Float32Array<ArrayBuffer>;
		const reports: LayerActivation[] = [];
		for (const { id, shape, stats, picture } of taken) {
			const [figures, count] = stats.shape;
			const all = next();
			const rows = Array.from({ length: figures }, (_, k) => all.slice(k * count, (k + 1) * count));
			const key = picture ? prefix + id : null;
			if (picture && key) {
				const [height, width] = picture.field.shape;
				if (asArrays) {
					const payload = { kind: 'array' as const, values: next() };
					send({ key, width, height, payload }, [payload.values.buffer]);
				} else {
					const { payload, transfer: parts } = await toPayload(picture.field, transfer);
					send({ key, width, height, payload }, parts);
				}
			}
			const cells = picture?.cells ?? unitCells(count);
			reports.push({ id, shape, cells, stats: cellFigures(rows), key, thinned: picture?.thinned ?? 1 });
		}
		return reports;
	} finally {
		for (const { stats, picture } of taken) tf.dispose([stats, ...(picture ? [picture.field] : [])]);
	}
}

const unitCells = (count: number) =>
	({ kind: 'units', count, width: 1, height: 1, columns: count, shown: count }) as const;

/** Of one number each, it is its own mean, least and most. */
function cellFigures([mean, deviation, min, max, zeros]: Float32Array[]): CellStats {
	const value = mean as Float32Array;
	if (deviation && min && max && zeros) return { mean: value, deviation, min, max, zeros };
	const none = new Float32Array(value.length);
	return { mean: value, deviation: none, min: value, max: value, zeros: value.map((n) => (n === 0 ? 1 : 0)) };
}

/** Taps on the way: what they make outlives the run. */
function take({ model, feeds }: FilmContext, layers: readonly string[], most: number): Taken[] {
	const types = new Map(model.graph.nodes.map(({ id, type }) => [id, type]));
	const found = new Map<string, Taken>();
	const tap = (id: string) => (value: tf.Tensor) => {
		tf.tidy(() => {
			const stack = stackOf(value, types.get(id) ?? '');
			const units = stack.kind === 'units';
			const stats = tf.keep(units ? tf.reshape<tf.Rank.R2>(stack.tensor, [1, -1]) : cellStats(stack));
			const picture = units ? null : grid(stack, most, most ? THUMB : Infinity);
			if (picture) tf.keep(picture.field);
			found.set(id, { id, shape: value.shape.slice(1), stats, picture });
		});
		return value;
	};
	const replace = Object.fromEntries(layers.map((id) => [id, tap(id)]));
	try {
		tf.dispose(model.run(feeds, last(model, layers), { replace }));
	} catch (error) {
		for (const { stats, picture } of found.values()) tf.dispose([stats, ...(picture ? [picture.field] : [])]);
		throw error;
	}
	return layers.flatMap((id) => found.get(id) ?? []);
}

/** The layers that no other of them needs: what has to be fetched so that all are passed. */
function last({ graph }: Model, layers: readonly string[]): string[] {
	const wanted = new Map(layers.map((id) => [parseReference(id)[0], id]));
	const passed = new Set<string>();
	const fetches: string[] = [];
	for (const { id, inputs } of [...graph.nodes].reverse()) {
		const layer = wanted.get(id);
		if (layer && !passed.has(id)) fetches.push(layer);
		if (layer || passed.has(id)) inputs.forEach((input) => passed.add(parseReference(input)[0]));
	}
	return fetches;
}
