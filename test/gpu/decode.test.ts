import { expect, it } from 'vitest';
import { decoded } from '#contracts/decode.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { fitted, normalised, toned } from '#engine/image.ts';
import { decodeImage, profileNote } from '#state/input/images.ts';
import { pixels, sprites } from '#workers/data/pictures.ts';
import { cHRM, gAMA, iCCP, png, profile, withProfile } from '../tools/png.ts';

/** An image reaches the model as the numbers that its file holds, whatever it says of screens. */

const SIDE = 16;
const colours = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) =>
	i === 0 ? 128 : (i * 37 + (i >> 4) * 11) % 256
);
const blobOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]);

function read(bitmap: ImageBitmap): number[] {
	const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
	context.drawImage(bitmap, 0, 0);
	const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
	return Array.from(data).filter((_, i) => i % 4 < 3);
}

const strange = profile('Swapped gamut', 1);
const FILES = {
	plain: png(colours, SIDE, 3),
	gAMA: png(colours, SIDE, 3, gAMA(1)),
	'gAMA and cHRM': png(colours, SIDE, 3, gAMA(0.55), cHRM()),
	iCCP: png(colours, SIDE, 3, iCCP('x', strange))
};

const preprocessing: Preprocessing = {
	width: SIDE,
	height: SIDE,
	channels: 3,
	fit: 'stretch',
	order: 'rgb',
	normalisation: { kind: 'range', low: 0, high: 255 },
	invert: false
};

/** What the model gets of it. */
const preprocessed = (bitmap: ImageBitmap, p: Preprocessing) => normalised(toned(fitted(bitmap, p), p), p);

it.each(Object.entries(FILES))('%s: page, workers and model get the stored numbers', async (name, file) => {
	const blob = blobOf(file);
	const expected = Array.from(colours);
	expect(read(await decoded(blob))).toEqual(expected);
	const bitmap = await decodeImage(blob, name);
	expect(read(bitmap)).toEqual(expected);
	expect(Array.from(preprocessed(bitmap, preprocessing))).toEqual(expected);
	const pace = { signal: new AbortController().signal, progress: () => undefined };
	const { values } = await pixels([blob], SIDE, pace);
	expect(Array.from(values, (value) => Math.round(255 * value))).toEqual(expected);
	// Of one colour, so that making it larger changes nothing.
	const flat = png(new Uint8Array(12).fill(128), 2, 3, gAMA(1));
	const { sheets, broken } = await sprites([blobOf(flat), blobOf(flat.slice(0, 40))], pace);
	expect(broken).toEqual([1]);
	expect(read(sheets[0]!).slice(0, 3)).toEqual([128, 128, 128]);
});

it('the browser, left alone, would convert them: the files do say something', async () => {
	for (const name of ['gAMA', 'gAMA and cHRM', 'iCCP'] as const)
		expect(read(await createImageBitmap(blobOf(FILES[name])))).not.toEqual(Array.from(colours));
	expect(read(await createImageBitmap(blobOf(FILES.gAMA)))[0]).toBe(188);
});

it('a JPEG is the same with its profile and without', async () => {
	const canvas = new OffscreenCanvas(SIDE, SIDE);
	canvas.getContext('2d')!.drawImage(await decoded(blobOf(FILES.plain)), 0, 0);
	const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
	const tagged = blobOf(withProfile(jpeg, strange));
	const own = read(await decoded(blobOf(jpeg)));
	expect(read(await decoded(tagged))).toEqual(own);
	expect(read(await createImageBitmap(tagged))).not.toEqual(own);
	expect(await profileNote(tagged)).toMatch(/colour profile/);
});

it('what is half transparent stands on white, as it is stored', async () => {
	const rgba = Uint8Array.from([200, 100, 50, 255, 200, 100, 50, 128, 10, 20, 30, 1, 90, 90, 90, 0]);
	const bitmap = await decoded(blobOf(png(rgba, 2, 4, gAMA(1))));
	const values = preprocessed(bitmap, { ...preprocessing, width: 2, height: 2 });
	for (let p = 0; p < 4; p++)
		for (let c = 0; c < 3; c++) {
			const alpha = rgba[4 * p + 3]! / 255;
			const expected = rgba[4 * p + c]! * alpha + 255 * (1 - alpha);
			expect(Math.abs(values[3 * p + c]! - expected)).toBeLessThanOrEqual(1);
		}
});
