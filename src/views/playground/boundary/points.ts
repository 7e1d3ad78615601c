import type { MapPoints } from '#contracts/planes.ts';
import type { PlaneWindow, Points } from '#contracts/playground.ts';
import { positionOf } from '#maths/playground/plane-view.ts';
import { pointBytes } from './colouring.ts';

export interface PointSet {
	points: Points;
	/** Which are on the wrong side, once that is known. */
	wrong: Uint8Array | null;
	test: boolean;
}

/** CSS pixels, and of many points. */
const RADIUS = 3.2;
const SMALL = 2;

/** Points over the picture of a window: discs train, diamonds test, ringed ones are on the wrong side. */
export function mapPoints(sets: readonly PointSet[], window: PlaneWindow): MapPoints {
	const [positions, marks]: [number[], number[]] = [[], []];
	let many = false;
	for (const { points, wrong, test } of sets) {
		many ||= points.y.length > 1000;
		for (let i = 0; i < points.y.length; i++) {
			const [right, down] = positionOf(window, points.x1[i] as number, points.x2[i] as number);
			if (right < -0.02 || right > 1.02 || down < -0.02 || down > 1.02) continue;
			positions.push(right, down);
			marks.push(...pointBytes(points, points.y[i] as number), (test ? 1 : 0) + (wrong?.[i] ? 2 : 0));
		}
	}
	return { positions: Float32Array.from(positions), marks: Float32Array.from(marks), radius: many ? SMALL : RADIUS };
}
