import { LabError } from '#contracts/errors.ts';
import { valuesOf } from '#engine/model/onnx/arrays.ts';
import type { Constant, OnnxNode } from '#engine/model/onnx/definition.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { axisOf, isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** One node with what goes in: what a handler gets. */
export class Call {
	constructor(
		readonly t: Translation,
		readonly node: OnnxNode,
		/** Of the operator's own domain. */
		readonly opset: number,
		readonly operands: readonly (Operand | undefined)[]
	) {}

	has(k: number): boolean {
		return this.operands[k] !== undefined;
	}

	operand(k: number): Operand {
		const operand = this.operands[k];
		if (!operand) throw this.fault(`lacks its input ${k + 1}`);
		return operand;
	}

	/** A value, also of what is constant. */
	value(k: number): Value {
		const operand = this.operand(k);
		return isConstant(operand) ? this.t.computed(operand) : operand;
	}

	natural(k: number): Value {
		return this.t.natural(this.value(k));
	}

	/** @param what in a sentence: `axes`, `shape` */
	constant(k: number, what: string): Constant {
		const operand = this.operand(k);
		if (!isConstant(operand)) throw this.fault(`gets its ${what} only while it runs, which is not computed here`);
		return operand;
	}

	/** Numbers of a constant input, or null where it is left out. */
	list(k: number, what: string): number[] | null {
		return this.has(k) ? Array.from(valuesOf(this.constant(k, what))) : null;
	}

	number(k: number, what: string): number | null {
		return this.list(k, what)?.[0] ?? null;
	}

	int(name: string, otherwise: number): number {
		const value = this.node.attributes.get(name);
		return typeof value === 'number' ? value : otherwise;
	}

	float(name: string, otherwise: number): number {
		return this.int(name, otherwise);
	}

	text(name: string, otherwise: string): string {
		const value = this.node.attributes.get(name);
		return typeof value === 'string' ? value : otherwise;
	}

	ints(name: string): number[] | null {
		const value = this.node.attributes.get(name);
		return Array.isArray(value) && value.every((n) => typeof n === 'number') ? [...(value as number[])] : null;
	}

	/** Axes as an attribute or, in newer files, as an input. */
	axes(k: number): number[] | null {
		return this.ints('axes') ?? this.list(k, 'axes');
	}

	axis(rank: number, otherwise: number): number {
		return this.checkedAxis(this.int('axis', otherwise), rank);
	}

	checkedAxis(axis: number, rank: number): number {
		try {
			return axisOf(axis, rank);
		} catch {
			throw this.fault(`names the axis ${axis} of a tensor of ${rank}`);
		}
	}

	/** The same kind of tensor as goes in, of another type. */
	each(type: string, attributes: Record<string, number | string | boolean> = {}, dtype?: Value['dtype'], k = 0): Value {
		const x = this.value(k);
		return this.t.one(type, [x], { shape: x.shape, order: x.order, dtype: dtype ?? x.dtype }, { attributes });
	}

	/** Whether somebody may ask for the k-th output. */
	gives(k: number): boolean {
		return !!this.node.outputs[k];
	}

	/** @param what `has no ...`: what is wrong with it */
	fault(what: string): LabError {
		return new LabError(`The node “${this.t.id}” (${this.node.op}) ${what}.`, 'Export the model another way.');
	}
}

export type Handler = (call: Call) => Operand | readonly Operand[];
export type Handlers = Readonly<Record<string, Handler>>;
