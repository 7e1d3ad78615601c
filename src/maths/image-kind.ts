/** What an image file is, by its first bytes: the one place that knows, for the page and for workers. */

export type ImageKind = 'png' | 'jpeg' | 'gif' | 'bmp' | 'webp' | 'avif' | 'svg' | 'heic' | 'tiff' | 'ico';

/** First bytes that are looked at. */
export const IMAGE_HEAD = 4096;

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** @param head the first bytes of a file: 16 for all but SVG, which may begin with comments */
export function imageKind(head: Uint8Array): ImageKind | null {
	if (head[0] === 0x89 && ascii(head, 1, 4) === 'PNG') return 'png';
	if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
	const four = ascii(head, 0, 4);
	if (four === 'GIF8') return 'gif';
	// Its size, two reserved zeros, and where the pixels begin: `BM` alone begins words, too.
	if (four.startsWith('BM') && head[6] === 0 && head[7] === 0 && head[8] === 0 && head[9] === 0) return 'bmp';
	if (four === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
	if (four === 'II*\0' || four === 'MM\0*') return 'tiff';
	if (four === '\0\0\x01\0' && head[5] === 0 && head[4]! > 0) return 'ico';
	if (ascii(head, 4, 8) === 'ftyp') {
		const brand = ascii(head, 8, 12);
		if (brand === 'avif' || brand === 'avis' || brand === 'mif1') return 'avif';
		if (brand.startsWith('hei') || brand.startsWith('hev')) return 'heic';
	}
	return isSvg(head) ? 'svg' : null;
}

/** Of these a worker decodes the pixels; an SVG wants the page, the others no browser reads alike. */
export const DECODED: ReadonlySet<ImageKind> = new Set(['png', 'jpeg', 'gif', 'bmp', 'webp', 'avif']);

/**
 * Whether a text begins as SVG does, after blanks, a declaration, comments and a document type. One step for each letter: what
 * comes before is foreign, and a regular expression for it would try every way to share it out.
 */
function isSvg(head: Uint8Array): boolean {
	const text = new TextDecoder('latin1').decode(head.subarray(0, IMAGE_HEAD)).replace(/^\xef\xbb\xbf/, '');
	let at = 0;
	for (;;) {
		while (at < text.length && text.charCodeAt(at) <= 32) at++;
		if (text.startsWith('<!--', at)) {
			const end = text.indexOf('-->', at + 4);
			if (end < 0) return false;
			at = end + 3;
		} else if (text.startsWith('<?', at) || text.slice(at, at + 9).toLowerCase() === '<!doctype') {
			// A document type may hold declarations of its own.
			const inner = text.indexOf('[', at);
			const plain = text.indexOf('>', at);
			const end = inner >= 0 && inner < plain ? text.indexOf('>', Math.max(inner, text.indexOf(']', inner))) : plain;
			if (end < 0) return false;
			at = end + 1;
		} else {
			const after = text.charCodeAt(at + 4);
			return text.slice(at, at + 4).toLowerCase() === '<svg' && (after <= 32 || after === 62);
		}
	}
}
