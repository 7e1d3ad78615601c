import { describe, expect, it } from 'vitest';
import { classNamesIn, textOf } from '#loaders/class-names.ts';
import { calledLabels, labelFiles, labelsBeside } from '#loaders/labels-beside.ts';

const sourceOf = (files: Readonly<Record<string, BlobPart>>) => ({
	name: 's',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
});

describe('class names in a text', () => {
	it('are a line each, or a column of a table, by its header from the first line on', () => {
		expect(classNamesIn('cat\ndog\n')).toEqual({ names: ['cat', 'dog'], table: false });
		expect(classNamesIn('id,name\n1,dog\n0,cat\n')?.names).toEqual(['cat', 'dog']);
		expect(classNamesIn('\uFEFFname;id\ncat;0\ndog;1\n')?.names).toEqual(['cat', 'dog']);
		expect(classNamesIn('name,size,weight\ncat,1,2\ndog,3,4\n')).toEqual({ names: ['cat', 'dog'], table: true });
		// Blanks stand within names.
		expect(classNamesIn('great white shark\ntiger shark\n')?.names).toEqual(['great white shark', 'tiger shark']);
		expect(classNamesIn('')).toBeNull();
		const long = Array.from({ length: 1500 }, (_, i) => `${i},"n ${i}"`).join('\n');
		expect(classNamesIn(`id,name\n${long}\n`)?.names).toHaveLength(1500);
	});
	it('are read in whatever letters they are written', async () => {
		const file = { path: 'a', blob: new Blob([Uint8Array.from(Buffer.from('grün\nweiß\n', 'latin1'))]) };
		expect(await textOf(file)).toBe('grün\nweiß\n');
	});
});

describe('files of class names', () => {
	const paths = async (files: Readonly<Record<string, BlobPart>>) =>
		(await labelFiles(sourceOf(files))).map(({ path }) => path);
	it('are texts of some size, those that are called so first', async () => {
		expect(await paths({ 'a.txt': 'x', 'b/labels': 'x', 'c.png': 'x', 'names.csv': 'x', 'd.txt': '' })).toEqual([
			'b/labels',
			'names.csv',
			'a.txt'
		]);
		const maxBytes = 4 << 20;
		expect(await paths({ 'a.txt': 'x'.repeat(maxBytes - 1), 'b.txt': 'x'.repeat(maxBytes) })).toEqual(['a.txt']);
		expect(await paths({ 'model.json': '{"modelTopology":{}}', 'a.json': '[]' })).toEqual(['a.json']);
		expect(['x/LABELS.txt', 'synset.txt', 'a.txt'].map((path) => calledLabels({ path, blob: new Blob() }))).toEqual([
			...[true, true, false]
		]);
		const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, k) => [`${k}.txt`, 'x']));
		expect([(await paths(many(2000))).length, (await paths(many(2001))).length]).toEqual([2000, 0]);
	});
	it('beside a model are the first that are called so and hold some', async () => {
		const files = { 'labels.txt': '', 'class.json': '{}', 'names.txt': 'cat\ndog\n', 'other.txt': 'a\nb\n' };
		expect(await labelsBeside(sourceOf(files))).toEqual(['cat', 'dog']);
		expect(await labelsBeside(sourceOf({ 'other.txt': 'a\nb\n' }))).toBeNull();
	});
});
