/** Numbers as people read them. */

/** Three digits, without needless zeros; powers of ten where they would be long. */
export function formatted(value: number): string {
	if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
	if (value === 0) return '0';
	const size = Math.abs(value);
	const text = size >= 1e4 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
	return text.replaceAll('-', '−');
}

/** As `formatted`, but what people's own tables hold is written out: 4 digits from a thousand to a thousand million. */
export function written(value: number): string {
	const size = Math.abs(value);
	if (!(size >= 1000 && size < 1e9)) return formatted(value);
	return Number(value.toPrecision(4)).toLocaleString('en', { useGrouping: 'min2' }).replace('-', '−');
}

const UNITS = ['', ' k', ' M', ' G', ' T', ' P'];

/** 4,253,864 -> 4.25 M */
export function counted(value: number): string {
	if (!Number.isFinite(value)) return '?';
	if (value < 1e4) return value.toLocaleString('en');
	const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
	return `${Number((value / 1000 ** power).toPrecision(3))}${UNITS[power]}`;
}

/** Bytes in the decimal units that people know from their files. */
export function sized(bytes: number): string {
	if (bytes >= 1e10) return `${counted(bytes / 1e9)} GB`;
	return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Two numbers, or shares in per cent, in as few digits as tell them apart; null where three more than usual do not. */
export function toldApart(one: number, two: number, shares: boolean): readonly [string, string] | null {
	for (let more = 0; more <= 3; more++) {
		const write = (value: number) =>
			shares
				? `${(100 * value).toFixed(1 + more)} %`
				: more
					? String(Number(value.toPrecision(3 + more)))
					: formatted(value);
		const [a, b] = [write(one).replace('-', '−'), write(two).replace('-', '−')];
		if (a !== b) return [a, b];
	}
	return null;
}

/** A share in per cent with one decimal. */
export function percent(share: number): string {
	return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : 'NaN';
}

/** `a, b and c`. */
export const enumerated = (names: readonly string[]): string =>
	names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
