/**
 * LZ4 frames (lz4_Frame_format 1.6), read: Arrow keeps its buffers in them. Blocks may lean on the ones before; checksums are
 * passed over. Own code, as the library for it was last changed in substance years ago and has no types.
 */

const MAGIC = 0x184d2204;

/** Why bytes are no LZ4 frame of the size that was said. */
class Lz4Error extends Error {}

/** @param size bytes of the whole when unpacked */
export function unpackedLz4(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
	const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
	const out = new Uint8Array(size);
	let [at, to] = [0, 0];
	const need = (bytes: number) => {
		if (at + bytes > packed.length) throw new Lz4Error('it ends within a frame');
	};
	while (to < size) {
		need(7);
		if (view.getUint32(at, true) !== MAGIC) throw new Lz4Error('there is no LZ4 frame');
		const flags = packed[at + 4]!;
		if (flags >> 6 !== 1) throw new Lz4Error('its version is not known');
		const [blockSums, contentSize, contentSum, dictionary] = [flags & 16, flags & 8, flags & 4, flags & 1];
		if (dictionary) throw new Lz4Error('it needs a dictionary');
		at += 7 + (contentSize ? 8 : 0);
		for (;;) {
			need(4);
			const head = view.getUint32(at, true);
			at += 4;
			if (head === 0) break;
			const length = head & 0x7fffffff;
			need(length);
			const block = packed.subarray(at, at + length);
			if (head >= 0x80000000) {
				if (to + length > size) throw new Lz4Error('it holds more than it says');
				out.set(block, to);
				to += length;
			} else to = unpackBlock(block, out, to);
			at += length + (blockSums ? 4 : 0);
		}
		if (contentSum) at += 4;
	}
	return out;
}

/** @returns where the next block goes */
function unpackBlock(block: Uint8Array, out: Uint8Array, to: number): number {
	let at = 0;
	const longer = (length: number) => {
		for (let byte = 255; byte === 255; length += byte) {
			if (at >= block.length) throw new Lz4Error('it ends within a length');
			byte = block[at++]!;
		}
		return length;
	};
	while (at < block.length) {
		const token = block[at++]!;
		const literals = token >> 4 === 15 ? longer(15) : token >> 4;
		if (at + literals > block.length || to + literals > out.length) throw new Lz4Error('it holds more than it says');
		out.set(block.subarray(at, at + literals), to);
		at += literals;
		to += literals;
		// The last sequence has letters only.
		if (at === block.length) break;
		if (at + 2 > block.length) throw new Lz4Error('it ends within a match');
		const back = block[at]! | (block[at + 1]! << 8);
		at += 2;
		const match = 4 + ((token & 15) === 15 ? longer(15) : token & 15);
		if (back === 0 || back > to || to + match > out.length) throw new Lz4Error('it refers to what is not there');
		// What is copied may grow while it is: a run repeats itself.
		if (back >= match) out.copyWithin(to, to - back, to - back + match);
		else for (let k = 0; k < match; k++) out[to + k] = out[to + k - back]!;
		to += match;
	}
	return to;
}
