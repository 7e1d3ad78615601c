import { extent, isMap, type FigureLayer } from '#maths/figures/layer.ts';

/** Which layers the manners of feature maps show. */

const SILENT = new Set<FigureLayer['kind']>(['flatten', 'normalisation', 'activation', 'dropout']);

/** More blocks than this are no figure any more. */
const MANY = 18;

const same = (a: FigureLayer, b: FigureLayer) => a.shape.join() === b.shape.join();

/**
 * @param detail `all`: every layer with a size of its own; `sizes`: the last of each run of equal sizes; `auto`: all
 * unless they are many
 */
export function mapLayers(layers: readonly FigureLayer[], detail: string): (layer: FigureLayer) => boolean {
	const own = layers.filter(
		({ kind, type, shape }) => !SILENT.has(kind) && type !== 'BiasAdd' && type !== 'Identity' && shape.length > 0
	);
	const reduced = detail === 'sizes' || (detail === 'auto' && own.length > MANY);
	const kept = reduced
		? own.filter((layer, i) => {
				const next = own[i + 1];
				return layer.kind === 'input' || !next || !same(layer, next);
			})
		: own;
	const ids = new Set(kept.map(({ id }) => id));
	return ({ id }) => ids.has(id);
}

/** The window on the map before, where the layer is one step away from it. */
export function windowOn(before: FigureLayer | undefined, layer: FigureLayer, steps: number): [number, number] | null {
	if (!before || !layer.window || steps !== 1 || !isMap(before)) return null;
	const [height, width] = extent(before);
	return [Math.min(height, layer.window[0]), Math.min(width, layer.window[1])];
}
