import { QUANTILES } from '#contracts/weights.ts';

/** Slow and plain, in float64: what the statistics of weights are held against. */

/** Numbers with tails, zeros, and if asked NaN and infinities; the same for the same seed. */
export function someValues(n: number, seed: number, odd = false): Float32Array {
	let state = seed >>> 0;
	const uniform = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state + 0.5) / 2 ** 32;
	};
	return Float32Array.from({ length: n }, (_, i) => {
		if (odd && i % 97 === 5) return NaN;
		if (odd && i % 101 === 7) return i % 2 ? Infinity : -Infinity;
		if (i % 13 === 0) return 0;
		const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
		return 0.3 + 0.1 * normal + (i % 501 === 0 ? 4 * normal ** 3 : 0);
	});
}

export function reference(values: ArrayLike<number>) {
	const all = Array.from(values);
	const finite = all.filter(Number.isFinite);
	const n = finite.length;
	const sum = (f: (x: number) => number) => finite.reduce((total, x) => total + f(x), 0);
	const mean = sum((x) => x) / n;
	const central = (power: number) => sum((x) => (x - mean) ** power) / n;
	const std = Math.sqrt(central(2));
	const sorted = [...finite].sort((a, b) => a - b);
	const quantile = (q: number) => {
		const at = q * (n - 1);
		const below = Math.floor(at);
		const [low, high] = [sorted[below] as number, sorted[Math.min(n - 1, below + 1)] as number];
		return low + (at - below) * (high - low);
	};
	return {
		nan: all.filter(Number.isNaN).length,
		infinite: all.filter((x) => Math.abs(x) === Infinity).length,
		zeros: finite.filter((x) => x === 0).length,
		min: sorted[0] as number,
		max: sorted[n - 1] as number,
		mean,
		std,
		skewness: central(3) / std ** 3,
		kurtosis: central(4) / std ** 4 - 3,
		l1: sum(Math.abs),
		l2: Math.sqrt(sum((x) => x * x)),
		maxAbs: Math.max(
			...finite.slice(0, 1).map(Math.abs),
			...[sorted[0], sorted[n - 1]].map((x) => Math.abs(x as number))
		),
		quantiles: QUANTILES.map(quantile)
	};
}

/** What must agree, as numbers in a row; `rtol` for each kind is the test's. */
export const figures = (s: Omit<ReturnType<typeof reference>, 'quantiles'>) => [
	s.nan,
	s.infinite,
	s.zeros,
	s.min,
	s.max,
	s.mean,
	s.std,
	s.skewness,
	s.kurtosis,
	s.l1,
	s.l2,
	s.maxAbs
];
