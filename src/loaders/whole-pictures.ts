import type { DataContext } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { decoded } from '#contracts/decode.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { rowsTaken } from '#loaders/rows-taken.ts';

/** Pictures that no browser reads are left out of a set, and named. */

/** Of more the small pictures say which are broken, when they are made. */
const MAX_PICTURES = 5000;
const TOGETHER = 32;
const MAX_NAMES = 5;

const reads = (blob: Blob) =>
	decoded(blob).then(
		(bitmap) => {
			bitmap.close();
			return true;
		},
		() => false
	);

/** @param decodes whether a picture can be read; the browser's own way where there is one */
export async function withoutBroken(
	data: DataSet,
	{ signal, progress }: DataContext,
	decodes: ((blob: Blob) => Promise<boolean>) | null = typeof createImageBitmap === 'function' ? reads : null
): Promise<DataSet> {
	const { images } = data;
	// Pictures that the lab made of numbers are whole.
	if (!images || !decodes || images.length > MAX_PICTURES || images[0]?.type === 'image/bmp') return data;
	const kept: number[] = [];
	for (let i = 0; i < images.length; i += TOGETHER) {
		throwIfAborted(signal);
		const good = await Promise.all(images.slice(i, i + TOGETHER).map(decodes));
		good.forEach((one, k) => one && kept.push(i + k));
		progress(i / images.length, 'Looking at the pictures');
	}
	if (kept.length === images.length) return data;
	if (!kept.length)
		throw new LabError(
			'None of the pictures can be read.',
			'Use PNG, JPEG, WebP, GIF, AVIF or BMP files that are whole.'
		);
	const whole = new Set(kept);
	const broken = images.flatMap((_, i) => (whole.has(i) ? [] : [i]));
	return rowsTaken(
		{ ...data, notes: [brokenNote(data, broken, 'left out'), ...(data.notes ?? [])] },
		Int32Array.from(kept)
	);
}

/** `2 pictures cannot be read and are left out: a.png, b.png.` */
function brokenNote({ columns }: DataSet, broken: readonly number[], fate: string): string {
	const files = columns.find((column) => column.name === 'file' && column.kind === 'text');
	const nameOf = (i: number) => (files?.kind === 'text' ? files.values[i]! : `number ${i + 1}`);
	const names = broken.slice(0, MAX_NAMES).map(nameOf).join(', ');
	const more = broken.length - MAX_NAMES;
	const one = broken.length === 1;
	return `${broken.length.toLocaleString('en')} ${one ? 'picture' : 'pictures'} cannot be read and ${one ? 'is' : 'are'} ${fate}: ${names}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}.`;
}
