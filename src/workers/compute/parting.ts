import type { ComparisonRow } from '#contracts/comparison.ts';
import { LabError } from '#contracts/errors.ts';
import type { GraphNode } from '#contracts/graph.ts';
import type { LayerParting, LayerValues, PartingApi, PartingDetail } from '#contracts/parting.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import type { Running } from '#methods/comparison/activations.ts';
import { flattenedFrom, inOrderOf, orderings } from '#methods/comparison/axis-orders.ts';
import { causesOf, roundedIn, type Parted } from '#methods/comparison/causes.ts';
import { pairFigures, readPairs } from '#methods/comparison/layer-figures.ts';
import { layerFile, outputsOf } from '#methods/comparison/layer-file.ts';
import { partingOf } from '#methods/comparison/parting.ts';
import { largestAt } from '#methods/comparison/seen.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import type { Session } from '#workers/compute/session.ts';
import { Transferred, type Served } from '#workers/rpc.ts';

/** Where the open model parts from the second one, or from itself on another engine. */

type Turn = <T>(signal: AbortSignal, job: () => Promise<T>) => Promise<T>;

interface PartingContext {
	opened(): Session;
	/** The second model of a key. @throws LabError if it is not open any more */
	second(key: number): { session: Session; rows: readonly ComparisonRow[] };
	/** Changes a session: nothing else runs meanwhile. */
	alone: Turn;
	/** Reads sessions. */
	together: Turn;
}

const running = (one: Session): Running => ({ model: one.model, feeds: one.feeds(one.explained().tensor) });

function nodeOf({ model }: Running, id: string): GraphNode {
	const node = model.graph.nodes.find((one) => one.id === id);
	if (!node) throw new LabError(`There is no layer “${id}”.`, 'Compare again.', { code: 'refused' });
	return node;
}

/** A copy of its own. */
async function numbersOf(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
	return Float32Array.from(await tensor.data());
}

const placeOf = (index: number, shape: readonly number[]): number[] =>
	shape.reduceRight<[number, number[]]>(([rest, at], n) => [Math.floor(rest / n), [rest % n, ...at]], [index, []])[1];

type Known = Pick<Parted, 'differences' | 'weights' | 'rounded' | 'engines'>;

async function detailOf(first: Running, ids: readonly [string, string], a: tf.Tensor, b: tf.Tensor, known: Known) {
	const node = nodeOf(first, ids[0]);
	const shape = a.shape.slice(1);
	const values = [await numbersOf(a), await numbersOf(b)] as const;
	const arrays = { shape, a: values[0], b: values[1] };
	const input = first.model.graph.inputs.includes(ids[0]);
	const { family } = operatorOf(node.type);
	const index = largestAt(arrays);
	const detail: PartingDetail = {
		a: ids[0],
		b: ids[1],
		shape,
		values,
		largest: index < 0 ? null : { at: placeOf(index, shape), index },
		causes: causesOf({ ...arrays, ...known, family, input })
	};
	return new Transferred(
		detail,
		values.map(({ buffer }) => buffer)
	);
}

/** How far the weights of one row lie apart, by role. */
async function weightsOf(first: Running, second: Running, row: ComparisonRow | undefined, signal: AbortSignal) {
	const found: { role: string; relative: number }[] = [];
	if (!row) return found;
	const roles = row.weights.filter(({ comparable, shape }) => comparable && !shape.includes(0)).map(({ role }) => role);
	for await (const { rows } of weightDistances(first.model, second.model, [row], signal))
		rows[0]?.tensors.forEach(({ relative }, i) => found.push({ role: roles[i] ?? 'weight', relative }));
	return found;
}

export function parting({ opened, second, alone, together }: PartingContext): Served<PartingApi> {
	return {
		part: async (key, inputs, preprocessingByInput, { signal, progress }) => {
			await alone(signal, async () => {
				second(key).session.feed(inputs, preprocessingByInput);
				return Promise.resolve();
			});
			return together(signal, () => {
				const { session, rows } = second(key);
				return partingOf(running(opened()), running(session), rows, { signal, progress });
			});
		},

		partDetail: (key, { a, b, order }, { signal }) =>
			together(signal, async () => {
				const { session, rows } = second(key);
				const [one, other] = [running(opened()), running(session)];
				const row = rows.find((each) => each.first === a && each.second === b);
				const weights = await weightsOf(one, other, row, signal);
				const [x, y] = tf.tidy(() => {
					const [left, right] = [...one.model.run(one.feeds, [a]), ...other.model.run(other.feeds, [b])] as [tf.Tensor, tf.Tensor]; // prettier-ignore
					const grid = flattenedFrom(one.model.graph)(a, left.size) ?? flattenedFrom(other.model.graph)(b, right.size);
					const way = orderings(left.shape.slice(1), right.shape.slice(1), grid).find((each) => each.order === order);
					if (!way) throw new LabError('These layers have not the same shape.', '', { code: 'refused' });
					return [left, inOrderOf(right, way)] as [tf.Tensor, tf.Tensor];
				});
				try {
					const rounded = [
						roundedIn(one.model.graph.nodes, nodeOf(one, a)),
						roundedIn(other.model.graph.nodes, nodeOf(other, b))
					] as const;
					return await detailOf(one, [a, b], x, y, {
						differences: row?.differences ?? [],
						weights,
						rounded,
						engines: false
					});
				} finally {
					tf.dispose([x, y]);
				}
			}),

		layerValues: (ids, { signal }) =>
			together(signal, async () => {
				const found: LayerValues[] = [];
				for await (const part of outputsOf(running(opened()), ids, signal))
					for (const { id, tensor } of part) found.push({ id, shape: tensor.shape, values: await numbersOf(tensor) });
				return new Transferred(
					found,
					found.map(({ values }) => values.buffer)
				);
			}),

		partValues: (other, { signal }) =>
			together(signal, async () => {
				const known = new Map(other.map((one) => [one.id, one]));
				const found: LayerParting[] = [];
				for await (const part of outputsOf(running(opened()), [...known.keys()], signal)) {
					const there = part.filter(({ id, tensor }) => tensor.size && tensor.size === known.get(id)!.values.length);
					const pairs = there.map(({ id, tensor }) =>
						tf.tidy(() => {
							const b = tf.tensor(known.get(id)!.values, tensor.shape);
							// One layer lies in one way.
							return pairFigures(tensor, b, orderings([tensor.size], [tensor.size])) as ReturnType<typeof pairFigures> & tf.TensorContainerObject; // prettier-ignore
						})
					);
					const figures = await readPairs(pairs);
					there.forEach(({ id }, i) => found.push({ ...figures[i]!, a: id, b: id, found: 'engine' }));
				}
				return found;
			}),

		partValuesDetail: (other, { signal }) =>
			together(signal, async () => {
				const one = running(opened());
				const [a] = one.model.run(one.feeds, [other.id]) as [tf.Tensor];
				if (a.size !== other.values.length) {
					a.dispose();
					throw new LabError('The other engine gives another shape.', '', { code: 'refused' });
				}
				const b = tf.tensor(other.values, a.shape);
				try {
					return await detailOf(one, [other.id, other.id], a, b, {
						differences: [],
						weights: [],
						rounded: [null, null],
						engines: true
					});
				} finally {
					tf.dispose([a, b]);
				}
			}),

		layerFile: (ids, { signal, progress }) =>
			together(signal, () => layerFile(running(opened()), ids, { signal, progress }))
	};
}
