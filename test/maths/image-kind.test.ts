import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPicture, kindOfImage } from '#contracts/decode.ts';
import { colourProfile } from '#maths/colour-profile.ts';
import { imageKind } from '#maths/image-kind.ts';
import { cHRM, chunk, gAMA, iCCP, png, profile, withProfile } from '../tools/png.ts';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const pixel = Uint8Array.of(1, 2, 3);
/** A WebP of such chunks: content, or how many zeros. */
const webp = (...chunks: readonly (readonly [name: string, content: Uint8Array | number])[]) =>
	Uint8Array.from([
		...bytes('RIFF\0\0\0\0WEBP'),
		...chunks.flatMap(([name, content]) => {
			const own = typeof content === 'number' ? new Uint8Array(content) : content;
			const size = [own.length & 255, own.length >> 8, 0, 0];
			return [...bytes(name), ...size, ...own, ...(own.length % 2 ? [0] : [])];
		})
	]);

describe('kinds of images', () => {
	it.each([
		['<svg xmlns="x">', 'svg'],
		['\u00ef\u00bb\u00bf<?xml version="1.0"?>\n<!-- a --> <!DOCTYPE svg PUBLIC "a" "b">\n<SVG>', 'svg'],
		['<!DOCTYPE svg [ <!ENTITY a "b"> <!ENTITY c "d"> ]><svg>', 'svg'],
		['<svgs>', null],
		['<svg/>', null],
		['<svg\n>', 'svg'],
		[' \t<svg >', 'svg'],
		['<!-- a > b --><!---->\n<svg>', 'svg'],
		['<?xml?', null],
		['<!DOCTYPE svg>[]<svg>', null],
		['\x89PNG', 'png'],
		['\x89PNX', null],
		['\xff\xd8\xff', 'jpeg'],
		['\xff\xd8\0', null],
		['GIF89a', 'gif'],
		['BM\x01\x02\x03\x04\0\0\0\0\x36', 'bmp'],
		['BM\x01\x02\x03\x04\0\0\0\x01\x36', null],
		['BM\x01\x02\x03\x04\x01\0\0\0\x36', null],
		['RIFF\0\0\0\0WAVEfmt ', null],
		['MM\0*', 'tiff'],
		['\0\0\x01\0\x02\0', 'ico'],
		['\0\0\x01\0\0\0', null],
		['\0\0\x01\0\x02\x01', null],
		['\0\0\0\x1cftypmif1', 'avif'],
		['\0\0\0\x1cftypavis', 'avif'],
		['\0\0\0\x1cftyphevc', 'heic'],
		['\0\0\0\x1cftypmp42', null],
		['<html><svg>', null],
		['<!-- never closed <svg>', null],
		['RIFF\0\0\0\0WEBPVP8 ', 'webp'],
		['\0\0\0\x1cftypavif', 'avif'],
		['\0\0\0\x1cftypheic', 'heic'],
		['II*\0', 'tiff'],
		['BM begins many words', null],
		['', null]
	])('%j is %s', (text, kind) => expect(imageKind(bytes(text))).toBe(kind));

	it('is told at once of ten megabytes that would be shared out without end', async () => {
		for (const part of ['<!---->', '<?xml?>', '<!-->', '<!DOCTYPE svg[', ' ']) {
			const blob = new Blob([part.repeat(10_000_000 / part.length)]);
			const before = performance.now();
			expect(await kindOfImage(blob)).toBeNull();
			expect(await isPicture(blob)).toBe(false);
			expect(performance.now() - before).toBeLessThan(1000);
		}
		expect(imageKind(new Uint8Array(readFileSync('test/cases/hostile/empty-comments.xml')))).toBeNull();
	});
});

describe('what is said of colours', () => {
	it.each([
		['nothing', png(pixel, 1, 3), null],
		['the usual gamma', png(pixel, 1, 3, gAMA(0.45455)), null],
		['another gamma', png(pixel, 1, 3, gAMA(1)), 'a gamma of 1/1'],
		['a profile', png(pixel, 1, 3, iCCP('ICC', profile('Display P3', 2.2))), 'the profile Display P3'],
		['a profile of no known name', png(pixel, 1, 3, iCCP('ICC', profile('mine', 2.2))), 'a colour profile'],
		['sRGB by another name', png(pixel, 1, 3, iCCP('ICC', profile('sRGB IEC61966-2.1', 2.2))), null],
		['a gamma that was rounded', png(pixel, 1, 3, gAMA(0.4549)), null],
		['a gamma beyond rounding', png(pixel, 1, 3, gAMA(0.4539)), 'a gamma of 1/2.2'],
		['a gamma of few digits', png(pixel, 1, 3, gAMA(0.3)), 'a gamma of 1/3.33'],
		['sRGB after a gamma', png(pixel, 1, 3, gAMA(1), chunk('sRGB', [0])), null],
		['a space by its numbers', png(pixel, 1, 3, cHRM(), chunk('cICP', [9, 16, 0, 1])), 'a colour space'],
		['a gamma of a wrong size', png(pixel, 1, 3, chunk('gAMA', [0, 1, 0, 0, 0])), null],
		['a profile that is no zlib', png(pixel, 1, 3, chunk('iCCP', [65, 0, 0, 1, 2, 3])), 'a colour profile'],
		[
			'Adobe’s profile in a WebP',
			webp(['VP8X', 10], ['ICCP', profile('Adobe RGB (1998)', 2.2)]),
			'the profile Adobe RGB'
		],
		['a WebP after a chunk of odd length', webp(['VP8X', 9], ['ICCP', profile('mine', 2.2)]), 'a colour profile'],
		['a WebP without', webp(['VP8 ', 10]), null],
		['a GIF', bytes('GIF89a and much more than that'), null],
		[
			'a JPEG’s, after what cameras write',
			Uint8Array.of(
				...[255, 216, 255, 0xe1, 0, 5, 1, 2, 3],
				...withProfile(Uint8Array.of(255, 216, 255, 218, 0, 0), profile('Display P3', 2.2)).subarray(2)
			),
			'the profile Display P3'
		],
		['a JPEG with a segment of another kind', Uint8Array.of(255, 216, 255, 0xe2, 0, 4, 1, 2, 255, 218, 0, 0), null],
		['a JPEG whose segment has no length', Uint8Array.of(255, 216, 255, 0xe2, 0, 1, 1, 2, 255, 218, 0, 0), null],
		[
			'a JPEG’s',
			withProfile(Uint8Array.of(255, 216, 255, 218, 0, 0), profile('Adobe RGB (1998)', 2.2)),
			'the profile Adobe RGB'
		]
	])('%s', async (_, file, expected) => expect(await colourProfile(file)).toBe(expected));

	it('cut anywhere, it is said or not, and nothing is thrown', async () => {
		const whole = png(pixel, 1, 3, gAMA(1), iCCP('ICC', profile('mine', 2.2)));
		for (let end = 0; end < whole.length; end++) await colourProfile(whole.subarray(0, end));
	});
});

it('files are decoded in one place', () => {
	const inFolder = (folder: string): string[] =>
		readdirSync(folder).flatMap((name) => {
			const path = join(folder, name);
			return statSync(path).isDirectory() ? inFolder(path) : /\.(ts|svelte)$/.test(name) ? [path] : [];
		});
	const others = inFolder('src').filter(
		(path) =>
			!path.endsWith('contracts/decode.ts') && /createImageBitmap\(\s*\w*(blob|file)/i.test(readFileSync(path, 'utf8'))
	);
	expect(others).toEqual([]);
});
