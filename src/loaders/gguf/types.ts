import { ELEMENTS, type TypedValues } from '#loaders/bag/elements.ts';
import { dequantised, QUANTISED } from '#loaders/gguf/blocks.ts';

/** Types of tensors by their numbers in GGUF (enum ggml_type). */

const PLAIN: ReadonlyMap<number, string> = new Map([
	[0, 'float32'],
	[1, 'float16'],
	[24, 'int8'],
	[25, 'int16'],
	[26, 'int32'],
	[27, 'int64'],
	[28, 'float64'],
	[30, 'bfloat16']
]);
const BLOCKS: ReadonlyMap<number, string> = new Map([
	[2, 'Q4_0'],
	[3, 'Q4_1'],
	[6, 'Q5_0'],
	[7, 'Q5_1'],
	[8, 'Q8_0'],
	[9, 'Q8_1'],
	[10, 'Q2_K'],
	[11, 'Q3_K'],
	[12, 'Q4_K'],
	[13, 'Q5_K'],
	[14, 'Q6_K'],
	[15, 'Q8_K']
]);
/** Known by name, and not read. */
const UNREAD: ReadonlyMap<number, string> = new Map([
	[16, 'IQ2_XXS'],
	[17, 'IQ2_XS'],
	[18, 'IQ3_XXS'],
	[19, 'IQ1_S'],
	[20, 'IQ4_NL'],
	[21, 'IQ3_S'],
	[22, 'IQ2_S'],
	[23, 'IQ4_XS'],
	[29, 'IQ1_M'],
	[34, 'TQ1_0'],
	[35, 'TQ2_0'],
	[39, 'MXFP4']
]);

interface TensorType {
	/** In words. */
	title: string;
	/** Bytes of so many numbers in rows of so many; null where a row is no whole number of blocks; 0 where unknown. */
	bytesOf(count: number, row: number): number | null;
	/** Null for a type that is not read. */
	read: ((bytes: ArrayBuffer, count: number) => TypedValues) | null;
}

export function tensorType(type: number): TensorType {
	const element = ELEMENTS.get(PLAIN.get(type) ?? '');
	if (element)
		return {
			title: element.name,
			bytesOf: (count) => (count * element.bits) / 8,
			read: (bytes, count) => element.read(bytes, count, true)
		};
	const title = BLOCKS.get(type) ?? UNREAD.get(type) ?? `type ${type}`;
	const blocks = QUANTISED.get(title);
	if (!blocks) return { title, bytesOf: () => 0, read: null };
	return {
		title,
		bytesOf: (count, row) => (row % blocks.size ? null : (count / blocks.size) * blocks.bytes),
		read: (bytes) => ({ dtype: 'float32', values: dequantised(blocks, bytes) })
	};
}
