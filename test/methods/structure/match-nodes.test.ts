import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { matchNodes } from '#methods/structure/match-nodes.ts';
import { graph, node } from '../../tools/networks.ts';

/** Which node is which, and what of a pair is told, in graphs of a few nodes. */

const pairs = (first: Graph, second: Graph) =>
	matchNodes(first, second).pairs.map(
		({ first: i, second: j, found }) => `${first.nodes[i]!.id}=${second.nodes[j]!.id} ${found}`
	);
/** `id:Type` after `id:Type`, in a row. */
const row = (words: string, change: (id: string) => Partial<GraphNode> = () => ({})) => {
	const list = words.split(' ').map((word) => word.split(':') as [string, string]);
	return graph(list.map(([id, type], i) => node(id, type, i ? [list[i - 1]![0]] : [], change(id))));
};

describe('which node is which', () => {
	it('by name, where type and name agree', () => {
		expect(pairs(row('x:Input a:Relu b:Tanh'), row('x:Input b:Tanh a:Relu'))).toEqual([
			'x=x name',
			'a=a name',
			'b=b name'
		]);
		// Of another type it is another node, though what stands alone in one place is not matched either.
		expect(pairs(row('x:Input a:Relu'), row('x:Input a:Tanh'))).toEqual(['x=x name']);
	});

	it('names that are counted up say little: a layer put in shifts them', () => {
		const size = (sizes: Record<string, number>) => (id: string) => ({ shape: [null, sizes[id] ?? 8] });
		const first = row('x:Input d:Dense d_1:Dense', size({ d: 4, d_1: 6 }));
		const second = row('x:Input d:Dense d_1:Dense d_2:Dense', (id) => ({
			...size({ d: 4, d_1: 5, d_2: 6 })(id),
			attributes: { units: { d: 4, d_1: 5, d_2: 6 }[id] ?? 0 }
		}));
		const changed = graph(
			first.nodes.map((one) => ({ ...one, attributes: { units: (one.shape[1] ?? 0) * Number(one.type === 'Dense') } }))
		);
		expect(pairs(changed, second)).toEqual(['x=x name', 'd=d name', 'd_1=d_2 structure']);
		// Names of their own hold, whatever changed.
		const own = row('x:Input p:Dense q:Dense', () => ({ attributes: { units: 1 } }));
		const other = row('x:Input p:Dense r:Dense q:Dense', (id) => ({ attributes: { units: id === 'q' ? 9 : 1 } }));
		expect(pairs(own, other)).toEqual(['x=x name', 'p=p name', 'q=q name']);
	});

	it.each([
		['a-1', 'a-1', true],
		['conv', 'conv', true],
		['conv2d', 'conv2d', false]
	])('%s of one model alone is counted: only with the same settings it is the same', (id, _, named) => {
		const made = (units: number, more = '') => row(`x:Input ${id}:Dense${more}`, () => ({ attributes: { units } }));
		const counted = !named ? ` ${id}_1:Dense` : '';
		const found = pairs(made(1, counted), made(2, counted));
		expect(found[0]).toMatch(/^x=x/);
		expect(found).toContain(`${id}=${id} name`);
	});

	it('renamed, by what they are: settings, weights and shape first', () => {
		const weights = (n: number) => [{ name: 'w', shape: [n, n], dtype: 'float32' }];
		const first = row('x:Input a:Dense b:Dense', (id) => ({ weights: id === 'x' ? [] : weights(id === 'a' ? 2 : 3) }));
		const second = row('y:Input c:Dense', (id) => ({ weights: id === 'y' ? [] : weights(3) }));
		expect(pairs(first, second)).toEqual(['x=y structure', 'b=c structure']);
		const shaped = (n: number) => (id: string) => ({ shape: [null, id.length > 1 ? n : 8] });
		expect(pairs(row('x:Input aa:Relu', shaped(3)), row('y:Input bb:Relu', shaped(5)))).toEqual([
			'x=y structure',
			'aa=bb structure'
		]);
	});

	it('inputs are inputs, and outputs outputs, where there are as many', () => {
		const first = row('x:Input a:A b:B c:C');
		const second = row('y:Input p:P q:Q r:C', () => ({ attributes: { k: 1 } }));
		expect(pairs(first, second)).toEqual(['x=y structure', 'c=r structure']);
		const two = graph([...first.nodes, node('d', 'D', ['b'])]);
		expect(pairs(two, second)).toEqual(['x=y structure']);
	});

	it('along edges: inputs by their index, what reads them where there is one of its kind', () => {
		const fork = (names: string, change = {}) => {
			const [x, a, b, c, sum] = names.split(' ') as [string, string, string, string, string];
			return graph([
				node(x, 'Input', []),
				node(a, 'A', [x], change),
				node(b, 'B', [x], change),
				node(c, 'B', [x], change),
				node(sum, 'Add', [b, c])
			]);
		};
		// Both B stand for themselves through the sum that reads them; A is the only one of its kind.
		const swapped = fork('y p q r s', { attributes: { k: 2 } });
		const turned = graph([
			swapped.nodes[0]!,
			swapped.nodes[3]!,
			swapped.nodes[2]!,
			swapped.nodes[1]!,
			swapped.nodes[4]!
		]);
		expect(pairs(fork('x a b c sum'), turned)).toEqual([
			'x=y structure',
			'a=p structure',
			'b=q structure',
			'c=r structure',
			'sum=s structure'
		]);
	});

	it('what has only its type in common, and no neighbour that is matched, is not a pair', () => {
		const first = row('x:Input a:Dense', () => ({ shape: [null, 4] }));
		const far = graph([
			node('u', 'Noise', []),
			node('v', 'Dense', ['u'], { attributes: { units: 3 }, shape: [null, 9] }),
			node('w', 'Out', ['v'])
		]);
		expect(pairs(first, far)).toEqual([]);
	});

	it('the chain keeps the order of both', () => {
		const { chain } = matchNodes(row('x:Input a:A b:B c:C'), row('x:Input c:C a:A b:B'));
		expect(chain).toEqual([[0, 0], [1, 2], [2, 3]]); // prettier-ignore
	});

	it('weights without their network are found by name alone', () => {
		const bag = graph([node('a', 'Weights', []), node('z', 'Weights', [])]);
		expect(pairs(bag, row('x:Input a:Dense'))).toEqual(['a=a name']);
		expect(pairs(row('x:Input a:Dense'), bag)).toEqual(['a=a name']);
	});
});

describe('what is told of a pair', () => {
	const compared = (a: Partial<GraphNode>, b: Partial<GraphNode>) =>
		compareGraphs(graph([node('n', 'Dense', [], a)]), graph([node('n', 'Dense', [], b)]))[0]!;
	const w = (name: string, shape: number[], change = {}) => ({ name, shape, dtype: 'float32', ...change });

	it('shapes as they read', () => {
		expect(compared({ shape: [null, 2, null] }, { shape: [] }).shapes).toEqual(['2 × ?', 'a number']);
		expect(compared({ shape: [7] }, { unknown: true, shape: [] })).toMatchObject({
			shapes: ['7', 'unknown'],
			state: 'same'
		});
		expect(compared({ shape: [null] }, { shape: [3] })).toMatchObject({ shapes: ['?', '3'], state: 'shape' });
	});

	it('attributes and the type of numbers; long ones are cut', () => {
		const row = compared(
			{ attributes: { a: 1, b: 'x'.repeat(201), c: true } },
			{ attributes: { b: 'x'.repeat(200), d: [1] }, dtype: 'int32' }
		);
		expect(row.differences).toEqual([
			{ kind: 'attributes', name: 'a', first: '1', second: '' },
			{ kind: 'attributes', name: 'b', first: `${'x'.repeat(200)}…`, second: 'x'.repeat(200) },
			{ kind: 'attributes', name: 'c', first: 'true', second: '' },
			{ kind: 'attributes', name: 'd', first: '', second: '[1]' },
			{ kind: 'attributes', name: 'number type', first: 'float32', second: 'int32' }
		]);
		expect(row.state).toBe('attributes');
	});

	it('weights by role, else by index; what one side lacks, or has in another shape', () => {
		const row = compared(
			{
				weights: [
					w('k', [2, 3], { role: 'kernel' }),
					w('p', [4]),
					w('s', [], { role: 'scale' }),
					w('m', [2], { role: 'mean', missing: true })
				]
			},
			{
				weights: [
					w('q', [4]),
					w('l', [2, 4], { role: 'kernel' }),
					w('n', [2], { role: 'mean' }),
					w('t', []),
					w('z', [], { role: 'zero' })
				]
			}
		);
		expect(row.weights.map(({ role, first, second, comparable }) => [role, first, second, comparable])).toEqual([
			['kernel', 'k', 'l', false],
			['tensor 2', 'p', 'q', true],
			['mean', 'm', 'n', false]
		]);
		expect(row.differences).toEqual([
			{ kind: 'shape', name: 'kernel', first: '2 × 3', second: '2 × 4' },
			{ kind: 'shape', name: 'scale', first: 'a number', second: '' },
			{ kind: 'shape', name: 'tensor 1', first: '', second: 'a number' },
			{ kind: 'shape', name: 'zero', first: '', second: 'a number' }
		]);
	});

	it('how weights are stored', () => {
		const stored = (change: object) => ({ weights: [w('k', [2], { role: 'kernel', ...change })] });
		expect(compared(stored({ stored: 'uint8' }), stored({})).differences).toEqual([
			{ kind: 'attributes', name: 'kernel stored as', first: 'uint8', second: 'float32' }
		]);
		expect(compared(stored({ stored: 'uint8' }), stored({ stored: 'uint8' })).differences).toEqual([]);
	});

	it('of weights without their network nothing but them', () => {
		const bag = graph([node('n', 'Weights', [], { shape: [], unknown: true, weights: [w('k', [2])] })]);
		const whole = graph([
			node('x', 'Input', []),
			node('n', 'Dense', ['x'], { attributes: { units: 2 }, weights: [w('k', [2])] })
		]);
		const rows = compareGraphs(bag, whole);
		expect(rows.find(({ first }) => first === 'n')).toMatchObject({
			type: 'Dense',
			state: 'same',
			differences: [],
			found: 'name'
		});
		expect(compareGraphs(whole, bag).find(({ first }) => first === 'n')).toMatchObject({
			type: 'Dense',
			differences: []
		});
	});

	it('wires: another source, another output, more inputs; not what has no partner', () => {
		const reads = (...inputs: string[]) =>
			graph([node('x', 'Input', []), node('a', 'A', ['x']), node('b', 'B', ['x']), node('n', 'Add', inputs)]);
		const state = (first: Graph, second: Graph) => compareGraphs(first, second).find((one) => one.first === 'n')!;
		expect(state(reads('a', 'b'), reads('a', 'b')).state).toBe('same');
		expect(state(reads('a', 'b'), reads('b', 'a')).state).toBe('inputs');
		expect(state(reads('a', 'b'), reads('a', 'b:1')).state).toBe('inputs');
		expect(state(reads('a', 'b'), reads('a', 'b', 'x')).differences).toEqual([
			{ kind: 'inputs', name: 'reads', first: 'a, b', second: 'a, b, x' }
		]);
		const between = graph([...reads('a', 'b').nodes.slice(0, 3), node('c', 'C', ['b']), node('n', 'Add', ['a', 'c'])]);
		expect(state(reads('a', 'b'), between).state).toBe('same');
	});

	it('rows: what was removed before what was added in its place, both in their order', () => {
		const rows = compareGraphs(
			row('x:Input a:A b:B y:Y'),
			row('x:Input c:C d:D y:Y', () => ({ attributes: { k: 1 } }))
		);
		expect(rows.map(({ first, second }) => `${first}/${second}`)).toEqual([
			'x/x',
			'a/null',
			'b/null',
			'null/c',
			'null/d',
			'y/y'
		]);
		expect(rows[1]).toMatchObject({ state: 'removed', found: null, shapes: ['8', ''], differences: [], weights: [] });
		expect(rows[3]).toMatchObject({ state: 'added', type: 'C', shapes: ['', '8'] });
	});
});
