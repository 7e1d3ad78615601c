import type { FieldStats } from '#maths/field-stats.ts';

/** A dense field of numbers on its way from a tensor to a picture: compute worker -> draw worker. */

export type { FieldStats } from '#maths/field-stats.ts';

/** Rows of a texture and of a canvas that every device has: of taller fields the rows that follow stand to the right. */
export const MAX_TEXTURE_ROWS = 4096;

export type FieldPayload =
	/** Row-major values, transferred. */
	| { kind: 'array'; values: Float32Array<ArrayBuffer> }
	/**
	 * The raw bits of each float32 as the four bytes of an rgba8 pixel (r = lowest byte), from a premultiplied WebGPU
	 * canvas; the bitmap's width is padded to a multiple of 64. Exact to the bit (test/gpu/field.test.ts). Of a field with
	 * more rows than the bitmap, those that follow stand to the right of the first.
	 */
	| { kind: 'bits'; bitmap: ImageBitmap };

/** What the draw worker needs of a field. */
export interface SentField {
	/** Chosen by the one who asked; what the draw worker is told to draw. */
	key: string;
	width: number;
	height: number;
	payload: FieldPayload;
}

export interface Field extends SentField {
	stats: FieldStats;
}
