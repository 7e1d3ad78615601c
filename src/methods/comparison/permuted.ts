import { channelsOf, type Arrays } from '#methods/comparison/seen.ts';

/** Whether two arrays hold the same numbers in other positions, and in which. */

export type Permutation =
	'channels-reversed' | 'channels' | 'mirrored' | 'upside-down' | 'turned' | 'channels-first' | 'positions';

const NEAR = 1e-4;

/** ‖x - y‖ ≤ NEAR ‖x‖ */
function near(n: number, x: (i: number) => number, y: (i: number) => number): boolean {
	let [d2, x2] = [0, 0];
	for (let i = 0; i < n; i++) {
		d2 += (x(i) - y(i)) ** 2;
		x2 += x(i) ** 2;
	}
	return d2 <= NEAR ** 2 * x2;
}

/** Where the number of each position of a lies in b, for each kind of move. */
function moves(shape: readonly number[]): [Permutation, (i: number) => number][] {
	const channels = channelsOf(shape);
	const found: [Permutation, (i: number) => number][] = [
		['channels-reversed', (i) => i - (i % channels) + (channels - 1 - (i % channels))]
	];
	if (shape.length !== 3) return found;
	const [height, width] = shape as [number, number, number];
	const at = (i: number) => [Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels] as const;
	const to = (y: number, x: number, c: number) => (y * width + x) * channels + c;
	const move = (of: (y: number, x: number, c: number) => number) => (i: number) => of(...at(i));
	found.push(['mirrored', move((y, x, c) => to(y, width - 1 - x, c))]);
	found.push(['upside-down', move((y, x, c) => to(height - 1 - y, x, c))]);
	if (height === width) found.push(['turned', move((y, x, c) => to(x, y, c))]);
	found.push(['channels-first', move((y, x, c) => (c * height + y) * width + x)]);
	return found;
}

/** Which channel of b is which of a, by their numbers; null where one has no partner. Ascending in a. */
function channelPartners({ a, b, shape }: Arrays): number[] | null {
	const channels = channelsOf(shape);
	const positions = a.length / channels;
	if (channels < 2 || positions < 2) return null;
	// Sums tell most channels apart at once.
	const sums = (values: Float32Array) => {
		const own = new Float64Array(channels);
		for (let i = 0; i < values.length; i++) own[i % channels]! += values[i]!;
		return own;
	};
	const [as, bs] = [sums(a), sums(b)];
	const free = new Set(Array.from({ length: channels }, (_, c) => c));
	const partners: number[] = [];
	for (let c = 0; c < channels; c++) {
		const nearest = [...free].sort((x, y) => Math.abs(bs[x]! - as[c]!) - Math.abs(bs[y]! - as[c]!)).slice(0, 8);
		const partner = nearest.find((x) =>
			near(
				positions,
				(p) => a[p * channels + c]!,
				(p) => b[p * channels + x]!
			)
		);
		if (partner === undefined) return null;
		free.delete(partner);
		partners.push(partner);
	}
	return partners;
}

/** Null where the numbers themselves differ. */
export function permutationOf(arrays: Arrays): Permutation | null {
	const { a, b, shape } = arrays;
	const n = a.length;
	const [x, y] = [a.slice().sort(), b.slice().sort()];
	if (n < 2 || !near(n, (i) => x[i]!, (i) => y[i]!) || near(n, (i) => a[i]!, (i) => b[i]!)) return null; // prettier-ignore
	for (const [kind, position] of moves(shape)) {
		if (near(n, (i) => a[i]!, (i) => b[position(i)]!)) return kind; // prettier-ignore
	}
	return channelPartners(arrays) ? 'channels' : 'positions';
}
