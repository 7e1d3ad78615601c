/** What can be seen of how two arrays of one shape differ. Plain numbers, in float64. */

export interface Arrays {
	/** Without the batch, channels last. */
	shape: readonly number[];
	a: Float32Array;
	b: Float32Array;
}

/** Share of the largest magnitude below which a difference is none. */
const SLIGHT = 1e-5;
/** Of the norm of the differences: what an explanation may leave over. */
const LEFT = 0.02;

export const channelsOf = (shape: readonly number[]) => shape.at(-1) ?? 1;

/** Positions whose difference is more than rounding; one with a number on one side only differs. */
export function differing({ a, b }: Arrays): Uint8Array {
	let scale = 0;
	for (let i = 0; i < a.length; i++) {
		for (const value of [a[i]!, b[i]!]) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
	}
	const slight = SLIGHT * scale;
	return Uint8Array.from(a, (x, i) => {
		const d = Math.abs(x - b[i]!);
		return Number.isNaN(d) ? Number(Number.isNaN(x) !== Number.isNaN(b[i]!)) : Number(d > slight);
	});
}

/** Index of the largest difference, -1 where none differs; no number beside a number is the largest of all. */
export function largestAt({ a, b }: Arrays): number {
	let [best, index] = [0, -1];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i]!, b[i]!];
		if (Object.is(x, y) || (Number.isNaN(x) && Number.isNaN(y))) continue;
		const d = Number.isFinite(x - y) ? Math.abs(x - y) : Infinity;
		if (d > best && x !== y) [best, index] = [d, i];
	}
	return index;
}

/** b ≈ scale · a + offset by least squares over some positions. */
export interface Fit {
	scale: number;
	offset: number;
	/** Sum of the squares that are left over, and of those of b - a. */
	left: number;
	all: number;
}

/** @param start of the positions, `step` apart */
function fit({ a, b }: Arrays, start: number, step: number, end = a.length): Fit {
	let [n, sa, sb, saa, sab, all] = [0, 0, 0, 0, 0, 0];
	for (let i = start; i < end; i += step) {
		n++;
		sa += a[i]!;
		sb += b[i]!;
	}
	const [ma, mb] = [sa / n, sb / n];
	for (let i = start; i < end; i += step) {
		const [x, y] = [a[i]! - ma, b[i]! - mb];
		saa += x * x;
		sab += x * y;
		all += (b[i]! - a[i]!) ** 2;
	}
	const scale = saa > 0 ? sab / saa : 1;
	const offset = mb - scale * ma;
	let left = 0;
	for (let i = start; i < end; i += step) left += (b[i]! - scale * a[i]! - offset) ** 2;
	return { scale, offset, left, all };
}

/** One scale and offset for all, or null where that is not what differs. */
export function oneFit(arrays: Arrays): Fit | null {
	const { a } = arrays;
	const whole = a.length > 2 ? fit(arrays, 0, 1) : null;
	return whole && whole.all > 0 && whole.left <= LEFT ** 2 * whole.all ? whole : null;
}

/** A scale and an offset for each channel (`along` all positions) or for each position (`along` its channels), or null. */
export function manyFits(arrays: Arrays, along: 'channel' | 'position'): readonly Fit[] | null {
	const { a, shape } = arrays;
	const channels = channelsOf(shape);
	const positions = a.length / channels;
	// Two numbers always lie on a line.
	if ((along === 'channel' ? positions : channels) < 4 || !Number.isInteger(positions)) return null;
	const fits =
		along === 'channel'
			? Array.from({ length: channels }, (_, c) => fit(arrays, c, channels))
			: Array.from({ length: positions }, (_, p) => fit(arrays, p * channels, 1, (p + 1) * channels));
	const sum = (k: 'left' | 'all') => fits.reduce((total, one) => total + one[k], 0);
	return sum('all') > 0 && sum('left') <= LEFT ** 2 * sum('all') ? fits : null;
}

export type Edge = 'top' | 'bottom' | 'left' | 'right';

/**
 * The edges within which all differences lie: rows and columns from each side, at most a third of the picture; null where
 * the inside differs, too. Sequences have their beginning at the top.
 */
export function edges(shape: readonly number[], differs: Uint8Array): Readonly<Record<Edge, number>> | null {
	if (shape.length < 2 || shape.length > 3) return null;
	const [height, width] = shape.length === 3 ? (shape as [number, number, number]) : [shape[0] as number, 1];
	const channels = channelsOf(shape);
	const limits = [Math.floor(height / 3), Math.floor(width / 3)] as const;
	if (limits[0] < 1 || (shape.length === 3 && limits[1] < 1)) return null;
	const map = new Uint8Array(height * width);
	for (let i = 0; i < differs.length; i++) if (differs[i]) map[Math.floor(i / channels)] = 1;
	const found = { top: 0, bottom: 0, left: 0, right: 0 };
	const widen = (edge: Edge, depth: number) => (found[edge] = Math.max(found[edge], depth));
	/** Depth from the nearer end; null in the middle. */
	const near = (at: number, length: number, limit: number) =>
		at < limit ? ([0, at + 1] as const) : at >= length - limit ? ([1, length - at] as const) : null;
	const positions = [...map.keys()].filter((position) => map[position]);
	const ways = positions.map((position) => ({
		row: near(Math.floor(position / width), height, limits[0]),
		column: width > 1 ? near(position % width, width, limits[1]) : null
	}));
	if (!positions.length || ways.some(({ row, column }) => !row && !column)) return null;
	// Away from the corners it is plain which edge a position belongs to.
	for (const { row, column } of ways) {
		if (row && !column) widen(row[0] ? 'bottom' : 'top', row[1]);
		if (column && !row) widen(column[0] ? 'right' : 'left', column[1]);
	}
	for (const { row, column } of ways) {
		if (!row || !column) continue;
		const [one, other] = [row[0] ? 'bottom' : 'top', column[0] ? 'right' : 'left'] as const;
		if (row[1] > found[one] && column[1] > found[other]) widen(one, row[1]);
	}
	return found;
}

/** Where values differ: only where one of them is not positive, or only where one is larger than all that agree. */
export function bySize({ a, b }: Arrays, differs: Uint8Array): 'negative' | 'large' | null {
	let [n, negative, agreeing, above, bound] = [0, 0, 0, Infinity, -Infinity];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i]!, b[i]!];
		if (differs[i]) {
			n++;
			if (Math.min(x, y) <= 0) negative++;
			above = Math.min(above, Math.max(x, y));
		} else {
			agreeing++;
			bound = Math.max(bound, x, y);
		}
	}
	if (!n || !agreeing) return null;
	if (negative === n && bound > 0) return 'negative';
	return above >= bound && above > 0 ? 'large' : null;
}

/** b as a function of a, value by value: equal values of a have equal ones of b, and near ones near ones. */
export function isFunction({ a, b }: Arrays): boolean {
	const order = Uint32Array.from(a.keys()).sort((i, j) => a[i]! - a[j]!);
	if (order.length < 16) return false;
	let [left, all] = [0, 0];
	for (let k = 1; k + 1 < order.length; k++) {
		const [p, i, q] = [order[k - 1]!, order[k]!, order[k + 1]!];
		const wide = a[q]! - a[p]!;
		const share = wide > 0 ? (a[i]! - a[p]!) / wide : 0.5;
		left += (b[i]! - b[p]! - share * (b[q]! - b[p]!)) ** 2;
		all += (b[i]! - a[i]!) ** 2;
	}
	return all > 0 && left <= 0.01 * all;
}

/** The step of a grid on which all values lie, or null: 4 to 256 of them, at most 1,024 steps. */
export function gridStep(values: Float32Array): number | null {
	const distinct = new Set<number>();
	for (const value of values) {
		if (!Number.isFinite(value)) return null;
		distinct.add(value);
		if (distinct.size > 256) return null;
	}
	const sorted = [...distinct].sort((x, y) => x - y);
	if (sorted.length < 4) return null;
	const gaps = sorted.slice(1).map((value, i) => value - sorted[i]!);
	const smallest = gaps.reduce((x, y) => Math.min(x, y));
	const steps = Math.round((sorted.at(-1)! - sorted[0]!) / smallest);
	if (steps > 1024) return null;
	// The whole range says the step more exactly than one gap.
	const step = (sorted.at(-1)! - sorted[0]!) / steps;
	return sorted.every((value) => {
		const k = (value - sorted[0]!) / step;
		return Math.abs(k - Math.round(k)) < 0.02;
	})
		? step
		: null;
}
