import { NearestLists } from '#maths/projection/exact-neighbours.ts';
import { random, sample } from '#maths/projection/random.ts';
import { between, comparable, type Comparable, type Job, type Neighbours } from '#maths/projection/rows.ts';

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
	private readonly draw = random(1, 'triplets');

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
		const { count } = positions;
		for (let j = 0; j < count; j++) near[j] = between(positions, i, positions, j);
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
	for (let j = 0; j < distances.length; j++) if (j !== self) list.offer(0, distances[j] as number, j);
	return list.indices;
}

/** 1 for the nearest; ties go by row number. */
function rank(distances: Float32Array, self: number, j: number): number {
	const own = distances[j] as number;
	let rank = 1;
	for (let other = 0; other < distances.length; other++) {
		const distance = distances[other] as number;
		if (other !== self && (distance < own || (distance === own && other < j))) rank++;
	}
	return rank;
}

/** Largest k for which the definitions hold. */
export const soundK = (k: number, count: number): number => Math.max(1, Math.min(k, Math.floor((count - 2) / 2)));

export function* fidelity(rows: Comparable, positions: Float32Array, dimensions: number, k: number): Job<Fidelity> {
	const places = sampledRows(rows.count);
	const tally = new FidelityTally(positions, dimensions, k, places.length);
	const far = new Float32Array(rows.count);
	for (const [q, i] of places.entries()) {
		for (let j = 0; j < rows.count; j++) far[j] = between(rows, i, rows, j);
		tally.add(i, far);
		yield { done: (q + 1) / places.length };
	}
	return tally.result();
}

/** Per row, the share of its nearest rows that are not among the nearest in the map: 0..1. */
export function lostNeighbours(there: Neighbours, here: Neighbours): Float32Array {
	const k = Math.min(there.k, here.k);
	const count = k ? there.indices.length / there.k : 0;
	return Float32Array.from({ length: count }, (_, i) => {
		const own = here.indices.subarray(i * here.k, i * here.k + k);
		let lost = 0;
		for (let n = 0; n < k; n++) if (!own.includes(there.indices[i * there.k + n] as number)) lost++;
		return lost / k;
	});
}
