import { extent, isMap, type FigureLayer } from '#maths/figures/layer.ts';

/** Which layers the styles of feature maps show. */

const SILENT = new Set<FigureLayer['kind']>(['flatten', 'normalisation', 'activation', 'dropout']);

/** More blocks than this are no figure any more. */
const MANY = 18;

/** What a layer has in common with the next, to be left out. */
const FEATURES: Readonly<Record<string, (layer: FigureLayer) => string>> = {
	all: ({ id }) => id,
	sizes: ({ shape }) => shape.join(),
	grids: ({ shape }) => (shape.length > 1 ? shape.slice(0, -1).join() : `vector ${shape.join()}`)
};

/**
 * @param detail `all`: every layer with a size of its own; `sizes`: the last of each run of equal sizes; `grids`: of equal
 * heights and widths; `auto`: the first of these that leaves few enough
 */
export function mapLayers(layers: readonly FigureLayer[], detail: string): (layer: FigureLayer) => boolean {
	const own = layers.filter(({ kind, shape }) => !SILENT.has(kind) && shape.length > 0);
	const reduced = (feature: string) => {
		const of = FEATURES[feature] ?? FEATURES['all']!;
		// What only joins others has no position of its own there.
		const list = feature === 'all' ? own : own.filter(({ kind, sign }) => kind !== 'merge' || !sign);
		return list.filter((layer, i) => {
			const next = list[i + 1];
			return layer.kind === 'input' || !next || of(layer) !== of(next);
		});
	};
	const candidates = (detail === 'auto' ? ['all', 'sizes', 'grids'] : [detail]).map(reduced);
	const kept = candidates.find((list) => list.length <= MANY) ?? candidates.at(-1) ?? own;
	const ids = new Set(kept.map(({ id }) => id));
	return ({ id }) => ids.has(id);
}

/** The window on the map before, where the layer is one step away from it. */
export function windowOn(before: FigureLayer | undefined, layer: FigureLayer, steps: number): [number, number] | null {
	if (!before || !layer.window || steps !== 1 || !isMap(before)) return null;
	const [height, width] = extent(before);
	return [Math.min(height, layer.window[0]), Math.min(width, layer.window[1])];
}
