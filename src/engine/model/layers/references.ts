import * as v from 'valibot';
import { LabError } from '#contracts/errors.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** How Keras files say what a layer is given: by the name of another layer, the number of its use and of its output. */

/** Unchecked: such a layer or use may not be there. */
export interface NamedReference {
	name: string;
	call: number;
	output: number;
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e6));
const Tensor = v.tupleWithRest([v.string(), index, index], v.unknown());
/** Keras 3. */
const KerasTensor = v.looseObject({
	class_name: v.literal('__keras_tensor__'),
	config: v.looseObject({ keras_history: v.tuple([v.string(), index, index]) })
});

/** Arguments that change nothing when nothing is trained. */
const HARMLESS = new Set(['training', 'name']);
/** How Keras 2 writes a number in the place of a first input. */
const CONSTANT = '_CONSTANT_VALUE';

/** An input, where it stands among the arguments of a call. */
export class Given {
	constructor(readonly input: number) {}
}
export type Argument = Json | Given | readonly Argument[];

/** One use of a layer. */
export interface NamedCall {
	inputs: readonly NamedReference[];
	/** Of each input, where the file says it. */
	shapes: readonly (readonly (number | null)[] | null)[];
	positional: readonly Argument[];
	named: ReadonlyMap<string, Argument>;
}

function tensor(value: unknown): NamedReference | null {
	const plain = v.safeParse(Tensor, value);
	if (plain.success) return { name: plain.output[0], call: plain.output[1], output: plain.output[2] };
	const keras = v.safeParse(KerasTensor, value);
	if (!keras.success) return null;
	const [name, call, output] = keras.output.config.keras_history;
	return { name, call, output };
}

const size = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const Shaped = v.looseObject({ config: v.looseObject({ shape: v.pipe(v.array(size), v.maxLength(8)) }) });

function shapeOf(value: unknown): (number | null)[] | null {
	const found = v.safeParse(Shaped, value);
	return found.success ? found.output.config.shape : null;
}

const isTensor = (value: unknown) =>
	isObject(value) ? value['class_name'] === '__keras_tensor__' : Array.isArray(value) && typeof value[0] === 'string';

/** Takes apart what one use of a layer is given. */
class Call {
	readonly inputs: NamedReference[] = [];
	readonly shapes: ((number | null)[] | null)[] = [];
	readonly positional: Argument[] = [];
	readonly named = new Map<string, Argument>();

	/** @param wrong says that something is no output of a layer */
	constructor(private readonly wrong: () => LabError) {}

	#take(found: NamedReference, value: unknown): Given {
		this.shapes.push(shapeOf(value));
		return new Given(this.inputs.push(found) - 1);
	}

	/** `[name, use, output, arguments]` of Keras 2. */
	tensor2(item: Json): void {
		if (!Array.isArray(item)) throw this.wrong();
		const constant = item[0] === CONSTANT;
		const found = constant ? null : tensor(item);
		if (!found && !constant) throw this.wrong();
		this.positional.push(found ? this.#take(found, item) : (item[2] ?? null));
		if (isObject(item[3])) this.arguments(item[3]);
	}

	arguments(values: JsonObject): void {
		for (const [name, value] of Object.entries(values))
			if (value !== null && !HARMLESS.has(name)) this.named.set(name, this.argument(value));
	}

	argument(value: Json): Argument {
		const found = tensor(value);
		if (found) return this.#take(found, value);
		if (isObject(value) && isTensor(value)) throw this.wrong();
		return Array.isArray(value) ? value.map((item) => this.argument(item)) : value;
	}
}

const allGiven = (value: Argument): boolean =>
	value === null || value instanceof Given || (Array.isArray(value) && value.every(allGiven));
const isEmpty = (value: Argument) => Array.isArray(value) && !value.length;

export class Uses {
	/**
	 * @param path of the layer, for sentences
	 * @param open whether it takes more than outputs of layers
	 */
	constructor(
		private readonly path: string,
		private readonly open = false
	) {}

	#wrong(what: string): LabError {
		return new LabError(`The layer "${this.path}" ${what}.`, 'Save the model again.');
	}

	/** What each use of the layer is given. @throws LabError */
	read(nodes: Json | undefined): NamedCall[] {
		if (nodes === undefined || nodes === null) return [];
		if (!Array.isArray(nodes)) throw this.#wrong('does not say properly what it is given (inbound_nodes)');
		return nodes.map((node) => {
			const call = new Call(() => this.#wrong('is given something that is no output of a layer'));
			if (isObject(node)) {
				const { args, kwargs } = node;
				for (const value of Array.isArray(args) && !isTensor(args) ? args : [args ?? null])
					if (value !== null) call.positional.push(call.argument(value));
				if (isObject(kwargs)) call.arguments(kwargs);
			} else if (!Array.isArray(node)) throw this.#wrong('does not say properly what it is given (inbound_nodes)');
			else for (const item of isTensor(node) ? [node] : node) call.tensor2(item);
			if (!this.open) this.#check(call);
			return call;
		});
	}

	/** Inputs, and the state to begin with: that is all that most layers take. */
	#check({ positional, named }: NamedCall): void {
		if (!positional.every(allGiven)) throw this.#wrong('is given something that is no output of a layer');
		for (const [name, value] of named) {
			if (isEmpty(value)) continue;
			if (name !== 'inputs' && name !== 'initial_state')
				throw new LabError(
					`The layer "${this.path}" is called with the argument "${name.slice(0, 60)}", which is not computed here.`,
					'Export the model as a TF.js graph model.'
				);
			if (!allGiven(value)) throw this.#wrong('is given something that is no output of a layer');
		}
	}
}

/** `input_layers` and `output_layers`: one reference, a list of them, or by name. @returns null if it is none of these */
export function endpoints(value: Json | undefined): NamedReference[] | null {
	const single = tensor(value);
	if (single) return [single];
	const list = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : null;
	if (!list) return null;
	const found = list.flatMap((item) => tensor(item) ?? endpoints(item) ?? [null]);
	return found.some((item) => item === null) ? null : (found as NamedReference[]);
}
