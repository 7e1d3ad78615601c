import type { ComparisonRow } from '#contracts/comparison.ts';
import type { GraphNode } from '#contracts/graph.ts';
import type { LayerParting, PairedBy, PartingProgress } from '#contracts/parting.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import { nearestChain } from '#maths/nearest-chain.ts';
import { increasing } from '#maths/sequence-match.ts';
import type { Running } from '#methods/comparison/activations.ts';
import { flattenedFrom, orderings } from '#methods/comparison/axis-orders.ts';
import {
	apart,
	pairFigures,
	readPairs,
	readSignatures,
	signatureFigures,
	type PairFigures,
	type PairTensors,
	type Signature
} from '#methods/comparison/layer-figures.ts';

/**
 * Layers of two models on one input, matched by name, by structure and then by their values, and how far each pair lies
 * apart. What name and structure say gives way where other layers' values agree far better: a convolution that has taken
 * up its normalisation is the same as the normalisation after the convolution.
 */

/** Bytes of activations that are held of each model at once. */
const HELD = 128 << 20;
/** Relative distance up to which two layers count as agreeing, and up to which the nearest one is a partner. */
const [AGREE, NEAR] = [1e-3, 0.5];
/** How far apart signatures may be of layers that take the position of a pair, and by how much nearer they must be. */
const [ALIKE, NEARER] = [0.05, 0.1];

interface Pair {
	a: number;
	b: number;
	found: PairedBy;
	/** Null until it is known, or where the two have not the same number of elements. */
	figures: PairFigures | null;
}

interface Outlets {
	signal: AbortSignal;
	progress(step: PartingProgress): void;
}

const hasNumbers = ({ dtype }: GraphNode) => dtype !== 'string';
const bytesOf = ({ shape }: GraphNode) => 4 * shape.slice(1).reduce<number>((n, m) => n * (m ?? 1), 1);

/** Parts that fit in what is held. */
export function* inParts<T>(items: readonly T[], bytes: (item: T) => number): Generator<readonly T[]> {
	for (let from = 0; from < items.length;) {
		let [to, held] = [from, 0];
		while (to < items.length && (to === from || held < HELD)) held += bytes(items[to++] as T);
		yield items.slice(from, to);
		from = to;
	}
}

const nodesOf = (side: Running) => side.model.graph.nodes;

/** Finds the figures of pairs, part by part. */
async function* measured(first: Running, second: Running, pairs: readonly Pair[], signal: AbortSignal) {
	const grids = [flattenedFrom(first.model.graph), flattenedFrom(second.model.graph)] as const;
	const [as, bs] = [nodesOf(first), nodesOf(second)];
	for (const part of inParts(pairs, ({ a }) => bytesOf(as[a]!))) {
		const known: Pair[] = [];
		const tensors = tf.tidy(() => {
			const left = first.model.run(
				first.feeds,
				part.map(({ a }) => as[a]!.id)
			);
			const right = second.model.run(
				second.feeds,
				part.map(({ b }) => bs[b]!.id)
			);
			return part.flatMap((pair, i) => {
				const [x, y] = [left[i] as tf.Tensor, right[i] as tf.Tensor];
				if (!x.size || x.shape[0] !== y.shape[0]) return [];
				const grid = grids[0](as[pair.a]!.id, x.size) ?? grids[1](bs[pair.b]!.id, y.size);
				const orders = orderings(x.shape.slice(1), y.shape.slice(1), grid);
				if (!orders.length) return [];
				known.push(pair);
				return [pairFigures(x, y, orders) as PairTensors & tf.TensorContainerObject];
			});
		});
		const figures = await readPairs(tensors);
		known.forEach((pair, i) => (pair.figures = figures[i] ?? null));
		await breath(signal);
		yield part.length;
	}
}

async function signatures(
	side: Running,
	requested: readonly number[],
	signal: AbortSignal
): Promise<Map<number, Signature>> {
	const nodes = nodesOf(side);
	const found = new Map<number, Signature>();
	for (const part of inParts(requested, (i) => bytesOf(nodes[i]!))) {
		const sizes: number[] = [];
		const known: number[] = [];
		const figures = tf.tidy(() => {
			const values = side.model.run(
				side.feeds,
				part.map((i) => nodes[i]!.id)
			);
			return values.flatMap((value, k) => {
				if (!value.size) return [];
				sizes.push(value.size);
				known.push(part[k]!);
				return [signatureFigures(value)];
			});
		});
		(await readSignatures(figures, sizes)).forEach((one, k) => found.set(known[k]!, one));
		await breath(signal);
	}
	return found;
}

/** What is free between those that stay, on either side. */
function* gaps(
	stay: readonly Pair[],
	left: readonly number[],
	right: readonly number[]
): Generator<[number[], number[]]> {
	const chain = increasing([...stay].sort((one, other) => one.a - other.a).map(({ a, b }) => [a, b] as const));
	let [from, other] = [-1, -1];
	for (const [end, otherEnd] of [...chain, [Infinity, Infinity] as const]) {
		const x = left.filter((i) => i > from && i < end);
		const y = right.filter((j) => j > other && j < otherEnd);
		if (x.length && y.length) yield [x, y];
		[from, other] = [end, otherEnd];
	}
}

/** Pairs of what is left by what their values are like. */
function proposed(
	stay: readonly Pair[],
	[as, bs]: readonly [ReadonlyMap<number, Signature>, ReadonlyMap<number, Signature>],
	most: number
): Pair[] {
	const found: Pair[] = [];
	for (const [x, y] of gaps(stay, [...as.keys()], [...bs.keys()])) {
		const gain = (i: number, j: number) => most - apart(as.get(x[i]!)!, bs.get(y[j]!)!);
		for (const [i, j] of nearestChain(x.length, y.length, gain))
			found.push({ a: x[i]!, b: y[j]!, found: 'values', figures: null });
	}
	return found;
}

const farOf = ({ figures }: Pair) => (!figures || figures.unlike ? Infinity : figures.relative);

/** @param rows how name and structure match the two (`compareGraphs`) */
export async function partingOf(
	first: Running,
	second: Running,
	rows: readonly ComparisonRow[],
	{ signal, progress }: Outlets
): Promise<LayerParting[]> {
	const [as, bs] = [nodesOf(first), nodesOf(second)];
	const [indexA, indexB] = [as, bs].map((nodes) => new Map(nodes.map(({ id }, i) => [id, i]))) as [
		Map<string, number>,
		Map<string, number>
	];
	let pairs: Pair[] = rows.flatMap(({ first: a, second: b, found }) => {
		const [i, j] = [indexA.get(a ?? ''), indexB.get(b ?? '')];
		if (i === undefined || j === undefined || !found || ![as[i]!, bs[j]!].every(hasNumbers)) return [];
		return [{ a: i, b: j, found, figures: null }];
	});
	const free = (nodes: readonly GraphNode[], bound: readonly number[]) => {
		const own = new Set(bound);
		return [...nodes.keys()].filter((i) => !own.has(i) && hasNumbers(nodes[i]!));
	};
	const left = (stay: readonly Pair[]) =>
		[
			free(
				as,
				stay.map(({ a }) => a)
			),
			free(
				bs,
				stay.map(({ b }) => b)
			)
		] as const;
	// One name in one place is one layer, whatever it does: another activation is what is looked for.
	for (const [x, y] of gaps(pairs, ...left(pairs)))
		for (const i of x) {
			const j = y.find((k) => bs[k]!.id === as[i]!.id && bytesOf(bs[k]!) === bytesOf(as[i]!));
			if (j !== undefined) pairs.push({ a: i, b: j, found: 'name', figures: null });
		}
	const partings = (): LayerParting[] =>
		pairs
			.flatMap(({ a, b, found, figures }) => (figures ? [{ ...figures, a: as[a]!.id, b: bs[b]!.id, found }] : []))
			.sort((one, other) => indexA.get(one.a)! - indexA.get(other.a)!);
	const all = pairs.length;
	let measuredPairs = 0;
	for await (const count of measured(first, second, pairs, signal)) {
		measuredPairs += count;
		progress({ layers: partings(), done: (0.7 * measuredPairs) / all });
	}

	// What agrees stays; what does not, and what has no partner, is looked for by its values.
	for (const [most, taken] of [
		[ALIKE, true],
		[NEAR, false]
	] as const) {
		const stay = pairs.filter((pair) => !taken || farOf(pair) <= AGREE);
		const [x, y] = left(stay);
		if (!x.length || !y.length) continue;
		const sides = [await signatures(first, x, signal), await signatures(second, y, signal)] as const;
		const better = proposed(stay, sides, most);
		for await (const _ of measured(first, second, better, signal)) void _;
		for (const pair of better) {
			const replaced = pairs.filter(({ a, b }) => a === pair.a || b === pair.b);
			const nearest = Math.min(...replaced.map(farOf), Infinity);
			if (farOf(pair) > Math.min(NEAR, NEARER * nearest)) continue;
			pairs = [...pairs.filter((one) => !replaced.includes(one)), pair];
		}
		progress({ layers: partings(), done: taken ? 0.85 : 0.95 });
	}
	// Where as many are left on either side, of the same sizes, they stand in each other's place.
	const last: Pair[] = [];
	for (const [x, y] of gaps(pairs, ...left(pairs))) {
		if (x.length !== y.length || x.some((i, k) => bytesOf(as[i]!) !== bytesOf(bs[y[k]!]!))) continue;
		x.forEach((i, k) => last.push({ a: i, b: y[k]!, found: 'structure', figures: null }));
	}
	for await (const _ of measured(first, second, last, signal)) void _;
	pairs = [...pairs, ...last];
	progress({ layers: partings(), done: 1 });
	return partings();
}
