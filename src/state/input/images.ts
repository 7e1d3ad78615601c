import { decoded, kindOfImage } from '#contracts/decode.ts';
import { LabError } from '#contracts/errors.ts';
import { colourProfile, PROFILE_HEAD } from '#maths/colour-profile.ts';

/** Decoding on the page, whose policy keeps an image from reaching anywhere else. */

const MAX_IMAGE_PIXELS = 100e6;
/** Side of an SVG that does not say its size. */
const SVG_SIDE = 512;

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
	const kind = await kindOfImage(blob);
	try {
		bitmap = kind === 'svg' ? await rasterised(blob) : await decoded(blob);
	} catch (cause) {
		throw new LabError(
			kind === 'heic' || kind === 'tiff'
				? `“${title}” is a ${kind.toUpperCase()} image, which this browser does not read.`
				: `“${title}” is not an image that this browser can read.`,
			'Use PNG, JPEG, WebP, GIF, AVIF or SVG.',
			{ cause }
		);
	}
	if (bitmap.width * bitmap.height > MAX_IMAGE_PIXELS) {
		const size = `${bitmap.width} × ${bitmap.height}`;
		bitmap.close();
		throw new LabError(`“${title}” is too large: ${size} pixels.`, 'Shrink it below 50 megapixels.');
	}
	return bitmap;
}

/** What of the file is not heeded, in a sentence; empty where its numbers are meant as they stand. */
export async function profileNote(blob: Blob): Promise<string> {
	const profile = await colourProfile(new Uint8Array(await blob.slice(0, PROFILE_HEAD).arrayBuffer()));
	return profile ? `The file asks screens for ${profile}. The model gets its numbers as they are stored.` : '';
}
