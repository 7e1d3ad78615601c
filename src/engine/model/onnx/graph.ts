import { LabError } from '#contracts/errors.ts';
import type { AttributeValue } from '#contracts/graph.ts';
import type { Blocked } from '#engine/model/graph/obstacles.ts';
import { valuesOf } from '#engine/model/onnx/arrays.ts';
import { BatchMixed } from '#engine/model/onnx/batch.ts';
import { Call } from '#engine/model/onnx/call.ts';
import { branched } from '#engine/model/onnx/branches.ts';
import {
	OWN,
	type Constant,
	type OnnxAttribute,
	type OnnxFunction,
	type OnnxGraph,
	type OnnxModel,
	type OnnxNode
} from '#engine/model/onnx/definition.ts';
import { folded } from '#engine/model/onnx/fold.ts';
import { NumbersNeeded } from '#engine/model/onnx/later.ts';
import { isListed, listed } from '#engine/model/onnx/lists.ts';
import { unrolledLoop, unrolledScan, type Rounds } from '#engine/model/onnx/loops.ts';
import { handlerOf } from '#engine/model/onnx/nodes/index.ts';
import quantised, { whole } from '#engine/model/onnx/nodes/quantised.ts';
import { needed } from '#engine/model/onnx/sorted.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { isConstant, type Operand, type Quantised, type Value } from '#engine/model/onnx/value.ts';

/** Values by name; what is within a branch or a function sees what is around it, or not. */
export class Scope {
	readonly #own = new Map<string, Operand>();
	constructor(
		private readonly around: Scope | null,
		private readonly constants: ReadonlyMap<string, Constant>
	) {}

	set(name: string, operand: Operand): void {
		this.#own.set(name, operand);
	}

	get(name: string): Operand | undefined {
		return this.#own.get(name) ?? this.constants.get(name) ?? this.around?.get(name);
	}
}

const DYNAMIC =
	/^(Loop|Scan|If|NonMaxSuppression|NonZero|Unique|SequenceMap|StringNormalizer|TfIdfVectorizer|Multinomial|Bernoulli)$/;
const FOLDED = new Set([...OWN, 'com.microsoft']);
/** They know of whole numbers that stand for real ones. */
const aware = (op: string) => Object.hasOwn(quantised, op);
const DEEPEST = 30;
/** More steps than any graph that can be shown. */
const MAX_NODES = 200_000;

/** Walks a graph and hands each node to who knows it. */
export class Walk {
	readonly blocked: Blocked[] = [];
	/** Nodes that were met, those of branches and functions included. */
	met = 0;
	/** What goes into nodes that cannot be computed. */
	readonly frontier = new Set<Value>();

	constructor(
		private readonly t: Translation,
		private readonly model: OnnxModel
	) {}

	nodes(
		list: readonly OnnxNode[],
		outputs: readonly string[],
		scope: Scope,
		opset: number,
		prefix = '',
		depth = 0
	): void {
		if (depth > DEEPEST) throw new LabError('The graph nests its functions too deeply.', 'Export the model again.');
		for (const node of needed(list, outputs)) {
			if (++this.met > MAX_NODES)
				throw new LabError(
					`The graph has more than ${MAX_NODES} nodes, more than can be shown.`,
					'Export the model again.'
				);
			this.#node(node, scope, opset, prefix, depth);
		}
	}

	#node(node: OnnxNode, scope: Scope, opset: number, prefix: string, depth: number): void {
		const { t } = this;
		const name = node.name || node.outputs.find(Boolean) || node.op;
		const lacking = node.inputs.find((input) => input && !scope.get(input));
		const operands = node.inputs.map((input) => (input ? scope.get(input) : undefined));
		const stuck = lacking !== undefined || operands.some((one) => one && !isConstant(one) && one.unknown);
		const inner = stuck ? undefined : this.#within(node, operands);
		if (inner) return this.#inline(inner, node, operands, scope, opset, `${prefix}${name}/`, depth);
		if (!stuck && this.#decides(node, operands, scope, opset, prefix + name, depth)) return;
		t.id = t.unique(prefix + name);
		const from = t.drafts.length;
		try {
			if (lacking !== undefined)
				throw new LabError(
					`The node “${t.id}” (${node.op}) reads "${lacking}", which nothing makes.`,
					'Export the model again.'
				);
			if (stuck) this.#stop(node, operands, scope);
			else this.#run(node, operands, scope, opset, from);
		} catch (error) {
			if (error instanceof BatchMixed || error instanceof NumbersNeeded) throw error;
			if (error instanceof LabError && error.code) throw error;
			t.drafts.length = from;
			const own =
				error instanceof LabError
					? error
					: new LabError(`The node “${t.id}” (${node.op}) cannot be read.`, 'Export the model again.', {
							cause: error
						});
			this.blocked.push({ id: t.id, op: node.op, why: own });
			this.#stop(node, operands, scope);
		}
	}

	#run(node: OnnxNode, operands: readonly (Operand | undefined)[], scope: Scope, opset: number, from: number): void {
		const { t } = this;
		const handler = handlerOf(node.op, node.domain);
		const moved = movedBy(node, operands);
		const plain =
			moved || aware(node.op) ? operands : operands.map((one) => (one && !isConstant(one) ? whole(t, one) : one));
		const call = new Call(t, node, OWN.has(node.domain) ? opset : 1, plain);
		if (isListed(node.op)) {
			const result = listed(call, (op, list, attributes) => this.#as(call, op, list, attributes));
			if (result && node.outputs[0]) scope.set(node.outputs[0], result);
			return;
		}
		const list = operands.find((one) => one && !isConstant(one) && one.items);
		if (list) throw call.fault('works on a sequence, which is not computed here');
		const known = FOLDED.has(node.domain) ? folded(call) : null;
		if (!known && !handler) {
			this.blocked.push({ id: t.id, op: node.op, why: DYNAMIC.test(node.op) ? 'dynamic' : 'unknown' });
			return this.#stop(node, operands, scope);
		}
		const given = known ?? [handler?.(call) as Operand | Operand[]].flat();
		const results = t.named(given, from);
		for (const [k, output] of node.outputs.entries()) {
			const result = results[k];
			if (!output || !result) continue;
			if (isConstant(result)) scope.set(output, result.name ? result : { ...result, name: output });
			else scope.set(output, moved ? { ...result, quantised: moved } : result);
		}
	}

	/** A condition that is computed, or rounds that are counted. @returns whether it was one of these */
	#decides(
		node: OnnxNode,
		operands: readonly (Operand | undefined)[],
		scope: Scope,
		opset: number,
		name: string,
		depth: number
	): boolean {
		const { t } = this;
		if (!/^(If|Loop|Scan)$/.test(node.op) || !OWN.has(node.domain)) return false;
		const [condition] = operands;
		const call = new Call(t, node, opset, operands);
		const rounds: Rounds = {
			body: (graph, inputs, round) => this.#inner(graph, inputs, scope, opset, `${name}/${round}/`, depth),
			as: (op, list, attributes) => this.#as(call, op, list, attributes)
		};
		if (node.op === 'If' && (!condition || isConstant(condition))) return false;
		const [yes, no] = ['then', 'else'].map((which) => {
			const branch = node.attributes.get(`${which}_branch`);
			const isBranch = node.op === 'If' && typeof branch === 'object' && 'nodes' in branch;
			return isBranch ? this.#inner(branch, [], scope, opset, `${name}/${which}/`, depth) : [];
		}) as [(Operand | undefined)[], (Operand | undefined)[]];
		t.id = name;
		const unrolled = node.op === 'Loop' ? unrolledLoop : unrolledScan;
		const from = t.drafts.length;
		const results = node.op === 'If' ? branched(t, condition as Value, yes, no) : unrolled(call, rounds);
		t.id = t.unique(name);
		if (!results) {
			this.blocked.push({ id: t.id, op: node.op, why: 'dynamic' });
			this.#stop(node, operands, scope);
			return true;
		}
		const named = node.op === 'If' ? t.named(results, from) : results;
		node.outputs.forEach((output, k) => {
			const result = named[k];
			if (output && result) scope.set(output, result);
		});
		return true;
	}

	/** A graph within, which sees what is around it. @returns its outputs */
	#inner(
		graph: OnnxGraph,
		inputs: readonly (Operand | undefined)[],
		around: Scope,
		opset: number,
		prefix: string,
		depth: number
	): (Operand | undefined)[] {
		const scope = new Scope(around, graph.constants);
		graph.inputs.forEach(({ name }, k) => {
			const operand = inputs[k];
			if (operand) scope.set(name, operand);
		});
		this.nodes(graph.nodes, graph.outputs, scope, opset, prefix, depth + 1);
		return graph.outputs.map((output) => scope.get(output));
	}

	/** What a node of another operator makes of operands. */
	#as(
		{ node }: Call,
		op: string,
		operands: readonly Operand[],
		attributes: Readonly<Record<string, number | number[]>>
	): Operand {
		const own = { ...node, op, domain: '', attributes: new Map(Object.entries(attributes)) };
		const call = new Call(this.t, own, 13, operands);
		const [result] = folded(call) ?? [handlerOf(op, '')?.(call)].flat();
		if (!result) throw call.fault('cannot be computed');
		return result as Operand;
	}

	/** Shown, and not run. */
	#stop(node: OnnxNode, operands: readonly (Operand | undefined)[], scope: Scope): void {
		const { t } = this;
		const all = operands.flatMap((one) => (one && !isConstant(one) && one.items) || (one ? [one] : []));
		for (const one of all) if (!isConstant(one) && !one.unknown) this.frontier.add(one);
		t.blocked(node.op, all, shown(node.attributes));
		node.outputs.forEach((output, k) => {
			const unknown: Value = { ref: k ? `${t.id}:${k}` : t.id, shape: [], order: [], dtype: 'float32', unknown: true };
			if (output) scope.set(output, unknown);
		});
	}

	/** The branch of a condition that is known, or the function that the file brings. */
	#within(node: OnnxNode, operands: readonly (Operand | undefined)[]): OnnxGraph | OnnxFunction | undefined {
		const [condition] = operands;
		if (node.op === 'If' && OWN.has(node.domain) && isConstant(condition)) {
			const branch = node.attributes.get(valuesOf(condition)[0] ? 'then_branch' : 'else_branch');
			return typeof branch === 'object' && 'nodes' in branch ? branch : undefined;
		}
		if (OWN.has(node.domain) && handlerOf(node.op, '')) return undefined;
		return this.model.functions.get(`${node.domain}/${node.op}`);
	}

	#inline(
		inner: OnnxGraph | OnnxFunction,
		node: OnnxNode,
		operands: readonly (Operand | undefined)[],
		around: Scope,
		opset: number,
		prefix: string,
		depth: number
	): void {
		const isFunction = 'references' in inner;
		const scope = isFunction ? new Scope(null, new Map()) : new Scope(around, inner.constants);
		if (isFunction)
			inner.inputs.forEach((name, k) => {
				const operand = operands[k];
				if (operand) scope.set(name, operand);
			});
		const nodes = isFunction ? called(inner, node) : inner.nodes;
		this.nodes(nodes, inner.outputs, scope, isFunction ? inner.opset : opset, prefix, depth + 1);
		node.outputs.forEach((output, k) => {
			const result = scope.get(inner.outputs[k] ?? '');
			if (output && result) around.set(output, result);
		});
	}
}

/** They hand on whole numbers as they are: what those stand for stays the same. */
const MOVES =
	/^(Identity|Reshape|Flatten|Squeeze|Unsqueeze|Transpose|MaxPool|GlobalMaxPool|Concat|Split|Slice|Gather|Expand|Tile|Dropout|DepthToSpace|SpaceToDepth)$/;

/** What the whole numbers stand for that a node moves; null where it does not, or mixes those of several kinds. */
function movedBy({ op }: OnnxNode, operands: readonly (Operand | undefined)[]): Quantised | null {
	if (!MOVES.test(op)) return null;
	const values = operands.filter((one) => one !== undefined);
	const [first] = values;
	if (!first || isConstant(first) || !first.quantised) return null;
	const { scale, zero } = first.quantised;
	const same = (one: Operand) => !isConstant(one) && one.quantised?.scale === scale && one.quantised.zero === zero;
	return op !== 'Concat' || values.every(same) ? first.quantised : null;
}

/** A function's nodes with the attributes of the call. */
function called({ nodes, defaults, references }: OnnxFunction, call: OnnxNode): OnnxNode[] {
	return nodes.map((node, index) => {
		const own = references.filter((one) => one.node === index);
		if (!own.length && node.inputs.every(Boolean)) return node;
		const attributes = new Map(node.attributes);
		for (const { attribute, from } of own) {
			const value = call.attributes.get(from) ?? defaults.get(from);
			if (value !== undefined) attributes.set(attribute, value);
		}
		return { ...node, attributes };
	});
}

/** What is short enough to be shown. */
function shown(attributes: ReadonlyMap<string, OnnxAttribute>): Record<string, AttributeValue> {
	const short = [...attributes].filter(
		([, value]) => typeof value !== 'object' || (Array.isArray(value) && value.length <= 64)
	);
	return Object.fromEntries(short) as Record<string, AttributeValue>;
}
