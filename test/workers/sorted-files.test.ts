import { expect, it } from 'vitest';
import type { Reading } from '#contracts/kind.ts';
import { filesOf } from '#state/opening/files.ts';
import { sortedFiles } from '#workers/data/sorted-files.ts';

it('the page receives the names of all sorted files, and the content of those that it takes itself', () => {
	const files = ['a.png', 'b.txt', 'c.csv', 'd.png'].map((path) => ({ path, blob: new Blob([path]) }));
	const reading = (kind: string, ...uses: number[]): Reading => ({ kind, sure: 1, uses, what: kind, title: kind });
	const readings = [reading('data', 0, 2, 3), reading('image', 0), reading('model', 1)];
	const sorted = sortedFiles(files, readings);
	expect(sorted.map(({ path, blob }) => [path, blob !== null])).toEqual([
		['a.png', true],
		['b.txt', true],
		['c.csv', false],
		['d.png', false]
	]);
	expect(sorted[0]!.blob).toBe(files[0]!.blob);
	const sorting = { files: sorted, readings, nothing: null };
	expect(filesOf(sorting, readings[2]!)).toEqual([files[1]]);
	expect(filesOf(sorting, readings[1]!)).toEqual([files[0]]);
	expect(sortedFiles(files, [])).toHaveLength(4);
});
