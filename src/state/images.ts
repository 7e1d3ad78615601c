import { LabError } from '#contracts/errors.ts';

/** Decoding on the page, whose policy keeps an image from reaching anywhere else. */

const MOST_PIXELS = 100e6;
/** Side of an SVG that does not say its size. */
const SVG_SIDE = 512;

const MAGIC: readonly (readonly number[])[] = [
	[0x89, 0x50, 0x4e, 0x47], // PNG
	[0xff, 0xd8, 0xff], // JPEG
	[0x47, 0x49, 0x46, 0x38], // GIF
	[0x42, 0x4d] // BMP
];

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

async function isSvg(blob: Blob): Promise<boolean> {
	const head = await blob.slice(0, 1024).text();
	return /^\s*(<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/i.test(head);
}

/** Whether a file holds an image, by its first bytes. */
export async function isImage(blob: Blob): Promise<boolean> {
	const head = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
	if (MAGIC.some((magic) => magic.every((byte, i) => head[i] === byte))) return true;
	if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return true;
	if (ascii(head, 4, 8) === 'ftyp' && /^(avif|avis|mif1|heic)/.test(ascii(head, 8, 12))) return true;
	return isSvg(blob);
}

/** An SVG is drawn as an `<img>`, in which scripts do not run and nothing is fetched. */
async function rasterised(blob: Blob): Promise<ImageBitmap> {
	const url = URL.createObjectURL(new Blob([blob], { type: 'image/svg+xml' }));
	try {
		const image = new Image();
		image.src = url;
		await image.decode();
		const scale = Math.min(1, 4096 / Math.max(image.naturalWidth, image.naturalHeight, 1));
		const canvas = document.createElement('canvas');
		canvas.width = Math.max(1, Math.round((image.naturalWidth || SVG_SIDE) * scale));
		canvas.height = Math.max(1, Math.round((image.naturalHeight || SVG_SIDE) * scale));
		canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
		return await createImageBitmap(canvas);
	} finally {
		URL.revokeObjectURL(url);
	}
}

/**
 * @param title what to call it in an error
 * @returns the first frame, turned as its EXIF says
 * @throws LabError if the browser cannot read it as an image
 */
export async function decodeImage(blob: Blob, title: string): Promise<ImageBitmap> {
	let bitmap: ImageBitmap;
	try {
		bitmap = (await isSvg(blob))
			? await rasterised(blob)
			: await createImageBitmap(blob, { imageOrientation: 'from-image' });
	} catch (cause) {
		throw new LabError(
			`“${title}” is not an image that this browser can read.`,
			'Use PNG, JPEG, WebP, GIF, AVIF or SVG.',
			{ cause }
		);
	}
	if (bitmap.width * bitmap.height > MOST_PIXELS) {
		const size = `${bitmap.width} × ${bitmap.height}`;
		bitmap.close();
		throw new LabError(`“${title}” is too large: ${size} pixels.`, 'Shrink it below 50 megapixels.');
	}
	return bitmap;
}
