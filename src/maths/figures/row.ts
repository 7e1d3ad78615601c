/** Blocks in a row, with captions over them and words between them: as far apart as all of these want. */

export interface RowItem {
	breadth: number;
	/** Width of the caption, centred over the block; 0 for none. */
	caption: number;
	/** Width of the words centred between the block before and this one; 0 for none. */
	words: number;
	/** What must stay free on the left of the block and on its right, besides the gap. */
	left?: number;
	right?: number;
}

/** @returns the left end of each block */
export function placeRow(items: readonly RowItem[], gap: number, pad: number): number[] {
	let [end, free, captionEnd, wordsEnd] = [0, 0, -Infinity, -Infinity];
	return items.map(({ breadth, caption, words, left = 0, right = 0 }, i) => {
		const half = breadth / 2;
		const x = i
			? Math.max(
					end + gap + free + left,
					caption ? captionEnd + pad + caption / 2 - half : -Infinity,
					// The words' centre is halfway between both blocks.
					words ? 2 * (wordsEnd + pad + words / 2) - end : -Infinity
				)
			: 0;
		if (i && words) wordsEnd = (end + x) / 2 + words / 2;
		if (caption) captionEnd = x + half + caption / 2;
		end = x + breadth;
		free = right;
		return x;
	});
}
