import { expect, it } from 'vitest';
import { missingFiles } from '#loaders/tfjs/missing.ts';

const said = (paths: readonly (readonly string[])[], missing: readonly string[]) =>
	missingFiles(
		paths.map((own) => ({ paths: [...own], entries: [] })),
		missing
	)?.message ?? null;

it('weight files that are missing are counted and named, three and how many more of many', () => {
	const six = [
		['a', 'b'],
		['c', 'd', 'e', 'f']
	];
	expect([said(six, []), said([], [])]).toEqual([null, 'The model file holds a structure and no weights.']);
	expect(said(six, ['x/b'])).toBe('1 of 6 weight files is missing: b.');
	expect(said(six, ['a', 'b'])).toBe('2 of 6 weight files are missing: a and b.');
	expect(said(six, ['a', 'b', 'c', 'd'])).toBe('4 of 6 weight files are missing: a, b, c and d.');
	expect(said(six, ['a', 'b', 'c', 'd', 'e'])).toBe('5 of 6 weight files are missing: a, b, c and 2 more.');
	expect(said(six, ['a', 'b', 'c', 'd', 'e', 'f'])).toBe('All 6 weight files are missing: a, b, c and 3 more.');
	expect(said([['a']], ['a'])).toBe('The weight file is missing: a.');
	// The same name in two folders is one.
	expect(said(six, ['x/a', 'y/a'])).toBe('2 of 6 weight files are missing: a.');
});
