/** A dense field of numbers on its way from a tensor to a picture: compute worker -> draw worker. */

export interface FieldStats {
	min: number;
	max: number;
	/** Sum and sum of magnitudes over all cells. */
	sum: number;
	magnitude: number;
	/** Quantiles of |value| at 0.90, 0.91 ... 1.00, for clipping: 11 numbers. */
	tail: readonly number[];
	/** Cells that are NaN or infinite; they count in nothing above. */
	invalid: number;
}

export type FieldPayload =
	/** Row-major values, transferred. */
	| { kind: 'array'; values: Float32Array<ArrayBuffer> }
	/**
	 * The raw bits of each float32 as the four bytes of an rgba8 pixel (r = lowest byte), from a premultiplied WebGPU
	 * canvas; the bitmap's width is padded to a multiple of 64. Exact to the bit (test/gpu/field.test.ts).
	 */
	| { kind: 'bits'; bitmap: ImageBitmap };

export interface Field {
	/** Chosen by the one who asked; what the draw worker is told to draw. */
	key: string;
	width: number;
	height: number;
	stats: FieldStats;
	payload: FieldPayload;
}
