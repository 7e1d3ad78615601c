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

function tensor(value: unknown): NamedReference | null {
	const plain = v.safeParse(Tensor, value);
	if (plain.success) return { name: plain.output[0], call: plain.output[1], output: plain.output[2] };
	const keras = v.safeParse(KerasTensor, value);
	if (!keras.success) return null;
	const [name, call, output] = keras.output.config.keras_history;
	return { name, call, output };
}

const isTensor = (value: unknown) =>
	isObject(value) ? value['class_name'] === '__keras_tensor__' : Array.isArray(value) && typeof value[0] === 'string';

export class Uses {
	/** @param path of the layer, for sentences */
	constructor(private readonly path: string) {}

	#wrong(what: string): LabError {
		return new LabError(`The layer "${this.path}" ${what}.`, 'Save the model again.');
	}

	/** What each use of the layer is given, in order. @throws LabError */
	read(nodes: Json | undefined): NamedReference[][] {
		if (nodes === undefined || nodes === null) return [];
		if (!Array.isArray(nodes)) throw this.#wrong('does not say properly what it is given (inbound_nodes)');
		return nodes.map((node) => {
			if (isObject(node)) return this.#call3(node);
			if (!Array.isArray(node)) throw this.#wrong('does not say properly what it is given (inbound_nodes)');
			return isTensor(node) ? this.#tensor2(node) : node.flatMap((item) => this.#tensor2(item));
		});
	}

	/** `[name, use, output, arguments]` of Keras 2. */
	#tensor2(item: Json): NamedReference[] {
		const found = tensor(item);
		if (!found || !Array.isArray(item)) throw this.#wrong('is given something that is no output of a layer');
		return [found, ...(isObject(item[3]) ? this.#arguments(item[3]) : [])];
	}

	/** `{args, kwargs}` of Keras 3. */
	#call3({ args, kwargs }: JsonObject): NamedReference[] {
		const given = this.#collected(args ?? null);
		return isObject(kwargs) ? [...given, ...this.#arguments(kwargs)] : given;
	}

	#collected(value: Json): NamedReference[] {
		const found = tensor(value);
		if (found) return [found];
		if (value === null) return [];
		if (!Array.isArray(value) || isTensor(value)) throw this.#wrong('is given something that is no output of a layer');
		return value.flatMap((item) => this.#collected(item));
	}

	/** What is given by name: inputs and the state to begin with. */
	#arguments(values: JsonObject): NamedReference[] {
		return Object.entries(values).flatMap(([name, value]) => {
			if (value === null || HARMLESS.has(name) || (Array.isArray(value) && !value.length)) return [];
			if (name === 'inputs' || name === 'initial_state') return this.#collected(value);
			throw new LabError(
				`The layer "${this.path}" is called with the argument "${name.slice(0, 60)}", which is not computed here.`,
				'Export the model as a TF.js graph model.'
			);
		});
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
