/** Moments of many numbers: gathered in parts, put together, and read as mean, spread and shape. */

/** Sums over the finite numbers, of u = (x - shift) * scale. */
export interface MomentSums {
	finite: number;
	nan: number;
	infinite: number;
	zeros: number;
	/** Of x itself. */
	min: number;
	max: number;
	/** Σ|x| */
	absolute: number;
	/** Σu, Σu², Σu³, Σu⁴ */
	sums: readonly [number, number, number, number];
}

export interface Moments {
	count: number;
	mean: number;
	/** Central, divided by the count. */
	m2: number;
	m3: number;
	m4: number;
}

/** In float64; the twin of the GPU's kernel (engine/kernels/moments.wgsl). */
export function momentSums(values: ArrayLike<number>, shift: number, scale: number): MomentSums {
	let [finite, nan, zeros, min, max, absolute, s1, s2, s3, s4] = [0, 0, 0, Infinity, -Infinity, 0, 0, 0, 0, 0];
	const { length } = values;
	for (let i = 0; i < length; i++) {
		const x = values[i] as number;
		if (x - x !== 0) {
			if (x !== x) nan++;
			continue;
		}
		finite++;
		if (x === 0) zeros++;
		if (x < min) min = x;
		if (x > max) max = x;
		absolute += Math.abs(x);
		const u = (x - shift) * scale;
		const square = u * u;
		s1 += u;
		s2 += square;
		s3 += square * u;
		s4 += square * square;
	}
	return { finite, nan, infinite: length - finite - nan, zeros, min, max, absolute, sums: [s1, s2, s3, s4] };
}

/** Central moments from sums about a shift near the mean. */
export function centralMoments({ finite, sums }: MomentSums, shift: number, scale: number): Moments {
	const [e1, e2, e3, e4] = sums.map((sum) => sum / finite) as [number, number, number, number];
	return {
		count: finite,
		mean: shift + e1 / scale,
		m2: Math.max(0, e2 - e1 * e1) / scale ** 2,
		m3: (e3 - 3 * e1 * e2 + 2 * e1 ** 3) / scale ** 3,
		m4: Math.max(0, e4 - 4 * e1 * e3 + 6 * e1 * e1 * e2 - 3 * e1 ** 4) / scale ** 4
	};
}

/** The moments of two sets taken together (Pébay 2008, SAND2008-6212, eq. 2.1 with sums divided by their counts). */
export function mergedMoments(a: Moments, b: Moments): Moments {
	const count = a.count + b.count;
	if (!a.count || !b.count) return a.count ? a : b;
	const [p, q] = [a.count / count, b.count / count];
	const d = b.mean - a.mean;
	return {
		count,
		mean: a.mean + d * q,
		m2: p * a.m2 + q * b.m2 + p * q * d * d,
		m3: p * a.m3 + q * b.m3 + p * q * (p - q) * d ** 3 + 3 * p * q * d * (b.m2 - a.m2),
		m4:
			p * a.m4 +
			q * b.m4 +
			p * q * (p * p - p * q + q * q) * d ** 4 +
			6 * p * q * d * d * (p * b.m2 + q * a.m2) +
			4 * p * q * d * (b.m3 - a.m3)
	};
}

/** Skewness and excess kurtosis of the population; NaN without spread. */
export function shapeOf({ m2, m3, m4 }: Moments): { skewness: number; kurtosis: number } {
	return m2 > 0 ? { skewness: m3 / m2 ** 1.5, kurtosis: m4 / m2 ** 2 - 3 } : { skewness: NaN, kurtosis: NaN };
}
