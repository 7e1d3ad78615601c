import { classesOf, generate } from '#maths/playground/generators.ts';
import { shuffle, stream } from '#maths/random.ts';
import type { DataSpec, Dataset, DerivedInput, Points } from '#maths/playground/spec.ts';

function picked(points: Points, indices: Int32Array): Points {
	const of = (values: Float64Array) => Float64Array.from(indices, (i) => values[i] as number);
	return { ...points, x1: of(points.x1), x2: of(points.x2), y: of(points.y) };
}

/** How many classes there are; 0 for values, two before there are own points. */
export const classCount = ({ kind, points }: DataSpec) =>
	kind === 'points' ? (points?.classes ?? 2) : classesOf(kind);

/** How many points are trained on. */
export function trainCount({ kind, size, trainShare, points }: DataSpec): number {
	const all = kind === 'points' ? Math.min(size, points?.y.length ?? 0) : size;
	return Math.round(all * Math.min(1, Math.max(0, trainShare)));
}

/**
 * The points of a specification, shuffled and divided; the same for the same specification.
 * @throws Error for own points that are not there
 */
export function dataset(spec: DataSpec): Dataset {
	const { kind, size, noise, seed, points } = spec;
	if (kind === 'points' && !points) throw new Error('There are no points.');
	const all = kind === 'points' ? (points as Points) : generate(kind, size, noise, stream(seed, 'data'));
	const order = shuffle(
		Int32Array.from(all.x1, (_, i) => i),
		stream(seed, 'split')
	).subarray(0, size);
	const train = trainCount(spec);
	return {
		train: picked(all, order.subarray(0, train)),
		test: picked(all, order.subarray(train)),
		classes: all.classes
	};
}

const DERIVED: Readonly<Record<DerivedInput, (x1: number, x2: number) => number>> = {
	x1: (x1) => x1,
	x2: (_, x2) => x2,
	'x1-squared': (x1) => x1 * x1,
	'x2-squared': (_, x2) => x2 * x2,
	'x1-x2': (x1, x2) => x1 * x2,
	'sin-x1': (x1) => Math.sin(x1),
	'sin-x2': (_, x2) => Math.sin(x2)
};

export const derive = (input: DerivedInput, x1: number, x2: number) => DERIVED[input](x1, x2);

/** @returns [points, inputs], row-major */
export function derivedInputs({ x1, x2 }: Pick<Points, 'x1' | 'x2'>, inputs: readonly DerivedInput[]): Float32Array {
	const rows = new Float32Array(x1.length * inputs.length);
	for (const [k, input] of inputs.entries())
		for (let i = 0; i < x1.length; i++) rows[i * inputs.length + k] = DERIVED[input](x1[i] as number, x2[i] as number);
	return rows;
}
