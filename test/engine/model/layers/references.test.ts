import { describe, expect, it } from 'vitest';
import { endpoints, Uses } from '#engine/model/layers/references.ts';
import type { Json } from '#maths/json.ts';

const at = (name: string, call = 0, output = 0) => ({ name, call, output });
const keras3 = (...history: Json[]): Json => ({ class_name: '__keras_tensor__', config: { keras_history: history } });

describe('what a layer is given', () => {
	const read = (nodes: Json | undefined) => new Uses('m/l').read(nodes).map(({ inputs }) => inputs);
	it.each<[string, Json | undefined, ReturnType<typeof read>]>([
		['nothing', undefined, []],
		['null', null, []],
		['no use', [], []],
		['one input', [[['x', 0, 0, {}]]], [[at('x')]]],
		['without its arguments', [[['x', 1, 2]]], [[at('x', 1, 2)]]],
		['one input, not in a list', [['x', 0, 0]], [[at('x')]]],
		[
			'two inputs, two uses',
			[
				[
					['x', 0, 0],
					['y', 1, 0]
				],
				[['z', 0, 1]]
			],
			[[at('x'), at('y', 1)], [at('z', 0, 1)]]
		],
		[
			'arguments that change nothing',
			[[['x', 0, 0, { training: true, name: 'a', mask: null, states: [] }]]],
			[[at('x')]]
		],
		['the state to begin with', [[['x', 0, 0, { initial_state: [['h', 0, 0], ['c', 0, 1]] }]]], [[at('x'), at('h'), at('c', 0, 1)]]], // prettier-ignore
		['Keras 3', [{ args: [keras3('x', 0, 0)], kwargs: { training: false } }], [[at('x')]]],
		['Keras 3, a list', [{ args: [[keras3('x', 0, 0), keras3('y', 2, 1)]], kwargs: {} }], [[at('x'), at('y', 2, 1)]]],
		['Keras 3, by name', [{ args: [], kwargs: { inputs: keras3('x', 0, 0) } }], [[at('x')]]],
		['Keras 3, without arguments', [{ args: [keras3('x', 0, 0)] }, {}], [[at('x')], []]]
	])('%s', (_, nodes, expected) => expect(read(nodes)).toEqual(expected));

	const improper = 'The layer "m/l" does not say properly what it is given (inbound_nodes).';
	const noOutput = 'The layer "m/l" is given something that is no output of a layer.';
	it.each<[string, Json, string]>([
		['a word', 'x', improper],
		['a number for a use', [3], improper],
		['a word for an input', [['x']], noOutput],
		['a negative use', [[['x', -1, 0]]], noOutput],
		['half a use', [[['x', 0.5, 0]]], noOutput],
		['a use beyond reason', [[['x', 1_000_001, 0]]], noOutput],
		['an object for an input', [[{ a: 1 }]], noOutput],
		['a tensor of Keras 3 in a list of Keras 2', [[keras3('x', 0, 0)]], noOutput],
		['a tensor without history', [{ args: [keras3('x', 0)] }], noOutput],
		['a number for a tensor', [{ args: [3] }], noOutput],
		['a tensor that is none, in a list', [{ args: [['x', 0]] }], noOutput],
		[
			'an argument that changes something',
			[[['x', 0, 0, { mask: ['y', 0, 0] }]]],
			'The layer "m/l" is called with the argument "mask", which is not computed here.'
		],
		[
			'an argument that changes something, in Keras 3',
			[{ args: [], kwargs: { mask: [1] } }],
			'The layer "m/l" is called with the argument "mask", which is not computed here.'
		]
	])('refuses %s', (_, nodes, message) => expect(() => read(nodes)).toThrow(message));

	it('the largest use', () => expect(read([[['x', 1e6, 1e6]]])).toEqual([[at('x', 1e6, 1e6)]]));
});

it.each<[Json | undefined, ReturnType<typeof endpoints>]>([
	[['x', 0, 0], [at('x')]],
	[[['x', 0, 0]], [at('x')]],
	[
		[
			['x', 0, 0],
			['y', 1, 1]
		],
		[at('x'), at('y', 1, 1)]
	],
	[{ only: ['x', 0, 0] }, [at('x')]],
	[{ a: [['x', 0, 0]], b: ['y', 0, 0] }, [at('x'), at('y')]],
	[[], []],
	[undefined, null],
	['x', null],
	[['x'], null],
	[[['x', 0, 0], 3], null],
	[[['x', 0]], null]
])('inputs and outputs of a model: %j', (value, expected) => expect(endpoints(value)).toEqual(expected));
