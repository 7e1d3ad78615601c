import { DECODED, IMAGE_HEAD, imageKind, type ImageKind } from '#maths/image-kind.ts';

/** The one way in which an image file becomes pixels, on the page and in workers. */

const AS_STORED = {
	// The numbers of the file, as Pillow and TensorFlow read them: a profile or a gamma is for screens, not for models.
	colorSpaceConversion: 'none',
	imageOrientation: 'from-image'
} as const satisfies ImageBitmapOptions;

/** By its first bytes; null for what is no image. */
export async function kindOfImage(blob: Blob): Promise<ImageKind | null> {
	return imageKind(new Uint8Array(await blob.slice(0, IMAGE_HEAD).arrayBuffer()));
}

/** Whether a worker can decode it: SVG wants the page. */
export async function isPicture(blob: Blob): Promise<boolean> {
	const kind = await kindOfImage(blob);
	return kind !== null && DECODED.has(kind);
}

/**
 * The stored numbers of an image file, turned as its EXIF says, without its colour profile or gamma.
 * @param size to which it is brought while it is decoded
 * @throws what the browser throws for a file that it cannot read
 */
export function decoded(blob: Blob, size?: { width: number; height: number }): Promise<ImageBitmap> {
	return createImageBitmap(
		blob,
		size
			? { ...AS_STORED, resizeWidth: size.width, resizeHeight: size.height, resizeQuality: 'medium' }
			: { ...AS_STORED }
	);
}
