import { expect, it } from 'vitest';
import { UndoStack } from '#state/lab/undo-stack.svelte.ts';

it('goes back and forth through what was recorded, and forgets what was taken back when something else is done', () => {
	const stack = new UndoStack<string>();
	expect([stack.undoable, stack.undo()]).toEqual([false, null]);
	for (const [i, state] of ['a', 'b', 'c'].entries()) stack.record(state, 'change', 1000 * i);
	expect(stack.undo()).toBe('b');
	expect([stack.undoable, stack.redoable]).toEqual([true, true]);
	expect(stack.undo()).toBe('a');
	expect(stack.undo()).toBe(null);
	expect(stack.redo()).toBe('b');
	stack.record('d', 'change', 9000);
	expect([stack.redoable, stack.redo()]).toEqual([false, null]);
	expect(stack.undo()).toBe('b');
});

it('takes what comes at once, or belongs to the last change, for one', () => {
	const stack = new UndoStack<string>();
	stack.record('a', 'change', 0);
	for (const [i, state] of ['b', 'c', 'd'].entries()) stack.record(state, 'change', 5000 + 500 * i);
	stack.record('e', 'part', 90_000);
	stack.record('e', 'change', 99_000);
	expect(stack.undo()).toBe('a');
	expect(stack.undoable).toBe(false);
	// What follows of itself does not make what was taken back unreachable.
	stack.record('a, as it came out', 'part', 100_000);
	expect(stack.redo()).toBe('e');
	expect(stack.undo()).toBe('a, as it came out');
});

it('keeps steps apart, however fast they come, with what follows at once', () => {
	const stack = new UndoStack<string>();
	for (const [i, of] of (['change', 'step', 'step', 'change'] as const).entries()) stack.record('abcd'[i]!, of, 10 * i);
	expect([stack.undo(), stack.undo(), stack.undo()]).toEqual(['b', 'a', null]);
});

it('keeps the last 200', () => {
	const stack = new UndoStack<number>();
	for (let i = 0; i < 300; i++) stack.record(i, 'change', 1000 * i);
	let last = 299;
	while (stack.undoable) last = stack.undo() as number;
	expect(last).toBe(99);
});
