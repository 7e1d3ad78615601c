import { imageKind } from '#maths/image-kind.ts';

/** What an image file says of its colours beside the numbers: profiles and gammas, which screens want and models do not. */

/** Bytes that are looked at: what is said of colours stands before the pixels. */
export const PROFILE_HEAD = 1 << 18;

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** The standard's own gamma, 1 / 2.2, within what writers round. */
const plainGamma = (gamma: number) => Math.abs(gamma - 45455) < 60;

/** An ICC profile that is not sRGB, by the name it has; null for sRGB, whose numbers stay as they are. */
function profileNamed(profile: Uint8Array): string | null {
	// Names are ASCII in version 2 and UTF-16 in version 4: without the zeros both read alike.
	const text = ascii(profile.filter((byte) => byte >= 32 && byte < 127).subarray(0, 4000), 0, 4000);
	if (/sRGB/i.test(text)) return null;
	const known = /Display ?P3|Adobe ?RGB|ProPhoto|Rec\.? ?2020|Dot Gain|Gray Gamma|SWOP|FOGRA/i.exec(text);
	return known ? `the profile ${known[0]}` : 'a colour profile';
}

/** The beginning of what zlib packed: the first piece that comes out, whatever it says of its size. */
async function unpackedStart(packed: Uint8Array): Promise<Uint8Array> {
	const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate'));
	const reader = stream.getReader();
	try {
		return (await reader.read()).value ?? new Uint8Array(0);
	} catch {
		return new Uint8Array(0);
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}

async function ofPng(head: Uint8Array, view: DataView): Promise<string | null> {
	let gamma: string | null = null;
	for (let at = 8; at + 12 <= head.length;) {
		const length = view.getUint32(at);
		const kind = ascii(head, at + 4, at + 8);
		const from = at + 8;
		if (kind === 'IDAT' || kind === 'sRGB') return kind === 'sRGB' ? null : gamma;
		if (kind === 'gAMA' && length === 4 && !plainGamma(view.getUint32(from)))
			gamma = `a gamma of 1/${Number((1e5 / view.getUint32(from)).toPrecision(3))}`;
		if (kind === 'cICP') gamma = 'a colour space';
		if (kind === 'iCCP') {
			// Its name and how it is packed stand before it.
			const end = head.indexOf(0, from);
			return profileNamed(await unpackedStart(head.subarray(end + 2, from + length)));
		}
		at = from + length + 4;
	}
	return gamma;
}

function ofJpeg(head: Uint8Array, view: DataView): string | null {
	for (let at = 2; at + 4 <= head.length && head[at] === 0xff;) {
		const [marker, length] = [head[at + 1]!, view.getUint16(at + 2)];
		if (marker === 0xda || length < 2) return null;
		if (marker === 0xe2 && ascii(head, at + 4, at + 15) === 'ICC_PROFILE')
			return profileNamed(head.subarray(at + 18, at + 2 + length));
		at += 2 + length;
	}
	return null;
}

function ofWebp(head: Uint8Array, view: DataView): string | null {
	for (let at = 12; at + 8 <= head.length;) {
		const length = view.getUint32(at + 4, true);
		if (ascii(head, at, at + 4) === 'ICCP') return profileNamed(head.subarray(at + 8, at + 8 + length));
		at += 8 + length + (length & 1);
	}
	return null;
}

/**
 * What the file asks of a screen that is no sRGB, as `a gamma of 1/2.5` or `the profile Display P3`; null where the numbers
 * are meant as they stand.
 * @param head the first bytes of the file, PROFILE_HEAD of them or all
 */
export async function colourProfile(head: Uint8Array): Promise<string | null> {
	const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
	const kind = imageKind(head);
	if (kind === 'png') return ofPng(head, view);
	if (kind === 'jpeg') return ofJpeg(head, view);
	return kind === 'webp' ? ofWebp(head, view) : null;
}
