import type { GraphTheme, Rgb } from '#contracts/graph-picture.ts';

/** The page's tokens as the draw worker takes them. */

const TOKENS: Record<keyof GraphTheme, string> = {
	stage: '--stage',
	panel: '--panel',
	border: '--line-strong',
	line: '--line-strong',
	text: '--text',
	chosen: '--accent',
	before: '--graph-before',
	after: '--graph-after',
	found: '--graph-found'
};

/** @param element below which the tokens hold */
function themeOf(element: HTMLElement): GraphTheme {
	const probe = document.createElement('span');
	element.append(probe);
	try {
		const entries = Object.entries(TOKENS).map(([name, token]) => {
			probe.style.color = `var(${token})`;
			return [name, rgbOf(getComputedStyle(probe).color)];
		});
		return Object.fromEntries(entries) as GraphTheme;
	} finally {
		probe.remove();
	}
}

/** Reads the theme now, once the page has put on its own, and whenever the system's changes. @returns what ends that */
export function watchTheme(element: HTMLElement, take: (theme: GraphTheme) => void): () => void {
	const read = () => element.isConnected && take(themeOf(element));
	requestAnimationFrame(read);
	const media = matchMedia('(prefers-color-scheme: dark)');
	media.addEventListener('change', read);
	return () => media.removeEventListener('change', read);
}

/** `rgb(1 2 3)`, `rgba(1, 2, 3, 0.5)` or `#010203` -> 0..1 each. */
export function rgbOf(colour: string): Rgb {
	const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
	const parts = hex
		? hex.slice(1).map((part) => parseInt(part, 16))
		: (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
	return [(parts[0] ?? 0) / 255, (parts[1] ?? 0) / 255, (parts[2] ?? 0) / 255];
}

export const isDark = ({ stage }: GraphTheme) => stage[0] + stage[1] + stage[2] < 1.5;

/** Boxes that cannot be computed, on light and on dark ground. */
export const STUCK = '#d9485f';

/** Of frames, of boxes without a value, and of those that cannot be computed. */
export const plainColours = (dark: boolean) => ({
	frame: dark ? '#1b1f25' : '#fbfcfd',
	none: dark ? '#2b3138' : '#eef0f3',
	stuck: STUCK
});
