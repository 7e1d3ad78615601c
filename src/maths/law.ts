/** Densities of the laws that weights begin with. */

interface Law {
	kind: 'uniform' | 'normal' | 'truncated';
	deviation: number;
}

/** A normal law cut at two deviations has this share of its deviation left: √Var of N(0,1) given |x| < 2. */
const CUT = 0.8796256610342398;
/** The share of a normal law within two deviations. */
const WITHIN = 0.9544997361036416;

/** Density at x of the law with mean 0. */
export function density({ kind, deviation }: Law, x: number): number {
	if (!(deviation > 0)) return 0;
	if (kind === 'uniform') {
		const reach = Math.sqrt(3) * deviation;
		return Math.abs(x) <= reach ? 1 / (2 * reach) : 0;
	}
	const sigma = kind === 'truncated' ? deviation / CUT : deviation;
	if (kind === 'truncated' && Math.abs(x) > 2 * sigma) return 0;
	const normal = Math.exp(-0.5 * (x / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
	return kind === 'truncated' ? normal / WITHIN : normal;
}
