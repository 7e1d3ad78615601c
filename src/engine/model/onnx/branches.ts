import { product } from '#engine/model/onnx/arrays.ts';
import { BATCH, batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** A condition that is known only while the model runs: both branches are computed, and a choice between them. */

/** The condition as it stretches over a result: one for all, or one for each row of a batch. */
function spread(t: Translation, condition: Value, result: readonly number[]): Value {
	if (product(condition.shape) === 1) return t.reshape(t.natural(condition), { shape: [] });
	const own = product(condition.shape) === BATCH && result[0] === BATCH;
	if (!own) throw new BatchMixed();
	return t.reshape(t.natural(condition), { shape: [BATCH, ...result.slice(1).map(() => 1)] });
}

/**
 * What comes of an If, output by output.
 * @returns null where the branches give tensors of different shapes, or what is not computed
 * @throws BatchMixed where one condition would decide for the rows of a batch together
 */
export function branched(
	t: Translation,
	condition: Value,
	yes: readonly (Operand | undefined)[],
	no: readonly (Operand | undefined)[]
): Operand[] | null {
	if (!batched(product(condition.shape)) && product(condition.shape) !== 1) return null;
	const results: Operand[] = [];
	for (const [k, a] of yes.entries()) {
		const b = no[k];
		if (!a || !b || [a, b].some((one) => !isConstant(one) && (one.unknown || one.items))) return null;
		if (a.shape.join() !== b.shape.join()) {
			if ([...a.shape, ...b.shape].some(batched)) throw new BatchMixed();
			return null;
		}
		const kind = isConstant(a) ? (a.kind === 'float' ? 'float32' : a.kind === 'int' ? 'int32' : 'bool') : a.dtype;
		results.push(combined(t, 'Select', [spread(t, condition, a.shape), a, b], kind));
	}
	return results;
}
