import { rgb } from 'd3-color';
import type { FigureKind } from '#maths/figures/layer.ts';

/**
 * Fills by kind of layer: the eight colours of Okabe & Ito (2008) that colour-blind eyes tell apart, lightened so that
 * black text stays readable on them, and told apart in lightness too.
 */
export const KIND_COLOURS: Readonly<Record<FigureKind, string>> = {
	input: '#e6e6e6',
	convolution: '#84a9f2',
	depthwise: '#b9dcf7',
	transposed: '#4f79c4',
	pooling: '#f0955a',
	'global-pooling': '#fbcfa6',
	dense: '#4cab7b',
	flatten: '#aab8c3',
	normalisation: '#f8ef72',
	activation: '#e6ae36',
	dropout: '#938087',
	merge: '#ffffff',
	recurrent: '#cb93d5',
	attention: '#a46a9f',
	other: '#cbbdac'
};

export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** @param share 0 gives `a`, 1 gives `b` */
export function mixed(a: string, b: string, share: number): string {
	const [from, to] = [rgb(a), rgb(b)];
	const at = (x: number, y: number) => x + (y - x) * share;
	return rgb(at(from.r, to.r), at(from.g, to.g), at(from.b, to.b)).formatHex();
}

/** `convolution-6baed6,dense-ff0000`, as a link carries it -> colours by kind; what is none is left out. */
export function parseColours(text: string): Partial<Record<FigureKind, string>> {
	const found: Partial<Record<FigureKind, string>> = {};
	for (const part of text.split(',')) {
		const match = /^([a-z-]+)-([0-9a-f]{6})$/i.exec(part);
		const kind = match?.[1] as FigureKind | undefined;
		if (kind && Object.hasOwn(KIND_COLOURS, kind)) found[kind] = `#${match?.[2]}`;
	}
	return found;
}

export const formatColours = (colours: Partial<Record<FigureKind, string>>): string =>
	Object.entries(colours)
		.map(([kind, colour]) => `${kind}-${colour.slice(1)}`)
		.join(',');
