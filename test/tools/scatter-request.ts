import type { ScatterRequest } from '#contracts/scatter.ts';
import { matrixOf, WHOLE } from '#maths/scatter/camera.ts';

/** A whole flat map as small blended discs, for benchmarks. */
export const scatterRequest = (
	side: number,
	change: Partial<ScatterRequest> & { scatter: string }
): ScatterRequest => ({
	width: side,
	height: side,
	ratio: 1,
	matrix: matrixOf(WHOLE, { width: side, height: side }, 2),
	dimensions: 2,
	size: 3,
	opacity: 0.5,
	hovered: -1,
	chosen: -1,
	ringed: [],
	contours: false,
	thumbnails: null,
	theme: { stage: [0, 0, 0], text: [1, 1, 1], chosen: [1, 1, 1] },
	...change
});
