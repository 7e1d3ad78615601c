import { executeOp } from '@tensorflow/tfjs-converter/dist/operations/operation_executor';
import { ExecutionContext } from '@tensorflow/tfjs-converter/dist/executor/execution_context';
import { OperationMapper } from '@tensorflow/tfjs-converter/dist/operations/operation_mapper';
import type { Node } from '@tensorflow/tfjs-converter/dist/operations/types';
import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel, type Program } from '#engine/model/executor.ts';
import { mapNode, plainType, refuseDynamic, type Constant } from '#engine/model/graph/mapping.ts';
import { operatorStep } from '#engine/model/operators/index.ts';
import type { Step, Weights } from '#engine/model/step.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { filled } from '#engine/model/input-shape.ts';
import { isObject, type JsonObject } from '#maths/json.ts';

export interface GraphModelParts {
	/** A GraphDef as JSON: `modelTopology` of the file. */
	topology: unknown;
	weights: ReadonlyMap<string, StoredWeight>;
	signature?: unknown;
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
}

/**
 * A TF.js graph model under the one interface: constants become weights of the nodes that read them, fused operations
 * become their parts (`NAME/Conv2D` is the sum, `NAME` what its consumers see), control edges are dropped.
 * @throws LabError naming the operation that is unknown or cannot be explained, or the weight that is missing
 */
export function graphModel(parts: GraphModelParts): Model {
	const graph = parsed(parts.topology, parts.signature);
	const weights = new Map<string, tf.Tensor>();
	try {
		const reader = new Reader(graph.nodes, parts, weights);
		const outputs = graph.outputs.map((node) => node.name);
		for (const node of ordered(graph.outputs)) reader.add(node);
		const program: Program = {
			steps: reader.steps,
			inputs: reader.steps.filter((step) => step.node.type === 'Input').map((step) => step.node.id),
			outputs,
			weights,
			dispose: () => weights.forEach((tensor) => tensor.dispose())
		};
		return new ExecutableModel({ ...program, steps: shaped(program) });
	} catch (error) {
		weights.forEach((tensor) => tensor.dispose());
		throw error;
	}
}

function parsed(topology: unknown, signature: unknown) {
	const nodes = isObject(topology) ? topology['node'] : null;
	if (!Array.isArray(nodes) || !nodes.length)
		throw new LabError('The file has no graph in it: modelTopology.node is missing.', 'Convert the model again.');
	const known = new Set(nodes.filter(isObject).map((node) => node['name']));
	const cleaned = nodes.filter(isObject).map((node) => {
		const inputs = Array.isArray(node['input']) ? node['input'].map(String) : [];
		const data = inputs.filter((input) => !input.startsWith('^'));
		const missing = data.find((input) => !known.has(input.split(':')[0] as string));
		if (missing !== undefined)
			throw new LabError(
				`The node "${String(node['name'])}" reads "${missing}", which is not in the file.`,
				'Convert the model again.'
			);
		return { ...node, input: data };
	});
	type Mapper = (typeof OperationMapper)['Instance'];
	const definition = { ...(topology as JsonObject), node: cleaned } as unknown as Parameters<
		Mapper['transformGraph']
	>[0];
	const usable = isObject(signature) && isObject(signature['outputs']) ? signature : undefined;
	return OperationMapper.Instance.transformGraph(definition, usable as Parameters<Mapper['transformGraph']>[1]);
}

/** Depth first without recursion: graphs may be thousands of nodes deep. */
function ordered(outputs: readonly Node[]): Node[] {
	const order: Node[] = [];
	const state = new Map<Node, 'open' | 'done'>();
	const stack = [...outputs].reverse();
	while (stack.length) {
		const node = stack[stack.length - 1] as Node;
		if (state.get(node) === 'done') stack.pop();
		else if (state.get(node) === 'open') {
			state.set(node, 'done');
			order.push(node);
			stack.pop();
		} else {
			state.set(node, 'open');
			for (const input of [...node.inputs].reverse()) if (!state.has(input)) stack.push(input);
		}
	}
	return order;
}

class Reader {
	readonly steps: Step[] = [];

	constructor(
		private readonly nodes: Readonly<Record<string, Node>>,
		private readonly parts: GraphModelParts,
		private readonly weights: Map<string, tf.Tensor>
	) {}

	add(node: Node): void {
		refuseDynamic(node);
		if (node.op === 'Const') return;
		if (node.op === 'Placeholder') return this.#input(node);
		const mapped = mapNode(node, (input) => this.#constant(input));
		if (!mapped) return this.#asItself(node);
		let inputs = mapped.inputs.map(reference);
		mapped.stages.forEach(({ type, attributes, roles }, k) => {
			const id = k === mapped.stages.length - 1 ? node.name : `${node.name}/${type}`;
			const weights = Object.values(roles).map((name) => this.#weight(name));
			this.steps.push(operatorStep({ ...this.#blank(id, inputs), type, attributes, weights }, roles));
			inputs = [id];
		});
	}

	#blank(id: string, inputs: readonly string[]) {
		return { id, inputs, shape: [], dtype: 'float32', group: id.split('/').slice(0, -1) };
	}

	#input(node: Node): void {
		const declared = declaredInput(this.parts.signature, node.name);
		const attribute = node.attrParams['shape']?.value as number[] | undefined;
		const shape = declared?.shape ?? attribute?.map((n) => (n < 0 ? null : n));
		if (!shape)
			throw new LabError(`The input "${node.name}" does not say its shape.`, 'Convert the model with a signature.');
		const dtype = String(node.attrParams['dtype']?.value ?? 'float32');
		const full = filled(shape, this.parts.inputShape);
		const blank = { ...this.#blank(node.name, []), type: 'Input', attributes: {}, weights: [] };
		this.steps.push({ node: { ...blank, shape: full, dtype }, compute: () => [] });
	}

	/** The constant behind an input, through identities. */
	#constant(input: string | undefined): Constant | undefined {
		let node = input === undefined ? undefined : this.nodes[input.split(':')[0] as string];
		while (node?.op === 'Identity') node = node.inputs[0];
		if (node?.op !== 'Const') return undefined;
		const { shape, values } = this.#stored(node.name);
		return { name: node.name, shape, values };
	}

	#stored(name: string): StoredWeight {
		const weight = this.parts.weights.get(name);
		if (!weight)
			throw new LabError(
				`The weight "${name}" is missing from the weight files.`,
				'Check that all files belong to the same model.'
			);
		return weight;
	}

	#weight(name: string): WeightInfo {
		const { shape, dtype, values, stored } = this.#stored(name);
		if (!this.weights.has(name)) this.weights.set(name, tf.tensor(values, shape, dtype));
		return { name, shape, dtype, ...(stored ? { stored } : {}) };
	}

	/** Runs by the converter's executor, which reads its inputs by name from a map. */
	#asItself(node: Node): void {
		const sources = node.inputNames.map((input) => this.#constant(input)?.name ?? reference(input));
		const constant = node.inputNames.map((input) => this.#constant(input) !== undefined);
		const weights = sources.filter((_, i) => constant[i]).map((name) => this.#weight(name));
		const inputs = sources.filter((_, i) => !constant[i]);
		const attributes = shownAttributes(node);
		const blank = { ...this.#blank(node.name, inputs), type: plainType(node.op), attributes, weights };
		// Its inputs under names of their own, so that constants, outputs and identities are all alike.
		const local: Node = { ...node, inputNames: sources.map((_, i) => `input${i}`) };
		const compute = (values: readonly tf.Tensor[], lookup: Weights) => {
			let next = 0;
			const all = sources.map((name, i) => (constant[i] ? lookup(name) : (values[next++] as tf.Tensor)));
			const map = Object.fromEntries(all.map((tensor, i) => [`input${i}`, [tensor]]));
			const result = executeOp(local, map, new ExecutionContext());
			if (result instanceof Promise) throw new Error('its result comes later');
			return result;
		};
		this.steps.push({ node: blank, compute });
	}
}

/** `name:0` and `name:out:0` are the first output; `name:1` the second. */
function reference(input: string): string {
	const parts = input.split(':');
	const output = Number(parts.length > 1 ? parts.at(-1) : 0);
	return output ? `${parts[0]}:${output}` : (parts[0] as string);
}

function declaredInput(signature: unknown, name: string): { shape: Shape } | null {
	const inputs = isObject(signature) && isObject(signature['inputs']) ? Object.values(signature['inputs']) : [];
	const entry = inputs.filter(isObject).find((input) => String(input['name']).split(':')[0] === name);
	const shape = entry && isObject(entry['tensorShape']) ? entry['tensorShape'] : null;
	if (!shape || !Array.isArray(shape['dim'])) return null;
	return { shape: shape['dim'].filter(isObject).map((dim) => (Number(dim['size']) < 0 ? null : Number(dim['size']))) };
}

function shownAttributes(node: Node): Record<string, AttributeValue> {
	const plain = (value: unknown): boolean =>
		['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(plain));
	const shown: Record<string, AttributeValue> = {};
	for (const [name, parameter] of Object.entries(node.attrParams))
		if (plain(parameter.value)) shown[name] = parameter.value as AttributeValue;
	return shown;
}

/** The files do not say what shapes nodes have: one run on zeros does. */
function shaped(program: Program): Step[] {
	const seen = new Map<string, { shape: Shape; dtype: string }>();
	const watched = program.steps.map((step) => ({
		...step,
		compute(inputs: readonly tf.Tensor[], weights: Weights) {
			const outputs = step.compute(inputs, weights);
			const [first] = outputs;
			if (first) seen.set(step.node.id, { shape: first.shape, dtype: first.dtype });
			return outputs;
		}
	}));
	const inputs = program.steps.filter((step) => step.node.type === 'Input').map((step) => step.node);
	tf.tidy(() => {
		const feeds = inputs.map(({ id, shape, dtype }) => [
			id,
			tf.zeros(
				shape.map((n) => n ?? 1),
				dtype as 'float32'
			)
		]);
		new ExecutableModel({ ...program, steps: watched }).run(
			Object.fromEntries(feeds) as Record<string, tf.Tensor>,
			program.outputs
		);
	});
	const open = inputs.some((input) => input.shape[0] === null);
	return program.steps.map((step) => {
		const found = seen.get(step.node.id);
		if (!found) return step;
		const shape = open && found.shape[0] === 1 ? [null, ...found.shape.slice(1)] : found.shape;
		const node: GraphNode = { ...step.node, shape, dtype: found.dtype };
		return { ...step, node };
	});
}
