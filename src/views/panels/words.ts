/** Numbers as they read. */

/** 4,253,864 -> 4.3 M */
export function counted(n: number): string {
	if (n < 1e4) return n.toLocaleString('en');
	return n < 1e6 ? `${(n / 1e3).toFixed(0)} k` : `${(n / 1e6).toFixed(1)} M`;
}

/** Bytes in the decimal units that people know from their files. */
export function sized(bytes: number): string {
	return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A share in per cent with one decimal. */
export function percent(share: number): string {
	return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : 'NaN';
}
