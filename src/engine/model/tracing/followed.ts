import type { Place, Recorded, RecordedCall } from '#engine/model/tracing/record.ts';

/** Two runs of one model with different numbers of rows: what differs between them goes by the batch. */

/** A number, or so many times the rows of the batch. */
export type Size = number | { rows: number };

export interface FollowedCall extends Pick<RecordedCall, 'kernel' | 'inputs' | 'node'> {
	/** Their numbers may be `Size`s. */
	attributes: Readonly<Record<string, unknown>>;
	shapes: Readonly<Record<string, readonly Size[]>>;
	outputs: readonly { shape: readonly Size[]; dtype: RecordedCall['outputs'][number]['dtype'] }[];
}

/** The graph counts rows in a way that no graph can be written for. */
class Unfollowed extends Error {
	override readonly name = 'Unfollowed';
}

type Rows = readonly [first: number, second: number];

const isList = Array.isArray as (value: unknown) => value is readonly unknown[];

/** @throws Unfollowed for two values that differ by something else than the batch */
function both(a: unknown, b: unknown, [m, n]: Rows): unknown {
	if (Object.is(a, b)) return a;
	if (typeof a === 'number' && typeof b === 'number' && a % m === 0 && a / m === b / n) return { rows: a / m };
	if (isList(a) && isList(b) && a.length === b.length) return a.map((one, i) => both(one, b[i], [m, n]));
	if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b))
		return both(Array.from(a as Int32Array), Array.from(b as Int32Array), [m, n]);
	throw new Unfollowed();
}

const same = (a: Place, b: Place) => JSON.stringify(a) === JSON.stringify(b);

function bothCalls(a: RecordedCall, b: RecordedCall, rows: Rows): FollowedCall {
	const alike =
		a.kernel === b.kernel &&
		a.node === b.node &&
		a.inputs.length === b.inputs.length &&
		a.inputs.every(([role, place], i) => role === b.inputs[i]?.[0] && same(place, b.inputs[i][1]));
	if (!alike) throw new Unfollowed();
	const record = (x: Readonly<Record<string, unknown>>, y: Readonly<Record<string, unknown>>) =>
		Object.fromEntries(Object.keys(x).map((key) => [key, both(x[key], y[key], rows)]));
	return {
		...{ kernel: a.kernel, inputs: a.inputs, node: a.node },
		attributes: record(a.attributes, b.attributes),
		shapes: record(a.shapes, b.shapes) as FollowedCall['shapes'],
		outputs: a.outputs.map(({ shape, dtype }, k) => ({
			shape: both(shape, b.outputs[k]?.shape, rows) as Size[],
			dtype
		}))
	};
}

/** @returns null where the two do not run the same, so that the batch cannot be left open */
export function followed(a: Recorded, b: Recorded, rows: Rows): FollowedCall[] | null {
	if (a.calls.length !== b.calls.length || a.constants.length !== b.constants.length) return null;
	if (![...a.values].every(([reference, place]) => same(place, b.values.get(reference) ?? place))) return null;
	try {
		return a.calls.map((call, i) => bothCalls(call, b.calls[i] as RecordedCall, rows));
	} catch (error) {
		if (error instanceof Unfollowed) return null;
		throw error;
	}
}

/** A tensor that no weight is, as both runs have it. */
export interface Literal {
	shape: readonly Size[];
	dtype: 'float32' | 'int32' | 'bool';
	values: ArrayLike<number>;
}

/**
 * One whose shape goes by the batch is the same number everywhere, or nothing that can be followed.
 * @returns null for those that differ otherwise
 */
export function literal(a: Literal, b: Literal, rows: Rows): Literal | null {
	const [first = 0] = Array.from({ length: Math.min(1, a.values.length) }, (_, i) => a.values[i]);
	const all = (one: Literal, f: (value: number, i: number) => boolean) =>
		Array.prototype.every.call(one.values, f as (value: unknown, i: number) => boolean);
	try {
		const shape = both(a.shape, b.shape, rows) as Size[];
		if (shape.every((size) => typeof size === 'number'))
			return all(a, (value, i) => Object.is(value, b.values[i])) ? a : null;
		return all(a, (value) => value === first) && all(b, (value) => value === first)
			? { shape, dtype: a.dtype, values: [first] }
			: null;
	} catch (error) {
		if (error instanceof Unfollowed) return null;
		throw error;
	}
}
