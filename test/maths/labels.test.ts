import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classNamesIn, textOf } from '#loaders/class-names.ts';
import { fromTable, isTable } from '#maths/labels/from-table.ts';
import { fitsUnits, unitName } from '#maths/unit-names.ts';

const file = (name: string) => readFileSync(new URL(`../cases/labels/${name}`, import.meta.url), 'utf8');

describe('class names', () => {
	it('keep a number that is part of the name', () =>
		expect(classNamesIn(file('euro.txt'))?.names).toEqual(['1 Euro', '2 Euro', '3 Euro']));
	it('come from the column that is headed as names', () =>
		expect(classNamesIn(file('header.csv'))?.names).toEqual(['cat', 'dog', 'bird']));

	it.each([
		['numbers from 1', '1 cat\n2 dog\n3 bird', ['cat', 'dog', 'bird']],
		['numbers from 5 are no indices', '5 gum\n6 nut', ['5 gum', '6 nut']],
		['numbers that do not count', '3 cat\n1 dog', ['3 cat', '1 dog']],
		['gaps', '0: cat\n2: dog\n', ['cat', 'class 1', 'dog']],
		['blank lines within and at the end', 'cat\n\ndog\n\n\n', ['cat', 'class 1', 'dog']],
		['old Mac line ends', 'cat\rdog\r', ['cat', 'dog']],
		['a byte order mark before JSON', '\uFEFF["cat", "dog"]', ['cat', 'dog']],
		['quoted names with commas', '0,"tench, Tinca tinca"\n1,goldfish', ['tench, Tinca tinca', 'goldfish']],
		[
			'names with commas alone',
			'tench, Tinca tinca\ngoldfish, a\nshark, b, c',
			['tench, Tinca tinca', 'goldfish, a', 'shark, b, c']
		],
		['name before its number', 'dog,1\ncat,0', ['cat', 'dog']],
		['a semicolon table', 'id;name\n1;cat\n2;dog\n', ['cat', 'dog']],
		[
			'AudioSet',
			'index,mid,display_name\n0,/m/09x0r,Speech\n1,/m/05zppz,"Male speech, man"\n',
			['Speech', 'Male speech, man']
		],
		['a headed single column', 'class_name\ncat\ndog', ['cat', 'dog']],
		['a header in another language', 'Klasse;Bezeichnung\n0;Katze\n1;Hund\n', ['Katze', 'Hund']],
		['a header above names and their indices', 'Tier,Nr\nKatze,1\nHund,0\n', ['Hund', 'Katze']],
		['a line that names the separator', 'sep=;\nid;name\n0;cat\n1;dog\n', ['cat', 'dog']],
		['one line', 'cat, dog, bird\n', ['cat', 'dog', 'bird']],
		['comments', '# my classes\ncat\ndog\n', ['cat', 'dog']],
		['equals signs', '0=cat\n1=dog', ['cat', 'dog']],
		['parentheses', '0) cat\n1) dog', ['cat', 'dog']],
		['points', '1. cat\n2. dog', ['cat', 'dog']],
		['two blanks and gaps', '1  person\n2  bicycle\n4  car\n', ['person', 'bicycle', 'class 2', 'car']],
		['single quotes', "0: 'cat',\n1: 'dog',\n", ['cat', 'dog']],
		['a dictionary of Python', "{0: 'tench, Tinca tinca',\n 1: \"bird's\",}\n", ['tench, Tinca tinca', "bird's"]],
		['a tuple of Python', "['cat', ('n01', 'dog')]", ['cat', 'dog']],
		['Python that computes', "{0: 'cat' + 'dog'}", null],
		['JSON lines', '{"id": 1, "name": "dog"}\n{"id": 0, "name": "cat"}\n', ['cat', 'dog']],
		['annotations of COCO', '{"images": [], "categories": [{"id": 1, "name": "cat"}]}', ['cat']],
		['YAML, a list alone', '- cat\n- dog\n', ['cat', 'dog']],
		['YAML, classes', 'classes:\n  - cat\n  - dog\n', ['cat', 'dog']],
		['a table of data', 'a,b,species\n1,2,x\n3,4,y\n5,6,x\n', null],
		['numbers alone', '1\n2\n3', null],
		['a label map', "item {\n  id: 1\n  name: 'cat'\n}\nitem {\n  id: 2\n  name: 'dog'\n}\n", ['cat', 'dog']],
		[
			'a label map with gaps and display names',
			'item { name: "/m/1" id: 1 display_name: "cat" }\nitem { name: "/m/3" id: 3 display_name: "dog" }',
			['cat', 'class 1', 'dog']
		],
		['YOLO, dashes', 'train: x\nnames:\n  - cat # a cat\n  - "dog"\nnc: 2', ['cat', 'dog']],
		['YOLO, numbers', 'path: x\nnames:\n  0: cat\n  1: dog\n', ['cat', 'dog']],
		['YOLO, brackets', "nc: 2\nnames: ['cat',\n 'dog']", ['cat', 'dog']],
		['JSON with duplicates', '["cat", "cat", "dog"]', ['cat', 'cat', 'dog']],
		['JSON from 1', '{"1": "cat", "2": "dog"}', ['cat', 'dog']],
		['JSON with gaps', '{"0": "cat", "3": "dog"}', ['cat', 'class 1', 'class 2', 'dog']],
		['JSON, __proto__ as a class', '{"__proto__": 0, "constructor": 1}', ['__proto__', 'constructor']],
		['JSON, an empty key is no index', '{"": "cat"}', null],
		['JSON, two of one index', '{"cat": 0, "dog": 0}', null],
		['JSON, a far index', '{"99999999": "cat"}', null],
		['JSON, deep', `${'['.repeat(9999)}${']'.repeat(9999)}`, null],
		['Hugging Face', '{"model_type": "x", "id2label": {"0": "cat", "1": "dog"}}', ['cat', 'dog']],
		['COCO categories', '[{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]', ['cat', 'dog']],
		['JSON of numbers', '[1, 2, 3]', null],
		['prose', 'a'.repeat(1000), null]
	])('%s', (_, text, names) => {
		expect(classNamesIn(text)?.names ?? null).toEqual(names);
	});

	it('are read in the letters that they are written in', async () => {
		const names = async (bytes: Buffer) =>
			classNamesIn(await textOf({ path: 'labels.txt', blob: new Blob([Uint8Array.from(bytes)]) }))?.names;
		const wide = Buffer.from('\ufeffKätze\nHünd\n', 'utf16le');
		expect(await names(wide)).toEqual(['Kätze', 'Hünd']);
		expect(await names(Buffer.from('Kätze\nHünd\n', 'latin1'))).toEqual(['Kätze', 'Hünd']);
	});

	it('fit a model with or without a background', () => {
		expect([9, 10, 11].map((n) => fitsUnits(n, 10))).toEqual([true, true, true]);
		expect([0, 8, 345].some((n) => fitsUnits(n, 10))).toBe(false);
		expect(unitName(['cat', 'dog'], 0, 3)).toBe('background');
		expect(unitName(['cat', 'dog'], 2, 3)).toBe('dog');
		expect(unitName(['background', 'cat', 'dog'], 0, 2)).toBe('cat');
		expect(unitName(['owl', 'cat', 'dog'], 0, 2)).toBe('owl');
		expect(unitName(['cat', 'dog'], 1, 2)).toBe('dog');
	});
	it('are found in linear time', () => {
		for (const text of [
			'item {'.repeat(1e5),
			'names:\n' + '- '.repeat(1e5),
			'"'.repeat(3e5),
			' '.repeat(3e5) + 'x',
			'0 '.repeat(2e5)
		]) {
			const began = performance.now();
			classNamesIn(text);
			expect(performance.now() - began).toBeLessThan(5000);
		}
	});
});

describe('a table of class names', () => {
	const names = (header: string, ...rows: readonly string[]) =>
		fromTable({ header: header.split(','), rows: rows.map((row) => row.split(',')) });

	it('has a column that is headed as names are, the best heading first', () => {
		expect(names('name', 'cat', ' dog ', 'cat')).toEqual(['cat', 'dog', 'cat']);
		expect(names('label,class name,display-name', 'a,b,c', 'd,e,f')).toEqual(['c', 'f']);
		expect(names('label,class name', 'a,b', 'd,e')).toEqual(['b', 'e']);
		expect(names('x,name', 'a,b', 'c,b')).toBeNull();
		expect([names('x,y,z', '0,a,b'), fromTable({ header: ['name'], rows: [] })]).toEqual([null, null]);
	});

	it('may say their indices, in a column headed so, if all are', () => {
		expect(names('Class ID,name', '1,dog', '0,cat')).toEqual(['cat', 'dog']);
		expect(names('name,idx', 'dog,1', 'cat,x')).toEqual(['dog', 'cat']);
		expect(names('name,weight', 'dog,1', 'cat,0')).toEqual(['dog', 'cat']);
	});

	it('or has names beside numbers that count from 0 or 1, under any heads', () => {
		expect([names('x,y', 'dog,1', 'cat,0'), names('x,y', '2,dog', '1,cat')]).toEqual([
			['cat', 'dog'],
			['cat', 'dog']
		]);
		const no = [
			['2,dog', '3,cat'],
			['0,dog', '2,cat'],
			['0,dog'],
			['0,dog', '1,dog'],
			['0,5', '1,7'],
			['a,dog', 'b,cat']
		];
		for (const rows of no) expect(names('x,y', ...rows), rows.join()).toBeNull();
	});

	it('of data has three cells a row, always as many, in three lines or more', () => {
		const is = (head: boolean, ...rows: readonly string[]) =>
			isTable({ header: head ? ['a'] : [], rows: rows.map((row) => row.split(',')) });
		expect([is(false, 'a,b,c', 'a,b,c', 'a,b,c'), is(true, 'a,b,c', 'a,b,c')]).toEqual([true, true]);
		expect([
			is(false, 'a,b,c', 'a,b,c'),
			is(true, 'a,b', 'a,b', 'a,b'),
			is(true, 'a,b,c', 'a,b,c,d'),
			is(true)
		]).toEqual([...[false, false, false, false]]);
	});
});
