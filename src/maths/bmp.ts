/** Windows bitmaps without compression: the quickest file that every browser decodes, for pixels that come as numbers. */

/**
 * @param pixels rows from the top, `channels` bytes each: grey, RGB or RGBA
 * @returns a whole .bmp file
 */
export function bmp(
	pixels: ArrayLike<number>,
	width: number,
	height: number,
	channels: 1 | 3 | 4
): Uint8Array<ArrayBuffer> {
	const palette = channels === 1 ? 1024 : 0;
	const stride = Math.ceil((width * channels) / 4) * 4;
	const start = 54 + palette;
	const bytes = new Uint8Array(start + stride * height);
	const view = new DataView(bytes.buffer);
	bytes[0] = 0x42;
	bytes[1] = 0x4d;
	view.setUint32(2, bytes.length, true);
	view.setUint32(10, start, true);
	view.setUint32(14, 40, true);
	view.setInt32(18, width, true);
	// A negative height: rows from the top.
	view.setInt32(22, -height, true);
	view.setUint16(26, 1, true);
	view.setUint16(28, 8 * channels, true);
	view.setUint32(34, stride * height, true);
	if (palette) {
		view.setUint32(46, 256, true);
		for (let i = 0; i < 256; i++) bytes.fill(i, 54 + 4 * i, 54 + 4 * i + 3);
	}
	for (let y = 0; y < height; y++) {
		let to = start + y * stride;
		let from = y * width * channels;
		if (channels === 1) for (let x = 0; x < width; x++) bytes[to++] = pixels[from++]!;
		else
			for (let x = 0; x < width; x++, from += channels) {
				bytes[to++] = pixels[from + 2]!;
				bytes[to++] = pixels[from + 1]!;
				bytes[to++] = pixels[from]!;
				if (channels === 4) bytes[to++] = pixels[from + 3]!;
			}
	}
	return bytes;
}
