import type { GraphGeometry } from '#contracts/graph-picture.ts';
import { GLYPH_SIZE, type GlyphAtlas } from '#draw/glyphs.ts';
import { touches } from '#maths/layout/touches.ts';
import { firstFrom } from '#maths/spans.ts';
import { LETTER, write } from '#draw/graph-text.ts';

/** All letters of a graph, along its longer axis, so that those in sight are one stretch. */
export class Letters {
	readonly data: Float32Array;
	/** Where each text begins along the axis, and its first letter; one more at the end. */
	readonly #begins: Float64Array;
	readonly #firsts: Int32Array;

	/** @param texts in the order of the axis */
	constructor(texts: readonly { begin: number; letters: readonly number[] }[]) {
		this.#begins = Float64Array.from(texts, ({ begin }) => begin);
		this.#firsts = new Int32Array(texts.length + 1);
		texts.forEach(({ letters }, i) => (this.#firsts[i + 1] = this.#firsts[i]! + letters.length / LETTER));
		this.data = new Float32Array(this.#firsts[texts.length]! * LETTER);
		texts.forEach(({ letters }, i) => this.data.set(letters, this.#firsts[i]! * LETTER));
	}

	/** First letter and how many, for texts that may reach into a stretch of the axis. */
	within(from: number, to: number): [first: number, count: number] {
		const [a, b] = [firstFrom(this.#begins, from - REACH), firstFrom(this.#begins, to)];
		return [this.#firsts[a]!, this.#firsts[b]! - this.#firsts[a]!];
	}
}

/** No box with a text is longer than this along the axis before its text ends. */
const REACH = 260;
const [TITLE, NOTE, LABEL] = [12, 10.5, 10];
const PADDING = 9;

const sorted = (texts: { begin: number; letters: number[] }[]) => new Letters(texts.sort((a, b) => a.begin - b.begin));

/** Titles and notes of the boxes. */
export function names({ bounds, kinds, titles, notes }: GraphGeometry, atlas: GlyphAtlas, axis: 0 | 1): Letters {
	return sorted(
		titles.map((title, i) => {
			const [x, y, width] = [bounds[4 * i]! + PADDING, bounds[4 * i + 1]!, bounds[4 * i + 2]! - 2 * PADDING];
			const letters: number[] = [];
			const put = (text: string, weight: 'bold' | 'normal', size: number, at: number, room = width) => {
				const fitted = atlas.fitted(text, weight, (room * GLYPH_SIZE) / size);
				write(atlas, letters, { text: fitted, weight, size, x, y: at, index: i });
			};
			const kind = kinds[i];
			if (kind === 2) put(`▾ ${title}`, 'bold', TITLE, y + 16);
			else {
				put(kind === 1 ? `▸ ${title}` : title, 'bold', TITLE, y + 16);
				put(notes[i]!, 'normal', NOTE, y + 31);
			}
			return { begin: bounds[4 * i + axis]!, letters };
		})
	);
}

/** Shapes at the beginning of lines: once for all lines that leave a box at one position. */
export function labels(
	{ bounds, points, starts, ends, shapes }: GraphGeometry,
	atlas: GlyphAtlas,
	axis: 0 | 1
): Letters {
	const taken = new Set<string>();
	const texts: { begin: number; letters: number[] }[] = [];
	shapes.forEach((text, line) => {
		const at = starts[line]!;
		if (!text || starts[line + 1]! - at < 4) return;
		const [x, y] = [points[at]!, points[at + 1]!];
		if (!touches(bounds, ends[2 * line]!, x, y)) return;
		const key = `${ends[2 * line]},${Math.round(axis ? y : x)}`;
		if (taken.has(key)) return;
		taken.add(key);
		const letters: number[] = [];
		const across = axis === 0;
		write(atlas, letters, { text, weight: 'normal', size: LABEL, x: x + 5, y: across ? y - 4 : y + 12, index: line });
		texts.push({ begin: axis ? y : x, letters });
	});
	return sorted(texts);
}
