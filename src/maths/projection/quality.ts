import { NearestLists } from '#maths/projection/exact-neighbours.ts';
import { fastStream, sample } from '#maths/random.ts';
import { between, comparable, within, type Comparable, type Job, type Neighbours } from '#maths/projection/rows.ts';
import { SimdScan } from '#maths/projection/simd/simd-scan.ts';

/** How far a map may be believed (Venna & Kaski 2001), by some rows, each of which is compared with all. */
export interface Fidelity {
	trustworthiness: number;
	continuity: number;
	/** Mean share of the k nearest that the map keeps. */
	overlap: number;
	/** Share of random triplets whose order of distances the map keeps. */
	triplets: number;
	sampled: number;
}

const ROWS = 1000;
const TRIPLETS = 100_000;
/** Rows whose distances to all are kept at once. */
const TOGETHER = 32;

export const sampledRows = (count: number, seed = 1): Int32Array => sample(count, ROWS, seed);

/** Adds up what each looked-at row says. */
export class FidelityTally {
	private trust = 0;
	private lost = 0;
	private kept = 0;
	private ordered = 0;
	private tripled = 0;
	private rows = 0;
	private readonly positions: Comparable;
	private readonly near: Float32Array;
	private readonly draw = fastStream(1, 'triplets');

	/** @param rows that will be added: the triplets are shared among them */
	constructor(
		positions: Float32Array,
		dimensions: number,
		private readonly k: number,
		private readonly expected: number
	) {
		const count = positions.length / dimensions;
		this.positions = comparable({ values: positions, count, width: dimensions }, 'euclidean');
		this.near = new Float32Array(count);
	}

	/** @param far from row `i` to every row, in any measure of the same order */
	add(i: number, far: Float32Array): void {
		const { positions, near, k } = this;
		const { count, values, width } = positions;
		const [x, y, z] = [values[i * width], values[i * width + 1], width === 3 ? values[i * width + 2] : 0] as const;
		for (let j = 0, at = 0; j < count; j++, at += width) {
			const [dx, dy] = [(values[at] as number) - x!, (values[at + 1] as number) - y!];
			const dz = width === 3 ? (values[at + 2] as number) - z! : 0;
			near[j] = dx * dx + dy * dy + dz * dz;
		}
		const [here, there] = [nearest(near, i, k), nearest(far, i, k)];
		for (let n = 0; n < k; n++) {
			if (there.includes(here[n] as number)) this.kept++;
			else this.trust += rank(far, i, here[n] as number) - k;
			if (!here.includes(there[n] as number)) this.lost += rank(near, i, there[n] as number) - k;
		}
		const { below } = this.draw;
		for (let t = 0; t < Math.ceil(TRIPLETS / this.expected); t++) {
			const [a, b] = [below(count), below(count)];
			if (a === b || a === i || b === i || far[a] === far[b]) continue;
			this.tripled++;
			if ((far[a] as number) < (far[b] as number) === (near[a] as number) < (near[b] as number)) this.ordered++;
		}
		this.rows++;
	}

	result(): Fidelity {
		const { k, rows, positions } = this;
		// As scikit-learn: for fewer than 3k + 1 rows there is no such scale, and no claim is made.
		const scale = 2 / (rows * k * (2 * positions.count - 3 * k - 1));
		const claim = (sum: number) => (scale > 0 && Number.isFinite(scale) ? 1 - scale * sum : NaN);
		return {
			trustworthiness: claim(this.trust),
			continuity: claim(this.lost),
			overlap: rows && k ? this.kept / (rows * k) : NaN,
			triplets: this.tripled ? this.ordered / this.tripled : NaN,
			sampled: rows
		};
	}
}

function nearest(distances: Float32Array, self: number, k: number): Int32Array {
	const list = new NearestLists(1, k);
	let bound = Infinity;
	for (let j = 0; j < distances.length; j++) {
		if (!((distances[j] as number) < bound) || j === self) continue;
		list.offer(0, distances[j] as number, j);
		bound = list.bound(0);
	}
	return list.indices;
}

/** 1 for the nearest; ties go by row number. */
function rank(distances: Float32Array, self: number, j: number): number {
	const own = distances[j] as number;
	let nearer = 0;
	for (let other = 0; other < j; other++) if ((distances[other] as number) <= own) nearer++;
	for (let other = j + 1; other < distances.length; other++) if ((distances[other] as number) < own) nearer++;
	const counted = self < j ? (distances[self] as number) <= own : (distances[self] as number) < own;
	return 1 + nearer - (counted ? 1 : 0);
}

/** Largest k for which the definitions hold. */
export const soundK = (k: number, count: number): number => Math.max(1, Math.min(k, Math.floor((count - 2) / 2)));

export function* fidelity(rows: Comparable, positions: Float32Array, dimensions: number, k: number): Job<Fidelity> {
	const { count } = rows;
	const sampled = sampledRows(count);
	const tally = new FidelityTally(positions, dimensions, k, sampled.length);
	const scan = SimdScan.of(rows, sampled.length);
	const together = Math.min(scan?.queries ?? 1, sampled.length, TOGETHER);
	const far = new Float32Array(together * count);
	for (let begin = 0; begin < sampled.length; begin += together) {
		const some = sampled.subarray(begin, begin + together);
		if (scan) yield* within(allSums(scan, rows, some, far), begin / sampled.length, begin / sampled.length);
		else for (let j = 0, i = some[0] as number; j < count; j++) far[j] = between(rows, i, rows, j);
		for (let q = 0; q < some.length; q++) {
			tally.add(some[q] as number, far.subarray(q * count, (q + 1) * count));
			yield { done: (begin + q + 1) / sampled.length };
		}
	}
	return tally.result();
}

/** From each of some rows to all, row by row. */
function* allSums(scan: SimdScan, rows: Comparable, sampled: Int32Array, out: Float32Array): Job<void> {
	sampled.forEach((row, q) => scan.ask(q, rows, row));
	for (let first = 0; first < rows.count; first += scan.rows) {
		const size = scan.show(first);
		for (let q = 0; q < sampled.length; q++) out.set(scan.sums(q, size), q * rows.count + first);
		yield { done: 0 };
	}
}

/** Per row, the share of its nearest rows that are not among the nearest in the map: 0..1. */
export function* lostNeighbours(there: Neighbours, here: Neighbours): Job<Float32Array> {
	const k = Math.min(there.k, here.k);
	const count = k ? there.indices.length / there.k : 0;
	const shares = new Float32Array(count);
	for (let i = 0; i < count; i++) {
		let lost = k;
		for (let n = i * there.k; n < i * there.k + k; n++)
			for (let m = i * here.k; m < i * here.k + k; m++)
				if (here.indices[m] === there.indices[n]) {
					lost--;
					break;
				}
		shares[i] = lost / k;
		if (i % 4096 === 4095) yield { done: i / count };
	}
	return shares;
}
