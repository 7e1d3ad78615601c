import { beforeAll, describe, expect, it } from 'vitest';
import { nodeTimes } from '#methods/structure/timing.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';
import type { Model } from '#contracts/model.ts';
import { graph, node } from '../../tools/networks.ts';
import { chain } from '../fixtures.ts';

/** A clock that the model moves: each function takes as long as it says. */
function setup(signal = new AbortController().signal) {
	let time = 0;
	let runs = 0;
	const slow = (ms: number) => (x: tf.Tensor) => {
		time += ms;
		runs++;
		return tf.add(x, 1);
	};
	const model = chain(
		[
			['quick', slow(2)],
			['slow', slow(30)],
			['endless', slow(900)]
		],
		[null, 1, 1, 1]
	);
	const feeds = { x: tf.ones([1, 1, 1, 1]) };
	return { run: () => nodeTimes({ model, feeds, runs: 4, signal, now: () => time }), runs: () => runs };
}

describe('times of nodes', () => {
	beforeAll(() => useBackend('cpu'));

	it('are those of the nodes, and nothing is left behind', async () => {
		const { run, runs } = setup();
		const before = tf.memory().numTensors;
		const steps: number[] = [];
		let last: Record<string, number> = {};
		for await (const { milliseconds, done } of run()) {
			steps.push(done);
			last = milliseconds;
		}
		expect(last).toEqual({ quick: 2, slow: 30, endless: 900 });
		expect(steps).toEqual([0.25, 0.5, 0.75, 1]);
		// One more to warm up; the endless one only once after that.
		expect(runs()).toBe(5 + 5 + 2);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('stop when asked to', async () => {
		const controller = new AbortController();
		const { run } = setup(controller.signal);
		const before = tf.memory().numTensors;
		const all = async () => {
			for await (const { done } of run()) if (done > 0.4) controller.abort();
		};
		await expect(all()).rejects.toThrow('cancelled');
		expect(tf.memory().numTensors).toBe(before);
	});

	/** A node that takes these milliseconds, one after the other; looking at the clock takes one, too. */
	async function timed(durations: readonly number[], runs: number) {
		let [time, turn] = [0, 0];
		const work = (x: tf.Tensor) => {
			time += durations[turn++]!;
			return tf.add(x, 1);
		};
		const feeds = { x: tf.ones([1, 1, 1, 1]) };
		const { signal } = new AbortController();
		let found = NaN;
		for await (const { milliseconds } of nodeTimes({
			...{ model: chain([['n', work]], [null, 1, 1, 1]), feeds, runs, signal },
			now: () => time++
		}))
			found = milliseconds['n'] ?? found;
		tf.dispose(feeds);
		return { found, turns: turn };
	}

	it('are medians of all runs but the first, less what an empty wait takes', async () => {
		expect(await timed([50, 9, 2, 30, 4, 100], 5)).toEqual({ found: 9, turns: 6 });
		expect(await timed([50, 9, 2, 30, 4], 4)).toEqual({ found: 9, turns: 5 });
		expect(await timed([7, 3], 1)).toEqual({ found: 3, turns: 2 });
		expect(await timed([7, 0, 0], 2)).toEqual({ found: 0, turns: 3 });
	});

	it('of nodes that take longer than 400 milliseconds are of one run', async () => {
		// A look at the clock is one of them.
		expect(await timed([399, 8, 6, 7], 3)).toEqual({ found: 7, turns: 4 });
		expect(await timed([400, 8, 6, 7], 3)).toEqual({ found: 8, turns: 2 });
		expect(await timed([900, 8], 1)).toEqual({ found: 8, turns: 2 });
		// It is the first that says so.
		expect(await timed([1, 900, 900], 2)).toEqual({ found: 900, turns: 3 });
	});

	it('are of nodes that read several outputs, each asked for once; what nothing needs is freed', async () => {
		const requested: [string[], string[]][] = [];
		const nodes = [
			node('x', 'Input', []),
			node('u:1', 'Input', []),
			node('s', 'Split', ['x:0']),
			node('a', 'Add', ['s', 's:1', 's:1']),
			node('b', 'Add', ['a', 'u:1']),
			node('idle', 'Relu', ['s:0']),
			node('y', 'Add', ['b', 'a:0'])
		];
		const run = (feeds: Record<string, tf.Tensor>, fetches: readonly string[]) => {
			requested.push([Object.keys(feeds), [...fetches]]);
			for (const value of Object.values(feeds)) expect(value.isDisposed).toBe(false);
			return fetches.map(() => tf.scalar(1));
		};
		const model = { graph: { ...graph(nodes), outputs: ['y:0', 'b'] }, run } as unknown as Model;
		const feeds = { 'x:0': tf.scalar(1), 'u:1': tf.scalar(2) };
		const before = tf.memory().numTensors;
		const held: number[] = [];
		const { signal } = new AbortController();
		for await (const _ of nodeTimes({ model, feeds, runs: 1, signal, now: () => 0 }))
			held.push(tf.memory().numTensors - before);
		expect(requested.filter((_, i) => i % 2)).toEqual([
			[['x'], ['s', 's:1']],
			[['s', 's:1'], ['a']],
			[['a', 'u:1'], ['b']],
			[['s'], ['idle']],
			[['b', 'a'], ['y']]
		]);
		// x u:1 | x u:1 | u:1 s s:1 | u:1 s a | s a b | a b idle | b idle y, of which b is an output and nothing reads idle.
		expect(held).toEqual([2, 2, 3, 3, 3, 3, 3]);
		expect(tf.memory().numTensors).toBe(before);
		expect(feeds['x:0'].isDisposed).toBe(false);
		tf.dispose(feeds);
	});

	it('end in the middle of a node, too', async () => {
		const controller = new AbortController();
		let turns = 0;
		const work = (x: tf.Tensor) => {
			if (++turns === 2) controller.abort();
			return tf.add(x, 1);
		};
		const model = chain([['n', work]], [null, 1, 1, 1]);
		const feeds = { x: tf.ones([1, 1, 1, 1]) };
		const before = tf.memory().numTensors;
		const all = async () => {
			for await (const _ of nodeTimes({ model, feeds, runs: 5, signal: controller.signal }));
		};
		await expect(all()).rejects.toThrow('cancelled');
		expect(turns).toBe(2);
		expect(tf.memory().numTensors).toBe(before);
		tf.dispose(feeds);
	});
});
