import { LabError } from '#contracts/errors.ts';
import { parseReference, type Graph } from '#contracts/graph.ts';
import type { Feeds, LayersForm, Model, NotFinite, Obstacle, PlaceContext, RunOptions } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import type { LaterWeights } from '#engine/model/later-weights.ts';
import { traitsOf } from '#engine/model/operators/index.ts';
import type { Step, Weights } from '#engine/model/step.ts';

const UNREAD: Obstacle = {
	kind: 'unread',
	message: 'Its weights are being read.',
	hint: 'It runs when all of them are there.',
	nodes: []
};

/** What a format hands over: its steps, its weights, and how to free what it holds. */
export interface Program {
	/** In an order in which every step follows its inputs. */
	steps: readonly Step[];
	inputs: readonly string[];
	outputs: readonly string[];
	/** Tensors by name, where they lie. */
	weights: ReadonlyMap<string, tf.Tensor>;
	/** What still lies in files. */
	later?: LaterWeights | undefined;
	obstacle?: Obstacle | null | undefined;
	/** The file fixes the batch: what is more goes through one after the other. */
	single?: boolean | undefined;
	/** What it is as Keras layers. */
	layers?: (() => LayersForm) | undefined;
	dispose(): void;
}

/**
 * Runs any part of a program. A fed reference cuts the run; a fed weight takes that weight's place. Tensors that nothing
 * needs any more are freed at once, also while a gradient is recorded: tfjs keeps its own clones of what it saves.
 */
export class ExecutableModel implements Model {
	readonly graph: Graph;
	readonly bytes: number;
	readonly #obstacle: Obstacle | null;
	readonly layers?: () => LayersForm;
	readonly #steps: ReadonlyMap<string, Step>;
	readonly #put = new Map<string, tf.Tensor>();

	constructor(private readonly program: Program) {
		this.#obstacle = program.obstacle ?? null;
		if (program.layers) this.layers = program.layers;
		const nodes = program.steps.map((step) => step.node);
		this.graph = { nodes, inputs: program.inputs, outputs: program.outputs, operators: traitsOf(nodes) };
		this.#steps = new Map(program.steps.map((step) => [step.node.id, step]));
		if (this.#steps.size < program.steps.length) throw new Error('Two nodes of the graph share an id.');
		const placed = [...program.weights.values()];
		this.bytes = placed.reduce((sum, w) => sum + w.size * tf.util.bytesPerElement(w.dtype), this.unread);
	}

	get obstacle(): Obstacle | null {
		return this.#obstacle ?? (this.unread ? UNREAD : null);
	}

	get unread(): number {
		return this.program.later?.bytes ?? 0;
	}

	async hold<T>(name: string, use: (weight: tf.Tensor) => Promise<T>): Promise<T> {
		const { later } = this.program;
		return later?.has(name) && !this.#put.has(name) ? later.hold(name, use) : use(this.weight(name));
	}

	async place(context: PlaceContext): Promise<readonly NotFinite[]> {
		return (await this.program.later?.place(context)) ?? [];
	}

	weight(name: string): tf.Tensor {
		const weight = this.#put.get(name) ?? this.program.weights.get(name);
		if (weight) return weight;
		if (this.program.later?.has(name)) throw new LabError(`The weight “${name}” has not been read yet.`, UNREAD.hint);
		throw new LabError(`The model has no weight "${name}", or the file that holds it is missing.`);
	}

	put(name: string, value: tf.Tensor): void {
		const weight = this.weight(name);
		// What a layer of TF.js holds it reads itself.
		if (weight instanceof tf.Variable) {
			weight.assign(value);
			value.dispose();
			return;
		}
		weight.dispose();
		this.#put.set(name, value);
	}

	run(feeds: Feeds, fetches: readonly string[], options: RunOptions = {}): tf.Tensor[] {
		if (this.obstacle) throw new LabError(this.obstacle.message, this.obstacle.hint);
		const count = this.program.single ? Math.max(1, ...Object.keys(feeds).map((id) => this.#items(id, feeds))) : 1;
		if (count === 1) return this.#once(feeds, fetches, options);
		return tf.tidy(() => {
			const parts = Array.from({ length: count }, (_, i) => this.#once(this.#item(feeds, i), fetches, options));
			return fetches.map((_, k) => {
				const values = parts.map((part) => part[k] as tf.Tensor);
				return values[0]?.rank ? tf.concat(values) : tf.stack(values);
			});
		});
	}

	/** How many items are fed at a node; a weight is one for all. */
	#items(reference: string, feeds: Feeds): number {
		const own = this.#steps.get(canonical(reference))?.node.shape[0];
		return own ? Math.floor((feeds[reference]?.shape[0] ?? own) / own) : 1;
	}

	/** What one item of a batch is fed. */
	#item(feeds: Feeds, i: number): Feeds {
		const own = Object.entries(feeds).map(([reference, tensor]) => {
			const count = this.#items(reference, feeds);
			const size = (tensor.shape[0] ?? 1) / count;
			return [reference, count > 1 ? tf.slice(tensor, [i * size], [size]) : tensor] as const;
		});
		return Object.fromEntries(own);
	}

	#once(feeds: Feeds, fetches: readonly string[], { replace = {} }: RunOptions): tf.Tensor[] {
		return tf.tidy(() => {
			const values = new Map<string, tf.Tensor>();
			const protectedIds = new Set<number>();
			for (const [reference, tensor] of Object.entries(feeds)) {
				protectedIds.add(tensor.id);
				const change = own(replace, reference);
				values.set(canonical(reference), change ? change(tensor) : tensor);
			}
			const order = this.#needed(fetches, values);
			const left = consumers(order, fetches);
			const weights: Weights = (name) => own(feeds, name) ?? this.weight(name);
			for (const step of order) {
				const inputs = step.node.inputs.map((reference) => values.get(canonical(reference)) as tf.Tensor);
				compute(step, inputs, weights).forEach((output, k) => {
					const reference = k ? `${step.node.id}:${k}` : step.node.id;
					const change = values.has(reference) ? undefined : own(replace, reference);
					// A fed output of a node with several stays as fed.
					if (!values.has(reference)) values.set(reference, change ? change(output) : output);
					else output.dispose();
				});
				for (const reference of step.node.inputs.map(canonical)) {
					const remaining = (left.get(reference) ?? 0) - 1;
					left.set(reference, remaining);
					const value = values.get(reference);
					if (remaining === 0 && value && !protectedIds.has(value.id) && !value.isDisposed) value.dispose();
				}
			}
			return fetches.map((reference) => {
				const value = values.get(canonical(reference));
				if (!value) throw new LabError(`The node "${reference}" has no such output.`);
				// A tensor of its own for the caller, also when a feed is fetched or a node twice.
				return tf.clone(value);
			});
		});
	}

	/** The steps between what is fed and what is fetched, in order. */
	#needed(fetches: readonly string[], fed: ReadonlyMap<string, tf.Tensor>): Step[] {
		const requested = new Set<string>();
		const stack = fetches.map(canonical);
		while (stack.length) {
			const reference = stack.pop() as string;
			const [id] = parseReference(reference);
			const name = this.#steps.has(reference) ? reference : id;
			if (fed.has(reference) || requested.has(name)) continue;
			const step = this.#steps.get(name);
			if (!step) throw new LabError(`The model has no node "${reference}".`);
			if (this.graph.inputs.includes(name))
				throw new LabError(`The input "${name}" is needed and was not given.`, 'Give the model all its inputs.');
			requested.add(name);
			stack.push(...step.node.inputs.map(canonical));
		}
		return this.program.steps.filter((step) => requested.has(step.node.id));
	}

	dispose(): void {
		this.#put.forEach((tensor) => tensor.dispose());
		this.program.later?.dispose();
		this.program.dispose();
	}
}

/** Nodes and weights may be called `constructor`. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
	Object.hasOwn(record, name) ? record[name] : undefined;

/** `id:0` and `id` are the same output. */
export function canonical(reference: string): string {
	return reference.endsWith(':0') ? reference.slice(0, -2) : reference;
}

/** How many steps still read each reference; a fetched one is never free. */
function consumers(order: readonly Step[], fetches: readonly string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const step of order)
		for (const reference of step.node.inputs.map(canonical)) counts.set(reference, (counts.get(reference) ?? 0) + 1);
	for (const reference of fetches.map(canonical)) counts.set(reference, Infinity);
	return counts;
}

/** One tensor of its own per output. @throws LabError naming the node */
export function compute(step: Step, inputs: readonly tf.Tensor[], weights: Weights): tf.Tensor[] {
	try {
		// A step may hand an input on as it is; its output must still be a tensor of its own.
		const outputs = tf.tidy(() =>
			step.compute(inputs, weights).map((output) => (inputs.includes(output) ? tf.clone(output) : output))
		);
		// What a stride that is no number leaves of a shape.
		if (!outputs.every(({ shape }) => shape.every(Number.isSafeInteger))) {
			tf.dispose(outputs);
			throw new RangeError('An output has no size.');
		}
		return outputs;
	} catch (error) {
		if (error instanceof LabError) throw error;
		const { id, type } = step.node;
		throw new LabError(`"${id}" (${type}) could not run${on(inputs)}${messageOf(error)}.`, '', { cause: error });
	}
}

const on = (inputs: readonly tf.Tensor[]) =>
	inputs.length ? ` on ${inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ')}` : '';

/** What TF.js says of it; what the language says (“x is not a function”) tells nobody anything. */
function messageOf(error: unknown): string {
	if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return '';
	const [line = ''] = error.message.split('\n');
	return line ? `: ${line.slice(0, 200).replace(/\.$/, '')}` : '';
}
