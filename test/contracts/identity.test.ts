import { expect, it } from 'vitest';
import { contradict, differenceWords, differing, FACETS, keyOf, picked } from '#contracts/identity.ts';

const now = { model: 'model#1', input: 'image#2', target: '{"unit":3}', seed: '1' };

it('a result is of now exactly if all that it depends on is as it was', () => {
	expect(differing(now, now)).toEqual([]);
	// What it does not depend on may be anything.
	expect(differing({ model: 'model#1' }, now)).toEqual([]);
	expect(differing({ ...now, target: '{"unit":4}' }, now)).toEqual(['target']);
	for (const facet of FACETS) expect(differing({ [facet]: 'a' }, { [facet]: 'b' })).toEqual([facet]);
	// A key of now that nobody gave is not the same as it was.
	expect(differing({ parameters: '[]' }, now)).toEqual(['parameters']);
	expect(differing({ seed: '' }, {})).toEqual(['seed']);
});

it('says what matters most, two at most', () => {
	expect(differenceWords([])).toBe('');
	expect(differenceWords(differing({ seed: '2', input: 'image#1', target: '' }, now))).toBe(
		'of the previous input, of another class'
	);
	for (const facet of FACETS) expect(differenceWords([facet])).toMatch(/^(of|with) /);
});

it('two contradict each other only by what both know', () => {
	expect(contradict(now, { model: 'model#1', weights: '[]' })).toBe(false);
	expect(contradict(now, { model: 'model#2' })).toBe(true);
	expect(contradict(now, {})).toBe(false);
	expect(contradict({ input: '' }, { input: 'image#2' })).toBe(true);
});

it('a key is equal for equal content', () => {
	expect(keyOf({ unit: 1, output: 'y' })).toBe(keyOf({ output: 'y', unit: 1 }));
	expect(keyOf({ a: [{ y: 1, x: 2 }] })).toBe(keyOf({ a: [{ x: 2, y: 1 }] }));
	expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
	expect(keyOf({ unit: 1, other: undefined })).toBe(keyOf({ unit: 1 }));
	expect(keyOf({ unit: 1 })).not.toBe(keyOf({ unit: 2 }));
	expect(keyOf(null)).not.toBe(keyOf({}));
	expect(picked(now, ['input', 'layer'])).toEqual({ input: 'image#2' });
});
