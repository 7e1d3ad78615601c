import { afterEach, describe, expect, it, vi } from 'vitest';
import { arrayPictures, pictureShape, type PictureShape } from '#loaders/array-pictures.ts';
import { spriteTiles } from '#loaders/sprite-tiles.ts';
import { bmp } from '#maths/bmp.ts';

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

describe('rows as pictures', () => {
	it('by their shape: rows, columns and channels, or channels first', () => {
		const of = (width: number, height: number, channels = 1, planar = false) => ({ width, height, channels, planar });
		expect([pictureShape([4, 6]), pictureShape([1024, 4])]).toEqual([of(6, 4), of(4, 1024)]);
		expect([1, 3, 4].map((c) => pictureShape([5, 6, c]))).toEqual([1, 3, 4].map((c) => of(6, 5, c)));
		expect([1, 3].map((c) => pictureShape([c, 5, 6]))).toEqual([1, 3].map((c) => of(6, 5, c, true)));
		// Four by six with four channels, not four channels of six by four.
		expect(pictureShape([4, 6, 4])).toEqual(of(6, 4, 4));
		const none = [[], [28], [3, 28], [28, 3], [1025, 28], [28, 1025], [28, 28, 2], [2, 28, 28], [3, 3, 28], [3, 28, 3]];
		expect([...none, [5, 5, 3, 5]].map(pictureShape)).toEqual([...none, 0].map(() => null));
	});

	it('0..255 and 0..1 as they are, all else from the least to the greatest of all', async () => {
		const shape: PictureShape = { width: 2, height: 1, channels: 1, planar: false };
		const grey = async (...rows: number[]) => {
			const pictures = arrayPictures(Float32Array.from(rows), rows.length / 2, shape)!;
			const found: number[] = [];
			for (const picture of pictures) found.push(...(await bytesOf(picture)).subarray(-4).subarray(0, 2));
			return found;
		};
		expect(await grey(0, 255, 51, 2)).toEqual([0, 255, 51, 2]);
		expect(await grey(0, 1, 0.2, 0.4)).toEqual([0, 255, 51, 102]);
		expect(await grey(0.5, 0.2)).toEqual([128, 51]);
		expect(await grey(-1, 1, 0, NaN)).toEqual([0, 255, 128, 0]);
		expect(await grey(0, 510, Infinity, 102)).toEqual([0, 255, 255, 51]);
		expect(await grey(-3, -3)).toEqual([0, 0]);
		expect(arrayPictures(new Float32Array(0), 200_001, shape)).toBeNull();
		expect(arrayPictures(new Float32Array(0), 0, shape)).toEqual([]);
	});

	it('channel by channel or pixel by pixel', async () => {
		const shape = { width: 2, height: 1, channels: 3 } as const;
		const expected = bmp([10, 30, 50, 20, 40, 60], 2, 1, 3);
		const [planar] = arrayPictures(Float32Array.of(10, 20, 30, 40, 50, 60), 1, { ...shape, planar: true })!;
		const [, even] = arrayPictures(Float32Array.of(0, 0, 0, 0, 0, 0, 10, 30, 50, 20, 40, 60), 2, {
			...shape,
			planar: false
		})!;
		expect([await bytesOf(planar!), await bytesOf(even!)]).toEqual([expected, expected]);
		expect(planar!.type).toBe('image/bmp');
	});
});

describe('a sheet of pictures', () => {
	afterEach(() => vi.unstubAllGlobals());
	const pixel = (x: number, y: number) => [x, y, 7, 255];

	/** A browser that draws sheets whose pixels say where they are. @returns how often a sheet was freed */
	function browser(width: number, height: number): { closed: number } {
		const counts = { closed: 0 };
		vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width, height, close: () => counts.closed++ }));
		vi.stubGlobal(
			'OffscreenCanvas',
			class {
				#down = NaN;
				constructor(
					readonly width: number,
					readonly height: number
				) {}
				getContext() {
					return {
						clearRect: (...box: number[]) => {
							expect(box).toEqual([0, 0, this.width, this.height]);
							this.#down = NaN;
						},
						drawImage: (_: unknown, x: number, y: number) => {
							expect([x, this.width]).toEqual([0, width]);
							// What is drawn over something else would mix with it.
							expect(this.#down).toBeNaN();
							this.#down = y;
						},
						getImageData: (x: number, y: number, w: number, h: number) => {
							expect(y + h).toBeLessThanOrEqual(this.height);
							const at = (k: number) => pixel(x + (k % w), y + Math.floor(k / w) - this.#down);
							return { data: Array.from({ length: w * h }, (_, k) => at(k)).flat() };
						}
					};
				}
			}
		);
		return counts;
	}
	const cut = (tile: readonly number[], count: number, signal = new AbortController().signal) =>
		spriteTiles({ path: 's.png', blob: new Blob(['x']) }, tile, count, signal);
	const tile = (x: number, y: number, width: number, height: number) =>
		bmp(
			Array.from({ length: width * height }, (_, k) => pixel(x + (k % width), y + Math.floor(k / width))).flat(),
			...([width, height, 4] as const)
		);

	it('is cut row by row, into as many as there are points', async () => {
		const drawn = browser(7, 4);
		const found = await Promise.all((await cut([3, 2], 3)).map(bytesOf));
		expect(found).toEqual([tile(0, 0, 3, 2), tile(3, 0, 3, 2), tile(0, 2, 3, 2)]);
		expect(drawn.closed).toBe(1);
		expect((await cut([3, 2], 1))[0]!.type).toBe('image/bmp');
	});

	it('is as square as can be where nobody says', async () => {
		browser(9, 6);
		const found = await Promise.all((await cut([], 5)).map(bytesOf));
		expect(found).toEqual([0, 3, 6, 0, 3].map((x, k) => tile(x, k < 3 ? 0 : 2, 3, 2)));
	});

	it('is refused where it is too small, too large or no image', async () => {
		const small = /s\.png.*it is 6 × 4 pixels, too small for/;
		browser(6, 4);
		await expect(cut([3, 2], 5)).rejects.toThrow(small);
		await expect(cut([7, 2], 1)).rejects.toThrow(small);
		await expect(cut([0, 2], 1)).rejects.toThrow(small);
		await expect(cut([2, 0], 1)).rejects.toThrow(small);
		await expect(cut([], 64)).rejects.toThrow(small);
		expect(await cut([1, 1], 24)).toHaveLength(24);
		for (const [width, height, fits] of [
			[16384, 1, true],
			[16385, 1, false],
			[1, 16384, true],
			[1, 16385, false]
		] as const) {
			browser(width, height);
			if (fits) expect(await cut([1, 1], 1)).toHaveLength(1);
			else await expect(cut([1, 1], 1)).rejects.toThrow(/larger than a browser can hold/);
		}
		vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no')));
		await expect(cut([1, 1], 1)).rejects.toThrow(/it is no image/);
	});

	it('hears a cancel', async () => {
		browser(6, 4);
		await expect(cut([3, 2], 1, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
	});
});
