import { describe, expect, it } from 'vitest';
import { newLayer } from '#maths/figures/layer.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { Figures, type LayerSlice } from '#state/figures/figures.svelte.ts';
import { remote, type Call } from '#workers/rpc.ts';

const slice = (layer: string): LayerSlice => ({ layer, kernel: `${layer}/kernel`, rows: [0], columns: [0, 1] });

/** A compute worker whose answers are given by hand. */
function bench() {
	const calls: { name: string; args: unknown[]; answer: (values: unknown) => void; fail: (error: unknown) => void }[] =
		[];
	const failures: unknown[] = [];
	const open = { model: 'one' };
	const call: Call = (name, args) => new Promise((answer, fail) => calls.push({ name, args, answer, fail }));
	const context = {
		identity: () => ({ ...open }),
		compute: remote(call),
		reader: { api: remote(call) },
		failed: (error: unknown) => failures.push(error)
	} as unknown as ViewContext;
	return { figures: new Figures(context), calls, failures, open };
}

describe('the figure that is being made', () => {
	it('is the model’s until it is changed, and each step can be taken back', () => {
		const { figures } = bench();
		expect([figures.layers, figures.byHand, figures.undoable]).toEqual([null, false, false]);
		figures.edit([newLayer('a')]);
		figures.edit([newLayer('a'), newLayer('b')]);
		figures.undo();
		expect(figures.layers?.map(({ id }) => id)).toEqual(['a']);
		figures.undo();
		figures.undo();
		expect(figures.layers).toBeNull();
	});

	it('goes with its model, but a list by hand stays', () => {
		const { figures } = bench();
		figures.edit([newLayer('a')]);
		figures.reset();
		expect([figures.layers, figures.undoable]).toEqual([null, false]);
		figures.openList([newLayer('b')], 'Mine');
		figures.reset();
		expect([figures.title, figures.layers?.length, figures.byHand]).toEqual(['Mine', 1, true]);
		figures.useModel();
		expect([figures.title, figures.layers]).toEqual(['', null]);
	});

	it('asks once for the same weights, and takes only the newest answer', async () => {
		const { figures, calls, failures } = bench();
		const first = figures.fetch([slice('a')]);
		await figures.fetch([slice('a')]);
		expect(calls).toHaveLength(1);
		expect(figures.busy).toBe(true);
		const second = figures.fetch([slice('b')]);
		expect(calls[1]?.args).toEqual([[{ kernel: 'b/kernel', rows: [0], columns: [0, 1] }]]);
		calls[0]?.answer([Float32Array.of(9, 9)]);
		calls[1]?.answer([Float32Array.of(1, 2)]);
		await Promise.all([first, second]);
		expect([...figures.slices.value]).toEqual([['b', Float32Array.of(1, 2)]]);
		// Values of other edges are never taken for those that are asked for now.
		expect([figures.known([slice('b')]).size, figures.known([slice('a')]).size]).toEqual([1, 0]);
		expect(figures.busy).toBe(false);
		await figures.fetch([]);
		expect(figures.slices.value.size).toBe(0);
		expect(failures).toEqual([]);
	});

	it('draws no weights of one model as those of another', async () => {
		const { figures, calls, open } = bench();
		const first = figures.fetch([slice('a')]);
		calls[0]?.answer([Float32Array.of(1, 2)]);
		await first;
		expect(figures.known([slice('a')]).size).toBe(1);
		// The same slices of another model, from the moment that it is open.
		open.model = 'two';
		expect(figures.known([slice('a')]).size).toBe(0);
		figures.reset();
		const second = figures.fetch([slice('a')]);
		expect([calls.length, figures.known([slice('a')]).size]).toEqual([2, 0]);
		calls[1]?.answer([Float32Array.of(3, 4)]);
		await second;
		expect(figures.known([slice('a')]).get('a')).toEqual(Float32Array.of(3, 4));
	});

	it('says what went wrong, and asks a fresh engine again', async () => {
		const { figures, calls, failures } = bench();
		const lost = figures.fetch([slice('a')]);
		calls[0]?.fail(new Error('The device is gone.'));
		await lost;
		expect(failures).toHaveLength(1);
		const again = figures.restore();
		calls[1]?.answer([Float32Array.of(3, 4)]);
		await again;
		expect(figures.slices.value.get('a')).toEqual(Float32Array.of(3, 4));
		await figures.restore();
		expect(calls).toHaveLength(2);
	});

	it('opens the file that was given last, whichever is read first', async () => {
		const { figures, calls, failures } = bench();
		const taken: unknown[] = [];
		const read = (name: string) => figures.read(new Blob([name]), (found) => taken.push(found));
		const [first, second] = [read('a'), read('b')];
		calls[1]?.answer('the second');
		await second;
		calls[0]?.answer('the first');
		await first;
		expect(taken).toEqual(['the second']);
		// And in the order in which they were given.
		const [third, fourth] = [read('c'), read('d')];
		calls[2]?.answer('the third');
		await third;
		calls[3]?.fail(new Error('It is damaged.'));
		await fourth;
		expect(taken).toEqual(['the second', 'It is damaged.']);
		// What is opened by hand meanwhile is what was wanted last.
		const fifth = read('e');
		figures.openList([newLayer('a')], 'Mine');
		calls[4]?.answer('the fifth');
		await fifth;
		expect([taken.length, figures.title, figures.busy]).toEqual([2, 'Mine', false]);
		expect(failures).toEqual([]);
	});
});
