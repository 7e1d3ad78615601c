import { decoded } from '#contracts/decode.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { bmp } from '#maths/bmp.ts';

const MAX_SHEET_SIDE = 16384;

/**
 * Cuts a sprite into its pictures, row by row.
 * @param tile width and height of one; empty for as square a sheet as can be, which is how the projector makes them
 */
export async function spriteTiles(
	file: SourceFile,
	tile: readonly number[],
	count: number,
	signal: AbortSignal
): Promise<Blob[]> {
	const wrong = (why: string) =>
		new LabError(`The sprite “${file.path}” cannot be used: ${why}.`, 'Leave it out, or make it anew.');
	const sheet = await decoded(file.blob).catch(() => {
		throw wrong('it is no image that the browser can read');
	});
	const side = Math.ceil(Math.sqrt(count));
	const [width = Math.floor(sheet.width / side), height = Math.floor(sheet.height / side)] = tile;
	const columns = Math.floor(sheet.width / Math.max(1, width));
	const rows = Math.ceil(count / Math.max(1, columns));
	if (sheet.width > MAX_SHEET_SIDE || sheet.height > MAX_SHEET_SIDE)
		throw wrong('it is larger than a browser can hold');
	if (width < 1 || height < 1 || columns < 1 || rows * height > sheet.height)
		throw wrong(
			`it is ${sheet.width} × ${sheet.height} pixels, too small for ${count} pictures of ${width} × ${height}`
		);
	const strip = new OffscreenCanvas(sheet.width, height).getContext('2d', { willReadFrequently: true })!;
	const images: Blob[] = [];
	for (let row = 0; row < rows; row++) {
		throwIfAborted(signal);
		strip.clearRect(0, 0, sheet.width, height);
		strip.drawImage(sheet, 0, -row * height);
		for (let c = 0; c < columns && images.length < count; c++)
			images.push(
				new Blob([bmp(strip.getImageData(c * width, 0, width, height).data, width, height, 4)], { type: 'image/bmp' })
			);
	}
	sheet.close();
	return images;
}
