import type { ComparisonRow, RowActivation } from '#contracts/comparison.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import { distanceFigures, readDistances } from '#methods/comparison/distance.ts';

/** Bytes of activations that are held of each model at once. */
const HELD = 128 << 20;

export interface Running {
	model: Model;
	/** Of a batch of one. */
	feeds: Feeds;
}

/** How far the outputs of matched nodes lie apart, where their shapes agree. */
export async function activationDistances(
	first: Running,
	second: Running,
	rows: readonly ComparisonRow[],
	{ signal, progress }: { signal: AbortSignal; progress(done: number): void }
): Promise<RowActivation[]> {
	const dtypes = new Map(first.model.graph.nodes.map(({ id, dtype }) => [id, dtype]));
	const sizes = new Map(
		first.model.graph.nodes.map(({ id, shape }) => [id, 4 * shape.slice(1).reduce<number>((n, m) => n * (m ?? 1), 1)])
	);
	const requested = [...rows.entries()].flatMap(([row, { first: a, second: b, shapes }]) =>
		a !== null && b !== null && shapes[0] === shapes[1] && dtypes.get(a) !== 'string' ? [{ row, a, b }] : []
	);
	const found: RowActivation[] = [];
	for (let from = 0; from < requested.length;) {
		let [to, bytes] = [from, 0];
		while (to < requested.length && (to === from || bytes < HELD)) bytes += sizes.get(requested[to++]?.a ?? '') ?? 0;
		const part = requested.slice(from, to);
		const { figures, compared } = compare(first, second, part);
		const distances = await readDistances(figures);
		compared.forEach((row, i) => found.push({ row, ...(distances[i] as (typeof distances)[number]) }));
		await breath(signal);
		from = to;
		progress(from / requested.length);
	}
	return found;
}

function compare(
	first: Running,
	second: Running,
	part: readonly { row: number; a: string; b: string }[]
): { figures: tf.Tensor2D[]; compared: number[] } {
	const compared: number[] = [];
	const figures = tf.tidy(() => {
		const left = first.model.run(
			first.feeds,
			part.map(({ a }) => a)
		);
		const right = second.model.run(
			second.feeds,
			part.map(({ b }) => b)
		);
		return part.flatMap(({ row }, i) => {
			const [a, b] = [left[i] as tf.Tensor, right[i] as tf.Tensor];
			// Sizes that are known only now may differ after all.
			if (a.shape.join() !== b.shape.join() || a.size === 0) return [];
			compared.push(row);
			return [distanceFigures(a, b)];
		});
	});
	return { figures, compared };
}
