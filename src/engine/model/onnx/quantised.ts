import { product, room, valuesOf, worked } from '#engine/model/onnx/arrays.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import { isConstant, type Quantised } from '#engine/model/onnx/value.ts';

/** Whole numbers that stand for real ones: `(x - zero) * scale`, one scale for all, for each channel, or for blocks. */

/** A scale as it stretches over a tensor: along `axis`, or over blocks of it. */
function scaleAt(shape: readonly number[], axis: number, block: number, scale: Constant): (at: number) => number {
	if (product(scale.shape) === 1) return () => 0;
	const inner = product(shape.slice(axis + 1));
	const length = shape[axis] as number;
	if (scale.shape.length <= 1) return (at) => Math.floor(at / inner) % length;
	const blocks = scale.shape[axis] as number;
	const size = block || Math.ceil(length / blocks);
	return (at) => {
		const outer = Math.floor(at / (inner * length));
		return (outer * blocks + Math.floor((Math.floor(at / inner) % length) / size)) * inner + (at % inner);
	};
}

/** The real numbers of a constant. @returns null where they are not all constant */
export function realValues(
	x: Constant,
	scale: Constant,
	zero: Constant | undefined,
	axis: number,
	block = 0
): Constant {
	const at = scaleAt(x.shape, axis < 0 ? axis + x.shape.length : axis, block, scale);
	const result = { ...x, kind: 'float' as const, stored: x.stored ?? 'int' };
	const recipe = `real ${x.shape.join()} ${scale.shape.join()} ${axis} ${block}`;
	return worked([x, scale, ...(zero ? [zero] : [])], result, recipe, (values, factors, zeros) => {
		const out = room('float', values?.length ?? 0);
		for (let i = 0; i < out.length; i++) {
			const k = at(i);
			out[i] = ((values?.[i] as number) - (zeros?.[k] ?? 0)) * (factors?.[k] ?? NaN);
		}
		return out;
	});
}

/** A DequantizeLinear of constants. */
export function dequantised(call: Call): Constant | null {
	const [x, scale, zero] = call.operands;
	if (!isConstant(x) || !isConstant(scale) || (zero && !isConstant(zero))) return null;
	const result = realValues(x, scale, zero, call.int('axis', 1), call.int('block_size', 0));
	return { ...result, name: x.name, ...(x.made ? { made: true } : {}) };
}

const RANGES: Readonly<Record<string, readonly [low: number, high: number]>> = {
	uint8: [0, 255],
	int8: [-128, 127],
	uint16: [0, 65535],
	int16: [-32768, 32767],
	uint4: [0, 15],
	int4: [-8, 7]
};

/** What an activation is rounded to: scale and zero of one number each. @returns null for others */
export function quantisedBy(scale: Constant, zero: Constant | undefined): Quantised | null {
	const factors = valuesOf(scale);
	const zeros = zero ? valuesOf(zero) : [0];
	if (factors.length !== 1 || zeros.length !== 1) return null;
	const [low, high] = RANGES[zero?.stored ?? 'uint8'] ?? [0, 255];
	return { scale: factors[0] as number, zero: zeros[0] as number, low, high };
}
