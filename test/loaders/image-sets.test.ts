import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import { withoutBroken } from '#loaders/whole-pictures.ts';
import { cellsOf, opened } from '../tools/data.ts';
import { png } from '../tools/png.ts';

const picture = (value: number) => png(Uint8Array.of(value, value, value), 1, 3);
const setOf = (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) =>
	opened({
		'set.zip': zipSync(
			Object.fromEntries(
				Object.entries(files).map(([path, part]) => [path, typeof part === 'string' ? strToU8(part) : part])
			)
		) as Uint8Array<ArrayBuffer>
	});
const notes = ({ notes = [] }: DataSet) => notes.join('\n');

describe('folders of pictures', () => {
	it('the innermost folder is the label, the outer one the part of the set', async () => {
		const data = await setOf({
			'd/train/cat/1.png': picture(1),
			'd/train/dog/2.png': picture(2),
			'd/test/cat/1.png': picture(3)
		});
		expect([data.count, data.label]).toEqual([3, 'folder']);
		expect(cellsOf(data, 'folder')).toEqual(['cat', 'cat', 'dog']);
		expect(cellsOf(data, 'split')).toEqual(['test', 'train', 'train']);
	});

	it('a folder of one name between is passed over', async () => {
		const data = await setOf({
			'train/n01/images/a.png': picture(1),
			'train/n02/images/b.png': picture(2),
			'train/n02/images/c.png': picture(3)
		});
		expect(cellsOf(data, 'folder')).toEqual(['n01', 'n02', 'n02']);
	});

	it('parts alone are no label', async () => {
		const data = await setOf({ 'train/1.png': picture(1), 'test/2.png': picture(2) });
		expect(data.label).toBeNull();
		expect(cellsOf(data, 'split')).toEqual(['test', 'train']);
	});
});

describe('a table beside pictures', () => {
	const pictures = { 'p/images/1.png': picture(1), 'p/images/2.png': picture(2), 'p/images/10.png': picture(3) };

	it('is joined by the name of the file, in whatever order', async () => {
		const labels = 'file_name,species,weight\nimages/10.png,owl,3.5\n./images/1.png,cat,1.5\nimages/99.png,cat,9\n';
		const data = await setOf({ ...pictures, 'p/labels.csv': labels });
		expect([data.count, data.label]).toEqual([3, 'species']);
		expect(cellsOf(data, 'species')).toEqual(['cat', null, 'owl']);
		expect(cellsOf(data, 'weight')).toEqual([1.5, null, 3.5]);
		expect(notes(data)).toMatch(/“p\/labels.csv” says is joined by the name of the file: 1 picture is not in it\./);
	});

	it('may name files without their endings, as numbers', async () => {
		const data = await setOf({ ...pictures, 'p/trainLabels.csv': 'id,label\n1,frog\n2,truck\n10,frog\n' });
		expect([data.label, ...cellsOf(data, 'label')]).toEqual(['label', 'frog', 'truck', 'frog']);
	});

	it('of each folder means the files there', async () => {
		const data = await setOf({
			'train/1.png': picture(1),
			'train/2.png': picture(2),
			'train/metadata.csv': 'file_name,label\n1.png,a\n2.png,b\n',
			'test/1.png': picture(3)
		});
		// By their paths: test/1.png, train/1.png, train/2.png.
		expect(cellsOf(data, 'label')).toEqual([null, 'a', 'b']);
	});

	it('is the one that names the most, of those that are tables; the others are not', async () => {
		const six = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`p/${i}.png`, picture(i)]));
		const data = await setOf({
			...six,
			'p/a.csv': 'file,kind\n1.png,u\n',
			'p/b.csv': 'file,kind\n1.png,x\n2.png,y\n3.png,x\n',
			'p/c.txt': 'only words\n',
			'p/d.csv': 'file,kind\n1.png,v\n2.png,v\n3.png,v\n'
		});
		expect(cellsOf(data, 'kind')).toEqual([null, 'x', 'y', 'x', null, null]);
		expect(notes(data)).toBe('What “p/b.csv” says is joined by the name of the file: 3 pictures are not in it.');
		// Fewer than three of ten are a chance.
		const few = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i}.png`, picture(i)]));
		const table = (count: number) =>
			`file,kind\n${Array.from({ length: count }, (_, i) => `${i}.png,u`).join('\n')}\nx.png,w\ny.png,w\n`;
		expect((await setOf({ ...few, 'l.csv': table(3) })).columns.map(({ name }) => name)).toContain('kind');
		expect((await setOf({ ...few, 'l.csv': table(2) })).columns.map(({ name }) => name)).not.toContain('kind');
	});

	it('that names none of them is not joined', async () => {
		const data = await setOf({ ...pictures, 'p/notes.txt': 'only words\n' });
		expect([data.count, data.label, notes(data)]).toEqual([3, null, '']);
	});
});

it('files of kinds that sets do not take are said', async () => {
	const data = await setOf({
		'a.png': picture(1),
		'b.png': picture(2),
		'c.png': picture(3),
		'd.svg': '<svg xmlns="x"/>'
	});
	expect(data.count).toBe(3);
	expect(notes(data)).toMatch(/1 SVG file is left out/);
});

it('pictures that cannot be read are left out and named', async () => {
	const data = await setOf({ 'x/a.png': picture(1), 'x/b.png': picture(2), 'y/c.png': picture(3) });
	const context = { signal: new AbortController().signal, progress: () => undefined };
	const whole = await withoutBroken(data, context, (blob) => Promise.resolve(blob !== data.images![1]));
	expect(whole.count).toBe(2);
	expect(cellsOf(whole, 'file')).toEqual(['a.png', 'c.png']);
	expect(cellsOf(whole, 'folder')).toEqual(['x', 'y']);
	expect(whole.images).toEqual([data.images![0], data.images![2]]);
	expect(notes(whole)).toBe('1 picture cannot be read and is left out: b.png.');
	await expect(withoutBroken(data, context, () => Promise.resolve(false))).rejects.toThrow(/None of the pictures/);
});
