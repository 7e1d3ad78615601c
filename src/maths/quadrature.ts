/**
 * Nodes and weights of Gauss-Legendre quadrature on [0, 1], ascending; the weights sum to 1. Exact for polynomials up to
 * degree 2n - 1. Newton's iteration on the Legendre polynomial (Abramowitz & Stegun 25.4.29).
 * @param n number of nodes, at least 1
 */
export function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
	const nodes = new Float64Array(n);
	const weights = new Float64Array(n);
	for (let i = 0; i < (n + 1) >> 1; i++) {
		let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
		let slope = 0;
		for (let iteration = 0; iteration < 100; iteration++) {
			let [previous, value] = [0, 1];
			for (let k = 1; k <= n; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
			slope = (n * (x * value - previous)) / (x * x - 1);
			const step = value / slope;
			x -= step;
			if (Math.abs(step) < 1e-16) break;
		}
		const weight = 1 / ((1 - x * x) * slope * slope);
		nodes[i] = (1 - x) / 2;
		nodes[n - 1 - i] = (1 + x) / 2;
		weights[i] = weights[n - 1 - i] = weight;
	}
	return { nodes, weights };
}
