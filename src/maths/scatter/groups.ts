/** Where the groups of a map are: a position for their names, and a hull around most of their points. */

/** Andrew's monotone chain (1979). @param points x, y, ... @returns corners x, y, ..., against the clock */
export function convexHull(points: Float32Array): Float32Array<ArrayBuffer> {
	const n = points.length / 2;
	const order = Int32Array.from({ length: n }, (_, i) => i).sort(
		(a, b) => points[2 * a]! - points[2 * b]! || points[2 * a + 1]! - points[2 * b + 1]!
	);
	const half = (sequence: Iterable<number>) => {
		const chain: number[] = [];
		for (const i of sequence) {
			while (chain.length > 1 && turn(points, chain.at(-2)!, chain.at(-1)!, i) <= 0) chain.pop();
			chain.push(i);
		}
		return chain.slice(0, -1);
	};
	const corners = n < 2 ? [...order] : [...half(order), ...half(order.slice().reverse())];
	return Float32Array.from(corners.flatMap((i) => [points[2 * i]!, points[2 * i + 1]!]));
}

const turn = (p: Float32Array, a: number, b: number, c: number) =>
	(p[2 * b]! - p[2 * a]!) * (p[2 * c + 1]! - p[2 * a + 1]!) - (p[2 * b + 1]! - p[2 * a + 1]!) * (p[2 * c]! - p[2 * a]!);

export interface Group {
	category: number;
	/** The medoid of a sample: a point of the group near its others, so that a name never stands in a hole. */
	at: readonly [x: number, y: number, z: number];
	hull: Float32Array<ArrayBuffer>;
	count: number;
}

/** Points looked at for the medoid of a group. */
const SAMPLE = 160;
/** Share of a group's points, those nearest to its medoid, that its hull goes around. */
const KEPT = 0.9;

/**
 * @param positions count x dimensions
 * @param codes a category per point; those outside 0..categories - 1 belong to none
 * @returns the groups that have points, by category
 */
export function groups(positions: Float32Array, dimensions: 2 | 3, codes: Int32Array, categories: number): Group[] {
	const members: number[][] = Array.from({ length: categories }, () => []);
	codes.forEach((code, i) => {
		if (Math.abs(positions[dimensions * i]!) <= 2) members[code]?.push(i);
	});
	return members.flatMap((own, category) => {
		if (!own.length) return [];
		const centre = medoid(positions, dimensions, own);
		const distances = Float64Array.from(own, (i) => square(positions, dimensions, i, centre));
		const limit = distances.slice().sort()[Math.min(own.length - 1, Math.ceil(KEPT * own.length) - 1)]!;
		const kept = dimensions === 2 ? own.filter((_, k) => distances[k]! <= limit) : [];
		const points = Float32Array.from(kept.flatMap((i) => [positions[2 * i]!, positions[2 * i + 1]!]));
		const at = [0, 1, 2].map((d) => (d < dimensions ? positions[dimensions * centre + d]! : 0));
		return [{ category, at: at as unknown as Group['at'], hull: convexHull(points), count: own.length }];
	});
}

function square(positions: Float32Array, dimensions: number, i: number, j: number): number {
	let sum = 0;
	for (let d = 0; d < dimensions; d++) sum += (positions[dimensions * i + d]! - positions[dimensions * j + d]!) ** 2;
	return sum;
}

function medoid(positions: Float32Array, dimensions: number, own: readonly number[]): number {
	const step = Math.max(1, own.length / SAMPLE);
	const sample = Array.from({ length: Math.min(SAMPLE, own.length) }, (_, k) => own[Math.floor(k * step)]!);
	let [best, min] = [sample[0]!, Infinity];
	for (const i of sample) {
		let sum = 0;
		for (const j of sample) sum += Math.sqrt(square(positions, dimensions, i, j));
		if (sum < min) [best, min] = [i, sum];
	}
	return best;
}
