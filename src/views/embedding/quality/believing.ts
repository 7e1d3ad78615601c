import type { MapQuality } from '#contracts/projection.ts';

/** Quality in plain words. */

/** What the figures allow to be read from the map, in two sentences. */
export function verdict({ trustworthiness, continuity, overlap, triplets }: MapQuality): string {
	const near =
		trustworthiness > 0.95 && continuity > 0.95
			? 'Groups that lie together on the map are together in the data, and few were torn apart.'
			: trustworthiness > 0.95
				? 'Points that lie together belong together, but some groups are torn into pieces.'
				: continuity > 0.95
					? 'Points that belong together lie together, but strangers lie among them: groups overlap here that do not in the data.'
					: trustworthiness > 0.85
						? 'The rough groups are right; at their edges, neighbours on the map are often no neighbours in the data.'
						: 'Nearness on this map says little about nearness in the data.';
	const fine = overlap < 0.2 ? ' Who exactly lies next to whom is mostly chance.' : '';
	const far =
		triplets > 0.75
			? ' The large shape can be read, too.'
			: triplets > 0.6
				? ' How far groups lie from one another can be read only roughly.'
				: ' Do not read anything from how far groups lie from one another.';
	return near + fine + far;
}

/** Heights relative to the highest bar, over 0..1. */
export function histogramOf(values: Float32Array, bins: number) {
	const counts = new Float64Array(bins);
	const finite = values.filter((value) => !Number.isNaN(value));
	for (const value of finite) counts[Math.min(bins - 1, Math.max(0, Math.floor(value * bins)))]!++;
	const most = Math.max(1, ...counts);
	const sorted = finite.slice().sort();
	const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
	return { shares: Array.from(counts, (n) => n / most), median: at(0.5), tenth: at(0.9) };
}
