/** P(X <= k) of a binomial with n trials, by summing logarithms. */
function below(k: number, n: number, p: number): number {
	let log = n * Math.log1p(-p);
	let sum = Math.exp(log);
	for (let i = 1; i <= k; i++) {
		log += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
		sum += Math.exp(log);
	}
	return sum;
}

/**
 * The largest share that `found` of `checked` leaves possible, one-sided (Clopper & Pearson 1934): with `confidence`, the
 * true share is not above.
 */
export function shareBound(found: number, checked: number, confidence = 0.95): number {
	if (!checked || found >= checked) return 1;
	let [low, high] = [found / checked, 1];
	for (let i = 0; i < 60; i++) {
		const middle = (low + high) / 2;
		if (below(found, checked, middle) > 1 - confidence) low = middle;
		else high = middle;
	}
	return high;
}
