import type { Parameters, ParameterSpec } from '#contracts/parameter.ts';
import { registry } from '#contracts/registry.ts';
import type { LayerSlice } from '#state/figures/figures.svelte.ts';
import type { DrawnLayer } from '#maths/figures/chain.ts';
import type { FigureLayer } from '#maths/figures/layer.ts';
import type { FigureStyle } from '#maths/figures/style.ts';
import type { SvgElement } from '#maths/figures/svg.ts';

/** Row-major values of slices, by layer. */
export type Slices = ReadonlyMap<string, Float32Array>;

export interface Drawing {
	/** Those that `visible` lets through. */
	layers: readonly DrawnLayer[];
	style: FigureStyle;
	options: Parameters;
	slices: Slices;
}

/** One style of drawing networks: exactly one file in `styles/`, found by its registry. */
export interface NetworkStyle {
	id: string;
	title: string;
	order: number;
	/** What one sees, in a sentence. */
	summary: string;
	options: readonly ParameterSpec[];
	/** Whether an option changes anything now; all do where this is not said. */
	relevant?(id: string, options: Parameters): boolean;
	/** Options of the style that it has no use for. */
	ignores?: readonly string[];
	/** Which layers are drawn where the user has not said. */
	visible(layers: readonly FigureLayer[], options: Parameters): (layer: FigureLayer) => boolean;
	/** Weights that would be drawn; none where they are not asked for. */
	slices?(layers: readonly DrawnLayer[], options: Parameters): LayerSlice[];
	/** Anywhere on the plane. */
	draw(drawing: Drawing): SvgElement[];
}

export const networkStyles = registry(
	import.meta.glob<NetworkStyle>('./styles/*.ts', { eager: true, import: 'default' })
);
