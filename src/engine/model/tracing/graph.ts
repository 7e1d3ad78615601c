import { LabError } from '#contracts/errors.ts';
import type { GraphNode, Shape } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { breath } from '#engine/breath.ts';
import { canonical } from '#engine/model/executor.ts';
import { attributes as a } from '#engine/model/graph/attributes.ts';
import { followed, literal, type FollowedCall, type Literal } from '#engine/model/tracing/followed.ts';
import { Unwritten, Writing, type Kernels } from '#engine/model/tracing/kernel.ts';
import { recorded, type Place, type Recorded } from '#engine/model/tracing/record.ts';
import { GraphWriter, type WrittenWeight } from '#engine/model/tracing/writer.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';

const modules = import.meta.glob<Kernels>('./kernels/*.ts', { eager: true, import: 'default' });
const kernels = new Map(Object.values(modules).flatMap((table) => Object.entries(table)));

export interface WrittenGraph {
	topology: JsonObject;
	signature: JsonObject;
	/** In the order of their nodes. */
	weights: readonly (WrittenWeight & { from: string | null })[];
	/** What is said beside it, in sentences. */
	notes: readonly string[];
}

/** Rows of the two runs. */
const ROWS = [2, 3] as const;
/** More than any graph that can be shown. */
const MAX_NODES = 200_000;

/** @param sizes for an input whose sizes after the batch are open */
function feeds(inputs: readonly GraphNode[], rows: number, sizes: Sizes): Feeds {
	const entries = inputs.map(({ id, shape, dtype }) => {
		const own = sizes.get(id);
		const full = shape.map((n, axis) => n ?? (axis === 0 ? rows : own?.[axis]));
		if (!full.every((n) => typeof n === 'number'))
			throw new LabError(
				`The input “${id}” may be of any length, and a graph holds for one.`,
				'Give the model an input of that length first.'
			);
		return [id, tf.zeros(full, dtype as 'float32')] as const;
	});
	return Object.fromEntries(entries);
}

type Sizes = ReadonlyMap<string, Shape>;

const literalsOf = ({ constants }: Recorded): Promise<Literal[]> =>
	Promise.all(
		constants.map(async (tensor) => ({
			shape: tensor.shape,
			dtype: tensor.dtype as Literal['dtype'],
			values: await tensor.data()
		}))
	);

interface Run {
	calls: readonly FollowedCall[];
	values: ReadonlyMap<string, Place>;
	literals: readonly Literal[];
	/** Whether the batch is open. */
	open: boolean;
}

/** Once with the rows that the model fixes, else twice, to see what goes by the batch. */
async function traced(model: Model, inputs: readonly GraphNode[], sizes: Sizes, signal: AbortSignal): Promise<Run> {
	const record = async (rows: number) => {
		await breath(signal);
		const given = feeds(inputs, rows, sizes);
		try {
			const run = recorded(model, given);
			try {
				return { ...run, literals: await literalsOf(run) };
			} finally {
				tf.dispose([...run.constants]);
			}
		} finally {
			tf.dispose(given);
		}
	};
	if (inputs.length && inputs.every(({ shape }) => shape[0] === null)) {
		const [one, other] = [await record(ROWS[0]), await record(ROWS[1])];
		const calls = followed(one, other, ROWS);
		const literals = one.literals.map((own, k) => {
			const second = other.literals[k];
			return second ? literal(own, second, ROWS) : null;
		});
		if (calls && literals.every((found) => found !== null)) return { calls, values: one.values, literals, open: true };
	}
	const run = await record(1);
	return { ...run, open: false };
}

/**
 * Any model that runs as a TensorFlow graph, which TF.js reads: nodes under the names of the model's own, weights under those
 * that they have.
 * @param sizes of inputs, for those whose sizes are open
 * @throws LabError naming the node that TensorFlow has no operation for
 */
export async function writtenGraph(model: Model, sizes: Sizes, signal: AbortSignal): Promise<WrittenGraph> {
	const { graph } = model;
	const inputs = graph.nodes.filter(({ id }) => graph.inputs.includes(id));
	const run = await traced(model, inputs, sizes, signal);
	if (run.calls.length > MAX_NODES)
		throw new LabError(
			`The graph would have more than ${MAX_NODES} nodes.`,
			'Save its weights, or its structure as JSON.'
		);
	const assembly = new Assembly(model, inputs, run);
	return assembly.written(sizes);
}

class Assembly {
	readonly #to: GraphWriter;
	readonly #names = new Map<string, string>();
	readonly #weights = new Map<string, string>();
	readonly #from = new Map<string, string>();
	readonly #literals = new Map<number, string>();
	/** The name that a call's outputs go by. */
	readonly #calls = new Map<number, string>();
	/** The nodes of the model whose values calls are. */
	readonly #owners = new Map<number, string>();

	constructor(
		private readonly model: Model,
		private readonly inputs: readonly GraphNode[],
		private readonly run: Run
	) {
		this.#to = new GraphWriter(inputs[0]?.id.replace(/[:^]/g, '_') ?? '');
	}

	written(sizes: Sizes): WrittenGraph {
		const { model, run, inputs } = this;
		const { graph } = model;
		const used = this.#used();
		for (const { id } of inputs) this.#names.set(id, this.#to.unique(id));
		// The weights have their names before all others.
		for (const [k, { inputs: own }] of run.calls.entries())
			if (used.has(k)) for (const [, place] of own) if (place.kind === 'weight') this.#weight(place.name);
		for (const [reference, place] of run.values)
			if (place.kind === 'call' && place.output === 0 && !this.#owners.has(place.call) && used.has(place.call))
				this.#owners.set(place.call, reference);
		for (const [call, reference] of this.#owners) this.#calls.set(call, this.#to.unique(reference));
		const signature: JsonObject = { inputs: {}, outputs: {} };
		for (const node of inputs) this.#input(node, sizes, signature['inputs'] as JsonObject);
		for (const [k, call] of run.calls.entries()) if (used.has(k)) this.#call(k, call);
		for (const reference of graph.outputs) this.#output(reference, signature['outputs'] as JsonObject);
		const fixed = !run.open && inputs.some(({ shape }) => shape[0] === null);
		return {
			topology: { node: this.#to.nodes, library: {}, versions: { producer: 1087 } },
			signature,
			weights: this.#to.constants.map((weight) => ({ ...weight, from: this.#from.get(weight.name) ?? null })),
			notes: fixed ? ['The model counts the rows of a batch: the saved graph takes one row at a time.'] : []
		};
	}

	/** The calls that the outputs come of. */
	#used(): Set<number> {
		const { run, model } = this;
		const found = new Set<number>();
		const stack = model.graph.outputs.flatMap((reference) => run.values.get(canonical(reference)) ?? []);
		while (stack.length) {
			const place = stack.pop() as Place;
			if (place.kind !== 'call' || found.has(place.call)) continue;
			found.add(place.call);
			stack.push(...(run.calls[place.call]?.inputs ?? []).map(([, from]) => from));
		}
		return found;
	}

	#input({ id, shape, dtype }: GraphNode, sizes: Sizes, signature: JsonObject): void {
		const name = this.#names.get(id) as string;
		const full = shape.map((n, axis) => n ?? (axis === 0 ? (this.run.open ? -1 : 1) : (sizes.get(id)?.[axis] ?? -1)));
		const { type } = a.type(dtype as 'float32');
		const { shape: tensorShape } = a.shape(full);
		this.#to.add(name, 'Placeholder', [], { dtype: { type }, shape: { shape: tensorShape } });
		signature[id] = { name: `${name}:0`, dtype: type, tensorShape };
	}

	#weight(name: string): string {
		const known = this.#weights.get(name);
		if (known !== undefined) return known;
		const { shape, dtype } = this.model.weight(name);
		const node = this.#to.constant(name, { shape, dtype: dtype as Literal['dtype'] }, null);
		this.#weights.set(name, node);
		this.#from.set(node, name);
		return node;
	}

	#literal(index: number, who: string): string {
		const known = this.#literals.get(index);
		if (known !== undefined) return known;
		const { shape, dtype, values } = this.run.literals[index] as Literal;
		const name = shape.every((size) => typeof size === 'number')
			? this.#to.constant(`${who}/constant`, { shape: shape as number[], dtype }, values)
			: this.#to.filled(`${who}/constant`, shape, values[0] as number, dtype);
		this.#literals.set(index, name);
		return name;
	}

	#reference(place: Place, who: string): string {
		if (place.kind === 'input') return this.#names.get(place.id) as string;
		if (place.kind === 'weight') return this.#weight(place.name);
		if (place.kind === 'constant') return this.#literal(place.index, who);
		const name = this.#calls.get(place.call) as string;
		return place.output ? `${name}:${place.output}` : name;
	}

	#call(k: number, call: FollowedCall): void {
		const { kernel, node, inputs } = call;
		const write = kernels.get(kernel);
		const owner = this.#calls.get(k);
		const name = owner ?? this.#to.unique(`${node}/${kernel.replace(/^_?Fused/, '')}`);
		this.#calls.set(k, name);
		const references = new Map(inputs.map(([role, place]) => [role, this.#reference(place, name)] as const));
		try {
			if (!write) throw new Unwritten(kernel);
			write(new Writing(this.#to, name, call, references));
		} catch (error) {
			if (!(error instanceof Unwritten)) throw error;
			const type = this.model.graph.nodes.find(({ id }) => id === node)?.type ?? kernel;
			throw new LabError(
				`“${node}” (${type}) cannot be written as a TensorFlow graph: ${error.message} has no counterpart there that TF.js reads.`,
				'Save its weights, or its structure as JSON.',
				{ cause: error }
			);
		}
	}

	/** Outputs are nodes of their own names. */
	#output(reference: string, signature: JsonObject): void {
		const { run } = this;
		const place = run.values.get(canonical(reference));
		if (!place) throw new Error(`There is no value ${reference}.`);
		let from = this.#reference(place, reference);
		const taken = Object.values(signature).some((one) => (one as JsonObject)['name'] === `${from}:0`);
		if (place.kind !== 'call' || taken) from = this.#to.add(this.#to.unique(`${reference}/output`), 'Identity', [from]);
		const [name, output = '0'] = from.split(':');
		const of = place.kind === 'call' ? run.calls[place.call]?.outputs[place.output] : null;
		const sizes = of?.shape.map((size) => (typeof size === 'number' ? size : -1));
		signature[reference] = {
			name: `${name}:${output}`,
			...(of ? { dtype: a.type(of.dtype as 'float32').type } : {}),
			...(sizes ? { tensorShape: a.shape(sizes).shape } : {})
		};
	}
}
