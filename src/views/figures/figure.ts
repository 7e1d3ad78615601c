import type { Parameters } from '#contracts/parameter.ts';
import { chain, type DrawnLayer } from '#maths/figures/chain.ts';
import { sizeText, type FigureLayer } from '#maths/figures/layer.ts';
import type { FigureStyle } from '#maths/figures/style.ts';
import { scene, type SvgScene } from '#maths/figures/svg.ts';
import type { NetworkStyle, Slices } from './network-style.ts';

/** What a figure is made of; the same gives the same figure. */
export interface Figure {
	title: string;
	layers: readonly FigureLayer[];
	networkStyle: NetworkStyle;
	options: Parameters;
	style: FigureStyle;
	slices: Slices;
}

/** More layers than this make no figure, and would keep the page busy. */
export const MAX_FIGURE_LAYERS = 300;

/** The layers that a figure draws, in order. */
export function drawnLayers({
	layers,
	networkStyle,
	options
}: Pick<Figure, 'layers' | 'networkStyle' | 'options'>): DrawnLayer[] {
	const suits = networkStyle.visible(layers, options);
	let viewState = MAX_FIGURE_LAYERS;
	return chain(layers, (layer) => (layer.shown ?? suits(layer)) && viewState-- > 0);
}

/** @param layers those that are drawn */
export function figureScene(figure: Figure, layers: readonly DrawnLayer[] = drawnLayers(figure)): SvgScene {
	const { title, networkStyle, options, style, slices } = figure;
	const elements = networkStyle.draw({ layers, options, style, slices });
	const list = layers.map(({ name, shape }) => `${name} (${sizeText(shape)})`).join(', ');
	return scene(elements, {
		title,
		description: `${networkStyle.title}: ${list || 'no layers'}.`,
		margin: Math.ceil(style.fontSize * 0.9),
		background: style.background
	});
}
