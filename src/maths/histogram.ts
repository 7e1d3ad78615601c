/** Counts in equal bins. */

/**
 * In float32 arithmetic, step by step as the GPU's kernel does it (engine/kernels/histogram.wgsl), so that both put every
 * number into the same bin. The last bin holds its upper end, too.
 * @returns bins + 2 counts: below, each bin, above. NaN and infinities count in none
 */
export function histogramOf(values: ArrayLike<number>, low: number, high: number, bins: number): Uint32Array {
	const counts = new Uint32Array(bins + 2);
	const [start, end, scale] = binning(low, high, bins);
	const { length } = values;
	for (let i = 0; i < length; i++) {
		const x = Math.fround(values[i] as number);
		if (x - x !== 0) continue;
		const bin =
			x < start
				? 0
				: x > end
					? bins + 1
					: 1 + Math.min(bins - 1, Math.floor(Math.fround(Math.fround(x - start) * scale)));
		counts[bin] = (counts[bin] as number) + 1;
	}
	return counts;
}

/** The ends and bins per unit, rounded to float32. */
export function binning(low: number, high: number, bins: number): [start: number, end: number, scale: number] {
	const [start, end] = [Math.fround(low), Math.fround(high)];
	const width = Math.fround(end - start);
	return [start, end, width > 0 ? Math.min(3e38, Math.fround(bins / width)) : 0];
}

/** Neighbouring bins put together; `counts.length` is a multiple of `bins`. */
export function coarser(counts: ArrayLike<number>, bins: number): number[] {
	const per = counts.length / bins;
	return Array.from({ length: bins }, (_, i) => {
		let sum = 0;
		for (let k = 0; k < per; k++) sum += counts[i * per + k] as number;
		return sum;
	});
}
