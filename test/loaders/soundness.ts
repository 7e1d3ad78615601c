import type { DataSet } from '#contracts/data-set.ts';
import { parseReference, type GraphNode } from '#contracts/graph.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import { runWork } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { nodeCosts } from '#methods/structure/costs.ts';
import { Session } from '#workers/compute/session.ts';

/** What must hold of everything that a loader hands over, whatever was in the files. */

/** What is wrong with a data set, in half a sentence; null if nothing is. */
export function unsoundData(data: DataSet): string | null {
	const { count, rows, images, columns, label } = data;
	if (!Number.isSafeInteger(count) || count < 1) return `it holds ${count} rows`;
	if (!rows && !images) return 'it holds neither rows nor images';
	if (rows) {
		if (!Number.isSafeInteger(rows.width) || rows.width < 1) return `its rows are ${rows.width} wide`;
		if (rows.values.length !== count * rows.width)
			return `${count} rows of ${rows.width} numbers are ${rows.values.length}`;
		if (rows.names.length && rows.names.length !== rows.width)
			return `${rows.width} features have ${rows.names.length} names`;
		if (new Set(rows.names).size < rows.names.length) return 'two features share a name';
		if (rows.values.every(Number.isNaN)) return 'none of its numbers is one';
	}
	if (images && images.length !== count) return `${count} rows have ${images.length} images`;
	const names = columns.map(({ name }) => name);
	if (new Set(names).size < names.length) return 'two columns share a name';
	for (const column of columns) {
		const length = column.kind === 'category' ? column.codes.length : column.values.length;
		if (length !== count) return `the column “${column.name}” holds ${length} of ${count} values`;
		if (column.kind !== 'category') continue;
		if (new Set(column.categories).size < column.categories.length) return `“${column.name}” has a category twice`;
		if (column.codes.some((code) => !(code >= -1 && code < column.categories.length)))
			return `“${column.name}” has a code without a category`;
	}
	if (label !== null && columns.find(({ name }) => name === label)?.kind !== 'category')
		return `its label “${label}” is no category`;
	return null;
}

/** Numbers of an input that are still fed. */
const MAX_INPUT_VALUES = 1e6;
/** What a run may compute: more is no defect, as a run is cancelled at any time, but longer than a test waits. */
const [MAX_RUN_MACS, MAX_RUN_BYTES] = [2e9, 2e9];

function unsoundGraph(
	nodes: readonly GraphNode[],
	inputs: readonly string[],
	outputs: readonly string[]
): string | null {
	const seen = new Set<string>();
	for (const { id, inputs: from, weights, shape } of nodes) {
		if (seen.has(id)) return `two nodes are called “${id.slice(0, 40)}”`;
		for (const reference of from)
			if (!seen.has(reference) && !seen.has(parseReference(reference)[0]))
				return `“${id.slice(0, 40)}” reads “${reference.slice(0, 40)}”, which does not come before it`;
		if (shape.some((n) => n !== null && !(Number.isSafeInteger(n) && n >= 0))) return `“${id.slice(0, 40)}” has the shape ${shape.join(' × ')}`; // prettier-ignore
		for (const weight of weights)
			if (!weight.shape.every((n) => Number.isSafeInteger(n) && n >= 0))
				return `the weight “${weight.name.slice(0, 40)}” has the shape ${weight.shape.join(' × ')}`;
		seen.add(id);
	}
	for (const id of inputs) if (!seen.has(id)) return `there is no input “${id.slice(0, 40)}”`;
	for (const reference of outputs)
		if (!seen.has(reference) && !seen.has(parseReference(reference)[0]))
			return `there is no output “${reference.slice(0, 40)}”`;
	return null;
}

const finite = (values: ArrayLike<number>) => Array.prototype.every.call(values, Number.isFinite);
/** Of such weights float32 may well make infinities, and a negative variance has no root: that is what the model says. */
const tame = (values: ArrayLike<number>, role = '') =>
	Array.prototype.every.call(values, (x: number) => Math.abs(x) < 1e6 && !(role === 'variance' && x < 0));

/**
 * What is wrong with a model, in half a sentence; null if nothing is. It is opened as the lab opens it, and run once.
 * @throws LabError for what the lab refuses only now
 */
export async function unsoundModel(loaded: LoadedModel): Promise<string | null> {
	const { model } = loaded;
	const { nodes, inputs, outputs } = model.graph;
	const wrong = unsoundGraph(nodes, inputs, outputs);
	if (wrong) return wrong;
	let whole = true;
	for (const { weights } of nodes)
		for (const { name, shape, missing, role } of weights) {
			if (missing) continue;
			const weight = model.weight(name);
			if (weight.shape.join() !== shape.join()) return `the weight “${name}” is ${weight.shape.join(' × ')}, not ${shape.join(' × ')}`; // prettier-ignore
			whole &&= tame(await weight.data(), role);
		}
	const session = new Session(loaded, 'sample');
	session.opened();
	nodeCosts(model.graph);
	if (model.obstacle) return model.obstacle.message ? null : 'it cannot run and does not say why';
	const { macs, bytes } = runWork(model.graph);
	if (macs > MAX_RUN_MACS || bytes > MAX_RUN_BYTES) return null;
	const feeds = new Map<string, tf.Tensor>();
	try {
		for (const { id, shape, dtype } of session.inputs) {
			const size = shape.reduce<number>((product, n) => product * (n ?? 1), 1);
			if (size > MAX_INPUT_VALUES) return null;
			feeds.set(id, tf.fill(shape.map((n) => n ?? 1), dtype === 'float32' ? 0.5 : 1, dtype as 'float32')); // prettier-ignore
		}
		const results = model.run(
			Object.fromEntries(feeds),
			session.heads.map(({ output }) => output)
		);
		const values = await Promise.all(results.map((result) => result.data()));
		results.forEach((result) => result.dispose());
		return whole && !values.every(finite) && !loaded.warnings.length
			? 'it answers with what is no number though all weights are'
			: null;
	} finally {
		feeds.forEach((tensor) => tensor.dispose());
	}
}
