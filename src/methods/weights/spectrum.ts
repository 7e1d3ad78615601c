import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Spectrum, SpectrumSource } from '#contracts/weights.ts';

/**
 * Singular values as roots of the eigenvalues of the smaller of MᵀM and MMᵀ. In double precision and with n
 * values that tells σ from zero down to √n · 1e-8 of the largest; from a table in single precision, down to √n · 2.4e-4.
 */

const DOUBLE = 2 ** -53;
const SINGLE = 2 ** -24;

/** MMᵀ where there are fewer rows, else MᵀM; in float64. */
export function gram(values: ArrayLike<number>, rows: number, columns: number): Matrix {
	const wide = rows <= columns;
	const n = wide ? rows : columns;
	const table = new Float64Array(n * n);
	if (wide)
		for (let i = 0; i < n; i++)
			for (let j = i; j < n; j++) {
				let sum = 0;
				for (let k = 0; k < columns; k++)
					sum += (values[i * columns + k] as number) * (values[j * columns + k] as number);
				table[i * n + j] = table[j * n + i] = sum;
			}
	else {
		for (let k = 0; k < rows; k++)
			for (let i = 0; i < n; i++) {
				const x = values[k * n + i] as number;
				if (x !== 0)
					for (let j = i; j < n; j++)
						table[i * n + j] = (table[i * n + j] as number) + x * (values[k * n + j] as number);
			}
		for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) table[i * n + j] = table[j * n + i] as number;
	}
	return Matrix.from1DArray(n, n, table as unknown as number[]);
}

function rootsOf(table: Matrix): Float64Array {
	const { realEigenvalues } = new EigenvalueDecomposition(table, { assumeSymmetric: true });
	return Float64Array.from(realEigenvalues, (value) => Math.sqrt(Math.max(0, value)))
		.sort()
		.reverse();
}

export function spectrumOf({ rows, columns, kind, values, energy }: SpectrumSource): Spectrum {
	const size = { rows, columns, kind };
	if (kind === 'leading') {
		const [first = 0] = values;
		const stableRank = first ? energy / first ** 2 : 0;
		return { ...size, values: Float64Array.of(first), floor: 0, effectiveRank: null, stableRank, condition: null };
	}
	const side = Math.min(rows, columns);
	const table = kind === 'exact' ? gram(values, rows, columns) : Matrix.from1DArray(side, side, Array.from(values));
	const roots = side ? rootsOf(table) : new Float64Array();
	const [first = 0] = roots;
	const floor = first * Math.sqrt((kind === 'exact' ? DOUBLE : SINGLE) * Math.max(1, side));
	const known = roots.map((value) => (value < floor ? 0 : value));
	return {
		...size,
		values: roots,
		floor,
		effectiveRank: effectiveRank(known),
		stableRank: first ? energy / first ** 2 : 0,
		condition: conditionOf(known)
	};
}

/** exp(−Σ p ln p) with p = σ / Σσ: between 1 and the number of values. */
export function effectiveRank(values: Float64Array): number {
	const sum = values.reduce((total, value) => total + value, 0);
	if (!(sum > 0)) return 0;
	let entropy = 0;
	for (const value of values) if (value > 0) entropy -= (value / sum) * Math.log(value / sum);
	return Math.exp(entropy);
}

function conditionOf(values: Float64Array): number {
	const [first = 0, last = 0] = [values[0], values.at(-1)];
	return last > 0 ? first / last : Infinity;
}
