import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { fastStream } from '#maths/random.ts';
import type { Job, Rows } from '#maths/projection/rows.ts';

/** Principal components: exactly by the covariance where there are few columns, else by block Lanczos. */
export interface Principal {
	mean: Float64Array;
	/** width x axes, row by row: columns of length one, the largest entry positive. */
	axes: Float64Array;
	/** Along each axis, and of all columns together. */
	variances: Float64Array;
	total: number;
}

/** Columns up to which the covariance is made. */
export const MAX_COVARIANCE_COLUMNS = 192;
/** Axes that are searched beside the wanted ones, so that those are found sooner (Halko, Martinsson & Tropp 2011). */
const MORE_AXES = 8;
/** Directions that are kept at most. */
const MAX_DIRECTIONS = 240;
/** Share of the first variance by which an axis may miss being one. */
const TOLERANCE = 1e-5;
const SLICE = 1 << 19;

/**
 * Block Lanczos with full orthogonalisation (Musco & Musco 2015): every product with the covariance is kept, and the axes
 * are the best among all directions seen. Who calls it multiplies by the covariance.
 */
export class PrincipalSearch {
	/** width x size, columns of length one at right angles: what is to be multiplied next. */
	basis: Matrix;
	private readonly size: number;
	private known: Matrix;
	private products: Matrix;
	private axes: Matrix;
	private variances = new Float64Array(0);

	constructor(
		private readonly width: number,
		private readonly components: number,
		seed: number,
		private readonly tolerance = TOLERANCE
	) {
		this.size = Math.min(width, components + MORE_AXES);
		const { normal } = fastStream(seed, 'axes');
		this.basis = orthonormal(Matrix.from1DArray(width, this.size, Array.from({ length: width * this.size }, normal)));
		this.known = this.products = this.axes = new Matrix(width, 0);
	}

	/** @param product covariance x basis @returns whether the wanted axes are found */
	update(product: Matrix): boolean {
		this.known = beside(this.known, this.basis);
		this.products = beside(this.products, product);
		const small = this.known.transpose().mmul(this.products);
		const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small.add(small.transpose()).div(2), {
			assumeSymmetric: true
		});
		const order = realEigenvalues
			.map((_, i) => i)
			.sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0))
			.slice(0, this.components);
		const rotation = eigenvectorMatrix.subMatrixColumn(order);
		this.axes = this.known.mmul(rotation);
		this.variances = Float64Array.from({ length: this.components }, (_, a) =>
			Math.max(0, realEigenvalues[order[a] ?? -1] ?? 0)
		);
		const turned = this.products.mmul(rotation);
		const enough = this.tolerance * (this.variances[0] as number);
		const found = order.every((_, a) => {
			const variance = this.variances[a] as number;
			return Math.hypot(...turned.getColumn(a).map((value, i) => value - variance * this.axes.get(i, a))) <= enough;
		});
		const room = this.width - this.known.columns;
		if (found || room <= 0 || this.known.columns >= MAX_DIRECTIONS) return true;
		this.basis = this.apart(product).subMatrix(0, this.width - 1, 0, Math.min(room, this.size) - 1);
		return false;
	}

	/** A basis of what is new in these columns; twice, since the first time leaves a rest. */
	private apart(columns: Matrix): Matrix {
		const rest = (matrix: Matrix) => Matrix.sub(matrix, this.known.mmul(this.known.transpose().mmul(matrix)));
		return orthonormal(rest(orthonormal(rest(columns))));
	}

	found(mean: Float64Array, total: number): Principal {
		return { mean, axes: signed(this.axes, this.components), variances: this.variances, total };
	}
}

const orthonormal = (matrix: Matrix) => new QrDecomposition(matrix).orthogonalMatrix;

function beside(left: Matrix, right: Matrix): Matrix {
	const both = new Matrix(right.rows, left.columns + right.columns);
	if (left.columns) both.setSubMatrix(left, 0, 0);
	return both.setSubMatrix(right, 0, left.columns);
}

/** An axis has no direction of its own: the largest entry decides. */
function signed(axes: Matrix, components: number): Float64Array {
	const size = Math.min(components, axes.columns);
	const out = new Float64Array(axes.rows * components);
	for (let a = 0; a < size; a++) {
		const column = axes.getColumn(a);
		const extreme = column.reduce((found, value) => (Math.abs(value) > Math.abs(found) + 1e-12 ? value : found), 0);
		for (const [i, value] of column.entries()) out[i * components + a] = extreme < 0 ? -value : value;
	}
	return out;
}

/** Rows that are looked at between two looks at the clock. */
const pauseFor = (perRow: number) => Math.max(1, Math.floor(SLICE / perRow));

function* columnMeans({ values, count, width }: Rows): Job<Float64Array> {
	const mean = new Float64Array(width);
	for (let i = 0, at = 0; i < count; i++) {
		for (let c = 0; c < width; c++, at++) mean[c] = (mean[c] as number) + (values[at] as number);
		if (i % pauseFor(width) === 0) yield { done: 0 };
	}
	return mean.map((sum) => sum / Math.max(1, count));
}

function* totalVariance({ values, count, width }: Rows, mean: Float64Array): Job<number> {
	let sum = 0;
	for (let i = 0, at = 0; i < count; i++) {
		for (let c = 0; c < width; c++, at++) sum += ((values[at] as number) - (mean[c] as number)) ** 2;
		if (i % pauseFor(width) === 0) yield { done: 0 };
	}
	return sum / Math.max(1, count - 1);
}

/**
 * @param components axes; those beyond the number of columns are zero
 * @param tolerance share of the first variance by which an axis may miss being one
 */
export function* principal(rows: Rows, components: number, seed: number, tolerance = TOLERANCE): Job<Principal> {
	const mean = yield* columnMeans(rows);
	const total = yield* totalVariance(rows, mean);
	if (rows.width <= MAX_COVARIANCE_COLUMNS) {
		const covariance = yield* covarianceOf(rows, mean);
		yield { done: 1 };
		const found = fromCovariance(covariance, components, mean, total);
		yield { done: 1 };
		return found;
	}
	const search = new PrincipalSearch(rows.width, components, seed, tolerance);
	for (let round = 0; ; round++) {
		const product = yield* multiplied(rows, mean, search.basis, round / (round + 8));
		if (search.update(product)) return search.found(mean, total);
	}
}

/** From a covariance matrix, width x width. */
export function fromCovariance(covariance: Matrix, components: number, mean: Float64Array, total: number): Principal {
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
	const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
	const variances = Float64Array.from({ length: components }, (_, a) =>
		Math.max(0, realEigenvalues[order[a] ?? -1] ?? 0)
	);
	return { mean, axes: signed(eigenvectorMatrix.subMatrixColumn(order), components), variances, total };
}

function* covarianceOf({ values, count, width }: Rows, mean: Float64Array): Job<Matrix> {
	const sums = new Float64Array(width * width);
	const row = new Float64Array(width);
	const pause = pauseFor(width * width);
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
	const pause = pauseFor(width * size);
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
