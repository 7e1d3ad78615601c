import type { Shape } from '#contracts/graph.ts';
import type { Mapped } from '#engine/model/layers/mapping.ts';

/** Layers that join several inputs element by element, as Keras broadcasts them: the batch is never another axis. */

const TYPES: ReadonlyMap<string, string> = new Map(
	['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((name) => [name, name])
);

export interface Merged {
	/** For each input what is done with it first: axes of one cell go in after the batch. */
	before: readonly ((Mapped & { shape: Shape }) | null)[];
	stage: Mapped;
	shape: Shape;
}

/** Of two that fit: what is open is the other's, unless that is one. */
const size = (a: number | null, b: number | null) => (a === 1 || (a === null && b !== 1) ? b : a);

/** @returns null for other layers, and for inputs that do not fit each other or lack axes and leave several sizes open */
export function merged(className: string, shapes: readonly Shape[]): Merged | null {
	const type = TYPES.get(className);
	if (!type || shapes.length < 2 || (type === 'Subtract' && shapes.length !== 2)) return null;
	const rank = Math.max(...shapes.map(({ length }) => length));
	const full = shapes.map(([batch = null, ...rest]) => [
		batch,
		...Array<number>(rank - 1 - rest.length).fill(1),
		...rest
	]);
	const fits = (a: number | null, b: number | null) => a === null || b === null || a === b || a === 1 || b === 1;
	const [first = []] = full;
	if (!full.every((shape) => shape.every((n, axis) => full.every((other) => fits(n, other[axis] ?? null)))))
		return null;
	const shape = full.reduce<(number | null)[]>((so, next) => so.map((n, axis) => size(n, next[axis] ?? null)), first);
	const missing = full.map((target, i) => (shapes[i]?.length === rank ? null : target));
	// A reshape can leave one size open: TF.js joins the others as they come.
	if (missing.some((target) => (target ?? []).slice(1).filter((n) => n === null).length > 1)) return null;
	const before = missing.map(
		(target) => target && { type: 'Reshape', attributes: { shape: target.slice(1).map((n) => n ?? -1) }, shape: target }
	);
	return { before, stage: { type, attributes: {} }, shape };
}
