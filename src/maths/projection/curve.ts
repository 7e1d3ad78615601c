/**
 * The curve 1 / (1 + a d^(2b)) that follows what UMAP wants of distances in the map: 1 up to `minDist`, then falling off
 * by `spread`. Least squares over 300 samples to 3 spreads, as umap-learn fits it (a 1.5769, b 0.8951 for 0.1 and 1).
 */
export interface Curve {
	a: number;
	b: number;
}

const SAMPLES = 300;

/** Levenberg & Marquardt, in the logarithms of a and b, which stay positive that way. */
export function fitCurve(minDist: number, spread: number): Curve {
	const x = Float64Array.from({ length: SAMPLES }, (_, i) => (3 * spread * i) / (SAMPLES - 1));
	const y = x.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
	let [p, q] = [0, 0];
	let damping = 1e-3;
	const error = (p: number, q: number) =>
		x.reduce((sum, d, i) => sum + (curve({ a: Math.exp(p), b: Math.exp(q) }, d) - (y[i] as number)) ** 2, 0);
	let now = error(p, q);
	for (let round = 0; round < 200 && damping < 1e12; round++) {
		let [pp, pq, qq, gp, gq] = [0, 0, 0, 0, 0];
		const [a, b] = [Math.exp(p), Math.exp(q)];
		for (let i = 1; i < SAMPLES; i++) {
			const d = x[i] as number;
			const f = curve({ a, b }, d);
			const dp = -f * (1 - f);
			const dq = 2 * b * Math.log(d) * dp;
			const r = (y[i] as number) - f;
			pp += dp * dp;
			pq += dp * dq;
			qq += dq * dq;
			gp += dp * r;
			gq += dq * r;
		}
		const [m, n] = [pp * (1 + damping), qq * (1 + damping)];
		const determinant = m * n - pq * pq;
		const [sp, sq] = [(gp * n - gq * pq) / determinant, (gq * m - gp * pq) / determinant];
		const next = error(p + sp, q + sq);
		if (next <= now) {
			[p, q, now, damping] = [p + sp, q + sq, next, damping / 9];
			if (Math.abs(sp) + Math.abs(sq) < 1e-12) break;
		} else damping *= 11;
	}
	return { a: Math.exp(p), b: Math.exp(q) };
}

/** Membership at distance `d` of the map. */
export const curve = ({ a, b }: Curve, d: number): number => 1 / (1 + a * d ** (2 * b));

/** How much of the mantissa an entry of the table takes up: steps of 1/256 of an octave's start. */
const KEPT_BITS = 8;
const [LOWEST, HIGHEST] = [-24, 20];

/**
 * The gradient's two factors by the bits of the squared distance: the power function is what a layout's time goes into.
 * Between 2^-24 and 2^20, each within 0.4 %; outside, the nearest.
 */
export interface CurveTable {
	/** Of the bits of the first entry, shifted. */
	first: number;
	shift: number;
	/** Attraction and repulsion per entry, in turns: what a difference of positions is multiplied by. */
	factors: Float32Array;
}

export function curveTable({ a, b }: Curve, repulsion = 1): CurveTable {
	const shift = 23 - KEPT_BITS;
	const first = ((LOWEST + 127) << 23) >>> shift;
	const size = (HIGHEST - LOWEST) << KEPT_BITS;
	const factors = new Float32Array(2 * size);
	const bits = new Uint32Array(1);
	const number = new Float32Array(bits.buffer);
	for (let i = 0; i < size; i++) {
		bits[0] = ((first + i) << shift) + (1 << (shift - 1));
		const square = number[0] as number;
		const power = a * square ** b;
		factors[2 * i] = (-2 * b * power) / square / (power + 1);
		factors[2 * i + 1] = (2 * repulsion * b) / ((0.001 + square) * (power + 1));
	}
	return { first, shift, factors };
}

const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** Where a squared distance is in the table. */
export function indexInTable({ first, shift, factors }: CurveTable, square: number): number {
	number[0] = square;
	return Math.min((factors.length >> 1) - 1, Math.max(0, ((bits[0] as number) >>> shift) - first));
}
