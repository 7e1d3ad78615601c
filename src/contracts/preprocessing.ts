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
	/** 4: red, green, blue and how opaque they are. */
	channels: 1 | 3 | 4;
	fit: Fit;
	order: 'rgb' | 'bgr';
	normalisation: Normalisation;
	/** Dark ink on light paper becomes light ink on dark, as digits are mostly trained. */
	invert: boolean;
}

/** The ways of preparing pixels that published models mostly want. */
export const PRESETS: readonly { title: string; normalisation: Normalisation; order: 'rgb' | 'bgr' }[] = [
	{ title: '0 to 1', normalisation: { kind: 'range', low: 0, high: 1 }, order: 'rgb' },
	{ title: '−1 to 1', normalisation: { kind: 'range', low: -1, high: 1 }, order: 'rgb' },
	{ title: '0 to 255', normalisation: { kind: 'range', low: 0, high: 255 }, order: 'rgb' },
	{
		title: 'ImageNet mean and std',
		normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
		order: 'rgb'
	},
	{
		title: 'BGR minus ImageNet mean',
		// Means of 0..255 per channel (Simonyan & Zisserman 2014), given for R, G, B of 0..1.
		normalisation: { kind: 'standard', mean: [0.485, 0.458, 0.4076], std: [1 / 255, 1 / 255, 1 / 255] },
		order: 'bgr'
	}
];

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Another input's pictures prepared anew as one's are: by what changes of that one. Each keeps its channels, and its size
 * where that was its own.
 * @param own how they are prepared
 * @param before how that one was prepared, and how it is from now on
 */
export function alike(own: Preprocessing, before: Preprocessing, now: Preprocessing): Preprocessing {
	const { width, height, fit, order, normalisation, invert } = now;
	const sized = own.width === before.width && own.height === before.height;
	return {
		...own,
		...(sized ? { width, height } : {}),
		...(fit === before.fit ? {} : { fit }),
		...(order === before.order ? {} : { order }),
		...(same(normalisation, before.normalisation) ? {} : { normalisation }),
		...(invert === before.invert ? {} : { invert })
	};
}

/** The part of the image that the model sees, in image pixels; it may reach over the border when padded. */
export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Where `fit` puts the model's view on an image of `width` x `height`. */
export function cropOf(width: number, height: number, p: Preprocessing): Rectangle {
	if (p.fit === 'stretch') return { x: 0, y: 0, width, height };
	const scales = [width / p.width, height / p.height];
	const scale = p.fit === 'crop' ? Math.min(...scales) : Math.max(...scales);
	const w = p.width * scale;
	const h = p.height * scale;
	return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}
