import { parseReference, type Graph } from '#contracts/graph.ts';
import { MARK, type GraphMarks } from '#contracts/graph-picture.ts';
import type { Scene } from '#contracts/structure.ts';
import { adjacency, type Adjacency } from '#maths/layout/adjacency.ts';

/** What a node depends on, and what depends on it. */
export class Kinship {
	readonly #up: Adjacency;
	readonly #down: Adjacency;
	readonly #count: number;

	constructor({ nodes }: Graph) {
		const index = new Map(nodes.map(({ id }, i) => [id, i]));
		const [from, to]: [number[], number[]] = [[], []];
		nodes.forEach(({ inputs }, i) => {
			for (const reference of inputs) {
				const source = index.get(reference) ?? index.get(parseReference(reference)[0]);
				if (source === undefined) continue;
				from.push(source);
				to.push(i);
			}
		});
		this.#count = nodes.length;
		this.#down = adjacency(nodes.length, from, to);
		this.#up = adjacency(nodes.length, to, from);
	}

	/** All nodes that these depend on, themselves not counted unless by a cycle. */
	before(nodes: readonly number[]): Uint8Array {
		return this.#reach(this.#up, nodes);
	}

	/** All nodes that depend on these. */
	after(nodes: readonly number[]): Uint8Array {
		return this.#reach(this.#down, nodes);
	}

	#reach({ start, list }: Adjacency, from: readonly number[]): Uint8Array {
		const seen = new Uint8Array(this.#count);
		const stack = [...from];
		while (stack.length) {
			const v = stack.pop() as number;
			for (let i = start[v]!; i < start[v + 1]!; i++) {
				const w = list[i]!;
				if (seen[w]) continue;
				seen[w] = 1;
				stack.push(w);
			}
		}
		return seen;
	}
}

/** Index of each box's frame; -1 outside of all. */
export function frames({ boxes }: Scene): Int32Array {
	const index = new Map(boxes.map(({ id }, i) => [id, i]));
	return Int32Array.from(boxes, ({ parent }) => (parent === null ? -1 : (index.get(parent) ?? -1)));
}

/** Indices of the graph's nodes that a box stands for. */
export function nodesOf(scene: Scene, box: number): number[] {
	const outer = frames(scene);
	const found: number[] = [];
	scene.homes.forEach((home, node) => {
		for (let at = home; at >= 0; at = outer[at]!) {
			if (at !== box) continue;
			found.push(node);
			return;
		}
	});
	return found;
}

export type Marks = GraphMarks;

/** What a canvas puts on its boxes and lines. */
export interface Ink {
	/** Red, green and blue per box. */
	colours: Uint8Array;
	marks: Marks;
}

/**
 * @param chosen box, or -1
 * @param found indices of nodes that were searched for; null without a search
 */
export function marksOf(scene: Scene, kin: Kinship, chosen: number, found: readonly number[] | null): Marks {
	const { boxes, ends, homes } = scene;
	const marks = { boxes: new Uint8Array(boxes.length), lines: new Uint8Array(ends.length / 2) };
	if (chosen >= 0) {
		const nodes = nodesOf(scene, chosen);
		const [before, after] = [kin.before(nodes), kin.after(nodes)];
		const own = new Uint8Array(boxes.length);
		const [isBefore, isAfter] = [new Uint8Array(boxes.length), new Uint8Array(boxes.length)];
		for (const node of nodes) if (homes[node]! >= 0) own[homes[node]!] = 1;
		homes.forEach((home, node) => {
			if (home < 0) return;
			if (before[node]) isBefore[home] = 1;
			if (after[node]) isAfter[home] = 1;
		});
		boxes.forEach(({ kind }, i) => {
			if (kind === 'open' || own[i]) return;
			marks.boxes[i] = isBefore[i] ? MARK.before : isAfter[i] ? MARK.after : MARK.pale;
		});
		for (let line = 0; line < marks.lines.length; line++) {
			const [source, target] = [ends[2 * line]!, ends[2 * line + 1]!];
			if (source < 0 || target < 0) continue;
			const towards = (isBefore[source] || own[source]) && (isBefore[target] || own[target]);
			const away = (isAfter[source] || own[source]) && (isAfter[target] || own[target]);
			marks.lines[line] = towards ? MARK.before : away ? MARK.after : MARK.pale;
		}
		marks.boxes[chosen] = MARK.chosen;
	}
	for (const node of found ?? []) {
		const home = homes[node]!;
		if (home >= 0 && home !== chosen) marks.boxes[home] = MARK.found;
	}
	return marks;
}
