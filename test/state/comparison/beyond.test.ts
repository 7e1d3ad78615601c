import { expect, it } from 'vitest';
import type { LayerParting } from '#contracts/parting.ts';
import { channelCount, firstBeyond, isBeyond, partingSentence, positionWords, toleranceOf } from '#state/comparison/beyond.ts'; // prettier-ignore

const layer = (a: string, relative: number, change: Partial<LayerParting> = {}): LayerParting => ({
	...{ a, b: a, found: 'name', order: 'same', relative, maxAbs: 2 * relative, cosine: 1, squares: [0, 1], invalid: 0 },
	unlike: 0,
	...change
});

it('a tolerance is a positive number, else the usual one', () => {
	expect(toleranceOf('0.02')).toBe(0.02);
	expect(toleranceOf(' 1e-5 ')).toBe(1e-5);
	for (const text of ['', ' ', 'x', '0', '-1', 'Infinity', 'NaN']) expect(toleranceOf(text)).toBe(1e-3);
});

it('the first beyond it is the first of all, a number beside none too', () => {
	const layers = [layer('a', 0), layer('b', 1e-3), layer('c', 0.5), layer('d', 0.9)];
	expect(firstBeyond(layers, 1e-3)?.a).toBe('c');
	expect(firstBeyond(layers, 1)).toBeNull();
	expect(isBeyond(layer('a', 0, { unlike: 1 }), 1)).toBe(true);
	expect(isBeyond(layer('a', Infinity), 1)).toBe(true);
});

it('one sentence says where', () => {
	const layers = [layer('a', 1e-4), layer('b', 0.25, { b: 'q' })];
	expect(partingSentence(layers, 1e-3, true)).toBe(
		'“b” (“q” in B) is the first layer beyond the tolerance: relative difference 0.25, at most 0.5.'
	);
	expect(partingSentence(layers, 1, false)).toBe(
		'Nothing is beyond the tolerance so far: of 2 layers, the largest relative difference is 0.25, at “b” (“q” in B).'
	);
	expect(partingSentence([layer('a', 0)], 1, true)).toBe(
		'Nothing is beyond the tolerance: of 1 layers, all are equal.'
	);
	expect(partingSentence([layer('a', 0, { unlike: 3 })], 1, true)).toContain('3 of its values are no number on one side only'); // prettier-ignore
	expect(partingSentence([], 1, true)).toContain('nothing can be compared');
});

it('positions are told by their axes', () => {
	expect(positionWords({ shape: [4, 5, 6], largest: { at: [1, 2, 3], index: 0 } })).toBe('row 1, column 2, channel 3');
	expect(positionWords({ shape: [4, 5], largest: { at: [1, 2], index: 0 } })).toBe('step 1, channel 2');
	expect(positionWords({ shape: [4], largest: { at: [1], index: 0 } })).toBe('unit 1');
	expect(positionWords({ shape: [2, 4, 5, 6], largest: { at: [0, 1, 2, 3], index: 0 } })).toBe('axis 1 at 0, axis 2 at 1, axis 3 at 2, axis 4 at 3'); // prettier-ignore
	expect(positionWords({ shape: [4], largest: null })).toBe('');
	expect([[3], [3, 4], [3, 4, 5]].map(channelCount)).toEqual([1, 1, 5]);
});
