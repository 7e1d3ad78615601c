import { beforeAll, describe, expect, it } from 'vitest';
import { nodeTimes } from '#methods/structure/timing.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';
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
});
