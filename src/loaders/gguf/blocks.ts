import { half } from '#maths/half.ts';
import { fiveBits, fourBits, sixBits, threeBits, twoBits } from '#loaders/gguf/super-blocks.ts';

/** Quantised tensors of ggml: blocks of numbers that share their scales (ggml/src/ggml-quants.c, dequantize_row_*). */

export interface Quantised {
	/** Numbers and bytes of one block. */
	size: number;
	bytes: number;
	/** Writes the numbers of the block that begins at `from` of the view into `out` from `at` on. */
	block(view: DataView, from: number, out: Float32Array, at: number): void;
}

/** @returns the numbers of whole blocks */
export function dequantised({ size, bytes, block }: Quantised, from: ArrayBuffer): Float32Array {
	const view = new DataView(from);
	const count = Math.floor(view.byteLength / bytes);
	const out = new Float32Array(count * size);
	for (let k = 0; k < count; k++) block(view, k * bytes, out, k * size);
	return out;
}

/** 32 numbers of 4 or 5 bits: `scale * (q - middle) + lowest`. */
const small = (bits: 4 | 5, withLowest: boolean): Quantised => {
	const [head, high] = [withLowest ? 4 : 2, bits === 5 ? 4 : 0];
	const middle = withLowest ? 0 : 2 ** (bits - 1);
	return {
		size: 32,
		bytes: head + high + 16,
		block(view, from, out, at) {
			const scale = half(view.getUint16(from, true));
			const lowest = withLowest ? half(view.getUint16(from + 2, true)) : 0;
			const fifth = high ? view.getUint32(from + head, true) : 0;
			for (let j = 0; j < 16; j++) {
				const pair = view.getUint8(from + head + high + j);
				const [low, top] = [((fifth >>> j) & 1) << 4, ((fifth >>> (j + 16)) & 1) << 4];
				out[at + j] = scale * (((pair & 15) | low) - middle) + lowest;
				out[at + 16 + j] = scale * (((pair >> 4) | top) - middle) + lowest;
			}
		}
	};
};

/** 32 whole numbers of 8 bits behind their scale; Q8_1 has their sum between. */
const eightBits = (head: number): Quantised => ({
	size: 32,
	bytes: head + 32,
	block(view, from, out, at) {
		const scale = half(view.getUint16(from, true));
		for (let j = 0; j < 32; j++) out[at + j] = scale * view.getInt8(from + head + j);
	}
});

/** 256 whole numbers of 8 bits; sums of sixteen of them follow. */
const eightBitsWide: Quantised = {
	size: 256,
	bytes: 292,
	block(view, from, out, at) {
		const scale = view.getFloat32(from, true);
		for (let j = 0; j < 256; j++) out[at + j] = scale * view.getInt8(from + 4 + j);
	}
};

export const QUANTISED: ReadonlyMap<string, Quantised> = new Map([
	['Q4_0', small(4, false)],
	['Q4_1', small(4, true)],
	['Q5_0', small(5, false)],
	['Q5_1', small(5, true)],
	['Q8_0', eightBits(2)],
	['Q8_1', eightBits(4)],
	['Q2_K', twoBits],
	['Q3_K', threeBits],
	['Q4_K', fourBits],
	['Q5_K', fiveBits],
	['Q6_K', sixBits],
	['Q8_K', eightBitsWide]
]);
