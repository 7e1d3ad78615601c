import { batched, BATCH, BatchMixed, shownSizes } from '#engine/model/onnx/batch.ts';
import { made, permuted, product, valuesOf } from '#engine/model/onnx/arrays.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import { tableStep, type OperandSource } from '#engine/model/operator-step.ts';
import { parseReference, type AttributeValue, type GraphNode, type WeightInfo } from '#contracts/graph.ts';
import {
	inMemory,
	inverse,
	isConstant,
	natural,
	sameOrder,
	type Operand,
	type Value
} from '#engine/model/onnx/value.ts';
import type { Step } from '#engine/model/step.ts';

export interface Output {
	shape: readonly number[];
	order?: readonly number[];
	dtype?: Value['dtype'];
}

export interface Emitted {
	/** Of the operator table. */
	type: string;
	inputs: readonly (Operand | undefined)[];
	/** Constants become weights of the node, values inputs. */
	roles?: Readonly<Record<string, Operand | undefined>>;
	attributes?: Readonly<Record<string, AttributeValue>>;
	outputs: readonly Output[];
}

/** Numbers that are written into a node rather than shown as its weight. */
const FEW = 1;

/** A weight as it is stored for the device. */
export interface Stored {
	constant: Constant;
	info: WeightInfo;
}

interface Draft {
	node: { -readonly [K in keyof GraphNode]: GraphNode[K] };
	operands: readonly OperandSource[];
	/** Null for what is not run. */
	roles: Readonly<Record<string, OperandSource>> | null;
}

/** Collects the steps that nodes become. */
export class Translation {
	readonly drafts: Draft[] = [];
	/** By their name in the graph. */
	readonly weights = new Map<string, Stored>();
	readonly notes = new Set<string>();
	readonly #ids = new Set<string>();
	readonly #turned = new Map<string, Value>();
	readonly #names = new Map<Constant, string>();
	/** Of the node that is translated now. */
	id = '';

	/** An id of its own: `name`, or the same with a number. References end in `:1`, so no id does. */
	unique(name: string): string {
		const plain = name.replace(/:0$/, '').replaceAll(':', '_') || 'node';
		let id = plain;
		for (let k = 1; this.#ids.has(id); k++) id = `${plain}_${k}`;
		this.#ids.add(id);
		return id;
	}

	/** Under a name of its own; the one that gives a node's result gets the node's in `named`. */
	emit({ type, inputs, roles = {}, attributes = {}, outputs }: Emitted): Value[] {
		for (const { shape } of outputs)
			if (product(shape) % (BATCH * BATCH) === 0 && product(shape)) throw new BatchMixed();
		const id = this.unique(`${this.id}/${type}`);
		const refs: string[] = [];
		const weights: WeightInfo[] = [];
		const source = (operand: Operand, role: string): OperandSource => {
			if (!isConstant(operand)) return { input: refs.push(operand.ref) - 1 };
			if (operand.made && product(operand.shape) <= FEW && !role) return { literal: literal(operand) };
			const info = this.#weight(operand, role);
			weights.push(info);
			return { weight: info.name };
		};
		const operands = inputs.flatMap((operand) => (operand ? [source(operand, '')] : []));
		const byRole = Object.fromEntries(
			Object.entries(roles).flatMap(([role, operand]) => (operand ? [[role, source(operand, role)] as const] : []))
		);
		const [first] = outputs as [Output];
		const order = first.order ?? natural(first.shape.length);
		const axes = inverse(order);
		const literals = operands.flatMap((one) =>
			'literal' in one && one.literal.values.length === 1 ? [one.literal.values[0] as number] : []
		);
		const node = {
			id,
			type,
			attributes: {
				...attributes,
				...(literals.length ? { constant: literals.length > 1 ? literals : (literals[0] as number) } : {})
			},
			inputs: refs,
			shape: shownSizes(inMemory({ shape: first.shape, order })),
			...(sameOrder(axes, natural(axes.length)) ? {} : { axes }),
			dtype: first.dtype ?? 'float32',
			weights,
			group: id.split('/').slice(0, -1).filter(Boolean)
		};
		this.drafts.push({ node, operands, roles: byRole });
		return outputs.map(({ shape, order: own, dtype = 'float32' }, k) => ({
			ref: k ? `${id}:${k}` : id,
			shape,
			order: own ?? natural(shape.length),
			dtype
		}));
	}

	/**
	 * Calls the step that gives the first result by the node's own name.
	 * @param from the first step of the node
	 */
	named<T extends Operand>(results: readonly T[], from: number): T[] {
		const [result] = results;
		const draft =
			result && !isConstant(result)
				? this.drafts.slice(from).find(({ node }) => node.id === parseReference(result.ref)[0])
				: undefined;
		if (!draft) return [...results];
		const old = draft.node.id;
		const renamed = (ref: string) =>
			ref === old ? this.id : ref.startsWith(`${old}:`) ? this.id + ref.slice(old.length) : ref;
		draft.node.id = this.id;
		for (const { node } of this.drafts.slice(from)) node.inputs = node.inputs.map(renamed);
		for (const [key, value] of this.#turned) {
			if (renamed(value.ref) === value.ref && !key.startsWith(`${old} `) && !key.startsWith(`${old}:`)) continue;
			this.#turned.delete(key);
			this.#turned.set(renamed(key.replace(/ [\d,]*$/, '')) + (/ [\d,]*$/.exec(key)?.[0] ?? ''), {
				...value,
				ref: renamed(value.ref)
			});
		}
		return results.map((one) => (isConstant(one) ? one : { ...one, ref: renamed(one.ref) }));
	}

	/** Shown with what it reads, and never computed. */
	blocked(type: string, inputs: readonly Operand[], attributes: GraphNode['attributes']): void {
		const weights = inputs.filter(isConstant).map((one) => this.#weight(one, ''));
		const refs = inputs.flatMap((one) => (isConstant(one) ? [] : [one.ref]));
		const blank = { id: this.id, type, attributes, inputs: refs, shape: [], unknown: true as const, dtype: 'float32' };
		const group = this.id.split('/').slice(0, -1).filter(Boolean);
		this.drafts.push({ node: { ...blank, weights, group }, operands: [], roles: null });
	}

	input(id: string, shape: readonly number[], order: readonly number[], dtype: Value['dtype']): Value {
		const axes = inverse(order);
		const blank = { id, type: 'Input', attributes: {}, inputs: [], weights: [], group: [] };
		const own = { shape: shownSizes(inMemory({ shape, order })), dtype };
		const turned = sameOrder(axes, natural(axes.length)) ? {} : { axes };
		this.drafts.push({ node: { ...blank, ...own, ...turned }, operands: [], roles: null });
		return { ref: id, shape, order, dtype };
	}

	steps(): Step[] {
		return this.drafts.map(({ node, operands, roles }) => {
			if (roles) return tableStep(node, operands, roles);
			const compute = () => {
				if (node.type === 'Input') return [];
				throw new Error('it cannot be computed here');
			};
			return { node, compute };
		});
	}

	one(
		type: string,
		inputs: Emitted['inputs'],
		output: Output,
		more: Pick<Emitted, 'roles' | 'attributes'> = {}
	): Value {
		return this.emit({ type, inputs, outputs: [output], ...more })[0] as Value;
	}

	/** The value as it is wanted in memory. */
	as(value: Value, order: readonly number[]): Value {
		if (sameOrder(value.order, order)) return value;
		const key = `${value.ref} ${order.join()}`;
		const known = this.#turned.get(key);
		if (known) return known;
		const moves = (list: readonly number[]) => list.filter((axis) => value.shape[axis] !== 1);
		const output = { shape: value.shape, order, dtype: value.dtype };
		const turned = sameOrder(moves(value.order), moves(order))
			? this.reshape(value, output)
			: this.one('Transpose', [value], output, {
					attributes: { permutation: order.map((axis) => value.order.indexOf(axis)) }
				});
		const kept = { ...turned, ...(value.quantised ? { quantised: value.quantised } : {}) };
		this.#turned.set(key, kept);
		return kept;
	}

	natural(value: Value): Value {
		return this.as(value, natural(value.shape.length));
	}

	/** The same numbers as they lie, under other sizes. */
	reshape(value: Value, output: Output): Value {
		const sizes = inMemory({ shape: output.shape, order: output.order ?? natural(output.shape.length) });
		const [first] = inMemory(value);
		const keeps = first !== undefined && first === sizes[0] && sizes.slice(1).every((n) => !batched(n));
		const attributes: Record<string, number[]> = keeps
			? { shape: sizes.slice(1) }
			: { full: sizes.map((n) => (batched(n) ? -1 : n)) };
		return this.one('Reshape', [value], { dtype: value.dtype, ...output }, { attributes });
	}

	/** What stands in a computation as it is: a constant of which nothing is known in advance. */
	computed(constant: Constant): Value {
		const dtype = dtypeOf(constant);
		return this.one('Const', [], { shape: constant.shape, dtype }, { roles: { value: constant } });
	}

	/** @param order which axes of the constant lie where, for constants of the same rank */
	turned(constant: Constant, order: readonly number[]): Constant {
		return sameOrder(order, natural(order.length)) ? constant : permuted(constant, order);
	}

	/** A constant is one weight however many nodes read it; in another order it is another. */
	#weight(constant: Constant, role: string): WeightInfo {
		// What the file brings is no count of rows.
		const counts = constant.made || constant.kind === 'int';
		if (counts && constant.values?.some((n) => Number.isInteger(n) && batched(n))) throw new BatchMixed();
		let name = this.#names.get(constant);
		if (name === undefined) {
			const plain = constant.name || `${this.id}/${role || 'constant'}`;
			name = plain;
			for (let k = 1; this.weights.has(name) && !alike(this.weights.get(name)?.constant, constant); k++)
				name = `${plain}/${k}`;
			this.#names.set(constant, name);
		}
		const { shape, stored, values, later } = constant;
		const info = {
			name,
			shape: [...shape],
			dtype: dtypeOf(constant),
			...(stored ? { stored } : {}),
			...((values ?? later) ? {} : { missing: true as const })
		};
		if (!this.weights.has(name)) this.weights.set(name, { constant, info });
		return { ...info, ...(role ? { role } : {}) };
	}
}

export const dtypeOf = ({ kind }: Constant) => (kind === 'float' ? 'float32' : kind === 'int' ? 'int32' : 'bool');

function literal(constant: Constant) {
	const values = valuesOf(constant);
	if (constant.kind === 'int' && values.some(batched)) throw new BatchMixed();
	return { shape: [...constant.shape], dtype: dtypeOf(constant), values } as const;
}

function alike(a: Constant | undefined, b: Constant): boolean {
	return (
		!!a &&
		a.shape.join() === b.shape.join() &&
		a.kind === b.kind &&
		(a.later && b.later ? a.later.same(b.later) : a.later === b.later) &&
		(a.values === b.values || !!a.values?.every((n, i) => Object.is(n, b.values?.[i])))
	);
}

/** One number. */
export const scalar = (value: number, kind: Constant['kind'] = 'float'): Constant =>
	made([], kind, kind === 'float' ? Float32Array.of(value) : Float64Array.of(value));
