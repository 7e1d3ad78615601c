import { executeOp } from '@tensorflow/tfjs-converter/dist/operations/operation_executor';
import { ExecutionContext } from '@tensorflow/tfjs-converter/dist/executor/execution_context';
import type { Node } from '@tensorflow/tfjs-converter/dist/operations/types';
import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, Shape, WeightInfo } from '#contracts/graph.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel, type Program } from '#engine/model/executor.ts';
import { graphDefinition, nodeOf, reference } from '#engine/model/graph/definition.ts';
import { mapNode, plainType, type Constant } from '#engine/model/graph/mapping.ts';
import { blockedBy, joined, obstacleOf, type Blocked } from '#engine/model/graph/obstacles.ts';
import { probed } from '#engine/model/graph/probe.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
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
	/** Set where weights are missing: the rest is built all the same. */
	obstacle?: Obstacle | null | undefined;
	/** Its shapes hold for a batch of one only. */
	single?: boolean | undefined;
}

/**
 * A TF.js graph model under the one interface: constants become weights of the nodes that read them, fused operations
 * become their parts (`NAME/Conv2D` is the sum, `NAME` what its consumers see), control edges are dropped. What cannot be
 * computed here (loops, unknown operations, missing weights) is the model's obstacle; the rest of it can be looked at.
 * @throws LabError for what is no graph
 */
export function graphModel(parts: GraphModelParts): Model {
	const graph = graphDefinition(parts.topology, parts.signature);
	const weights = new Map<string, tf.Tensor>();
	try {
		const { outputs } = graph;
		const nodes = ordered(outputs.map((output) => graph.nodes.get(nodeOf(output)) as Node));
		// Without constants there is nothing that could be missing.
		const obstacle = nodes.some(({ op }) => op === 'Const') ? (parts.obstacle ?? null) : null;
		const reader = new Reader(graph.nodes, { ...parts, obstacle }, weights);
		reader.read(nodes);
		for (const node of nodes) reader.add(node);
		const program: Program = {
			steps: reader.steps,
			inputs: reader.steps.filter((step) => step.node.type === 'Input').map((step) => step.node.id),
			outputs,
			weights,
			single: parts.single,
			dispose: () => weights.forEach((tensor) => tensor.dispose())
		};
		const { steps, failed } = probed(program, new Set(reader.blocked.map(({ id }) => id)));
		if (!obstacle)
			for (const { node, error } of failed) reader.blocked.push({ id: node.id, op: node.type, why: error });
		return new ExecutableModel({
			...program,
			steps,
			obstacle: joined(obstacle, obstacleOf(reader.blocked))
		});
	} catch (error) {
		weights.forEach((tensor) => tensor.dispose());
		throw error;
	}
}

/**
 * Depth first without recursion: graphs may be thousands of nodes deep. The edges that close loops are not followed
 * until all else is in order.
 */
function ordered(outputs: readonly Node[]): Node[] {
	const order: Node[] = [];
	const state = new Map<Node, 'open' | 'done'>();
	const stack = [...outputs].reverse();
	const closing: Node[] = [];
	while (stack.length || closing.length) {
		if (!stack.length) stack.push(closing.pop() as Node);
		const node = stack[stack.length - 1] as Node;
		if (state.get(node) === 'done') stack.pop();
		else if (state.get(node) === 'open') {
			state.set(node, 'done');
			order.push(node);
			stack.pop();
		} else {
			state.set(node, 'open');
			for (const input of [...node.inputs].reverse())
				if (node.op === 'Merge' && input.op === 'NextIteration') closing.push(input);
				else if (!state.has(input)) stack.push(input);
		}
	}
	return order;
}

class Reader {
	readonly steps: Step[] = [];
	/** What cannot be computed. */
	readonly blocked: Blocked[] = [];
	readonly #added = new Set<string>();

	constructor(
		private readonly nodes: ReadonlyMap<string, Node>,
		private readonly parts: GraphModelParts,
		private readonly weights: Map<string, tf.Tensor>
	) {}

	/** Finds out beforehand what stands in the way: a model that cannot run is not asked for a size of its input. */
	read(nodes: readonly Node[]): void {
		for (const node of nodes) {
			const why = blockedBy(node);
			if (why) this.blocked.push({ id: node.name, op: node.op, why });
		}
	}

	add(node: Node): void {
		if (node.op === 'Const') return;
		try {
			if (blockedBy(node)) this.#notRun(node);
			else if (node.op === 'Placeholder') this.#input(node);
			else this.#run(node);
		} catch (error) {
			if (!(error instanceof LabError) || error.code) throw error;
			this.blocked.push({ id: node.name, op: node.op, why: error });
			this.#notRun(node);
		}
		this.#added.add(node.name);
	}

	#run(node: Node): void {
		const mapped = mapNode(node, (input) => this.#constant(input));
		// What takes a constant where an operator takes a value is run by the converter.
		if (!mapped?.inputs.every((input) => this.#constantName(input) === undefined)) return this.#asItself(node);
		let inputs = mapped.inputs.map(reference);
		const steps = mapped.stages.map(({ type, attributes, roles }, k) => {
			const id = k === mapped.stages.length - 1 ? node.name : `${node.name}/${type}`;
			const weights = Object.values(roles).map((name) => this.#weight(name));
			const step = operatorStep({ ...this.#blank(id, inputs), type, attributes, weights }, roles);
			inputs = [id];
			return step;
		});
		this.steps.push(...steps);
	}

	/** Shown with what it reads, and never computed. The edge that closes a loop is left out: graphs here have none. */
	#notRun(node: Node): void {
		const constants = node.inputNames.map((input) => this.#constantName(input));
		const weights = constants
			.filter((name) => name !== undefined && this.#known(name))
			.map((name) => this.#weight(name as string));
		const inputs = node.inputNames
			.filter((input, i) => constants[i] === undefined && this.#added.has(input.split(':')[0] as string))
			.map(reference);
		const type = node.op === 'Placeholder' ? 'Input' : plainType(node.op);
		const blank = { ...this.#blank(node.name, inputs), type, attributes: shownAttributes(node), weights };
		this.steps.push({
			node: blank,
			compute() {
				throw new Error('it cannot be computed here');
			}
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
		checkInput(node.name, shape, dtype);
		const stuck = this.parts.obstacle || this.blocked.length;
		const full = stuck ? shape : filled(shape, this.parts.inputShape);
		const blank = { ...this.#blank(node.name, []), type: 'Input', attributes: {}, weights: [] };
		this.steps.push({ node: { ...blank, shape: full, dtype }, compute: () => [] });
	}

	/** The constant behind an input, through identities. */
	#constantName(input: string | undefined): string | undefined {
		let node = input === undefined ? undefined : this.nodes.get(nodeOf(input));
		while (node?.op === 'Identity') node = node.inputs[0];
		return node?.op === 'Const' ? node.name : undefined;
	}

	#constant(input: string | undefined): Constant | undefined {
		const name = this.#constantName(input);
		if (name === undefined) return undefined;
		const { shape, values } = this.#stored(name);
		return { name, shape, values };
	}

	#known(name: string): boolean {
		return this.parts.weights.has(name);
	}

	#stored(name: string): StoredWeight {
		const weight =
			this.parts.weights.get(name) ?? (this.parts.obstacle ? declaredConstant(this.nodes.get(name)) : null);
		if (!weight)
			throw new LabError(
				`The weight "${name}" is missing from the weight files.`,
				'Check that all files belong to the same model.'
			);
		return weight;
	}

	#weight(name: string): WeightInfo {
		const { shape, dtype, values, stored } = this.#stored(name);
		if (values && !this.weights.has(name)) this.weights.set(name, tf.tensor(values, shape, dtype));
		return { name, shape, dtype, ...(stored ? { stored } : {}), ...(values ? {} : { missing: true }) };
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

/** What a constant says of itself where its numbers are not there. */
function declaredConstant(node: Node | undefined): StoredWeight | null {
	const value = isObject(node?.rawAttrs) ? (node.rawAttrs as JsonObject)['value'] : null;
	const tensor = isObject(value) && isObject(value['tensor']) ? value['tensor'] : null;
	const shape = tensor && isObject(tensor['tensorShape']) ? tensor['tensorShape'] : null;
	const sizes = Array.isArray(shape?.['dim']) ? shape['dim'].filter(isObject).map((dim) => Number(dim['size'])) : [];
	const dtype = String(node?.attrParams['dtype']?.value ?? 'float32');
	if (!tensor || !sizes.every((size) => Number.isInteger(size) && size >= 0)) return null;
	return { shape: sizes, dtype: dtype === 'int32' || dtype === 'bool' ? dtype : 'float32', values: null };
}

/** A gibibyte of float32: no picture that a browser could hold comes near. */
const MAX_INPUT_VALUES = 2 ** 28;

/** @throws LabError for what no tensor of numbers can be */
function checkInput(name: string, shape: Shape, dtype: string): void {
	const count = shape.reduce<number>((product, n) => product * (n ?? 1), 1);
	if (
		!shape.every((n) => n === null || (Number.isInteger(n) && n >= 0)) ||
		count > MAX_INPUT_VALUES ||
		shape.length > 6
	)
		throw new LabError(
			`The input "${name}" has the shape [${shape.map((n) => n ?? '?').join(', ')}], which cannot be.`,
			'Convert the model again.'
		);
	if (!['float32', 'int32', 'bool'].includes(dtype))
		throw new LabError(
			`The input "${name}" takes values of the type ${dtype}, which are not computed here.`,
			'Convert the model without what prepares them.'
		);
}
