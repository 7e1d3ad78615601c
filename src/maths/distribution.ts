/** Densities of the distributions that weights begin with. */

interface Distribution {
	kind: 'uniform' | 'normal' | 'truncated';
	std: number;
}

/** A normal distribution cut at two standard deviations has this share of its own left: √Var of N(0,1) given |x| < 2. */
const CUT = 0.8796256610342398;
/** The share of a normal distribution within two standard deviations. */
const WITHIN = 0.9544997361036416;

/** Density at x of the distribution with mean 0. */
export function density({ kind, std }: Distribution, x: number): number {
	if (!(std > 0)) return 0;
	if (kind === 'uniform') {
		const reach = Math.sqrt(3) * std;
		return Math.abs(x) <= reach ? 1 / (2 * reach) : 0;
	}
	const sigma = kind === 'truncated' ? std / CUT : std;
	if (kind === 'truncated' && Math.abs(x) > 2 * sigma) return 0;
	const normal = Math.exp(-0.5 * (x / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
	return kind === 'truncated' ? normal / WITHIN : normal;
}
