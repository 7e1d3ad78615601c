import type { MapQuality } from '#contracts/projection.ts';

/** Quality in plain words. */

/** What the figures allow to be read from the map, in two sentences. */
export function verdict({ trustworthiness, continuity, overlap, triplets }: MapQuality): string {
	const near =
		trustworthiness > 0.95 && continuity > 0.95
			? 'Clusters on the map are clusters in the data, and few were split.'
			: trustworthiness > 0.95
				? 'Points close on the map are close in the data, but some clusters are split.'
				: continuity > 0.95
					? 'Points close in the data are close on the map, but clusters overlap here that do not in the data.'
					: trustworthiness > 0.85
						? 'Coarse clusters are right; at their edges, neighbours on the map are often not neighbours in the data.'
						: 'Distance on this map says little about distance in the data.';
	const fine = overlap < 0.2 ? ' Exact neighbours are mostly chance.' : '';
	const far =
		triplets > 0.75
			? ' The global structure can be trusted, too.'
			: triplets > 0.6
				? ' Distances between clusters are only rough.'
				: ' Distances between clusters mean nothing.';
	return near + fine + far;
}

/** Heights relative to the highest bar, over 0..1. */
export function histogramOf(values: Float32Array, bins: number) {
	const counts = new Float64Array(bins);
	const finite = values.filter((value) => !Number.isNaN(value));
	for (const value of finite) counts[Math.min(bins - 1, Math.max(0, Math.floor(value * bins)))]!++;
	const max = Math.max(1, ...counts);
	const sorted = finite.slice().sort();
	const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
	return { shares: Array.from(counts, (n) => n / max), median: at(0.5), tenth: at(0.9) };
}
