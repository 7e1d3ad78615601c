import type { JsonObject } from '#maths/json.ts';

/** Nodes of a GraphDef in JSON, as they are written one by one. */
export class NodeList {
	readonly nodes: JsonObject[] = [];
	readonly #names = new Set<string>();

	/** A name that no node has yet. @param requested one that a node may have */
	unique(requested: string): string {
		let name = requested;
		for (let k = 1; this.#names.has(name); k++) name = `${requested}_${k}`;
		this.#names.add(name);
		return name;
	}

	/** @returns the name of the node */
	add(name: string, op: string, input: readonly string[], attr: JsonObject = {}): string {
		this.nodes.push({ name, op, input: [...input], attr });
		return name;
	}
}
