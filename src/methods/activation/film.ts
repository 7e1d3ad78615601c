import type { CellStats, FilmRequest, LayerActivation } from '#contracts/anatomy.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { toPayload } from '#engine/field.ts';
import * as tf from '#engine/tf.ts';
import { cellStats, grid, stackOf } from '#methods/activation/cells.ts';

/** Numbers along the side of a picture in the strip. */
const THUMB = 48;

interface Taken {
	id: string;
	shape: number[];
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
	try {
		const figures = tf.tidy(() => tf.concat(taken.map(({ stats }) => tf.reshape(stats, [-1]))));
		const values = await figures.data().finally(() => figures.dispose());
		let at = 0;
		const reports: LayerActivation[] = [];
		for (const { id, shape, stats, picture } of taken) {
			throwIfAborted(context.signal);
			const count = stats.shape[1];
			const row = (k: number) => Float32Array.from(values.subarray(at + k * count, at + (k + 1) * count));
			const own: CellStats = { mean: row(0), deviation: row(1), min: row(2), max: row(3), zeros: row(4) };
			at += 5 * count;
			const key = picture ? prefix + id : null;
			if (picture && key) {
				const { payload, transfer } = await toPayload(picture.field, context.transfer);
				const [height, width] = picture.field.shape;
				context.send({ key, width, height, payload }, transfer);
			}
			const cells = picture?.cells ?? {
				kind: 'units' as const,
				count,
				width: 1,
				height: 1,
				columns: count,
				shown: count
			};
			reports.push({ id, shape, cells, stats: own, key, thinned: picture?.thinned ?? 1 });
		}
		return reports;
	} finally {
		for (const { stats, picture } of taken) tf.dispose([stats, ...(picture ? [picture.field] : [])]);
	}
}

/** Taps on the way: what they make outlives the run. */
function take({ model, feeds }: FilmContext, layers: readonly string[], most: number): Taken[] {
	const types = new Map(model.graph.nodes.map(({ id, type }) => [id, type]));
	const found = new Map<string, Taken>();
	const tap = (id: string) => (value: tf.Tensor) => {
		tf.tidy(() => {
			const stack = stackOf(value, types.get(id) ?? '');
			const stats = tf.keep(cellStats(stack));
			const picture = stack.kind === 'units' ? null : grid(stack, most, most ? THUMB : Infinity);
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
