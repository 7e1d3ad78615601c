/** A number in 0..1 from two whole ones: the same on every machine (splitmix64's mixing, in 32 bits). */
export function hash01(seed: number, index: number): number {
	let h = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
	h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
	h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
	return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}
