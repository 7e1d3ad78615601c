import { describe, expect, it } from 'vitest';
import type { ComparisonRow } from '#contracts/comparison.ts';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { compareGraphs, stateOf } from '#methods/structure/compare.ts';

const node = (id: string, type: string, inputs: string[], more: Partial<GraphNode> = {}): GraphNode => ({
	id,
	type,
	inputs,
	attributes: {},
	shape: [null, 8, 8, 4],
	dtype: 'float32',
	weights: [],
	group: [],
	...more
});
const conv = (id: string, input: string, filters = 4, from = 4, strides = 1) =>
	node(id, 'Conv2D', [input], {
		attributes: { strides: [strides, strides], padding: 'same' },
		shape: [null, 8, 8, filters],
		weights: [
			{ name: `${id}/kernel`, shape: [3, 3, from, filters], dtype: 'float32', role: 'kernel' },
			{ name: `${id}/bias`, shape: [filters], dtype: 'float32', role: 'bias' }
		]
	});
const graph = (nodes: GraphNode[]): Graph => ({
	nodes,
	inputs: nodes.filter(({ type }) => type === 'Input').map(({ id }) => id),
	outputs: [nodes.at(-1)!.id],
	operators: new Map()
});
/** image -> (conv -> relu) x n -> softmax, under the given names. */
function chain(names: readonly string[], change: (id: string) => Partial<GraphNode> = () => ({})): Graph {
	const nodes = [node('image', 'Input', [])];
	for (const name of names) {
		nodes.push({ ...conv(name, nodes.at(-1)!.id), ...change(name) });
		nodes.push(node(`${name}/relu`, 'Relu', [name]));
	}
	nodes.push(node('scores', 'Softmax', [nodes.at(-1)!.id]));
	return graph(nodes);
}
const letters = ['stem', 'left', 'right', 'middle', 'top'];
const short = (rows: readonly ComparisonRow[]) =>
	rows.filter(({ state }) => state !== 'same').map(({ first, second, state }) => `${state} ${first} ${second}`);

describe('two graphs', () => {
	it('that are the same have only same rows, in order', () => {
		const rows = compareGraphs(chain(letters), chain(letters));
		expect(
			rows.every(({ state, found, first, second }) => state === 'same' && found === 'name' && first === second)
		).toBe(true);
		expect(rows.map(({ first }) => first)).toEqual(chain(letters).nodes.map(({ id }) => id));
		const weights = rows.flatMap((row) => row.weights);
		expect(weights).toHaveLength(10);
		expect(weights.every(({ comparable, first, second }) => comparable && first === second)).toBe(true);
	});

	it('whose nodes are renamed are matched by structure', () => {
		const rows = compareGraphs(chain(letters), chain(letters.map((name) => `model/${name}_b`)));
		expect(short(rows)).toEqual([]);
		expect(rows.filter(({ found }) => found === 'structure')).toHaveLength(10);
		expect(rows.find(({ first }) => first === 'middle')?.second).toBe('model/middle_b');
	});

	it('show a layer put in between, and no news of those after it', () => {
		const rows = compareGraphs(chain(letters), chain(['stem', 'left', 'extra', 'right', 'middle', 'top']));
		expect(short(rows)).toEqual(['added null extra', 'added null extra/relu']);
		const back = compareGraphs(chain(['stem', 'left', 'extra', 'right', 'middle', 'top']), chain(letters));
		expect(short(back)).toEqual(['removed extra null', 'removed extra/relu null']);
	});

	it('show a layer put in between though the framework counts all names anew', () => {
		const sizes = [4, 8, 16, 32];
		const numbered = (filters: readonly number[]) => {
			const nodes = [node('input_1', 'Input', [])];
			filters.forEach((n, k) =>
				nodes.push(conv(k ? `conv2d_${k}` : 'conv2d', nodes.at(-1)!.id, n, k ? filters[k - 1]! : 4))
			);
			return graph(nodes);
		};
		const rows = compareGraphs(numbered(sizes), numbered([4, 8, 8, 16, 32]));
		expect(short(rows)).toEqual(['added null conv2d_2']);
		expect(rows.find(({ first }) => first === 'conv2d_3')?.second).toBe('conv2d_4');
	});

	it('show a widened layer and those that have to follow', () => {
		const wide = (id: string): Partial<GraphNode> =>
			id === 'right' ? conv('right', 'left/relu', 16) : id === 'middle' ? conv('middle', 'right/relu', 4, 16) : {};
		const rows = compareGraphs(chain(letters), chain(letters, wide));
		expect(short(rows)).toEqual(['shape right right', 'shape middle middle']);
		const right = rows.find(({ first }) => first === 'right')!;
		expect(right.differences).toEqual([
			{ kind: 'shape', name: 'output', first: '8 × 8 × 4', second: '8 × 8 × 16' },
			{ kind: 'shape', name: 'kernel', first: '3 × 3 × 4 × 4', second: '3 × 3 × 4 × 16' },
			{ kind: 'shape', name: 'bias', first: '4', second: '16' }
		]);
		expect(right.weights.map(({ comparable }) => comparable)).toEqual([false, false]);
		expect(rows.find(({ first }) => first === 'middle')!.weights.map(({ comparable }) => comparable)).toEqual([
			false,
			true
		]);
	});

	it('show widened and renamed layers as pairs, too', () => {
		const wide = chain(
			letters.map((name) => `b_${name}x`),
			(id) => conv(id, id === 'b_stemx' ? 'image' : '', 16, id === 'b_stemx' ? 4 : 16)
		);
		const nodes = wide.nodes.map((one, k) =>
			one.type === 'Conv2D' ? { ...one, inputs: [wide.nodes[k - 1]!.id] } : one
		);
		const rows = compareGraphs(chain(letters), { ...wide, nodes });
		expect(new Set(short(rows).map((text) => text.split(' ')[0]))).toEqual(new Set(['shape']));
		expect(rows).toHaveLength(chain(letters).nodes.length);
	});

	it('show changed attributes with both values', () => {
		const stride = (id: string): Partial<GraphNode> =>
			id === 'left' ? { attributes: { strides: [2, 2], padding: 'same' } } : {};
		const rows = compareGraphs(chain(letters), chain(letters, stride));
		expect(short(rows)).toEqual(['attributes left left']);
		expect(rows.find(({ first }) => first === 'left')!.differences).toEqual([
			{ kind: 'attributes', name: 'strides', first: '[1,1]', second: '[2,2]' }
		]);
	});

	it('show how weights are stored, and a bias that one side lacks', () => {
		const other = (id: string): Partial<GraphNode> =>
			id === 'top'
				? { weights: [{ name: 'top/kernel', shape: [3, 3, 4, 4], dtype: 'float32', role: 'kernel', stored: 'uint8' }] }
				: {};
		const row = compareGraphs(chain(letters), chain(letters, other)).find(({ first }) => first === 'top')!;
		expect(row.state).toBe('shape');
		expect(row.differences).toEqual([
			{ kind: 'attributes', name: 'kernel stored as', first: 'float32', second: 'uint8' },
			{ kind: 'shape', name: 'bias', first: '4', second: '' }
		]);
	});

	it('show nodes that read from elsewhere', () => {
		const residual = (from: string) => {
			const whole = chain(letters);
			const sum = node('sum', 'Add', ['top/relu', from]);
			return graph([...whole.nodes.slice(0, -1), sum, node('scores', 'Softmax', ['sum'])]);
		};
		const rows = compareGraphs(residual('stem/relu'), residual('left/relu'));
		expect(short(rows)).toEqual(['inputs sum sum']);
		expect(rows.find(({ first }) => first === 'sum')!.differences[0]).toEqual({
			kind: 'inputs',
			name: 'reads',
			first: 'top/relu, stem/relu',
			second: 'top/relu, left/relu'
		});
	});

	it('whose branches are written in another order and renamed are still matched along their edges', () => {
		const branches = (names: readonly [string, string], order: readonly [0 | 1, 0 | 1]) => {
			const parts = [
				[conv(names[0], 'image', 4, 4), node(`${names[0]}r`, 'Relu', [names[0]])],
				[conv(names[1], 'image', 8, 4), node(`${names[1]}r`, 'Relu', [names[1]], { shape: [null, 8, 8, 8] })]
			] as const;
			return graph([
				node('image', 'Input', []),
				...parts[order[0]],
				...parts[order[1]],
				node('both', 'Concat', [`${names[0]}r`, `${names[1]}r`])
			]);
		};
		const rows = compareGraphs(branches(['p', 'q'], [0, 1]), branches(['x', 'y'], [1, 0]));
		expect(short(rows)).toEqual([]);
		expect(rows.find(({ first }) => first === 'q')?.second).toBe('y');
		expect(rows).toHaveLength(6);
	});

	it('that are totally different share no more than their ends', () => {
		const dense = (id: string, input: string) =>
			node(id, 'Dense', [input], {
				shape: [null, 4],
				weights: [{ name: `${id}/kernel`, shape: [4, 4], dtype: 'float32', role: 'kernel' }]
			});
		const other = graph([
			node('numbers', 'Input', [], { shape: [null, 4] }),
			dense('one', 'numbers'),
			node('tanh', 'Tanh', ['one'], { shape: [null, 4] }),
			dense('two', 'tanh')
		]);
		const rows = compareGraphs(chain(letters), other);
		expect(rows.filter(({ first, second }) => first && second).map(({ type }) => type)).toEqual(['Input']);
		expect(rows.filter(({ state }) => state === 'added').map(({ second }) => second)).toEqual(['one', 'tanh', 'two']);
		expect(rows.filter(({ state }) => state === 'removed')).toHaveLength(11);
	});

	it('of 5,000 nodes are compared in a moment, renamed and with layers put in all over', () => {
		const many = (n: number, prefix: string) => chain(Array.from({ length: n }, (_, k) => `${prefix}${k}x`));
		const first = many(2500, 'a');
		const second = many(2600, 'b');
		const start = performance.now();
		const rows = compareGraphs(first, second);
		const took = performance.now() - start;
		expect(rows.filter(({ state }) => state === 'added')).toHaveLength(200);
		expect(rows.filter(({ state }) => state === 'removed')).toHaveLength(0);
		expect(took).toBeLessThan(2000);
	});

	it('keep every node exactly once', () => {
		const one = chain(letters);
		const other = chain(['top', 'left', 'stem', 'new']);
		const rows = compareGraphs(one, other);
		expect(rows.flatMap(({ first }) => first ?? []).sort()).toEqual(one.nodes.map(({ id }) => id).sort());
		expect(rows.flatMap(({ second }) => second ?? []).sort()).toEqual(other.nodes.map(({ id }) => id).sort());
	});
});

it('a pair is shown by its weightiest change', () => {
	expect(stateOf([])).toBe('same');
	expect(stateOf(['weights', 'attributes'])).toBe('attributes');
	expect(stateOf(['weights', 'inputs', 'shape'])).toBe('shape');
});
