/** The figure's file as a picture. */

/** What canvases of all browsers hold. */
const MAX_SIDE = 16_384;
const MAX_PIXELS = 200e6;

/** The largest scale, up to the one that is asked for, at which a picture can be made. */
export function possibleScale(width: number, height: number, scale: number): number {
	return Math.min(scale, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)));
}

/**
 * @param svg a complete file
 * @returns a PNG of width x scale by height x scale pixels
 */
export async function pngOf(svg: string, width: number, height: number, scale: number): Promise<Blob> {
	const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
	try {
		const image = new Image();
		image.src = address;
		await image.decode();
		const canvas = document.createElement('canvas');
		canvas.width = Math.round(width * scale);
		canvas.height = Math.round(height * scale);
		canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
		return await new Promise<Blob>((resolve, reject) =>
			canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))), 'image/png')
		);
	} finally {
		URL.revokeObjectURL(address);
	}
}
