import { LabError } from '#contracts/errors.ts';
import type { Constant, Kind, Values } from '#engine/model/onnx/definition.ts';

/** Constants as arrays of any rank: what folding and loading do with them. */

export const product = (shape: readonly number[]) => shape.reduce((n, m) => n * m, 1);

/** More numbers than any weight that a browser could hold. */
const MAX_VALUES = 2 ** 28;

export function made(shape: readonly number[], kind: Kind, values: Values, from?: Constant): Constant {
	return {
		constant: true,
		name: from?.name ?? '',
		shape,
		kind,
		values,
		...(from?.stored ? { stored: from.stored } : {}),
		...(!from || from.made ? { made: true } : {})
	};
}

/** @throws LabError where they are missing or cannot be read */
export function valuesOf(constant: Constant): Values {
	if (constant.values) return constant.values;
	throw new LabError(
		constant.unreadable
			? `The tensor "${constant.name}" ${constant.unreadable}.`
			: `The numbers of "${constant.name}" lie in a file that is missing.`,
		constant.unreadable ? 'Export the model with tensors of numbers.' : 'Open it together with its data files.'
	);
}

export const listOf = (constant: Constant): number[] => Array.from(valuesOf(constant));

/** Room for the numbers of a result. @throws LabError where there are too many */
export function room(kind: Kind, size: number, like?: Values): Values {
	if (!(size >= 0 && size <= MAX_VALUES))
		throw new LabError(`A constant of ${size} numbers is asked for.`, 'Export the model again.');
	if (kind === 'bool') return new Uint8Array(size);
	return kind === 'float' && !(like instanceof Float64Array) ? new Float32Array(size) : new Float64Array(size);
}

/** Steps between neighbours along each axis. */
export function strides(shape: readonly number[]): number[] {
	const steps = shape.map(() => 1);
	for (let axis = shape.length - 2; axis >= 0; axis--)
		steps[axis] = (steps[axis + 1] as number) * (shape[axis + 1] as number);
	return steps;
}

/** @throws LabError if they do not stretch to one shape */
export function stretched(shapes: readonly (readonly number[])[]): number[] {
	const rank = Math.max(0, ...shapes.map(({ length }) => length));
	return Array.from({ length: rank }, (_, axis) => {
		let size = 1;
		for (const shape of shapes) {
			const own = shape[axis - rank + shape.length] ?? 1;
			if (own === 1 || own === size) continue;
			if (size !== 1)
				throw new LabError(
					`The shapes ${shapes.map((s) => `[${s.join(', ')}]`).join(' and ')} do not fit together.`,
					'Export the model again.'
				);
			size = own;
		}
		return size;
	});
}

/** Calls `visit` with the offset in each array, which are stretched to the shape. */
export function walk(
	shape: readonly number[],
	shapes: readonly (readonly number[])[],
	visit: (at: number, offsets: readonly number[]) => void
): void {
	const rank = shape.length;
	const steps = shapes.map((own) => {
		const full = [...Array<number>(rank - own.length).fill(1), ...own];
		const all = strides(full);
		return all.map((step, axis) => (full[axis] === 1 ? 0 : step));
	});
	const count = product(shape);
	const index = shape.map(() => 0);
	const offsets = shapes.map(() => 0);
	for (let at = 0; at < count; at++) {
		visit(at, offsets);
		for (let axis = rank - 1; axis >= 0; axis--) {
			const next = (index[axis] as number) + 1;
			if (next < (shape[axis] as number)) {
				index[axis] = next;
				for (let k = 0; k < steps.length; k++)
					offsets[k] = (offsets[k] as number) + ((steps[k] as number[])[axis] as number);
				break;
			}
			for (let k = 0; k < steps.length; k++)
				offsets[k] = (offsets[k] as number) - ((steps[k] as number[])[axis] as number) * (index[axis] as number);
			index[axis] = 0;
		}
	}
}

/** Values of a row that are moved at once. Measured: three times as fast as whole rows of 512, for kernels of 3 x 3. */
const STRIPE = 64;

/** The numbers with other axes first. */
export function permuted(constant: Constant, order: readonly number[]): Constant {
	if (order.every((axis, i) => axis === i)) return constant;
	const shape = order.map((axis) => constant.shape[axis] as number);
	if (!constant.values) return { ...constant, shape };
	const values = valuesOf(constant);
	const steps = strides(constant.shape);
	const out = new (values.constructor as new (length: number) => Values)(values.length);
	const turned = order.map((axis) => steps[axis] as number);
	const last = shape.length - 1;
	const [length, step] = [shape[last] as number, turned[last] as number];
	const width = step === 1 ? length : STRIPE;
	// Stripe by stripe: what one row of the result reads, its neighbours read again while it is at hand.
	for (let start = 0; start < length; start += width) {
		const end = Math.min(length, start + width);
		const index = shape.map(() => 0);
		let from = start * step;
		for (let at = 0; at < out.length; at += length) {
			for (let i = start, k = from; i < end; i++, k += step) out[at + i] = values[k] as number;
			for (let axis = last - 1; axis >= 0; axis--) {
				from += turned[axis] as number;
				if (++(index[axis] as number) < (shape[axis] as number)) break;
				from -= (turned[axis] as number) * (shape[axis] as number);
				index[axis] = 0;
			}
		}
	}
	return { ...constant, shape, values: out };
}

export const reshaped = (constant: Constant, shape: readonly number[]): Constant => ({ ...constant, shape });

/** -1 for the rest, 0 for what the input has there. @throws LabError where the numbers do not fit */
export function targetShape(from: readonly number[], asked: readonly number[], allowZero: boolean): number[] {
	const total = product(from);
	const shape = asked.map((n, axis) => (n === 0 && !allowZero ? (from[axis] ?? 1) : n));
	const open = shape.indexOf(-1);
	if (open >= 0) {
		const rest = shape.reduce((n, m, axis) => (axis === open ? n : n * m), 1);
		shape[open] = rest ? total / rest : 0;
	}
	if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || product(shape) !== total)
		throw new LabError(`[${from.join(', ')}] cannot be arranged as [${asked.join(', ')}].`, 'Export the model again.');
	return shape;
}
