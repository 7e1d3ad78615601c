/** Black or white letters, whichever is read better on a colour of a scale: never below a contrast of 4.5 (WCAG 2). */

/** @param t 0..1 along the colours, which are written #rrggbb */
export function inkOn(colours: readonly string[], t: number): 'dark' | 'light' {
	const share = Number.isFinite(t) ? Math.min(1, Math.max(0, t)) : 0.5;
	const hex = colours[Math.round(share * (colours.length - 1))] ?? '#808080';
	const linear = [1, 3, 5].map((at) => {
		const share = parseInt(hex.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	const [r = 0, g = 0, b = 0] = linear;
	return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? 'dark' : 'light';
}
