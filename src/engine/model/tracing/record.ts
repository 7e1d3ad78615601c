import type { Feeds, Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { canonical } from '#engine/model/executor.ts';

/** One run of a model, kernel by kernel: whatever format it came from, it is made of TF.js's kernels. */

/** Where a tensor came from. */
export type Place =
	| { kind: 'input'; id: string }
	| { kind: 'weight'; name: string }
	| { kind: 'constant'; index: number }
	| { kind: 'call'; call: number; output: number };

export interface RecordedCall {
	/** What TF.js calls it. */
	kernel: string;
	/** By role, in their order; a list has numbers as roles. */
	inputs: readonly (readonly [role: string, from: Place])[];
	attributes: Readonly<Record<string, unknown>>;
	/** Of each input, by role. */
	shapes: Readonly<Record<string, readonly number[]>>;
	outputs: readonly { shape: readonly number[]; dtype: tf.DataType }[];
	/** The node of the model that it was run for. */
	node: string;
}

export interface Recorded {
	calls: readonly RecordedCall[];
	/** The values of nodes by reference. */
	values: ReadonlyMap<string, Place>;
	/** Tensors that nothing computed and no weight is: the caller's to dispose. */
	constants: readonly tf.Tensor[];
}

type RunKernel = ReturnType<typeof tf.engine>['runKernel'];

/**
 * Runs a model and writes down what it runs. TF.js has no hook for that: for the time of the run, which nothing else can
 * come into, a function of our own stands in front of the engine's.
 * @throws LabError as `run` does
 */
export function recorded(model: Model, feeds: Feeds): Recorded {
	const { graph } = model;
	const calls: (Omit<RecordedCall, 'node'> & { node: string })[] = [];
	const values = new Map<string, Place>();
	const constants: tf.Tensor[] = [];
	const places = new Map<number, Place>(Object.entries(feeds).map(([id, { id: own }]) => [own, { kind: 'input', id }]));
	const weights = new Map<object, string>();
	for (const { weights: own } of graph.nodes)
		for (const { name, missing } of own) {
			const { dataId } = missing ? { dataId: {} } : model.weight(name);
			if (!weights.has(dataId)) weights.set(dataId, name);
		}

	const engine = tf.engine();
	const original = engine.runKernel as RunKernel;
	const run: RunKernel = original.bind(engine) as RunKernel;
	let depth = 0;

	function placeOf(tensor: tf.Tensor): Place {
		let place = places.get(tensor.id);
		if (place) return place;
		const name = weights.get(tensor.dataId);
		if (name !== undefined) place = { kind: 'weight', name };
		else {
			// Its maker may dispose it as soon as the step is over.
			constants.push(tf.keep(run('Identity', { x: tensor })));
			place = { kind: 'constant', index: constants.length - 1 };
		}
		places.set(tensor.id, place);
		return place;
	}

	function write(kernel: string, inputs: tf.NamedTensorMap, attributes: object, result: unknown): void {
		const given = Object.entries(inputs).filter(([, tensor]) => tensor as tf.Tensor | undefined);
		const outputs = [result].flat() as tf.Tensor[];
		outputs.forEach(({ id }, output) => places.set(id, { kind: 'call', call: calls.length, output }));
		calls.push({
			kernel,
			inputs: given.map(([role, tensor]) => [role, placeOf(tensor)]),
			attributes: { ...attributes },
			shapes: Object.fromEntries(given.map(([role, { shape }]) => [role, shape])),
			outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
			node: ''
		});
	}

	let from = 0;
	/** Is told each value as soon as it is there: what was run since the last belongs to its node. */
	const seen = (id: string, reference: string) => (value: tf.Tensor) => {
		values.set(canonical(reference), placeOf(value));
		for (; from < calls.length; from++) (calls[from] as { node: string }).node = id;
		return value;
	};
	const replace = Object.fromEntries(
		graph.nodes.flatMap(({ id }) => [
			[id, seen(id, id)] as const,
			...graph.outputs.filter((one) => one.startsWith(`${id}:`)).map((one) => [one, seen(id, one)] as const)
		])
	);

	engine.runKernel = ((kernel, inputs, attributes = {}) => {
		depth++;
		try {
			const result = run(kernel, inputs, attributes);
			if (depth === 1) write(kernel, inputs, attributes, result);
			return result;
		} finally {
			depth--;
		}
	}) as RunKernel;
	try {
		tf.dispose(model.run(feeds, graph.outputs, { replace }));
	} catch (error) {
		tf.dispose(constants);
		throw error;
	} finally {
		delete (engine as Partial<typeof engine>).runKernel;
	}
	return { calls: calls.slice(0, from), values, constants };
}
