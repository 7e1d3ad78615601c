import type { SentField } from '#contracts/field.ts';
import type { PlaneKind, SliceField, SlicePlane } from '#contracts/slices.ts';
import { Session } from '#workers/compute/session.ts';
import { slicing, type Slicing } from '#workers/compute/slices.ts';
import { Transferred } from '#workers/rpc.ts';
import { linearModel } from './linear-classifier.ts';
import type { Linear } from './linear.ts';

/** The state of slices as the worker has it, on a linear classifier, whose boundaries are known. */

export const LINEAR: Linear = {
	w: [
		[1, -0.5, 0.2],
		[0.3, 0.8, -0.6],
		[-0.4, 0.1, 0.9],
		[0.7, 0.2, -0.3]
	],
	b: [0.1, -0.2, 0.05]
};
export const X = [0.9, 0.1, -0.4, 0.6];
export const HEAD = { output: 'probabilities', unit: 0 };
export const now = { signal: new AbortController().signal, progress: () => {} };
export const unwrapped = <T>(value: T | Transferred<T>): T => (value instanceof Transferred ? value.value : value);
export const distance = (x: ArrayLike<number>, y: ArrayLike<number>) =>
	Math.sqrt(Array.from(x).reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0));

export function opened(linear = LINEAR, ending: Parameters<typeof linearModel>[1] = 'Softmax', dtype = 'float32') {
	const session = new Session(linearModel(linear, ending, dtype), 'linear');
	session.feed({ x: { kind: 'values', values: X.slice(0, linear.w.length) } });
	const fields = new Map<string, SentField>();
	let current = session;
	const slices = slicing({
		opened: () => current,
		together: (_, job) => job(),
		send: (field) => void fields.set(field.key, field)
	});
	return { session, slices, fields, replace: (next: Session) => (current = next) };
}

export async function plane(
	slices: Slicing,
	kind: PlaneKind,
	rows: readonly (readonly number[])[] = []
): Promise<SlicePlane> {
	const inputs = [{ kind: 'current' } as const, ...rows.map((values) => ({ kind: 'values', values }) as const)];
	return unwrapped(await slices.api.slicePlane({ head: HEAD, inputs, plane: kind }, now));
}

export async function field(slices: Slicing, handle: number, box: SliceField['box'], side = 48, adaptive = false) {
	const request = { plane: handle, head: HEAD, box, width: side, height: side, adaptive };
	return unwrapped(await slices.api.sliceField(request, 'field', now)) as SliceField;
}

export const valuesIn = (fields: Map<string, SentField>, { key }: SliceField): Float32Array => {
	const payload = fields.get(key)?.payload;
	if (payload?.kind !== 'array') throw new Error('An array was asked for.');
	return payload.values;
};

export const OTHERS = [
	[-0.5, 0.7, 0.2, 0.1],
	[0.2, -0.9, 0.8, 0.3]
];
