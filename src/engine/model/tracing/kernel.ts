import { attributes } from '#engine/model/graph/attributes.ts';
import type { FollowedCall, Size } from '#engine/model/tracing/followed.ts';
import type { GraphWriter } from '#engine/model/tracing/writer.ts';
import type { JsonObject } from '#maths/json.ts';

/** What a kernel of TF.js is written with, as an operation of TensorFlow. */
export class Writing {
	constructor(
		readonly to: GraphWriter,
		/** Of the node that its outputs come from. */
		readonly name: string,
		private readonly call: FollowedCall,
		private readonly references: ReadonlyMap<string, string>
	) {}

	/** All inputs in their order. */
	get all(): string[] {
		return this.call.inputs.map(([role]) => this.references.get(role) as string);
	}

	input(role: string): string {
		const found = this.references.get(role);
		if (found === undefined) throw new Unwritten(`${this.call.kernel} without its ${role}`);
		return found;
	}

	has(role: string): boolean {
		return this.references.has(role);
	}

	shape(role: string): readonly Size[] {
		return this.call.shapes[role] ?? [];
	}

	get output(): readonly Size[] {
		return this.call.outputs[0]?.shape ?? [];
	}

	get dtype(): 'float32' | 'int32' | 'bool' {
		const dtype = this.call.outputs[0]?.dtype;
		if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
		throw new Unwritten(`numbers of the type ${String(dtype)}`);
	}

	attribute(name: string): unknown {
		return this.call.attributes[name];
	}

	/** One number, whatever the rows of the batch. */
	number(name: string, otherwise?: number): number {
		const value = this.attribute(name) ?? otherwise;
		if (typeof value !== 'number') throw new Unwritten(`${this.call.kernel} whose ${name} goes by the batch`);
		return value;
	}

	list(name: string): Size[] {
		return [this.attribute(name) ?? []].flat() as Size[];
	}

	numbers(name: string): number[] {
		const values = this.list(name);
		if (values.every((value) => typeof value === 'number')) return values;
		throw new Unwritten(`${this.call.kernel} whose ${name} goes by the batch`);
	}

	/** A node beside the main one. @returns its name */
	part(what: string, op: string, input: readonly string[], attr: JsonObject = {}): string {
		return this.to.add(this.to.unique(`${this.name}/${what}`), op, input, attr);
	}

	/** The node itself. */
	done(op: string, input: readonly string[], attr: JsonObject = {}): void {
		this.to.add(this.name, op, input, { T: attributes.type(this.dtype), ...attr });
	}
}

/** What TensorFlow has no operation for, or none that TF.js reads: half a sentence. */
export class Unwritten extends Error {
	override readonly name = 'Unwritten';
}

export type Write = (writing: Writing) => void;

/** What one file of `kernels/` exports: by the names that TF.js gives its kernels. */
export type Kernels = Readonly<Record<string, Write>>;
