/** Of a distribution, in bits (Shannon 1948): 0 where all lies in one class, log2(n) where n are alike. */
export function entropy(shares: ArrayLike<number>): number {
	let bits = 0;
	for (let i = 0; i < shares.length; i++) {
		const share = shares[i] as number;
		if (share !== 0) bits -= share * Math.log2(share);
	}
	// Rounding may leave shares a little above one.
	return bits < 0 ? 0 : bits;
}
