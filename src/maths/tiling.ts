/** What a tile has beside its picture, in pixels. */
export interface TileShape {
	across: number;
	down: number;
}

/**
 * How many columns, and which of some shapes, show `count` equal tiles with the largest pictures that are all seen at once; of
 * equally large ones those that need the least scrolling.
 * @param pane pixels
 * @param shapes the first of equal ones is taken
 * @param ratio width of a picture over its height
 * @param gap pixels between tiles
 * @param least pixels of a picture's width below which the pane is rather scrolled
 * @returns columns, the pictures' width in pixels, and the index of the shape
 */
export function tiling(
	count: number,
	pane: { width: number; height: number },
	shapes: readonly TileShape[],
	{ ratio, gap, minWidth }: { ratio: number; gap: number; minWidth: number }
): { columns: number; width: number; shape: number } {
	let best = { columns: 1, width: 0, shape: 0 };
	/** Pixels that do not fit. */
	let hidden = Infinity;
	for (let columns = 1; columns <= Math.max(1, count); columns++) {
		const rows = Math.ceil(count / columns);
		shapes.forEach(({ across, down }, shape) => {
			const room = (pane.width - gap * (columns - 1)) / columns - across;
			const visible = ((pane.height - gap * (rows - 1)) / rows - down) * ratio;
			const width = Math.floor(Math.min(room, Math.max(visible, minWidth)));
			const below = Math.max(0, rows * (width / ratio + down + gap) - gap - pane.height);
			if (width < best.width || (width === best.width && below >= hidden)) return;
			best = { columns, width, shape };
			hidden = below;
		});
	}
	return best;
}
