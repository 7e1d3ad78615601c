import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { random } from '#maths/projection/random.ts';
import type { Job, Rows } from '#maths/projection/rows.ts';

/** Principal components: exactly by the covariance where there are few columns, else by subspace iteration. */
export interface Principal {
	mean: Float64Array;
	/** width x axes, row by row: columns of length one, the largest entry positive. */
	axes: Float64Array;
	/** Along each axis, and of all columns together. */
	variances: Float64Array;
	total: number;
}

/** Columns up to which the covariance is made. */
export const MOST_COLUMNS = 192;
/** Axes that are searched beside the wanted ones, so that those are found sooner (Halko, Martinsson & Tropp 2011). */
const MORE_AXES = 8;
const ROUNDS = 60;
/** Share of the first variance by which an axis may miss being one. */
const TOLERANCE = 1e-5;
const SLICE = 1 << 19;

/** Subspace iteration with Rayleigh and Ritz's rotation; who calls it multiplies by the covariance. */
export class PrincipalSearch {
	/** width x size, columns of length one at right angles. */
	basis: Matrix;
	readonly size: number;
	variances = new Float64Array(0);
	private rounds = 0;

	constructor(
		width: number,
		private readonly wanted: number,
		seed: number
	) {
		this.size = Math.min(width, wanted + MORE_AXES);
		const { normal } = random(seed, 'axes');
		this.basis = orthonormal(Matrix.from1DArray(width, this.size, Array.from({ length: width * this.size }, normal)));
	}

	/** @param product covariance x basis @returns whether the wanted axes are found */
	update(product: Matrix): boolean {
		const small = this.basis.transpose().mmul(product);
		const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small.add(small.transpose()).div(2), {
			assumeSymmetric: true
		});
		const order = realEigenvalues
			.map((_, i) => i)
			.sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
		const rotation = eigenvectorMatrix.subMatrixColumn(order);
		const axes = this.basis.mmul(rotation);
		const turned = product.mmul(rotation);
		this.variances = Float64Array.from(order, (i) => Math.max(0, realEigenvalues[i] ?? 0));
		const miss = Array.from({ length: Math.min(this.wanted, this.size) }, (_, a) => {
			const variance = this.variances[a] as number;
			return Math.hypot(...turned.getColumn(a).map((value, i) => value - variance * axes.get(i, a)));
		});
		const enough = TOLERANCE * (this.variances[0] as number);
		const done = ++this.rounds >= ROUNDS || miss.every((length) => length <= enough);
		this.basis = done ? axes : orthonormal(turned);
		return done;
	}

	found(mean: Float64Array, total: number): Principal {
		return { mean, axes: signed(this.basis, this.wanted), variances: this.variances.slice(0, this.wanted), total };
	}
}

const orthonormal = (matrix: Matrix) => new QrDecomposition(matrix).orthogonalMatrix;

/** An axis has no direction of its own: the largest entry decides. */
function signed(axes: Matrix, wanted: number): Float64Array {
	const size = Math.min(wanted, axes.columns);
	const out = new Float64Array(axes.rows * wanted);
	for (let a = 0; a < size; a++) {
		const column = axes.getColumn(a);
		const largest = column.reduce((most, value) => (Math.abs(value) > Math.abs(most) + 1e-12 ? value : most), 0);
		for (const [i, value] of column.entries()) out[i * wanted + a] = largest < 0 ? -value : value;
	}
	return out;
}

export function columnMeans({ values, count, width }: Rows): Float64Array {
	const mean = new Float64Array(width);
	for (let i = 0, at = 0; i < count; i++)
		for (let c = 0; c < width; c++, at++) mean[c] = (mean[c] as number) + (values[at] as number);
	return mean.map((sum) => sum / Math.max(1, count));
}

function totalVariance({ values, count, width }: Rows, mean: Float64Array): number {
	let sum = 0;
	for (let i = 0, at = 0; i < count; i++)
		for (let c = 0; c < width; c++, at++) sum += ((values[at] as number) - (mean[c] as number)) ** 2;
	return sum / Math.max(1, count - 1);
}

/** @param wanted axes; those beyond the number of columns are zero */
export function* principal(rows: Rows, wanted: number, seed: number): Job<Principal> {
	const mean = columnMeans(rows);
	const total = totalVariance(rows, mean);
	if (rows.width <= MOST_COLUMNS) {
		const covariance = yield* covarianceOf(rows, mean);
		return fromCovariance(covariance, wanted, mean, total);
	}
	const search = new PrincipalSearch(rows.width, wanted, seed);
	for (let round = 0; ; round++) {
		const product = yield* multiplied(rows, mean, search.basis, round / (round + 8));
		if (search.update(product)) return search.found(mean, total);
	}
}

/** From a covariance matrix, width x width. */
export function fromCovariance(covariance: Matrix, wanted: number, mean: Float64Array, total: number): Principal {
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
	const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
	const variances = Float64Array.from({ length: wanted }, (_, a) => Math.max(0, realEigenvalues[order[a] ?? -1] ?? 0));
	return { mean, axes: signed(eigenvectorMatrix.subMatrixColumn(order), wanted), variances, total };
}

function* covarianceOf({ values, count, width }: Rows, mean: Float64Array): Job<Matrix> {
	const sums = new Float64Array(width * width);
	const row = new Float64Array(width);
	const pause = Math.max(1, Math.floor(SLICE / (width * width)));
	for (let i = 0; i < count; i++) {
		for (let c = 0; c < width; c++) row[c] = (values[i * width + c] as number) - (mean[c] as number);
		for (let c = 0; c < width; c++) {
			const value = row[c] as number;
			if (value !== 0)
				for (let d = c, at = c * width + c; d < width; d++, at++)
					sums[at] = (sums[at] as number) + value * (row[d] as number);
		}
		if (i % pause === 0) yield { done: i / count };
	}
	const matrix = new Matrix(width, width);
	for (let c = 0; c < width; c++)
		for (let d = c; d < width; d++) {
			const value = (sums[c * width + d] as number) / Math.max(1, count - 1);
			matrix.set(c, d, value).set(d, c, value);
		}
	return matrix;
}

/** The covariance times a basis, without the covariance. */
function* multiplied({ values, count, width }: Rows, mean: Float64Array, basis: Matrix, done: number): Job<Matrix> {
	const size = basis.columns;
	const flat = Float64Array.from(basis.to1DArray());
	const sums = new Float64Array(width * size);
	const row = new Float64Array(width);
	const along = new Float64Array(size);
	const pause = Math.max(1, Math.floor(SLICE / (width * size)));
	for (let i = 0; i < count; i++) {
		for (let c = 0; c < width; c++) row[c] = (values[i * width + c] as number) - (mean[c] as number);
		along.fill(0);
		for (let c = 0, at = 0; c < width; c++) {
			const value = row[c] as number;
			for (let a = 0; a < size; a++, at++) along[a] = (along[a] as number) + value * (flat[at] as number);
		}
		for (let c = 0, at = 0; c < width; c++) {
			const value = row[c] as number;
			for (let a = 0; a < size; a++, at++) sums[at] = (sums[at] as number) + value * (along[a] as number);
		}
		if (i % pause === 0) yield { done };
	}
	return Matrix.from1DArray(
		width,
		size,
		Array.from(sums, (sum) => sum / Math.max(1, count - 1))
	);
}
