import { LabError } from '#contracts/errors.ts';
import type { Constant, Kind, Values } from '#engine/model/onnx/definition.ts';
import { Later, NumbersNeeded } from '#engine/model/onnx/later.ts';

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

/**
 * What is worked out of constants: now where their numbers are known, else when it is asked for.
 * @param result what it will be @param recipe the same for what is worked out in the same way @param f of their numbers
 */
export function worked(
	inputs: readonly Constant[],
	result: Omit<Constant, 'values' | 'later'>,
	recipe: string,
	f: (...values: (Values | undefined)[]) => Values
): Constant {
	// What is missing for good is said at once.
	for (const one of inputs) if (!one.values && !one.later) valuesOf(one);
	const waits = inputs.flatMap(({ later }) => (later && !later.known ? later : []));
	const { constant, name, shape, kind, stored, made: own } = result;
	const plain = { constant, name, shape, kind, ...(stored ? { stored } : {}), ...(own ? { made: own } : {}) };
	if (!waits.length) return { ...plain, values: f(...inputs.map(valuesOf)) };
	const all = () => Promise.all(inputs.map(async (one) => (one.later ? one.later.read() : valuesOf(one))));
	const fixed = inputs.flatMap((one) => (one.later && !one.later.known ? [] : [valuesOf(one)]));
	return { ...plain, values: null, later: new Later(async () => f(...(await all())), waits, recipe, fixed) };
}

/** @throws LabError where they are missing or cannot be read, NumbersNeeded where they were not read yet */
export function valuesOf(constant: Constant): Values {
	if (constant.values) return constant.values;
	if (constant.later?.known) return constant.later.known;
	if (constant.later) throw new NumbersNeeded(constant.later.sources);
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

/** The numbers with other axes first. */
export function permuted(constant: Constant, order: readonly number[]): Constant {
	if (order.every((axis, i) => axis === i)) return constant;
	const shape = order.map((axis) => constant.shape[axis] as number);
	if (!constant.values && !constant.later) return { ...constant, shape };
	const turned = (values?: Values) => moved(values as Values, constant.shape, order);
	return worked([constant], { ...constant, shape }, `${constant.shape.join()} as ${order.join()}`, turned);
}

/** Cells of a block that is turned at a time: its rows stay in the processor's cache. */
const SIDE = 32;

/** Block by block of the axes that lie closest before and after: row by row it takes more than twice as long. */
function moved(values: Values, own: readonly number[], order: readonly number[]): Values {
	const shape = order.map((axis) => own[axis] as number);
	const out = new (values.constructor as new (length: number) => Values)(values.length);
	if (!out.length) return out;
	const before = strides(own);
	const from = order.map((axis) => before[axis] as number);
	const to = strides(shape);
	const a = shape.length - 1;
	const b = order.indexOf(own.length - 1);
	const [width, height] = [shape[a] as number, a === b ? 1 : (shape[b] as number)];
	const [stepA, stepB, outB] = [from[a] as number, from[b] as number, to[b] as number];
	const others = shape.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
	const index = shape.map(() => 0);
	let [read, write] = [0, 0];
	for (let k = out.length / (width * height); k > 0; k--) {
		for (let j0 = 0; j0 < height; j0 += SIDE)
			for (let i0 = 0; i0 < width; i0 += SIDE) {
				const [jEnd, iEnd] = [Math.min(height, j0 + SIDE), Math.min(width, i0 + SIDE)];
				for (let j = j0; j < jEnd; j++) {
					let at = read + j * stepB + i0 * stepA;
					const row = write + j * outB;
					for (let i = i0; i < iEnd; i++, at += stepA) out[row + i] = values[at] as number;
				}
			}
		for (let n = others.length - 1; n >= 0; n--) {
			const axis = others[n] as number;
			read += from[axis] as number;
			write += to[axis] as number;
			if (++(index[axis] as number) < (shape[axis] as number)) break;
			read -= (from[axis] as number) * (shape[axis] as number);
			write -= (to[axis] as number) * (shape[axis] as number);
			index[axis] = 0;
		}
	}
	return out;
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
