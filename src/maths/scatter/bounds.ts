/** Brings the points of a map to -1..1, so that large coordinates lose nothing in float32 when zoomed. */

export interface Fitting {
	/** own = shown * scale + centre */
	centre: readonly number[];
	scale: number;
}

export function fittingOf(positions: Float32Array, dimensions: 2 | 3): Fitting {
	const low = Array<number>(dimensions).fill(Infinity);
	const high = Array<number>(dimensions).fill(-Infinity);
	for (let i = 0; i < positions.length; i += dimensions)
		for (let d = 0; d < dimensions; d++) {
			const v = positions[i + d]!;
			if (v < low[d]!) low[d] = v;
			if (v > high[d]!) high[d] = v;
		}
	const extents = low.map((v, d) => high[d]! - v);
	const scale = Math.max(...extents) / 2;
	return {
		centre: low.map((v, d) => (Number.isFinite(v) ? (v + high[d]!) / 2 : 0)),
		scale: Number.isFinite(scale) && scale > 0 ? scale : 1
	};
}

/** @returns a copy within -1..1; a point without a position (NaN) goes far out of sight */
export function fitted(
	positions: Float32Array,
	dimensions: 2 | 3,
	{ centre, scale }: Fitting
): Float32Array<ArrayBuffer> {
	const out = new Float32Array(positions.length);
	for (let i = 0; i < positions.length; i += dimensions)
		for (let d = 0; d < dimensions; d++) {
			const v = (positions[i + d]! - centre[d]!) / scale;
			out[i + d] = Number.isFinite(v) ? v : 1e6;
		}
	return out;
}
