import { describe, expect, it } from 'vitest';
import { assign, type Slot, type StoredName } from '#engine/model/layers/assignment.ts';

/** Which stored weight goes where, by names, by shapes and by the order of the file. */

const slot = (path: string, change: Partial<Slot> = {}): Slot => {
	const parts = path.split('/');
	return {
		models: parts.slice(0, -2),
		name: parts.slice(-2).join('/'),
		shape: [4],
		trainable: true,
		top: 0,
		...change
	};
};
const stored = (name: string, shape: readonly number[] = [4]): StoredName => ({ name, shape });
const assigned = (slots: readonly (Slot | string)[], names: readonly (StoredName | string)[], lacking = false) =>
	assign(
		slots.map((one) => (typeof one === 'string' ? slot(one) : one)),
		names.map((one) => (typeof one === 'string' ? stored(one) : one)),
		lacking
	);

describe('weights by their names', () => {
	it.each<[string, string[], string[], number[]]>([
		['of the whole way', ['a/b/dense/kernel', 'dense/kernel'], ['dense/kernel', 'a/b/dense/kernel'], [1, 0]],
		['of the last model alone', ['a/b/dense/kernel', 'a/c/dense/kernel'], ['c/dense/kernel', 'b/dense/kernel'], [1, 0]],
		['of the layer alone', ['a/x/kernel', 'a/y/kernel'], ['y/kernel', 'x/kernel'], [1, 0]],
		['with the whole in front', ['a/d/kernel', 'b/d/kernel'], ['m/b/d/kernel', 'm/a/d/kernel'], [1, 0]],
		['with a scope in front', ['x/kernel', 'y/kernel'], ['net/y/kernel', 'net/x/kernel'], [1, 0]],
		['with a cell within', ['x/kernel', 'y/kernel'], ['y/lstm_cell/kernel', 'x/lstm_cell/kernel'], [1, 0]],
		['with more than there are slots', ['x/kernel'], ['y/kernel', 'x/kernel', 'z/kernel'], [1]],
		['numbered', ['x/kernel', 'y/kernel'], ['x_12/kernel:0', 'y_3/kernel_1:0'], [0, 1]],
		['numbered, with a cell', ['x/kernel', 'y/kernel'], ['x_1/cell_2/kernel', 'y_1/cell/kernel'], [0, 1]],
		['a number alone is a name', ['_1/kernel', '_2/kernel'], ['_1/kernel:0', '_2/kernel:0'], [0, 1]]
	])('%s', (_, slots, names, expected) => {
		expect(assigned(slots, names)).toEqual({ assigned: expected, renamed: false });
	});

	it('of one name are told apart by their shapes', () => {
		const slots = [slot('a/d/kernel', { shape: [2, 3] }), slot('b/d/kernel', { shape: [3, 2] })];
		expect(assigned(slots, [stored('d/kernel', [3, 2]), stored('d/kernel', [2, 3])]).assigned).toEqual([1, 0]);
	});

	it('of one name and shape follow each other as the layers do; what has a name of its own goes before', () => {
		const slots = ['a/d/kernel', 'b/d/kernel', 'c/d/kernel'].map((path, top) => slot(path, { top }));
		expect(assigned(slots, ['d/kernel', 'd/kernel', 'd/kernel']).assigned).toEqual([0, 1, 2]);
		expect(assigned(slots, ['d/kernel', 'b/d/kernel', 'd/kernel']).assigned).toEqual([0, 1, 2]);
	});

	it('that a number more than six digits long ends are names of their own', () => {
		expect(() => assigned(['x/kernel', 'y/kernel'], ['x_1234567/kernel', 'y/kernel'])).not.toThrow();
		expect(assigned(['x/kernel', 'y/kernel'], ['x_123456/kernel', 'y/kernel']).renamed).toBe(false);
		expect(assigned(['x/kernel', 'y/kernel'], ['x_1234567/kernel', 'y/kernel']).renamed).toBe(true);
	});

	it('numbered ones are assigned anew, together with what bore the name without a number', () => {
		// `dense` of the file is the second layer: the numbers go by the order.
		const slots = ['a/d/kernel', 'b/d/kernel'].map((path, top) => slot(path, { top }));
		expect(assigned(slots, ['d/kernel', 'd_1/kernel']).assigned).toEqual([0, 1]);
		expect(assigned(slots, ['d_4/kernel', 'd_7/kernel']).assigned).toEqual([0, 1]);
		// In an order that no writer has, the numbers say nothing.
		expect(() => assigned(['x/kernel', 'y/kernel'], ['y_3/kernel', 'x_12/kernel'])).toThrow('cannot be told apart');
	});
});

describe('what is trained first', () => {
	/** Two norms, each in a model of its own: beta is trained, mean is not. */
	const slots = ['a', 'b'].flatMap((model, top) => [
		slot(`${model}/n/beta`, { top }),
		slot(`${model}/n/mean`, { top, trainable: false })
	]);
	it.each<[string, string[], number[]]>([
		['layer by layer', ['n/beta', 'n/mean', 'n/beta', 'n/mean'], [0, 1, 2, 3]],
		['trained ones first', ['n/beta', 'n/beta', 'n/mean', 'n/mean'], [0, 2, 1, 3]]
	])('%s', (_, names, expected) => expect(assigned(slots, names).assigned).toEqual(expected));

	it('in each layer of the whole: an order of its own', () => {
		// A model of two norms, then a layer: within the model the fixed ones stand behind all that is trained.
		const inner = [
			slot('m/p/beta', { top: 0 }),
			slot('m/p/mean', { top: 0, trainable: false }),
			slot('m/p/beta', { top: 0 }),
			slot('m/p/mean', { top: 0, trainable: false }),
			slot('p/beta', { top: 1 }),
			slot('p/mean', { top: 1, trainable: false })
		];
		const names = ['p/beta', 'p/beta', 'p/mean', 'p/mean', 'p/beta', 'p/mean'];
		expect(assigned(inner, names).assigned).toEqual([0, 2, 1, 3, 4, 5]);
	});

	it('an order that no writer has cannot be told apart', () => {
		expect(() => assigned(slots, ['n/mean', 'n/beta', 'n/mean', 'n/beta'])).toThrow(
			'The weights "a/n/beta", "b/n/beta" cannot be told apart'
		);
	});
});

describe('without names that fit', () => {
	const [two, three] = [slot('d/kernel', { shape: [2] }), slot('d/bias', { shape: [3] })];
	it('the order is taken if number, shapes and what they are agree, and that is said', () => {
		expect(assigned([two, three], [stored('w0', [2]), stored('w1', [3])])).toEqual({ assigned: [0, 1], renamed: true });
		expect(assigned([two, three], [stored('x/kernel', [2]), stored('x/bias', [3])]).renamed).toBe(true);
	});
	it.each<[string, StoredName[]]>([
		['one too few', [stored('w0', [2])]],
		['one too many', [stored('w0', [2]), stored('w1', [3]), stored('w2', [3])]],
		['other shapes', [stored('w0', [3]), stored('w1', [2])]],
		['something else', [stored('x/bias', [2]), stored('x/kernel', [3])]]
	])('%s: missing', (_, names) =>
		expect(() => assigned([two, three], names)).toThrow('The weight "d/kernel" is missing from the weight files.')
	);
	it('not where weights may be missing: what has no name gets none', () => {
		expect(assigned([two, three], [stored('w0', [2]), stored('d/bias', [3])], true)).toEqual({
			assigned: [null, 1],
			renamed: false
		});
	});
	it('nor where several orders fit and say different things', () => {
		const norms = ['a', 'b'].flatMap((model, top) => [
			slot(`${model}/n/beta`, { top }),
			slot(`${model}/n/mean`, { top, trainable: false })
		]);
		expect(() => assigned(norms, ['w0', 'w1', 'w2', 'w3'])).toThrow(
			'The weights "a/n/beta", "a/n/mean", "b/n/beta" and 1 more cannot be told apart'
		);
	});
});

describe('sentences', () => {
	it.each<[string, string[], StoredName[], string]>([
		[
			'another shape',
			['a/d/kernel'],
			[stored('d/kernel', [5, 2])],
			'The weight "d/kernel" has the shape [5, 2]; the network wants [4].'
		],
		[
			'two for one',
			['d/kernel'],
			[stored('p/d/kernel'), stored('q/d/kernel')],
			'The weight files hold 2 weights that could be "d/kernel".'
		],
		[
			'one for two',
			['a/d/kernel', 'b/d/kernel'],
			[stored('d/kernel')],
			'The weights "a/d/kernel", "b/d/kernel" cannot be told apart: the weight files hold "d/kernel" once.'
		],
		[
			'two for three',
			['a/d/kernel', 'b/d/kernel', 'c/d/kernel'],
			[stored('d_1/kernel'), stored('d/kernel')],
			'The weights "a/d/kernel", "b/d/kernel", "c/d/kernel" cannot be told apart: the weight files hold "d_1/kernel" 2 times.'
		],
		['none', ['a/d/kernel', 'd/bias'], [stored('d/bias')], 'The weight "a/d/kernel" is missing from the weight files.'],
		[
			'the name of what another has taken',
			['a/d/kernel', 'd/kernel'],
			[stored('d/kernel'), stored('e/kernel', [9])],
			'The weight "a/d/kernel" is missing from the weight files.'
		]
	])('%s', (_, slots, names, message) => expect(() => assigned(slots, names)).toThrow(message));
});
