import { parseReference, type Graph, type GraphNode } from '#contracts/graph.ts';
import { commonSubsequence, increasing, type Pair } from '#maths/sequence-match.ts';

/**
 * Which node of one graph is which of another. By name where names mean something, then by structure: common
 * subsequences of what the nodes are, between what is matched already, and from matched nodes along their edges. Time
 * grows about linearly with the nodes for graphs that have much in common.
 */

export interface NodeMatch {
	/** Indices into the nodes of both graphs, ascending in the first. */
	pairs: readonly { first: number; second: number; found: 'name' | 'structure' }[];
	/** The pairs that keep their order in both. */
	chain: readonly Pair[];
}

/** How alike two nodes must be: `strong` in all but weights, `medium` but for what follows from sizes of the input. */
type Likeness = 'strong' | 'medium' | 'type';
type Symbols = Readonly<Record<Likeness, Int32Array>>;

interface Side {
	nodes: readonly GraphNode[];
	index: ReadonlyMap<string, number>;
	/** Indices of the nodes that each one reads, -1 for none; and of those that read it. */
	inputs: readonly (readonly number[])[];
	consumers: readonly (readonly number[])[];
	symbols: Symbols;
}

export function matchNodes(first: Graph, second: Graph): NodeMatch {
	const table = new Map<string, number>();
	return new Matching(side(first, table), side(second, table)).run(first, second);
}

function side({ nodes }: Graph, table: Map<string, number>): Side {
	const index = new Map(nodes.map(({ id }, i) => [id, i]));
	const inputs = nodes.map((node) => node.inputs.map((reference) => index.get(parseReference(reference)[0]) ?? -1));
	const consumers: number[][] = nodes.map(() => []);
	inputs.forEach((list, i) => list.forEach((j) => consumers[j]?.push(i)));
	const symbol = (text: string) => {
		const known = table.get(text) ?? table.size;
		table.set(text, known);
		return known;
	};
	const symbols = {
		type: Int32Array.from(nodes, ({ type }) => symbol(type)),
		medium: Int32Array.from(nodes, (node) => symbol(mediumText(node))),
		strong: Int32Array.from(nodes, (node) => symbol(`${mediumText(node)}>${node.shape.slice(1).join()}`))
	};
	return { nodes, index, inputs, consumers, symbols };
}

function mediumText({ type, attributes, weights }: GraphNode): string {
	const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
	return `${type}${JSON.stringify(sorted)}${weights.map(({ shape }) => shape.join('x')).join()}`;
}

class Matching {
	/** The partner of each node, or -1. */
	readonly #of: Int32Array;
	readonly #back: Int32Array;
	readonly #found: ('name' | 'structure')[] = [];

	constructor(
		private readonly a: Side,
		private readonly b: Side
	) {
		this.#of = new Int32Array(a.nodes.length).fill(-1);
		this.#back = new Int32Array(b.nodes.length).fill(-1);
	}

	run(first: Graph, second: Graph): NodeMatch {
		const numbered = autoNumbered(this.a, this.b);
		this.#byName((id, i, j) => !numbered(id) || this.#alike('medium', i, j));
		this.#between('strong');
		this.#between('medium');
		this.#byName(() => true);
		this.#ends(first, second);
		this.#alongEdges();
		this.#between('type', (i, j) => this.#supported(i, j));
		this.#alongEdges();
		const pairs = this.#pairs().map(([i, j]) => ({ first: i, second: j, found: this.#found[i] ?? 'structure' }));
		return { pairs, chain: increasing(this.#pairs()) };
	}

	#alike(likeness: Likeness, i: number, j: number): boolean {
		return this.a.symbols[likeness][i] === this.b.symbols[likeness][j];
	}

	/** Weights without their network have no type of their own: a name alone says where they belong. */
	#bag(i: number, j: number): boolean {
		return this.a.nodes[i]?.type === 'Weights' || this.b.nodes[j]?.type === 'Weights';
	}

	#free(i: number, j: number): boolean {
		return this.#of[i] === -1 && this.#back[j] === -1;
	}

	#join(i: number, j: number, found: 'name' | 'structure'): void {
		this.#of[i] = j;
		this.#back[j] = i;
		this.#found[i] = found;
	}

	#pairs(): Pair[] {
		return [...this.#of.entries()].filter(([, j]) => j >= 0);
	}

	#byName(accept: (id: string, i: number, j: number) => boolean): void {
		this.a.nodes.forEach(({ id }, i) => {
			const j = this.b.index.get(id);
			const fits = j !== undefined && (this.#alike('type', i, j) || this.#bag(i, j));
			if (fits && this.#free(i, j) && accept(id, i, j)) this.#join(i, j, 'name');
		});
	}

	/** Common subsequences of what is left between the pairs that keep their order. */
	#between(likeness: Likeness, accept: (i: number, j: number) => boolean = () => true): void {
		const anchors = [...increasing(this.#pairs()), [this.a.nodes.length, this.b.nodes.length] as const];
		let [from, other] = [0, 0];
		const found: Pair[] = [];
		for (const [i, j] of anchors) {
			const left = range(from, i).filter((k) => this.#of[k] === -1);
			const right = range(other, j).filter((k) => this.#back[k] === -1);
			if (left.length && right.length) {
				const common = commonSubsequence(
					left.map((k) => this.a.symbols[likeness][k] as number),
					right.map((k) => this.b.symbols[likeness][k] as number)
				);
				for (const [x, y] of common) found.push([left[x] as number, right[y] as number]);
			}
			[from, other] = [i + 1, j + 1];
		}
		for (const [i, j] of found) this.#join(i, j, 'structure');
		// What stands alone is taken back, once all its neighbours have been tried.
		const alone = found.filter(([i, j]) => !accept(i, j));
		for (const [i, j] of alone) [this.#of[i], this.#back[j]] = [-1, -1];
	}

	/** Whether a neighbour of the one is matched with a neighbour of the other. */
	#supported(i: number, j: number): boolean {
		const meets = (own: readonly number[], others: readonly number[]) =>
			own.some((k) => k >= 0 && others.includes(this.#of[k] as number));
		return (
			meets(this.a.inputs[i] as number[], this.b.inputs[j] as number[]) ||
			meets(this.a.consumers[i] as number[], this.b.consumers[j] as number[])
		);
	}

	/** Inputs are inputs, and outputs outputs, whatever they are called. */
	#ends(first: Graph, second: Graph): void {
		const pair = (one: readonly string[], other: readonly string[]) => {
			if (one.length !== other.length) return;
			one.forEach((reference, k) => {
				const i = this.a.index.get(parseReference(reference)[0]) ?? -1;
				const j = this.b.index.get(parseReference(other[k] as string)[0]) ?? -1;
				if (i >= 0 && j >= 0 && this.#free(i, j) && this.#alike('type', i, j)) this.#join(i, j, 'structure');
			});
		};
		pair(first.inputs, second.inputs);
		pair(first.outputs, second.outputs);
	}

	/** From each pair to what it reads, by index, and to what reads it, where there is only one of its kind. */
	#alongEdges(): void {
		const queue = this.#pairs();
		for (let k = 0; k < queue.length; k++) {
			const [i, j] = queue[k] as Pair;
			const inputs = this.a.inputs[i] as number[];
			const others = this.b.inputs[j] as number[];
			if (inputs.length === others.length)
				inputs.forEach((x, index) => this.#follow(x, others[index] as number, queue));
			this.#onlyOnes(this.a.consumers[i] as number[], this.b.consumers[j] as number[], queue);
		}
	}

	#follow(i: number, j: number, queue: Pair[]): void {
		if (i < 0 || j < 0 || !this.#free(i, j) || !this.#alike('type', i, j)) return;
		this.#join(i, j, 'structure');
		queue.push([i, j]);
	}

	#onlyOnes(left: readonly number[], right: readonly number[], queue: Pair[]): void {
		for (const likeness of ['medium', 'type'] as const) {
			const kind = this.a.symbols[likeness];
			const kindOther = this.b.symbols[likeness];
			const open = left.filter((i) => this.#of[i] === -1);
			const others = right.filter((j) => this.#back[j] === -1);
			if (!open.length || !others.length) return;
			const counts = counted(open, kind);
			const otherCounts = counted(others, kindOther);
			for (const i of open)
				if (counts.get(kind[i] as number) === 1 && otherCounts.get(kind[i] as number) === 1)
					this.#follow(i, others.find((j) => kindOther[j] === kind[i]) as number, queue);
		}
	}
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

function counted(indices: readonly number[], kinds: Int32Array): Map<number, number> {
	const counts = new Map<number, number>();
	for (const i of indices) counts.set(kinds[i] as number, (counts.get(kinds[i] as number) ?? 0) + 1);
	return counts;
}

/**
 * Whether a name is one of those that a framework counts up: `conv2d`, `conv2d_1`... A layer put in between shifts them
 * all, so they say little.
 */
function autoNumbered(a: Side, b: Side): (id: string) => boolean {
	return (id) => {
		const [, own = '', rest = ''] = /^(.*?)(\/[a-z0-9]+)?$/.exec(id) ?? [];
		return /[_-]\d+$/.test(own) || [a, b].some(({ index }) => index.has(`${own}_1`) || index.has(`${own}_1${rest}`));
	};
}
