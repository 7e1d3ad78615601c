import { NUMBERS, type Dice } from './dice.ts';

/** Changes to a file that nobody looks into. */

export type Bytes = Uint8Array<ArrayBuffer>;
type Change = (bytes: Bytes, dice: Dice) => Bytes;

function put(bytes: Bytes, at: number, part: Uint8Array): Bytes {
	const changed = bytes.slice();
	changed.set(part.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
	return changed;
}

function joined(...parts: readonly Uint8Array[]): Bytes {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
	return all;
}

/** A stretch of the file, mostly short. */
function stretch(bytes: Bytes, dice: Dice): [from: number, to: number] {
	const from = dice.below(bytes.length + 1);
	const length = dice.chance() < 0.7 ? dice.below(64) : dice.below(bytes.length + 1);
	return [from, Math.min(bytes.length, from + length)];
}

/** Headers lie at both ends: half of the changes go there. */
const offset = (bytes: Bytes, dice: Dice) => {
	const edge = Math.min(bytes.length, 200);
	const kind = dice.chance();
	return kind < 0.25 ? dice.below(edge) : kind < 0.5 ? bytes.length - 1 - dice.below(edge) : dice.below(bytes.length);
};

const CHANGES: readonly Change[] = [
	// Single bits.
	(bytes, dice) => {
		const changed = bytes.slice();
		for (let k = dice.below(8); k >= 0; k--) changed[offset(bytes, dice)]! ^= 1 << dice.below(8);
		return changed;
	},
	(bytes, dice) => put(bytes, offset(bytes, dice), Uint8Array.of(dice.one([0, 1, 127, 128, 254, 255]))),
	// Lengths, counts and offsets.
	(bytes, dice) => {
		const word = new DataView(new ArrayBuffer(8));
		const value = dice.one(NUMBERS);
		const kind = dice.below(5);
		if (kind === 0) word.setInt32(0, value, true);
		if (kind === 1) word.setInt32(0, value, false);
		if (kind === 2) word.setFloat32(0, dice.one([NaN, Infinity, value]), true);
		if (kind === 3) word.setFloat64(0, dice.one([NaN, -Infinity, value]), true);
		if (kind === 4)
			word.setBigInt64(0, BigInt.asIntN(64, BigInt(Math.trunc(Math.max(-1e18, Math.min(1e18, value))))), true);
		return put(bytes, offset(bytes, dice), new Uint8Array(word.buffer, 0, kind < 3 ? 4 : 8));
	},
	// Cut at the end, or at the beginning.
	(bytes, dice) => bytes.slice(0, dice.below(bytes.length)),
	(bytes, dice) => (dice.chance() < 0.2 ? bytes.slice(dice.below(bytes.length)) : bytes.slice(0, -1 - dice.below(16))),
	// A stretch taken out, doubled, put elsewhere, filled with anything.
	(bytes, dice) => {
		const [from, to] = stretch(bytes, dice);
		return joined(bytes.subarray(0, from), bytes.subarray(to));
	},
	(bytes, dice) => {
		const [from, to] = stretch(bytes, dice);
		const times = dice.chance() < 0.1 ? 50 : 1;
		return joined(
			bytes.subarray(0, to),
			...Array.from({ length: times }, () => bytes.subarray(from, to)),
			bytes.subarray(to)
		);
	},
	(bytes, dice) => {
		const [from, to] = stretch(bytes, dice);
		return put(bytes, dice.below(bytes.length), bytes.slice(from, to));
	},
	(bytes, dice) => {
		const [from, to] = stretch(bytes, dice);
		return put(
			bytes,
			from,
			Uint8Array.from({ length: to - from }, () => dice.below(256))
		);
	}
];

export function changedBytes(bytes: Bytes, dice: Dice): Bytes {
	if (!bytes.length) return Uint8Array.from({ length: dice.below(64) }, () => dice.below(256));
	let changed = bytes;
	for (let k = dice.chance() < 0.3 ? dice.below(4) : 0; k >= 0 && changed.length; k--)
		changed = dice.one(CHANGES)(changed, dice);
	return changed;
}
