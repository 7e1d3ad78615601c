/** How an image becomes the model's input. Plain data: shown, edited, kept in the link. */

export type Fit = 'crop' | 'pad' | 'stretch';

export type Normalisation =
	/** What 0 and 255 of a pixel become. */
	| { kind: 'range'; low: number; high: number }
	/** (pixel / 255 - mean) / std, per channel. */
	| { kind: 'standard'; mean: readonly number[]; std: readonly number[] };

export interface Preprocessing {
	width: number;
	height: number;
	channels: 1 | 3;
	fit: Fit;
	order: 'rgb' | 'bgr';
	normalisation: Normalisation;
	/** Dark ink on light paper becomes light ink on dark, as digits are mostly trained. */
	invert: boolean;
}

/** The part of the image that the model sees, in image pixels; it may reach over the border when padded. */
export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Where `fit` puts the model's view on an image of `width` x `height`. */
export function seenRectangle(width: number, height: number, p: Preprocessing): Rectangle {
	if (p.fit === 'stretch') return { x: 0, y: 0, width, height };
	const scales = [width / p.width, height / p.height];
	const scale = p.fit === 'crop' ? Math.min(...scales) : Math.max(...scales);
	const w = p.width * scale;
	const h = p.height * scale;
	return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}
