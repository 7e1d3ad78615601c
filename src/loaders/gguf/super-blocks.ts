import { half } from '#maths/half.ts';
import type { Quantised } from '#loaders/gguf/blocks.ts';

/** The k-quants of ggml: 256 numbers in groups of 16 or 32, whose scales are quantised once more. */

/** 16 groups of 16; scale and lowest of a group in 4 bits each. */
export const twoBits: Quantised = {
	size: 256,
	bytes: 84,
	block(view, from, out, at) {
		const [scale, lowest] = [half(view.getUint16(from + 80, true)), half(view.getUint16(from + 82, true))];
		for (let k = 0; k < 256; k++) {
			const own = view.getUint8(from + (k >> 4));
			const q = (view.getUint8(from + 16 + pairOf(k)) >> shiftOf(k)) & 3;
			out[at + k] = scale * (own & 15) * q - lowest * (own >> 4);
		}
	}
};

/** Four numbers of two bits lie in a byte, 32 apart; the k-th is in this byte, at this bit. */
const pairOf = (k: number) => (k >> 7) * 32 + (k & 31);
const shiftOf = (k: number) => ((k >> 5) & 3) * 2;

/** 16 groups of 16; two bits and, apart, the third; scales of 6 bits. */
export const threeBits: Quantised = {
	size: 256,
	bytes: 110,
	block(view, from, out, at) {
		const scale = half(view.getUint16(from + 108, true));
		const part = (i: number) => view.getUint8(from + 96 + i);
		const scales = Array.from({ length: 16 }, (_, i) => {
			const low = i < 8 ? part(i) & 15 : part(i - 8) >> 4;
			return (low | (((part(8 + (i & 3)) >> (2 * (i >> 2))) & 3) << 4)) - 32;
		});
		for (let k = 0; k < 256; k++) {
			const q = (view.getUint8(from + 32 + pairOf(k)) >> shiftOf(k)) & 3;
			const third = (view.getUint8(from + (k & 31)) >> (k >> 5)) & 1;
			out[at + k] = scale * scales[k >> 4]! * (q - (third ? 0 : 4));
		}
	}
};

/** Scale and lowest of the i-th group of 32, 6 bits each, packed into 12 bytes. */
function scalesOf(view: DataView, from: number, i: number): readonly [scale: number, lowest: number] {
	const byte = (k: number) => view.getUint8(from + k);
	if (i < 4) return [byte(i) & 63, byte(i + 4) & 63];
	return [(byte(i + 4) & 15) | ((byte(i - 4) >> 6) << 4), (byte(i + 4) >> 4) | ((byte(i) >> 6) << 4)];
}

/** 8 groups of 32. @param high bytes that hold the fifth bits */
const packed = (high: 0 | 32): Quantised => ({
	size: 256,
	bytes: 144 + high,
	block(view, from, out, at) {
		const [scale, lowest] = [half(view.getUint16(from, true)), half(view.getUint16(from + 2, true))];
		for (let i = 0; i < 8; i++) {
			const [own, ownLowest] = scalesOf(view, from + 4, i);
			for (let j = 0; j < 32; j++) {
				const pair = view.getUint8(from + 16 + high + (i >> 1) * 32 + j);
				const fifth = high ? ((view.getUint8(from + 16 + j) >> i) & 1) << 4 : 0;
				const q = (i & 1 ? pair >> 4 : pair & 15) | fifth;
				out[at + 32 * i + j] = scale * own * q - lowest * ownLowest;
			}
		}
	}
});
export const fourBits = packed(0);
export const fiveBits = packed(32);

/** 16 groups of 16; four bits and, apart, two more; scales of 8 bits. */
export const sixBits: Quantised = {
	size: 256,
	bytes: 210,
	block(view, from, out, at) {
		const scale = half(view.getUint16(from + 208, true));
		for (let k = 0; k < 256; k++) {
			const [row, j] = [(k >> 5) & 3, k & 31];
			const low = view.getUint8(from + (k >> 7) * 64 + (row & 1) * 32 + j);
			const two = (view.getUint8(from + 128 + (k >> 7) * 32 + j) >> (2 * row)) & 3;
			const q = ((row > 1 ? low >> 4 : low & 15) | (two << 4)) - 32;
			out[at + k] = scale * view.getInt8(from + 192 + (k >> 4)) * q;
		}
	}
};
