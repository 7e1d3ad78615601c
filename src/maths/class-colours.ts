import { hsl, rgb } from 'd3-color';

/** The one scale of classes, for every view: a class has the colour of its number in the model, wherever it is shown. */

export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * The first two are those of the scale `puor`, the next three Okabe & Ito's (2008); each further one lies farthest from those
 * before it, as eyes see them that have all cones, no long or no medium ones (Machado et al. 2009): 17 or more in CIELAB.
 */
const TEN = [
	'#e08214',
	'#7b6bb0',
	'#009e73',
	'#cc79a7',
	'#56b4e9',
	'#825e17',
	'#5a5ae2',
	'#b2df8a',
	'#326767',
	'#b3dbc0'
] as const;

/** The golden angle, and steps of strength that are as far from any fraction: no colour comes again. */
const TURN = 180 * (3 - Math.sqrt(5));
const STEP = Math.SQRT2;
const LIGHTS = [0.62, 0.42, 0.72] as const;

/** What classes have without a colour of their own. */
export const OTHERS: Rgb = [150, 150, 150];

/** A CSS colour, `#rrggbb`; beyond the tenth more hues than eyes tell apart, so that areas are textured, too. */
export function classHex(k: number): string {
	const strength = 0.4 + 0.3 * ((k * STEP) % 1);
	return TEN[k] ?? hsl((k * TURN) % 360, strength, LIGHTS[k % LIGHTS.length] as number).formatHex();
}

/** Bytes. @param k below 0 for all classes without a colour of their own */
export function classColour(k: number): Rgb {
	if (k < 0) return OTHERS;
	const { r, g, b } = rgb(classHex(k));
	return [r, g, b];
}

const CLASS_TEXTURES = ['plain', 'dots', 'stripes', 'checks'] as const;

/** Index of what is on the areas of a class: nothing on the first ten, then something else on each ten. */
export function classTexture(k: number): number {
	const round = Math.floor(k / TEN.length);
	return round < 1 ? 0 : 1 + ((round - 1) % (CLASS_TEXTURES.length - 1));
}

/** Of areas in pictures: colour and texture. */
export const classPaint = (k: number) => [...classColour(k), classTexture(k)] as const;

const MARK = 'rgb(255 255 255 / 70%)';
const MARKS = {
	plain: '',
	dots: `radial-gradient(circle, ${MARK} 30%, transparent 32%) 0 0 / 5px 5px, `,
	stripes: `repeating-linear-gradient(${MARK} 0 2px, transparent 2px 4px), `,
	checks: `repeating-conic-gradient(${MARK} 0 25%, transparent 0 50%) 0 0 / 6px 6px, `
} as const;

/** As a CSS background, for swatches and bars. */
export function classBackground(k: number): string {
	const marks = MARKS[CLASS_TEXTURES[classTexture(k)] ?? 'plain'];
	return `${marks}rgb(${classColour(k).join(' ')})`;
}

/** A CSS colour per category, that of the class which it means; others follow after the model's. @param means null: none */
export function categoryColours(count: number, means: ArrayLike<number> | null = null): string[] {
	let next = 0;
	if (means) for (let i = 0; i < means.length; i++) next = Math.max(next, (means[i] as number) + 1);
	return Array.from({ length: count }, (_, i) => {
		const own = means ? (means[i] ?? -1) : i;
		return classHex(own >= 0 ? own : next++);
	});
}
