import TinySDF from '@mapbox/tiny-sdf';

/** Letters as signed distances (Green 2007, "Improved alpha-tested magnification"): sharp at any zoom from one atlas. */

export interface Glyph {
	/** In the atlas. */
	x: number;
	y: number;
	width: number;
	height: number;
	/** From the pen to the quad's left, and from the baseline up to its top. */
	left: number;
	top: number;
	advance: number;
}

/** Pixels of the atlas that a font size of 1 has. */
export const GLYPH_SIZE = 24;
export const ATLAS_SIDE = 1024;
const BUFFER = 3;
const GAP = 1;
const UNKNOWN = '▯';

export type Weight = 'bold' | 'normal';

export class GlyphAtlas {
	readonly data = new Uint8Array(ATLAS_SIDE * ATLAS_SIDE);
	/** Counts changes, so that a texture knows when it is old. */
	version = 0;
	#fonts = new Map<Weight, TinySDF>();
	#known = new Map<string, Glyph>();
	#pen = { x: GAP, y: GAP, row: 0 };

	glyph(character: string, weight: Weight): Glyph {
		const key = `${weight}${character}`;
		let glyph = this.#known.get(key);
		if (!glyph) this.#known.set(key, (glyph = this.#draw(character, weight)));
		return glyph;
	}

	/** In atlas pixels. */
	width(text: string, weight: Weight): number {
		let sum = 0;
		for (const character of text) sum += this.glyph(character, weight).advance;
		return sum;
	}

	/** The text, or its beginning with an ellipsis, so that it is no wider. */
	fitted(text: string, weight: Weight, max: number): string {
		if (this.width(text, weight) <= max) return text;
		let left = max - this.glyph('…', weight).advance;
		let kept = '';
		for (const character of text) {
			left -= this.glyph(character, weight).advance;
			if (left < 0) break;
			kept += character;
		}
		return `${kept}…`;
	}

	#draw(character: string, weight: Weight): Glyph {
		let font = this.#fonts.get(weight);
		if (!font) {
			const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
			const fontWeight = weight === 'bold' ? '600' : '400';
			this.#fonts.set(
				weight,
				(font = new TinySDF({ fontSize: GLYPH_SIZE, buffer: BUFFER, radius: 8, fontFamily, fontWeight }))
			);
		}
		const { data, width, height, glyphTop, glyphLeft, glyphAdvance } = font.draw(character);
		const position = this.#reserve(width, height);
		// A full atlas has seen a thousand different letters: the rest look alike.
		if (!position) return character === UNKNOWN ? EMPTY : this.glyph(UNKNOWN, weight);
		for (let row = 0; row < height; row++)
			this.data.set(data.subarray(row * width, (row + 1) * width), (position.y + row) * ATLAS_SIDE + position.x);
		this.version++;
		return { ...position, width, height, left: glyphLeft - BUFFER, top: glyphTop + BUFFER, advance: glyphAdvance };
	}

	#reserve(width: number, height: number): { x: number; y: number } | null {
		const pen = this.#pen;
		if (pen.x + width + GAP > ATLAS_SIDE) this.#pen = { x: GAP, y: pen.y + pen.row + GAP, row: 0 };
		const { x, y, row } = this.#pen;
		if (y + height + GAP > ATLAS_SIDE) return null;
		this.#pen = { x: x + width + GAP, y, row: Math.max(row, height) };
		return { x, y };
	}
}

const EMPTY: Glyph = { x: 0, y: 0, width: 0, height: 0, left: 0, top: 0, advance: GLYPH_SIZE / 2 };
