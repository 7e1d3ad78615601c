/** A scale on which equal steps hold equally many values: it shows differences wherever most of them are. */

export interface QuantileScale {
	low: number;
	median: number;
	high: number;
	/** 0..1: the share of values below, those that are equal counted by half. NaN stays NaN. */
	at(value: number): number;
}

/** Values looked at, and steps between the lowest and the highest. */
const [LOOKED, STEPS] = [50_000, 1024];

export function quantileScale(values: ArrayLike<number>): QuantileScale {
	const step = Math.max(1, values.length / LOOKED);
	const seen: number[] = [];
	for (let k = 0; k < values.length; k += step) seen.push(values[Math.floor(k)]!);
	const sorted = Float64Array.from(seen.filter(Number.isFinite)).sort();
	const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
	const spread = high - low || 1;
	const factor = STEPS / spread;
	const bin = (value: number) => {
		const own = (value - low) * factor + 0.5;
		return own <= 0 ? 0 : own >= STEPS ? STEPS : Math.trunc(own);
	};
	const counts = new Float64Array(STEPS + 1);
	for (const value of sorted) counts[bin(value)]!++;
	const shares = new Float64Array(STEPS + 1);
	let below = 0;
	counts.forEach((count, k) => {
		shares[k] = (below + count / 2) / Math.max(1, sorted.length);
		below += count;
	});
	// The ends are the ends of the scale, however many values lie there.
	const [first, last] = [shares[0]!, shares[STEPS]!];
	const within = last > first ? last - first : 1;
	const positions = shares.map((share) => (share - first) / within);
	return {
		low,
		high: high > low ? high : low + 1,
		median: sorted[sorted.length >> 1] ?? NaN,
		at: (value) => (value === value ? positions[bin(value)]! : NaN)
	};
}
