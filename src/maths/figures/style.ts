import { isColour, KIND_COLOURS, mixed } from '#maths/figures/colours.ts';
import type { FigureKind, FigureLayer } from '#maths/figures/layer.ts';
import type { Lettering } from '#maths/figures/svg.ts';

/** What all styles share. Lengths are in units of the figure: pixels at scale 1. */
export interface FigureStyle {
	/** `paper`: white with black lines; `kinds`: by kind of layer, colour-blind-safe; `own`: the same with changes. */
	palette: 'paper' | 'kinds' | 'own';
	colours: Partial<Record<FigureKind, string>>;
	family: 'sans-serif' | 'serif' | 'monospace';
	fontSize: number;
	line: number;
	/** Multiplies every gap. */
	spacing: number;
	/** Names of layers. */
	names: boolean;
	/** Sizes: 16@28×28. */
	sizes: boolean;
	/** What the layers do. */
	operations: boolean;
	/** Lines that pass layers by. */
	skips: boolean;
	background: '' | '#ffffff';
}

export const DEFAULT_STYLE: FigureStyle = {
	palette: 'kinds',
	colours: {},
	family: 'sans-serif',
	fontSize: 13,
	line: 1,
	spacing: 1,
	names: true,
	sizes: true,
	operations: true,
	skips: true,
	background: '#ffffff'
};

export const INK = '#1a1a1a';

export function fillOf({ kind, colour }: Pick<FigureLayer, 'kind' | 'colour'>, style: FigureStyle): string {
	if (isColour(colour)) return colour;
	if (style.palette === 'paper') return '#ffffff';
	return (style.palette === 'own' ? style.colours[kind] : undefined) ?? KIND_COLOURS[kind];
}

/** Lines around a fill: black on paper, else its own colour, darker. */
export const strokeOf = (layer: Pick<FigureLayer, 'kind' | 'colour'>, style: FigureStyle): string =>
	style.palette === 'paper' ? INK : mixed(fillOf(layer, style), '#000000', 0.62);

/** @param size of the usual letters: 1 */
export function lettering(style: FigureStyle, size = 1, change: Partial<Lettering> = {}): Lettering {
	return { size: style.fontSize * size, family: style.family, fill: INK, ...change };
}
