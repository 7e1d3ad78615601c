import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { GraphNode } from '#contracts/graph.ts';
import { canonical, compute, ExecutableModel, type Program } from '#engine/model/executor.ts';
import { filled } from '#engine/model/input-shape.ts';
import type { Step } from '#engine/model/step.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';
import { node } from '../../tools/networks.ts';

/** Programs of a few steps: which of them run, what is kept of them, and what is said where they cannot. */

beforeAll(() => useBackend('cpu'));

const step = (id: string, inputs: string[], work: Step['compute'], change: Partial<GraphNode> = {}): Step => ({
	node: node(id, 'Op', inputs, change),
	compute: work
});
const input = (id: string): Step => ({ node: node(id, 'Input', []), compute: () => [] });
const model = (steps: Step[], change: Partial<Program> = {}) =>
	new ExecutableModel({
		steps,
		inputs: steps.filter(({ node: { type } }) => type === 'Input').map(({ node: { id } }) => id),
		outputs: [steps.at(-1)!.node.id],
		weights: new Map(),
		dispose: () => {},
		...change
	});
const plus = (n: number): Step['compute'] => ([x]) => [tf.add(x!, n)]; // prettier-ignore
const value = (tensor: tf.Tensor | undefined) => tensor!.dataSync()[0];

/** x -> a -> (b, b:1) -> c */
function branched() {
	const ran: string[] = [];
	const recorded =
		(id: string, work: Step['compute']): Step['compute'] =>
		(...given) => {
			ran.push(id);
			return work(...given);
		};
	const whole = model([
		input('x'),
		input('unused'),
		step('a', ['x:0'], recorded('a', plus(1))),
		step(
			'b',
			['a'],
			recorded('b', ([x]) => [tf.mul(x!, 2), tf.mul(x!, 10)])
		),
		step(
			'c',
			['b:1', 'b:0', 'a'],
			recorded('c', ([p, q, r]) => [tf.add(tf.sub(p!, q!), r!)])
		),
		step('d', ['c'], recorded('d', plus(100)))
	]);
	return { whole, ran };
}

describe('a run', () => {
	it('does what lies between feeds and fetches, in order, and leaves what it hands over', () => {
		const { whole, ran } = branched();
		const x = tf.scalar(3);
		const before = tf.memory().numTensors;
		const found = whole.run({ x }, ['c', 'b:1', 'b', 'a:0', 'x', 'c']);
		expect(found.map((one) => value(one))).toEqual([36, 40, 8, 4, 3, 36]);
		expect(ran).toEqual(['a', 'b', 'c']);
		// Each is a tensor of its own, a feed that is fetched too.
		expect(tf.memory().numTensors).toBe(before + 6);
		found.forEach((tensor) => tensor.dispose());
		expect(value(x)).toBe(3);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('is cut where something is fed, one output of a node alone too', () => {
		const { whole, ran } = branched();
		const [fromA] = whole.run({ a: tf.scalar(1) }, ['c']);
		expect(value(fromA)).toBe(10 - 2 + 1);
		expect(ran).toEqual(['b', 'c']);
		ran.length = 0;
		// The second output stays as fed; the first is computed.
		const [part, fed] = whole.run({ a: tf.scalar(1), 'b:1': tf.scalar(50) }, ['c', 'b:1']);
		expect([value(part), value(fed)]).toEqual([50 - 2 + 1, 50]);
		ran.length = 0;
		whole.run({ 'b:0': tf.scalar(7), 'b:1': tf.scalar(50), a: tf.scalar(0) }, ['c']);
		expect(ran).toEqual(['c']);
	});

	it('replaces what passes: computed or fed, each once', () => {
		const { whole } = branched();
		const x = tf.scalar(3);
		const run = (replace: Record<string, (x: tf.Tensor) => tf.Tensor>, feeds: Record<string, tf.Tensor> = { x }) =>
			value(whole.run(feeds, ['c'], { replace })[0]);
		expect(run({ a: (v) => tf.mul(v, 10) })).toBe(400 - 80 + 40);
		expect(run({ 'b:1': (v) => tf.add(v, 1) })).toBe(41 - 8 + 4);
		expect(run({ b: (v) => tf.add(v, 1) })).toBe(40 - 9 + 4);
		expect(run({ x: (v) => tf.add(v, 1) })).toBe(50 - 10 + 5);
		expect(run({ a: (v) => tf.add(v, 1) }, { a: tf.scalar(3) })).toBe(40 - 8 + 4);
		expect(value(x)).toBe(3);
	});

	it('frees on the way what nothing needs any more', () => {
		const held: number[] = [];
		const counted =
			(n: number): Step['compute'] =>
			([x]) => {
				held.push(tf.memory().numTensors);
				return [tf.add(x!, n)];
			};
		const chain = model([
			input('x'),
			...[1, 2, 3, 4, 5].map((k) => step(`s${k}`, [k > 1 ? `s${k - 1}` : 'x'], counted(k)))
		]);
		const x = tf.scalar(0);
		const before = tf.memory().numTensors;
		expect(value(chain.run({ x }, ['s5'])[0])).toBe(15);
		expect(held.map((n) => n - before)).toEqual([0, 1, 1, 1, 1]);
		held.length = 0;
		chain.run({ x }, ['s5', 's1']);
		// What is fetched is kept, as the result of the first run is.
		expect(held.map((n) => n - before - 1)).toEqual([0, 1, 2, 2, 2]);
	});

	it('takes a fed weight in the place of its own; names of all objects are names', () => {
		const weights = new Map([['constructor', tf.scalar(5)]]);
		const whole = model(
			[input('x'), step('y', ['x'], ([x], weight) => [tf.mul(x!, weight('constructor'))])],
			{ weights } // prettier-ignore
		);
		const x = tf.scalar(2);
		expect(value(whole.run({ x }, ['y'])[0])).toBe(10);
		expect(value(whole.run({ x, constructor: tf.scalar(7) }, ['y'])[0])).toBe(14);
		expect(value(whole.weight('constructor'))).toBe(5);
		expect(() => whole.weight('toString')).toThrow('The model has no weight "toString"');
		expect(whole.bytes).toBe(4);
		const mixed = new Map([
			['a', tf.zeros([3], 'bool')],
			['b', tf.zeros([2, 2], 'int32')]
		]);
		expect(model([input('x')], { weights: mixed }).bytes).toBe(3 + 16);
	});

	it('says what it lacks', () => {
		const { whole } = branched();
		expect(() => whole.run({}, ['c'])).toThrow('The input "x" is needed and was not given.');
		expect(() => whole.run({ x: tf.scalar(1) }, ['e'])).toThrow('The model has no node "e".');
		expect(() => whole.run({ x: tf.scalar(1) }, ['b:2'])).toThrow('The node "b:2" has no such output.');
		expect(() => model([input('x'), input('x')])).toThrow('share an id');
		const shut = model([input('x')], { obstacle: { kind: 'bag', message: 'No network.', hint: '', nodes: [] } });
		expect(() => shut.run({ x: tf.scalar(1) }, ['x'])).toThrow('No network.');
		expect(shut.obstacle?.kind).toBe('bag');
		expect(whole.obstacle).toBeNull();
	});

	it('a node may be called as an output is', () => {
		const odd = model([
			input('x'),
			step('a', ['x'], plus(1)),
			step('a:1', ['a'], plus(10)),
			step('y', ['a:1'], plus(100))
		]);
		expect(value(odd.run({ x: tf.scalar(0) }, ['y'])[0])).toBe(111);
		expect([canonical('a:0'), canonical('a:1'), canonical('a'), canonical('a:10')]).toEqual(['a', 'a:1', 'a', 'a:10']);
	});
});

describe('a step', () => {
	const failing = (error: unknown, inputs: tf.Tensor[] = []) => {
		const one = step('n', [], () => {
			throw error;
		});
		return () => compute(one, inputs, () => inputs[0]!);
	};
	it('that fails is named, with what it was given and what TF.js says of it', () => {
		const given = [tf.zeros([2, 3]), tf.zeros([4])];
		expect(failing(new Error('Shapes differ.\nat once'), given)).toThrow(
			/^"n" \(Op\) could not run on \[2, 3\] and \[4\]: Shapes differ\.$/
		);
		expect(failing(new Error('x'.repeat(300)))).toThrow(new RegExp(`^"n" \\(Op\\) could not run: x{200}\\.$`));
		expect(failing(new Error(''))).toThrow(/^"n" \(Op\) could not run\.$/);
		// What the language says tells nobody anything.
		for (const error of [new TypeError('y is no function'), new RangeError('too long'), 'text'])
			expect(failing(error)).toThrow(/^"n" \(Op\) could not run\.$/);
		const own = new LabError('It is known.', '');
		expect(failing(own)).toThrow(own);
		const cause = new Error('why');
		expect(() => failing(cause)()).toThrow(expect.objectContaining({ cause }) as Error);
	});

	it('gives tensors of its own, of shapes that are numbers', () => {
		const x = tf.scalar(1);
		const [same] = compute(step('n', [], (inputs) => [...inputs]), [x], () => x); // prettier-ignore
		same!.dispose();
		expect(x.isDisposed).toBe(false);
		const before = tf.memory().numTensors;
		const odd = () => {
			const tensor = tf.scalar(1);
			Object.defineProperty(tensor, 'shape', { value: [NaN] });
			return [tensor];
		};
		expect(() => compute(step('n', [], odd), [], () => x)).toThrow(/could not run\.$/);
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('an input of open size', () => {
	it('gets the size that was chosen, where nothing is known', () => {
		expect(filled([null, null, null, null], [5, 6, 3])).toEqual([null, 5, 6, 3]);
		expect(filled([2, -1, 7, -1], [5, 6, 3])).toEqual([2, 5, 7, 3]);
		expect(filled([null, 4, null, 1], [5, 6, 3])).toEqual([null, 4, 6, 1]);
		expect(filled([-1, 4, 0, 1], [5, 6, 3])).toEqual([-1, 4, 0, 1]);
	});
	it('that is closed, or no picture, stays', () => {
		expect(filled([null, 4, 4, 1])).toEqual([null, 4, 4, 1]);
		expect(filled([null, null, 3])).toEqual([null, null, 3]);
		expect(filled([null, null, null, null, 3], [5, 6, 3])).toEqual([null, null, null, null, 3]);
	});
	it('is asked for', () => {
		const shape = () => filled([null, null, 4, -1]);
		expect(shape).toThrow('The model takes images of any size: its input is [?, ?, 4, -1].');
		expect(shape).toThrow(expect.objectContaining({ code: 'shape-needed' }) as Error);
	});
});
