import { made, valuesOf } from '#engine/model/onnx/arrays.ts';
import type { Constant, OnnxGraph, OnnxInput, OnnxNode } from '#engine/model/onnx/definition.ts';
import { needed } from '#engine/model/onnx/sorted.ts';

/** Inputs of one number that decide which branch of a network runs: its sample rate, whether it is being trained. */

const isSetting = ({ shape, dtype }: OnnxInput) =>
	(dtype === 'int32' || dtype === 'bool') && !!shape && (shape.length === 0 || (shape.length === 1 && shape[0] === 1));

/** What a file compares a number with. */
const COMPARED = /^(Equal|Greater|GreaterOrEqual|Less|LessOrEqual)$/;
const TRAINING = /train|learning_phase|dropout/i;

class Search {
	/** Values that come of settings and constants alone, with the settings that they come of. */
	readonly #from = new Map<string, ReadonlySet<string>>();
	readonly #constants = new Map<string, Constant>();
	readonly deciding = new Set<string>();
	readonly compared = new Map<string, number>();

	constructor(names: readonly string[]) {
		for (const name of names) this.#from.set(name, new Set([name]));
	}

	graph({ nodes, outputs, constants }: OnnxGraph, depth = 0): void {
		if (depth > 30) return;
		for (const [name, constant] of constants) this.#constant(name, constant);
		for (const node of needed(nodes, outputs)) this.#node(node, depth);
	}

	#constant(name: string, constant: Constant): void {
		this.#from.set(name, new Set());
		this.#constants.set(name, constant);
	}

	#node(node: OnnxNode, depth: number): void {
		const { op, inputs, outputs, attributes } = node;
		const value = attributes.get('value');
		if (op === 'Constant' && outputs[0] && typeof value === 'object' && 'constant' in value)
			this.#constant(outputs[0], value);
		const sources = inputs.filter(Boolean).map((name) => this.#from.get(name));
		if (op === 'If') sources[0]?.forEach((name) => this.deciding.add(name));
		if (COMPARED.test(op)) this.#compare(inputs);
		if (op !== 'If' && sources.every((one) => one !== undefined)) {
			const all = new Set(sources.flatMap((one) => [...(one as ReadonlySet<string>)]));
			for (const output of outputs) if (output) this.#from.set(output, all);
		}
		for (const inner of attributes.values())
			if (typeof inner === 'object' && 'nodes' in inner) this.graph(inner, depth + 1);
	}

	#compare(inputs: readonly string[]): void {
		for (const [own, other] of [inputs, [...inputs].reverse()] as [string, string][]) {
			const constant = this.#constants.get(other);
			const [source] = this.#from.get(own) ?? [];
			if (source === undefined || this.compared.has(source) || !(constant?.values ?? constant?.later)) continue;
			const [value] = valuesOf(constant);
			if (value !== undefined) this.compared.set(source, value);
		}
	}
}

/** Those of the inputs that decide, with what a file is opened for: the first number that it compares them with. */
export function settings(graph: OnnxGraph, inputs: readonly OnnxInput[]): Map<OnnxInput, Constant> {
	const few = inputs.filter(isSetting);
	const found = new Map<OnnxInput, Constant>();
	if (!few.length) return found;
	const search = new Search(few.map(({ name }) => name));
	search.graph(graph);
	for (const input of few) {
		const { name, dtype, shape } = input;
		const value = dtype === 'bool' ? Number(!TRAINING.test(name)) : search.compared.get(name);
		if (!search.deciding.has(name) || value === undefined) continue;
		const kind = dtype === 'bool' ? 'bool' : 'int';
		const values = kind === 'bool' ? Uint8Array.of(value) : Float64Array.of(value);
		found.set(input, made((shape ?? []).map(Number), kind, values));
	}
	return found;
}
