import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

export interface Pixels {
	width: number;
	height: number;
	channels: number;
	/** Row by row, 0..255. */
	data: Uint8Array;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** A PNG of 8 bits per channel, grey or in colours, not interlaced: what the sample inputs are (PNG specification, 9). */
export function readPng(path: string): Pixels {
	const file = readFileSync(path);
	const parts: Buffer[] = [];
	let [width, height, channels] = [0, 0, 0];
	for (let at = 8; at < file.length;) {
		const length = file.readUInt32BE(at);
		const type = file.toString('latin1', at + 4, at + 8);
		const body = file.subarray(at + 8, at + 8 + length);
		if (type === 'IHDR') {
			[width, height, channels] = [body.readUInt32BE(0), body.readUInt32BE(4), CHANNELS[body[9] as number] ?? 0];
			if (body[8] !== 8 || !channels || body[12]) throw new Error(`${path} is a PNG of another kind.`);
		} else if (type === 'IDAT') parts.push(body);
		at += length + 12;
	}
	const raw = inflateSync(Buffer.concat(parts));
	const row = width * channels;
	const data = new Uint8Array(row * height);
	for (let y = 0; y < height; y++) {
		const filter = raw[y * (row + 1)] as number;
		for (let x = 0; x < row; x++) {
			const left = x >= channels ? (data[y * row + x - channels] as number) : 0;
			const up = y ? (data[(y - 1) * row + x] as number) : 0;
			const corner = y && x >= channels ? (data[(y - 1) * row + x - channels] as number) : 0;
			const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] as number;
			data[y * row + x] = (raw[y * (row + 1) + 1 + x] as number) + guess;
		}
	}
	return { width, height, channels, data };
}

function paeth(a: number, b: number, c: number): number {
	const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** Means over whole blocks: [side, side, channels], 0..255. */
export function shrunk({ width, height, channels, data }: Pixels, side: number): Float32Array {
	const factor = width / side;
	if (width !== height || !Number.isInteger(factor)) throw new Error('The picture is no multiple of that size.');
	const out = new Float32Array(side * side * channels);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			for (let k = 0; k < channels; k++) {
				const cell = (Math.floor(y / factor) * side + Math.floor(x / factor)) * channels + k;
				out[cell] = (out[cell] as number) + (data[(y * width + x) * channels + k] as number) / factor ** 2;
			}
	return out;
}
