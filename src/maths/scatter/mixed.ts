/** Numbers on their way from some to others: `t` of the way, 0..1. */
export const mixed = <T extends Float32Array | number[]>(from: T, to: T, t: number): T =>
	from.map((value, k) => value + t * (to[k]! - value)) as T;
