import type { SourceFile } from '#contracts/source.ts';
import { pieces } from '#loaders/data-files.ts';
import { likelyEncoding } from '#loaders/text/likely-encoding.ts';

/** In which letters a file is written: by its mark, by proof, else by a guess that is said. */
export interface Encoding {
	/** As browsers call it. */
	name: string;
	/** Bytes that it cannot explain are there. */
	damaged: boolean;
	guessed: boolean;
}

const PIECE = 4 << 20;
/** Bytes around the first that is no UTF-8, and of the beginning, that a guess is made from. */
const SAMPLE = 64 << 10;

/** Names that the detector has and browsers have not. */
const BROWSERS = new Map([
	['iso-8859-1', 'windows-1252'],
	['iso-8859-9', 'windows-1254'],
	['ascii', 'utf-8']
]);

/** 0x80 to 0x9f of windows-1252. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Decodes piece by piece. Node before 24 takes windows-1252 for Latin-1, whose letters of these numbers are controls. */
export function decoderOf(name: string, fatal = false): Pick<TextDecoder, 'decode'> {
	const own = new TextDecoder(name, { fatal });
	if (own.encoding !== 'windows-1252' || own.decode(Uint8Array.of(0x80)) === '€') return own;
	const letters = (text: string) => text.replace(/[\u0080-\u009f]/g, (c) => WINDOWS[c.charCodeAt(0) - 0x80]!);
	return { decode: (bytes, options) => letters(own.decode(bytes, options)) };
}

/** By the mark at its beginning, or by zeros where UTF-16 has them; null where neither says. */
export function markedEncoding(head: Uint8Array): string | null {
	if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	const zeros = [0, 0];
	head.forEach((byte, i) => (zeros[i % 2]! += byte === 0 ? 1 : 0));
	const [even = 0, odd = 0] = zeros;
	// Separators, digits and line ends are there in every script.
	const enough = 0.05 * head.length;
	if (odd > enough && even < 0.02 * odd) return 'utf-16le';
	if (even > enough && odd < 0.02 * even) return 'utf-16be';
	return null;
}

/** Reads the file through where it has no mark: a letter that is not English may stand in its last line. */
export async function encodingOf(file: SourceFile, signal: AbortSignal): Promise<Encoding> {
	const head = new Uint8Array(await file.blob.slice(0, 4096).arrayBuffer());
	const marked = markedEncoding(head);
	if (marked) return { name: marked, damaged: false, guessed: false };
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let at = 0;
	try {
		for await (const { bytes, done } of pieces(file, 0, PIECE, signal)) {
			decoder.decode(bytes, { stream: done < 1 });
			at += bytes.length;
		}
		return { name: 'utf-8', damaged: false, guessed: false };
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
	}
	return guess(await sample(file, at));
}

/** The beginning, and what surrounds the first letter that is no UTF-8. */
async function sample({ blob }: SourceFile, from: number): Promise<Uint8Array<ArrayBuffer>> {
	const piece = new Uint8Array(await blob.slice(Math.max(0, from - 4), from + PIECE).arrayBuffer());
	// Found by halves: where decoding the beginning fails.
	let [good, bad] = [0, piece.length];
	while (bad - good > 1) {
		const middle = (good + bad) >> 1;
		if (isUtf8(piece.subarray(0, middle))) good = middle;
		else bad = middle;
	}
	const around = piece.subarray(Math.max(0, good - SAMPLE / 4), good + SAMPLE);
	const head = new Uint8Array(await blob.slice(0, SAMPLE).arrayBuffer());
	const whole = new Uint8Array(head.length + around.length);
	whole.set(head);
	whole.set(around, head.length);
	return whole;
}

/** Whether it may be the beginning of a text in UTF-8. */
function isUtf8(bytes: Uint8Array): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
		return true;
	} catch {
		return false;
	}
}

async function guess(bytes: Uint8Array<ArrayBuffer>): Promise<Encoding> {
	const { letters, damages } = utf8Evidence(bytes);
	if (letters > 20 * damages) return { name: 'utf-8', damaged: true, guessed: false };
	const likely = likelyEncoding(bytes, decoded);
	if (likely) return { name: likely, damaged: false, guessed: true };
	const { analyse } = await import('chardet');
	for (const { name } of analyse(bytes)) {
		const lower = name.toLowerCase();
		const own = BROWSERS.get(lower) ?? lower;
		if (own !== 'utf-8' && decoded(own, bytes) !== null) return { name: own, damaged: false, guessed: true };
	}
	return { name: 'windows-1252', damaged: false, guessed: true };
}

/** Letters of several bytes, and bytes that belong to none. */
function utf8Evidence(bytes: Uint8Array): { letters: number; damages: number } {
	let [letters, damages] = [0, 0];
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i]!;
		if (byte < 0x80) continue;
		const more =
			byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
		let k = 0;
		while (k < more && (bytes[i + k + 1]! & 0xc0) === 0x80) k++;
		if (more && k === more) {
			letters++;
			i += more;
		} else damages++;
	}
	return { letters, damages };
}

export function encodingNotes({ name, damaged, guessed }: Encoding): string[] {
	if (guessed) return [`The encoding is not told and was guessed: ${name}.`];
	return damaged ? ['Some bytes are no UTF-8: their letters are shown as �.'] : [];
}

/** The text; null unless every byte is a letter in it, and none a control. */
function decoded(name: string, bytes: Uint8Array): string | null {
	try {
		const text = decoderOf(name, true).decode(bytes as Uint8Array<ArrayBuffer>, { stream: true });
		return /[\u0080-\u009f]/.test(text) ? null : text;
	} catch {
		return null;
	}
}
