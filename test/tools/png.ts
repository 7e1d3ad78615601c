import { zlibSync } from 'fflate';
import { crc, joined } from './bytes.ts';

/** PNG files with what one wants to say of their colours, and profiles to say it with. */

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const u32 = (n: number) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

export const chunk = (kind: string, data: ArrayLike<number>) => {
	const body = joined(ascii(kind), data);
	return joined(u32(data.length), body, u32(crc(body)));
};

export const gAMA = (gamma: number) => chunk('gAMA', u32(Math.round(gamma * 1e5)));
/** White and the corners of a wide gamut. */
export const cHRM = () =>
	chunk(
		'cHRM',
		[0.3127, 0.329, 0.7347, 0.2653, 0.1152, 0.8264, 0.1566, 0.0177].flatMap((v) => u32(Math.round(v * 1e5)))
	);
export const iCCP = (name: string, profile: Uint8Array) =>
	chunk('iCCP', joined(ascii(name), [0, 0], zlibSync(profile)));

/** @param pixels rows of 1 (grey), 3 or 4 bytes a pixel */
export function png(
	pixels: Uint8Array,
	width: number,
	channels: 1 | 3 | 4,
	...chunks: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
	const height = pixels.length / width / channels;
	const stride = width * channels;
	const lines = Array.from({ length: height }, (_, y) => joined([0], pixels.subarray(y * stride, (y + 1) * stride)));
	return joined(
		[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
		chunk('IHDR', [...u32(width), ...u32(height), 8, { 1: 0, 3: 2, 4: 6 }[channels], 0, 0, 0]),
		...chunks,
		chunk('IDAT', zlibSync(joined(...lines))),
		chunk('IEND', [])
	);
}

/** An ICC profile of version 2: a gamma, and red and green that change places, so that nobody can overlook it. */
export function profile(name: string, gamma: number): Uint8Array<ArrayBuffer> {
	const fixed = (v: number) => u32(Math.round(v * 65536));
	const xyz = (x: number, y: number, z: number) => joined(ascii('XYZ '), u32(0), fixed(x), fixed(y), fixed(z));
	const curve = joined(ascii('curv'), u32(0), u32(1), [Math.floor(gamma), Math.round((gamma % 1) * 256)], [0, 0]);
	const desc = joined(ascii('desc'), u32(0), u32(name.length + 1), ascii(name), [0], new Uint8Array(79));
	const tags: [string, Uint8Array][] = [
		['desc', joined(desc, new Uint8Array((4 - (desc.length % 4)) % 4))],
		['wtpt', xyz(0.9642, 1, 0.8249)],
		['rXYZ', xyz(0.3851, 0.7169, 0.0971)],
		['gXYZ', xyz(0.4361, 0.2225, 0.0139)],
		['bXYZ', xyz(0.1431, 0.0606, 0.7141)],
		['rTRC', curve],
		['gTRC', curve],
		['bTRC', curve]
	];
	let at = 128 + 4 + 12 * tags.length;
	const table = tags.map(([tag, { length }]) => {
		const entry = joined(ascii(tag), u32(at), u32(length));
		at += length;
		return entry;
	});
	const head = new Uint8Array(128);
	head.set(u32(at));
	head.set(joined([2, 0x40, 0, 0], ascii('mntrRGB XYZ ')), 8);
	head.set(ascii('acsp'), 36);
	head.set(joined(fixed(0.9642), fixed(1), fixed(0.8249)), 68);
	return joined(head, u32(tags.length), ...table, ...tags.map(([, data]) => data));
}

/** A JPEG with a profile after its beginning. */
export const withProfile = (jpeg: Uint8Array, icc: Uint8Array): Uint8Array<ArrayBuffer> => {
	const body = joined(ascii('ICC_PROFILE'), [0, 1, 1], icc);
	return joined(
		jpeg.subarray(0, 2),
		[0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255],
		body,
		jpeg.subarray(2)
	);
};
