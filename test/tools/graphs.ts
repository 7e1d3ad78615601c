import { hash01 } from './hash01.ts';

/** Graphs that networks look like, and some that they do not. */

export interface TestGraph {
	n: number;
	edges: [from: number, to: number][];
}

/** A chain in which every seventh node or so is skipped to. */
export function residualChain(n: number, seed = 1): TestGraph {
	const edges: TestGraph['edges'] = [];
	for (let i = 1; i < n; i++) {
		edges.push([i - 1, i]);
		if (i > 6 && hash01(seed, i) < 0.14) edges.push([i - 2 - Math.floor(hash01(seed + 1, i) * 5), i]);
	}
	return { n, edges };
}

/** Blocks of four branches of different length. */
export function inception(blocks: number): TestGraph {
	const edges: TestGraph['edges'] = [];
	let [n, last] = [1, 0];
	for (let block = 0; block < blocks; block++) {
		const ends = [1, 2, 3, 2].map((length) => {
			let at = last;
			for (let k = 0; k < length; k++) {
				edges.push([at, n]);
				at = n++;
			}
			return at;
		});
		for (const end of ends) edges.push([end, n]);
		last = n++;
	}
	return { n, edges };
}

/** Down, across and up again, with skips between. */
export function unet(depth: number): TestGraph {
	const edges: TestGraph['edges'] = [];
	const skips: number[] = [];
	let [n, at] = [1, 0];
	const add = (...from: number[]) => {
		for (const source of from) edges.push([source, n]);
		return n++;
	};
	for (let i = 0; i < depth; i++) {
		at = add(add(at));
		skips.push(at);
		at = add(at);
	}
	for (const skip of skips.reverse()) at = add(add(add(at), skip));
	return { n, edges };
}

/** Every node reads the five before it. */
export function denseBlock(n: number): TestGraph {
	const edges: TestGraph['edges'] = [];
	for (let i = 0; i < n; i++) for (let j = i + 1; j < Math.min(n, i + 6); j++) edges.push([i, j]);
	return { n, edges };
}

/** Edges between any two nodes, backwards and loops too where `cyclic`. */
export function randomGraph(n: number, m: number, seed: number, cyclic = false): TestGraph {
	const edges = Array.from({ length: m }, (_, k): [number, number] => {
		const from = Math.floor(hash01(seed, k) * n);
		if (cyclic) return [from, Math.floor(hash01(seed + 7, k) * n)];
		return [Math.min(from, n - 2), Math.min(n - 1, Math.min(from, n - 2) + 1 + Math.floor(hash01(seed + 7, k) * 12))];
	});
	return { n, edges };
}
