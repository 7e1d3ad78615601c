/** What a tile has beside its picture, in pixels. */
export interface TileShape {
	across: number;
	down: number;
}

/**
 * How many columns, and which of some shapes, show `count` equal tiles with the largest pictures that are all seen at once.
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
	{ ratio, gap, least }: { ratio: number; gap: number; least: number }
): { columns: number; width: number; shape: number } {
	let best = { columns: 1, width: 0, shape: 0 };
	for (let columns = 1; columns <= Math.max(1, count); columns++) {
		const rows = Math.ceil(count / columns);
		shapes.forEach(({ across, down }, shape) => {
			const room = (pane.width - gap * (columns - 1)) / columns - across;
			const seen = ((pane.height - gap * (rows - 1)) / rows - down) * ratio;
			const width = Math.floor(Math.min(room, Math.max(seen, least)));
			if (width > best.width) best = { columns, width, shape };
		});
	}
	return best;
}
