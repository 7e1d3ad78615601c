import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/** Maps in a common orientation: what lies left in one lies left in the other, as far as they agree. */

/** One map laid onto another by turning, mirroring, moving and one scale (Schönemann 1966, Psychometrika 31). */
export interface Superposed {
	/** count x dimensions, in the units of the reference. */
	positions: Float32Array;
	/** What is left, 0..1: 0 where the maps are the same but for position, size and turn. As scipy.spatial.procrustes. */
	disparity: number;
}

/** Middle and size (root of the summed squares around it) of the rows that have a position in both. */
function centred(positions: Float32Array, dimensions: number, known: Uint8Array) {
	const centre = new Float64Array(dimensions);
	let rows = 0;
	for (let i = 0; i < known.length; i++) {
		if (!known[i]) continue;
		rows++;
		for (let d = 0; d < dimensions; d++) centre[d]! += positions[i * dimensions + d]!;
	}
	for (let d = 0; d < dimensions; d++) centre[d]! /= Math.max(1, rows);
	let sum = 0;
	for (let i = 0; i < known.length; i++)
		for (let d = 0; d < dimensions && known[i]; d++) sum += (positions[i * dimensions + d]! - centre[d]!) ** 2;
	return { centre, size: Math.sqrt(sum) };
}

/**
 * The map is brought to the size of the reference, not to the scale of least squares: that one shrinks a map the more,
 * the less it agrees, and a chain of maps would end in a point. For the turn and the disparity it makes no difference.
 * Rows without a position (NaN) in either take no part.
 * @param reference count x dimensions, row by row
 * @param positions the same rows
 */
export function superposed(reference: Float32Array, positions: Float32Array, dimensions: 2 | 3): Superposed {
	if (reference.length !== positions.length) throw new RangeError('Both maps have the same rows.');
	const d = dimensions;
	const known = new Uint8Array(positions.length / d).fill(1);
	for (let k = 0; k < positions.length; k++)
		if (!Number.isFinite(positions[k]) || !Number.isFinite(reference[k])) known[Math.floor(k / d)] = 0;
	const [to, from] = [centred(reference, d, known), centred(positions, d, known)];
	// H = BᵀA of the centred maps at size 1; its nearest rotation or reflection is U Vᵀ.
	const products = new Float64Array(d * d);
	const unit = to.size * from.size;
	for (let i = 0; i < known.length && unit > 0; i++)
		for (let k = 0; k < d * d && known[i]; k++) {
			const [r, c] = [Math.floor(k / d), k % d];
			products[k]! += ((positions[i * d + r]! - from.centre[r]!) * (reference[i * d + c]! - to.centre[c]!)) / unit;
		}
	const H = Matrix.from1DArray(d, d, products);
	const { leftSingularVectors, rightSingularVectors, diagonal } = new SingularValueDecomposition(H);
	// Points that all coincide have no orientation.
	const nearest = unit > 0 ? leftSingularVectors.mmul(rightSingularVectors.transpose()) : Matrix.eye(d);
	const turn = Float64Array.from(nearest.to1DArray());
	const agreement = diagonal.reduce((sum, s) => sum + s, 0);
	const scale = unit > 0 ? to.size / from.size : 1;
	const out = new Float32Array(positions.length);
	for (let i = 0; i < known.length; i++)
		for (let c = 0; c < d; c++) {
			let v = 0;
			for (let r = 0; r < d; r++) v += (positions[i * d + r]! - from.centre[r]!) * turn[r * d + c]!;
			out[i * d + c] = to.centre[c]! + scale * v;
		}
	return { positions: out, disparity: Math.min(1, Math.max(0, 1 - agreement ** 2)) };
}
