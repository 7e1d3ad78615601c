import { density, MARGIN } from '#maths/scatter/density.ts';

/** Groups of points by crowding alone: hills of the density, as an eye would see them. */

/** Cells along a side. */
const SIDE = 256;
/** A cell is part of a hill when it is at least this crowded, as a share of what is usual where points are. */
const FLOOR = 0.08;
/** Two hills stay apart when the lower one rises this much above the pass between them... */
const RISE = 1.25;
/** ... and by so many standard deviations of a count of that many points. */
const SURE = 3;
/** A group has at least this share of the points, and so many of them. */
const [MIN_SHARE, MIN_POINTS] = [0.004, 6];

export interface Clusters {
	/** A group per point, the largest first; -1 for strays. */
	codes: Int32Array<ArrayBuffer>;
	count: number;
}

/**
 * Hill climbing on a grid of the density, with hills merged by prominence (as in ToMATo: Chazal, Guibas, Oudot & Skraba 2013):
 * cells are taken from the most crowded down; one beside no known hill begins one, and where two meet, the lower is swallowed
 * unless it stands out from the pass, and by more than chance would make it.
 * @param positions count x 2, within -1..1; other points are strays
 * @param max groups
 */
export function clusters(positions: Float32Array, max: number): Clusters {
	const count = positions.length / 2;
	const radius = Math.min(9, Math.max(3, Math.round(26 / Math.max(1, count) ** (1 / 6))));
	const field = density(positions, SIDE, radius);
	const total = field.reduce((sum, v) => sum + v, 0);
	// Points under the kernel of one cell: three box filters spread by w² - 1 over 4.
	const kernel = Math.PI * ((2 * radius + 1) ** 2 - 1);
	const points = total > 0 ? (count / total) * kernel : 0;
	const hills = hillsOf(field, FLOOR * usual(positions, field), points);
	const own = Int32Array.from({ length: count }, (_, i) => {
		const cell = cellOf(positions, i);
		return cell < 0 ? -1 : hills[cell]!;
	});
	const sizes = new Map<number, number>();
	for (const hill of own) if (hill >= 0) sizes.set(hill, (sizes.get(hill) ?? 0) + 1);
	const kept = [...sizes]
		.filter(([, size]) => size >= Math.max(MIN_POINTS, MIN_SHARE * count))
		.sort(([a, n], [b, m]) => m - n || a - b)
		.slice(0, max);
	const rank = new Map(kept.map(([hill], k) => [hill, k]));
	return { codes: own.map((hill) => rank.get(hill) ?? -1), count: kept.length };
}

function cellOf(positions: Float32Array, i: number): number {
	const [c, r] = [0, 1].map((d) => Math.floor(((positions[2 * i + d]! / MARGIN + 1) / 2) * SIDE));
	return c! >= 0 && r! >= 0 && c! < SIDE && r! < SIDE ? r! * SIDE + c! : -1;
}

/** The median of the density over the points. */
function usual(positions: Float32Array, field: Float32Array): number {
	const count = positions.length / 2;
	const step = Math.max(1, count / 5000);
	const seen: number[] = [];
	for (let k = 0; k < count; k += step) {
		const cell = cellOf(positions, Math.floor(k));
		if (cell >= 0) seen.push(field[cell]!);
	}
	return seen.sort((a, b) => a - b)[seen.length >> 1] ?? 0;
}

/** The hill of each cell, by the number of its highest cell; -1 below the floor. @param points under a cell of density 1 */
function hillsOf(field: Float32Array, floor: number, points: number): Int32Array {
	const hill = new Int32Array(field.length).fill(-1);
	const root = (cell: number): number => {
		let at = cell;
		while (hill[at] !== at) at = hill[at] = hill[hill[at]!]!;
		return at;
	};
	const order = Uint32Array.from(field.keys())
		.filter((cell) => field[cell]! > floor)
		.sort((a, b) => field[b]! - field[a]! || a - b);
	for (const cell of order) {
		const pass = field[cell]!;
		const beside = neighbours(cell).filter((other) => hill[other]! >= 0);
		const roots = [...new Set(beside.map(root))].sort((a, b) => field[b]! - field[a]! || a - b);
		const steepest = beside.reduce((best, other) => (best < 0 || field[other]! > field[best]! ? other : best), -1);
		hill[cell] = steepest < 0 ? cell : root(steepest);
		for (const lower of roots.slice(1)) {
			const top = field[lower]!;
			const stands = top > RISE * pass && points * (top - pass) > SURE * Math.sqrt(Math.max(1, points * pass));
			if (!stands) hill[lower] = roots[0]!;
		}
	}
	for (const cell of order) hill[cell] = root(cell);
	return hill;
}

function neighbours(cell: number): number[] {
	const [c, r] = [cell % SIDE, Math.floor(cell / SIDE)];
	const found: number[] = [];
	for (let dr = -1; dr <= 1; dr++)
		for (let dc = -1; dc <= 1; dc++)
			if ((dr || dc) && r + dr >= 0 && r + dr < SIDE && c + dc >= 0 && c + dc < SIDE)
				found.push((r + dr) * SIDE + c + dc);
	return found;
}
