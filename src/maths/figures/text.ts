/** How wide text is, without a browser: enough to keep labels apart in any usual face. */

/** Widths in ems, on the wide side: those of DejaVu Sans, which no common sans or serif face exceeds by much. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
	[/[ijl.,:;|!'’·]/, 0.32],
	[/[ frt()[\]/-]/, 0.4],
	[/[mwMW@%—⋯]/, 0.98],
	[/[A-Z&#+=<>×±−→]/, 0.74],
	[/[0-9_?$~a-z]/, 0.63],
	[/[\u1100-\uffff\u{10000}-\u{10ffff}]/u, 1]
];

export function textWidth(text: string, size: number, bold = false): number {
	let ems = 0;
	for (const character of text) ems += WIDTHS.find(([pattern]) => pattern.test(character))?.[1] ?? 0.66;
	return ems * size * (bold ? 1.1 : 1);
}

/** At most that many characters; what is left out of the middle becomes "…". */
export function shortened(text: string, maxLetters: number): string {
	const characters = [...text];
	if (characters.length <= maxLetters) return text;
	const head = Math.ceil((maxLetters - 1) / 2);
	return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (maxLetters - 1 - head)).join('')}`;
}

/** 1568 -> 1,568 */
export const whole = (n: number): string => Math.round(n).toLocaleString('en');
