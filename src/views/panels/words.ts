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

/** A share in per cent, with one decimal, more where it would read 0.0 or 100.0 and is neither. */
export function percent(share: number): string {
	if (!Number.isFinite(share)) return 'NaN';
	const value = 100 * share;
	if (value > 0 && value < 0.05) return '< 0.1 %';
	return value < 100 && value > 99.95 ? '> 99.9 %' : `${value.toFixed(1)} %`;
}
