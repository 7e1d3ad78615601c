import { describe, expect, it } from 'vitest';
import { graphDefinition, nodeOf, reference } from '#engine/model/graph/definition.ts';

interface Def {
	name: string;
	op: string;
	input?: string[] | null;
	attr?: Record<string, unknown> | null;
}
const node = (name: string, op: string, ...input: string[]): Def => ({ name, op, input });
const definition = (nodes: unknown, signature: unknown = null) => graphDefinition({ node: nodes }, signature);
const outputs = (...names: unknown[]) => ({ outputs: Object.fromEntries(names.map((name, i) => [`o${i}`, { name }])) });
const plain = [node('x', 'Placeholder'), node('a', 'Relu', 'x'), node('b', 'Tanh', 'a'), node('c', 'Const')];

it('references: a node, its outputs by number', () => {
	expect(['x', 'x:0', 'x:1', 'x:out:1', 'x:out:0'].map(reference)).toEqual(['x', 'x', 'x:1', 'x:1', 'x']);
	expect(['x', 'x:1', 'x:out:1'].map(nodeOf)).toEqual(['x', 'x', 'x']);
});

describe('a graph', () => {
	it('has its nodes by name, control edges left out', () => {
		const { nodes, outputs: found } = definition([
			...plain,
			{ name: 'd', op: 'Add', input: ['^a', 'b:0', 'x', '^c'] },
			{ name: 'e', op: 'Relu', input: null, attr: null }
		]);
		expect([...nodes.keys()]).toEqual(['x', 'a', 'b', 'c', 'd', 'e']);
		expect(nodes.get('d')!.inputNames).toEqual(['b:0', 'x']);
		expect(nodes.get('d')!.inputs.map(({ name }) => name)).toEqual(['b', 'x']);
		expect(nodes.get('a')!.category).toBeDefined();
		// All that nothing reads, but constants.
		expect(found).toEqual(['d', 'e']);
	});

	it('has the outputs that its signature names, once each', () => {
		expect(definition(plain, outputs('a:0', 'a', 'b:1')).outputs).toEqual(['a', 'b:1']);
		expect(definition(plain, outputs('nowhere', 'a')).outputs).toEqual(['a']);
		expect(definition(plain, outputs(3)).outputs).toEqual(['b']);
		expect(definition(plain, { outputs: 'none' }).outputs).toEqual(['b']);
		expect(() => definition(plain, outputs('nowhere:0'))).toThrow(
			'The signature names the output "nowhere:0", which is not in the graph.'
		);
		expect(() => definition(plain, outputs('a', 'c:0'))).toThrow('The output "c:0" of the graph is a constant.');
		expect(() => definition([node('c', 'Const')])).toThrow('The graph has no output.');
	});

	it.each<[string, unknown, string]>([
		['nothing', [], 'The file has no graph in it'],
		['no list', {}, 'The file has no graph in it'],
		['two of a name', [...plain, node('a', 'Relu', 'x')], 'Two nodes are called "a": they cannot be told apart.'],
		['what is not there', [node('a', 'Relu', 'y:1')], 'The node "a" reads "y:1", which is not in the file.'],
		['no name', [...plain, { op: 'Relu' }], 'The node 5 of the graph has no proper name, op and input.'],
		['an empty name', [{ name: '', op: 'Relu' }], 'The node "" of the graph has no proper name'],
		['no operation', [{ name: 'a' }], 'The node "a" of the graph has no proper name, op and input.'],
		['a name of a control edge', [node('^a', 'Relu')], 'The node "^a" has a name that no node can have.'],
		['a name of an output', [node('a:1', 'Relu')], 'has a name that no node can have'],
		['a word for inputs', [{ name: 'a', op: 'Relu', input: 'x' }], 'has no proper name, op and input'],
		[
			'attributes of another kind',
			[{ name: 'a', op: 'Relu', attr: { T: 3 } }],
			'The attributes of the node "a" (Relu) cannot be read.'
		],
		[
			'an attribute of another kind',
			[{ name: 'a', op: 'Relu', attr: { T: { b: 'yes' } } }],
			'The attributes of the node "a" (Relu) cannot be read.'
		],
		['its own output', [node('x', 'Placeholder'), node('a', 'Relu', 'a')], 'The node "a" reads its own output.'],
		[
			'a ring',
			[node('a', 'Relu', 'c'), node('b', 'Relu', 'a'), node('c', 'Relu', 'b'), node('d', 'Relu', 'a')],
			'form a ring: each reads what it helps to make.'
		],
		[
			'a ring of six',
			['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => node(name, 'Relu', 'bcdefa'[i]!)),
			'The nodes "a", "b", "c", "d", …, "f" form a ring'
		],
		[
			'a ring of five',
			['a', 'b', 'c', 'd', 'e'].map((name, i) => node(name, 'Relu', 'bcdea'[i]!)),
			'The nodes "a", "b", "c", "d", "e" form a ring'
		]
	])('%s', (_, nodes, message) => expect(() => definition(nodes)).toThrow(message));

	it('names those of a ring alone, not what leads there', () => {
		const led = [node('z', 'Relu', 'y'), node('y', 'Relu', 'a'), node('a', 'Relu', 'b'), node('b', 'Relu', 'a')];
		expect(() => definition(led)).toThrow('The nodes "a", "b" form a ring');
		// A loop is closed by what says so.
		const loop = [
			node('x', 'Placeholder'),
			node('m', 'Merge', 'x', 'n'),
			node('r', 'Relu', 'm'),
			node('n', 'NextIteration', 'r'),
			node('y', 'Exit', 'm')
		];
		expect(definition(loop).nodes.size).toBe(5);
	});

	it('names that every object has are names like others', () => {
		const { nodes } = definition([node('constructor', 'Placeholder'), node('__proto__', 'Relu', 'constructor')]);
		expect(nodes.get('__proto__')!.inputNames).toEqual(['constructor']);
	});
});
