import { product, targetShape } from '#engine/model/onnx/arrays.ts';
import type { Shape } from '#contracts/graph.ts';

/**
 * The batch is not known while a graph is translated. A prime that no tensor has as a size stands in for it: shape arithmetic
 * of any kind goes through, and what came of it is still seen afterwards (a size of 12 times the batch is one).
 */
export const BATCH = 1_000_003;

/** The graph mixes rows of a batch, or counts them: it is translated for the size that the file says. */
export class BatchMixed extends Error {
	override readonly name = 'BatchMixed';
}

export const batched = (n: number) => n !== 0 && n % BATCH === 0;

/** What the page is shown. */
export const shownSizes = (shape: readonly number[]): Shape => shape.map((n) => (batched(n) ? null : n));

/** @throws BatchMixed for an axis that must stand still */
export function plain(n: number | undefined): number {
	if (n === undefined || batched(n)) throw new BatchMixed();
	return n;
}

/** The shape that a Reshape asks for; a leading one of a file made for one row is the batch. */
export function arranged(from: readonly number[], asked: readonly number[], allowZero: boolean): number[] {
	const total = product(from);
	if (!batched(total)) return targetShape(from, asked, allowZero);
	if (asked.some(batched)) return targetShape(from, asked, allowZero);
	const zero = asked[0] === 0 && !allowZero && batched(from[0] ?? 1);
	if (zero) return targetShape(from, asked, allowZero);
	if (asked[0] === 1) return targetShape(from, [BATCH, ...asked.slice(1)], allowZero);
	try {
		return targetShape(from, asked, allowZero);
	} catch {
		throw new BatchMixed();
	}
}
