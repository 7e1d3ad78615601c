import { expect, it } from 'vitest';
import { missingFiles } from '#loaders/tfjs/missing.ts';

const describe = (paths: readonly (readonly string[])[], missing: readonly string[]) =>
	missingFiles(
		paths.map((own) => ({ paths: [...own], entries: [] })),
		missing
	)?.message ?? null;

it('weight files that are missing are counted and named, three and how many more of many', () => {
	const six = [
		['a', 'b'],
		['c', 'd', 'e', 'f']
	];
	expect([describe(six, []), describe([], [])]).toEqual([null, 'The model file holds a structure and no weights.']);
	expect(describe(six, ['x/b'])).toBe('1 of 6 weight files is missing: b.');
	expect(describe(six, ['a', 'b'])).toBe('2 of 6 weight files are missing: a and b.');
	expect(describe(six, ['a', 'b', 'c', 'd'])).toBe('4 of 6 weight files are missing: a, b, c and d.');
	expect(describe(six, ['a', 'b', 'c', 'd', 'e'])).toBe('5 of 6 weight files are missing: a, b, c and 2 more.');
	expect(describe(six, ['a', 'b', 'c', 'd', 'e', 'f'])).toBe('All 6 weight files are missing: a, b, c and 3 more.');
	expect(describe([['a']], ['a'])).toBe('The weight file is missing: a.');
	// The same name in two folders is one.
	expect(describe(six, ['x/a', 'y/a'])).toBe('2 of 6 weight files are missing: a.');
});
