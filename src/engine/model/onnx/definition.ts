import type { Later } from '#engine/model/onnx/later.ts';

/** An ONNX graph as plain data: what the loader decodes and the translation reads. Hostile until translated. */

export type Kind = 'float' | 'int' | 'bool';

export type Values =
	Float32Array | Float64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** A tensor whose numbers are known: an initialiser, or what was worked out of them. */
export interface Constant {
	constant: true;
	name: string;
	shape: readonly number[];
	kind: Kind;
	/** 64-bit integers as doubles. Null where the file that holds them is missing, or they are read later. */
	values: Values | null;
	later?: Later;
	/** How the file stored it, where that is not float32: float16, int8... */
	stored?: string;
	/** It was written into the graph or worked out, and is no weight of its own. */
	made?: true;
	/** Why its numbers cannot be read: half a sentence. */
	unreadable?: string;
}

export type OnnxAttribute = number | string | readonly number[] | readonly string[] | Constant | OnnxGraph;

export interface OnnxNode {
	name: string;
	op: string;
	/** Empty for ONNX's own operators. */
	domain: string;
	/** Names of values; empty for one that is left out. */
	inputs: readonly string[];
	outputs: readonly string[];
	attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxInput {
	name: string;
	/** Null for a size that is free; undefined where not even the rank is said. */
	shape: readonly (number | null)[] | undefined;
	/** What free sizes are called. */
	sizes: readonly (string | undefined)[];
	dtype: 'float32' | 'int32' | 'bool' | 'string';
	/** What makes it unfit for a tensor: a sequence, a map; else empty. */
	other: string;
}

export interface OnnxGraph {
	nodes: readonly OnnxNode[];
	constants: ReadonlyMap<string, Constant>;
	inputs: readonly OnnxInput[];
	outputs: readonly string[];
}

export interface OnnxFunction {
	inputs: readonly string[];
	outputs: readonly string[];
	nodes: readonly OnnxNode[];
	/** Values that attributes have where a call does not give them. */
	defaults: ReadonlyMap<string, OnnxAttribute>;
	/** Attributes of its nodes that are the call's own: node index and name -> name of the call's attribute. */
	references: readonly { node: number; attribute: string; from: string }[];
	opset: number;
}

export interface OnnxModel {
	graph: OnnxGraph;
	/** Version of ONNX's own operators. */
	opset: number;
	producer: string;
	/** By `domain/name`. */
	functions: ReadonlyMap<string, OnnxFunction>;
}

/** Operators that files of ONNX's own domain may name in two ways. */
export const OWN = new Set(['', 'ai.onnx']);
