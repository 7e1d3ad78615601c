import { readFileSync } from 'node:fs';
import { pcg } from '#maths/hash-normal.ts';

/** Pictures with a known answer: drawn scenes that carry the watermark of models/shortcut at a known position. */

export interface MarkedScene {
	/** 32 x 32 RGB, row-major. */
	pixels: Uint8ClampedArray;
	/** 1 where the mark lies. */
	mask: Uint8Array;
}

const SIDE = 32;

/** A few soft blobs and bars on a slope of two colours, with grain: something like a picture, of nothing. */
function scene(random: () => number): Uint8ClampedArray {
	const colour = () => [0, 1, 2].map(() => 40 + 180 * random());
	const [top, bottom] = [colour(), colour()];
	const blobs = Array.from({ length: 5 }, () => ({
		x: SIDE * random(),
		y: SIDE * random(),
		rx: 3 + 8 * random(),
		ry: 3 + 8 * random(),
		c: colour()
	}));
	const pixels = new Uint8ClampedArray(SIDE * SIDE * 3);
	for (let y = 0; y < SIDE; y++)
		for (let x = 0; x < SIDE; x++) {
			const base = top.map((value, k) => value + ((bottom[k] as number) - value) * (y / SIDE));
			for (const { x: cx, y: cy, rx, ry, c } of blobs) {
				const distance = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2;
				const share = Math.max(0, Math.min(1, 2 - 2 * distance));
				for (let k = 0; k < 3; k++) base[k] = (base[k] as number) * (1 - share) + (c[k] as number) * share;
			}
			const grain = 12 * (random() - 0.5);
			base.forEach((value, k) => (pixels[(y * SIDE + x) * 3 + k] = value + grain));
		}
	return pixels;
}

/** Deterministic: the same seed gives the same scenes. The mark is blended as the model's recipe does. */
export function markedScenes(count: number, seed: number): MarkedScene[] {
	const mark = JSON.parse(readFileSync('models/shortcut/mark.json', 'utf8')) as {
		size: number;
		ink: number[];
		alpha: number[];
	};
	let state = seed;
	const random = () => (state = pcg(state + 1)) / 2 ** 32;
	return Array.from({ length: count }, () => {
		const pixels = scene(random);
		const mask = new Uint8Array(SIDE * SIDE);
		const [left, top] = [0, 1].map(() => Math.floor(random() * (SIDE - mark.size + 1))) as [number, number];
		for (let i = 0; i < mark.size ** 2; i++) {
			const [x, y] = [left + (i % mark.size), top + Math.floor(i / mark.size)];
			const alpha = mark.alpha[i] as number;
			mask[y * SIDE + x] = 1;
			for (let k = 0; k < 3; k++) {
				const at = (y * SIDE + x) * 3 + k;
				pixels[at] = (pixels[at] as number) * (1 - alpha) + 255 * (mark.ink[i] as number) * alpha;
			}
		}
		return { pixels, mask };
	});
}
