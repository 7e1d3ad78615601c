import type { Points } from '#contracts/playground.ts';
import { MAX_TABLE_CLASSES } from '#maths/playground/table.ts';
import { PLAIN_AXES, type OwnData } from '#state/playground/own.ts';

/** Points drawn by hand. */

const MAX_DRAWN_POINTS = 5000;

const EMPTY: Points = { x1: new Float64Array(), x2: new Float64Array(), y: new Float64Array(), classes: 2 };

/** How many classes can be painted: one more than there are, three before there are any; none over values. */
export const paintable = (own: OwnData | null) =>
	own?.points.classes === 0 ? 0 : Math.min(MAX_TABLE_CLASSES, (own?.points.classes ?? 2) + 1);

/** With one more point, or without those within reach when the class is -1. */
export function painted(own: OwnData | null, x1: number, x2: number, brush: number, reach: number): OwnData | null {
	const points = own?.points ?? EMPTY;
	if (brush >= paintable(own)) return own;
	const keep = Array.from(points.y, (_, i) => i).filter(
		(i) => brush >= 0 || Math.hypot((points.x1[i] as number) - x1, (points.x2[i] as number) - x2) > reach
	);
	if (brush >= 0 && keep.length >= MAX_DRAWN_POINTS) return own;
	const more = (values: Float64Array, value: number) => {
		const kept = keep.map((i) => values[i] as number);
		return Float64Array.from(brush >= 0 ? [...kept, value] : kept);
	};
	const y = more(points.y, brush);
	if (!y.length) return null;
	const classes = points.classes && Math.max(points.classes, brush + 1);
	return {
		points: { ...points, x1: more(points.x1, x1), x2: more(points.x2, x2), y, classes },
		axes: own?.axes ?? PLAIN_AXES,
		labels: Array.from({ length: classes }, (_, k) => own?.labels[k] ?? `class ${k}`),
		source: own?.source ?? 'drawn by hand'
	};
}
