import { describe, expect, it } from 'vitest';
import { ordered } from '#engine/model/layers/order.ts';
import { modelConfig, modelPlan } from '#engine/model/layers/topology.ts';
import type { Json } from '#maths/json.ts';
import * as k from '../../../tools/keras-files.ts';

/** What a file says of its network, and the order in which it is computed. */

const plan = (model: unknown) => modelPlan(modelConfig(k.topology(model as k.LayerFile)));
const dense = (name: string, ...from: (string | [string, number, number])[]) =>
	k.layer('Dense', name, { units: 2 }, ...from);
const x = k.input('x', [4]);
const order = (model: unknown) => ordered(plan(model)).map(({ layer, call }) => `${layer.name}:${call}`);

describe('a Sequential model', () => {
	it('gives each layer what the one before gives; its input is said by the first', () => {
		const found = plan(
			k.sequential('s', [k.layer('Dense', 'a', { units: 2, batch_input_shape: [null, 4], dtype: 'int32' }), dense('b')])
		);
		expect(found).toMatchObject({
			name: 's',
			inputs: [{ layer: 0, call: 0, output: 0 }],
			outputs: [{ layer: 2, call: 0, output: 0 }]
		});
		expect(found.layers.map(({ name, path, className, trainable }) => [name, path, className, trainable])).toEqual([
			['a_input', 'a_input', 'InputLayer', false],
			['a', 'a', 'Dense', true],
			['b', 'b', 'Dense', true]
		]);
		expect(found.layers[0]!.config).toEqual({ name: 'a_input', batch_input_shape: [null, 4], dtype: 'int32' });
		expect(found.layers.map(({ calls }) => calls)).toEqual([
			[{ inputs: [] }],
			[{ inputs: [{ layer: 0, call: 0, output: 0 }] }],
			[{ inputs: [{ layer: 1, call: 0, output: 0 }] }]
		]);
	});

	it('may say it by an input, by its own shape, or by the model that it begins with', () => {
		const first = plan(k.sequential('s', [x, dense('a')]));
		expect(first.layers.map(({ name }) => name)).toEqual(['x', 'a']);
		expect(first.layers[0]!.calls).toEqual([{ inputs: [] }]);
		const built = {
			...k.sequential('s', [dense('a')]),
			config: { name: 's', layers: [dense('a')], build_input_shape: [null, 7] }
		};
		expect(plan(built).layers[0]!.config['batch_input_shape']).toEqual([null, 7]);
		const nested = plan(k.sequential('s', [k.functional('m', [x, dense('a', 'x')], ['x'], ['a']), dense('b')]));
		expect(nested.layers.map(({ name, path }) => [name, path])).toEqual([['x', 'x'], ['m', 'm'], ['b', 'b']]); // prettier-ignore
		expect(nested.layers[1]!.inner!.layers.map(({ path }) => path)).toEqual(['m/x', 'm/a']);
		expect(nested.layers[0]!.config['batch_input_shape']).toEqual([null, 4]);
		expect(() => plan(k.sequential('s', [x, dense('a'), k.input('y', [2])]))).toThrow(
			'The input "y" stands behind other layers.'
		);
	});

	it('as a list of layers, as old files have it; frozen layers; names that are missing', () => {
		const old = modelPlan({
			class_name: 'Sequential',
			config: [x, { class_name: 'Dense', config: { units: 2, trainable: false } }] as unknown as Json
		});
		expect(old.layers.map(({ name, trainable }) => [name, trainable])).toEqual([['x', true], ['Dense_2', false]]); // prettier-ignore
		expect(modelPlan({ class_name: 'Sequential', config: { layers: [x as unknown as Json] } }).name).toBe('');
	});
});

describe('a Functional model', () => {
	it('looks every name up in its own model', () => {
		const inner = k.functional('m', [x, dense('a', 'x')], ['x'], ['a'], k.from('x'));
		const found = plan(k.functional('f', [x, inner, dense('a', ['m', 1, 0])], ['x'], ['a']));
		expect(found.layers[2]!.calls).toEqual([{ inputs: [{ layer: 1, call: 0, output: 0 }] }]);
		expect(found.layers[1]!.calls).toEqual([{ inputs: [{ layer: 0, call: 0, output: 0 }] }]);
		expect(found.outputs).toEqual([{ layer: 2, call: 0, output: 0 }]);
		expect(order(k.functional('f', [x, inner, dense('a', ['m', 1, 0])], ['x'], ['a']))).toEqual(['x:0', 'm:0', 'a:0']);
	});

	it('counts a model’s uses from nought where a use of nought is read', () => {
		const inner = {
			...k.functional('m', [x, dense('a', 'x')], ['x'], ['a']),
			inbound_nodes: [k.from('x')[0], k.from(['m', 0, 0])[0]]
		};
		expect(plan(k.functional('f', [x, inner], ['x'], [['m', 1, 0]])).outputs).toEqual([
			{ layer: 1, call: 1, output: 0 }
		]);
		const once = { ...inner, inbound_nodes: [k.from('x')[0], k.from(['m', 1, 0])[0]] };
		expect(plan(k.functional('f', [x, once], ['x'], [['m', 2, 0]])).outputs).toEqual([
			{ layer: 1, call: 1, output: 0 }
		]);
	});

	const f = (layers: k.LayerFile[], inputs = ['x'], outputs: (string | [string, number, number])[] = ['a']) =>
		k.functional('f', layers, inputs, outputs);
	it.each<[string, unknown, string]>([
		[
			'two of one name',
			f([x, dense('a', 'x'), dense('a', 'x')]),
			'Two layers are called "a": they cannot be told apart.'
		],
		['what is not there', f([x, dense('a', 'y')]), 'The layer "a" reads "y", a layer that is not in the file.'],
		[
			'a use that is not there',
			f([x, dense('b', 'x'), dense('a', ['b', 1, 0])]),
			'The layer "a" reads use 1 of the layer "b", which is used once.'
		],
		[
			'a use of an input',
			f([x, dense('a', ['x', 1, 0])]),
			'The layer "a" reads use 1 of the layer "x", which is used once.'
		],
		[
			'a use of what is used twice',
			f([x, { ...dense('b'), inbound_nodes: [k.from('x')[0], k.from('x')[0]] }, dense('a', ['b', 2, 0])]),
			'The layer "a" reads use 2 of the layer "b", which is used 2 times.'
		],
		[
			'what is used nowhere',
			f([x, dense('b'), dense('a', 'b')]),
			'reads use 0 of the layer "b", which is used 0 times.'
		],
		[
			'an output that is not there',
			f([x, dense('a', 'x')], ['x'], ['z']),
			'The network takes as output "z", a layer that is not in the file.'
		],
		['an input that is not there', f([x, dense('a', 'x')], ['z']), 'The network takes as input "z"'],
		['an input that is none', f([x, dense('a', 'x')], ['a']), 'The network takes "a" for an input, which is none.'],
		['no outputs', f([x, dense('a', 'x')], ['x'], []), 'The network does not say its inputs and outputs properly.'],
		['no inputs', f([x, dense('a', 'x')], []), 'The network does not say its inputs and outputs properly.'],
		['no layers', f([]), 'The network has no layers.'],
		[
			'an inner model without layers',
			f([x, { ...k.functional('m', [], [], []), inbound_nodes: k.from('x') }]),
			'The model "m" has no layers.'
		],
		[
			'a layer without settings',
			f([x, { class_name: 'Dense' } as never]),
			'Layer 2 has no proper class_name, name and config.'
		],
		[
			'a layer within',
			f([x, k.functional('m', [3 as never], ['x'], ['a'])]),
			'Layer 1 of "m" has no proper class_name'
		],
		[
			'a name that is no text',
			f([x, { class_name: 'Dense', config: { name: 3 } }]),
			'Layer 2 has a name that is no text.'
		],
		[
			'a model of one’s own',
			{ class_name: 'Mine', config: { name: 'm' } },
			'The network is of the class "Mine", which is code that the file does not hold.'
		],
		[
			'an inner model without outputs',
			f([x, { ...k.functional('m', [x], ['x'], []), inbound_nodes: k.from('x') }]),
			'The model "m" does not say its inputs and outputs properly.'
		]
	])('%s', (_, model, message) => expect(() => plan(model)).toThrow(message));

	it('a model of another class that lists its layers is one; no network in a file is said', () => {
		expect(plan({ ...f([x, dense('a', 'x')]), class_name: 'MyModel' }).layers).toHaveLength(2);
		expect(modelConfig({ model_config: { class_name: 'Sequential', config: [] } })).toEqual({
			class_name: 'Sequential',
			config: []
		});
		expect(modelConfig({ class_name: 'Sequential', config: {} })).toEqual({ class_name: 'Sequential', config: {} });
		for (const none of [
			null,
			'x',
			[],
			{},
			{ model_config: {} },
			{ class_name: 'Sequential' },
			{ class_name: 3, config: {} },
			{ class_name: 'Model', config: 3 }
		])
			expect(() => modelConfig(none)).toThrow('The file has no network in it');
	});
});

describe('the order', () => {
	it('puts every use behind what it is given, once, and leaves out what nobody needs', () => {
		const layers = [x, dense('d', 'c', 'b'), dense('b', 'x'), dense('c', 'b'), dense('loose', 'x')];
		expect(order(k.functional('f', layers, ['x'], ['d']))).toEqual(['x:0', 'b:0', 'c:0', 'd:0']);
		expect(order(k.functional('f', layers, ['x'], ['c', 'd', 'c']))).toEqual(['x:0', 'b:0', 'c:0', 'd:0']);
		const twice = { ...dense('a'), inbound_nodes: [k.from('x')[0], k.from(['a', 0, 0])[0]] };
		expect(order(k.functional('f', [x, twice], ['x'], [['a', 1, 0]]))).toEqual(['x:0', 'a:0', 'a:1']);
	});

	it.each<[string, k.LayerFile[], string]>([
		['of one', [x, dense('a', 'a')], 'The layer "a" is given its own output.'],
		[
			'of two, behind others',
			[x, dense('a', 'b'), dense('b', 'c'), dense('c', 'b')],
			'The layers "b", "c" form a ring: each is given what it helps to make.'
		],
		[
			'of six',
			[x, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => dense(name, 'bcdefa'[i]!))],
			'The layers "a", "b", "c", "d", …, "f" form a ring'
		],
		[
			'of five',
			[x, ...['a', 'b', 'c', 'd', 'e'].map((name, i) => dense(name, 'bcdea'[i]!))],
			'The layers "a", "b", "c", "d", "e" form a ring'
		]
	])('a ring %s', (_, layers, message) =>
		expect(() => order(k.functional('f', layers, ['x'], ['a']))).toThrow(message)
	);
});
