import { describe, expect, it } from 'vitest';
import { bmp } from '#maths/bmp.ts';

const u16 = (n: number) => [n & 255, (n >> 8) & 255];
const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)];

/** BITMAPFILEHEADER and BITMAPINFOHEADER, field by field as Microsoft's page lists them. */
const header = (width: number, height: number, bits: number, start: number, image: number, colours: number) => [
	...[0x42, 0x4d],
	...u32(start + image),
	...u32(0),
	...u32(start),
	...u32(40),
	...u32(width),
	...u32(-height),
	...u16(1),
	...u16(bits),
	...u32(0),
	...u32(image),
	...u32(0),
	...u32(0),
	...u32(colours),
	...u32(0)
];

describe('bitmaps', () => {
	it('keep colours as blue, green, red, in rows of whole words', () =>
		expect([...bmp([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2, 3)]).toEqual([
			...header(2, 2, 24, 54, 16, 0),
			...[3, 2, 1, 6, 5, 4, 0, 0],
			...[9, 8, 7, 12, 11, 10, 0, 0]
		]));

	it('keep what is seen through', () =>
		expect([...bmp([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 3, 4)]).toEqual([
			...header(1, 3, 32, 54, 12, 0),
			...[3, 2, 1, 4, 7, 6, 5, 8, 11, 10, 9, 12]
		]));

	it('keep grey as indices in a palette of all greys', () =>
		expect([...bmp([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 5, 2, 1)]).toEqual([
			...header(5, 2, 8, 54 + 1024, 16, 256),
			...Array.from({ length: 256 }, (_, i) => [i, i, i, 0]).flat(),
			...[10, 20, 30, 40, 50, 0, 0, 0],
			...[60, 70, 80, 90, 100, 0, 0, 0]
		]));
});
