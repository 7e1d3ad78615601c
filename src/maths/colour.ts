import { rgb } from 'd3-color';
import {
	interpolateBrBG,
	interpolateCividis,
	interpolateGreys,
	interpolateInferno,
	interpolateMagma,
	interpolatePuOr,
	interpolateRdBu,
	interpolateViridis
} from 'd3-scale-chromatic';

/** Perceptual scales that colour-blind eyes can read, too (ColorBrewer; van der Walt & Smith 2015; Nuñez 2018). */

interface Scale {
	id: string;
	title: string;
	kind: 'sequential' | 'diverging';
	/** 0..1 -> CSS colour. */
	at(t: number): string;
}

const SCALES: readonly Scale[] = [
	{ id: 'rdbu', title: 'Red and blue', kind: 'diverging', at: (t) => interpolateRdBu(1 - t) },
	{ id: 'puor', title: 'Purple and orange', kind: 'diverging', at: (t) => interpolatePuOr(1 - t) },
	{ id: 'brbg', title: 'Brown and green', kind: 'diverging', at: (t) => interpolateBrBG(t) },
	{ id: 'viridis', title: 'Viridis', kind: 'sequential', at: interpolateViridis },
	{ id: 'magma', title: 'Magma', kind: 'sequential', at: interpolateMagma },
	{ id: 'inferno', title: 'Inferno', kind: 'sequential', at: interpolateInferno },
	{ id: 'cividis', title: 'Cividis', kind: 'sequential', at: interpolateCividis },
	{ id: 'greys', title: 'Greys', kind: 'sequential', at: (t) => interpolateGreys(1 - t) }
];

/** What can be chosen. */
export const scales = SCALES.map(({ id, title, kind }) => ({ id, title, kind }));

const find = (id: string) => SCALES.find((scale) => scale.id === id) ?? (SCALES[3] as Scale);

/** n CSS colours from low to high. */
export function scaleColours(id: string, n: number): string[] {
	const { at } = find(id);
	return Array.from({ length: n }, (_, i) => rgb(at(n > 1 ? i / (n - 1) : 0.5)).formatHex());
}

/** n RGBA colours from low to high, as bytes for a texture. */
export function scaleBytes(id: string, n: number): Uint8Array {
	const { at } = find(id);
	const bytes = new Uint8Array(4 * n);
	for (let i = 0; i < n; i++) {
		const { r, g, b } = rgb(at(i / (n - 1)));
		bytes.set([r, g, b, 255], 4 * i);
	}
	return bytes;
}
