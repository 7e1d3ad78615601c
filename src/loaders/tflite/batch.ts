import { constantOf } from '#loaders/tflite/constants.ts';
import type { TfliteModel, TfliteOperator, TfliteTensor } from '#loaders/tflite/schema.ts';

/**
 * Converted networks say a batch of one in every shape. Whether that one can be any number: each operator must keep the first
 * axis to itself. What is not known to do so makes it stay one, and pictures go through one after the other.
 */
export function keepsBatchApart({ tensors, operators, inputs, outputs }: TfliteModel): boolean {
	const one = (index: number) => tensors[index]?.shape[0] === 1 || tensors[index]?.signature[0] === -1;
	if (![...inputs, ...outputs].every(one)) return false;
	const batched = new Set(inputs);
	return operators.every((operator) => {
		const fed = operator.inputs.map((index) => batched.has(index));
		if (!fed.some(Boolean)) return true;
		operator.outputs.forEach((index) => batched.add(index));
		return operator.outputs.every(one) && keeps(operator, fed, tensors);
	});
}

/** Whole numbers of an input, or none. */
function values(index: number | undefined, tensors: readonly TfliteTensor[]): number[] {
	const tensor = index === undefined ? undefined : tensors[index];
	if (!tensor?.data.byteLength) return [];
	try {
		return [...(constantOf(tensor).values ?? [])];
	} catch {
		return [];
	}
}

/** Operators on each value, each position or each row of the last axis. */
const APART = new Set([
	...[0, 1, 3, 4, 5, 6, 8, 11, 14, 17, 18, 19, 20, 21, 23, 25, 26, 28, 41, 42, 47, 50, 53, 54, 55, 57, 58, 59, 61, 62],
	...[63, 64, 66, 67, 71, 72, 73, 75, 76, 78, 80, 90, 92, 93, 97, 98, 99, 101, 104, 106, 108, 111, 114, 116, 117, 123],
	150
]);
const [CONCAT, DENSE, RESHAPE, CUSTOM, PAD, GATHER, TRANSPOSE, MEAN, SQUEEZE, STRIDED, SPLIT, PAD_V2, SLICE, TILE] = [
	2, 9, 22, 32, 34, 36, 39, 40, 43, 45, 49, 60, 65, 69
];
const [EXPAND, SUM, PROD, MAX, PACK, UNPACK, MIN, SPLIT_V, BATCH_MATMUL, ARG_MAX, ARG_MIN, MIRROR] = [
	70, 74, 81, 82, 83, 88, 89, 102, 126, 56, 79, 100
];

function keeps({ code, inputs, options }: TfliteOperator, fed: readonly boolean[], tensors: readonly TfliteTensor[]) {
	const shape = (k: number) => tensors[inputs[k] ?? -1]?.shape ?? [];
	const rank = shape(0).length;
	const list = (k: number) => values(inputs[k], tensors);
	/** The axes are said, and the first is none of them. */
	const others = (axes: readonly number[], of = rank) =>
		axes.length > 0 && axes.every((axis) => (axis + of) % of !== 0);
	// What joins the rows of a picture with a table of the same rank would join it with that of another picture.
	const joined = inputs.every((index, k) => fed[k] || (tensors[index]?.shape.length ?? 0) < rank || shape(k)[0] === 1);
	if (APART.has(code)) return joined || [1, 3, 4, 17, 67, 23, 97].includes(code);
	switch (code) {
		case DENSE:
			return fed[0] && !fed[1] && shape(0)[0] === 1;
		case RESHAPE:
		case SQUEEZE:
		case EXPAND:
			return shape(0)[0] === 1;
		case TRANSPOSE:
			return list(1)[0] === 0;
		case PAD:
		case PAD_V2:
		case MIRROR:
			return list(1)[0] === 0 && list(1)[1] === 0;
		case TILE:
			return list(1)[0] === 1;
		case MEAN:
		case SUM:
		case PROD:
		case MAX:
		case MIN:
		case ARG_MAX:
		case ARG_MIN:
			return others(list(1));
		case CONCAT:
			return fed.every(Boolean) && others([options?.int32(0) ?? 0]);
		case SPLIT:
			return others(list(0), shape(1).length);
		case SPLIT_V:
			return others(list(2));
		case PACK:
			return fed.every(Boolean) && others([options?.int32(1) ?? 0], rank + 1);
		case UNPACK:
			return others([options?.int32(1) ?? 0]);
		case SLICE:
			return list(1)[0] === 0;
		case STRIDED: {
			const masked = [2, 3, 4].some((id) => (options?.int32(id) ?? 0) & (id === 2 ? -1 : 1));
			return !masked && list(1)[0] === 0 && list(3)[0] === 1;
		}
		case BATCH_MATMUL:
			return rank > 2 && (fed.every(Boolean) || joined);
		case GATHER:
			return fed[0] ? !fed[1] && others([options?.int32(0) ?? 0]) : (options?.int32(1) ?? 0) === 0;
		case CUSTOM:
			return fed[0] === true;
		default:
			return false;
	}
}
