import { imagePixels } from '#engine/image.ts';
import type { Session } from '#workers/compute/session.ts';

/** Points of input space as pictures: what the model sees, back in pixels. */

/** Null for what is no image. */
export async function pictureOf(session: Session, values: ArrayLike<number>): Promise<ImageBitmap | null> {
	const { spec, picture } = session.explained();
	return picture ? createImageBitmap(imagePixels(values, picture.preprocessing, spec.shape)) : null;
}

/** A difference as numbers about the middle of a range, so stretched that the largest change reaches its end. */
export function stretched(step: Float64Array, [low, high]: readonly [number, number]): Float64Array {
	const maxAbs = step.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
	return step.map((value) => (low + high) / 2 + (value / maxAbs) * ((high - low) / 2));
}
