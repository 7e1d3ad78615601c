import { describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { cellsOf, opened } from '../tools/data.ts';

/** Kinds of tables that people have, each by a small one of its kind. */

const COUNT = 24;
const x = (i: number) => ((i * 7919) % 1000) / 100 - 3;
const y = (i: number) => ((i * 104729) % 1000) / 10 + 0.5;
const kind = (i: number) => 'ABC'[i % 3]!;
const lines = (line: (i: number) => string, count = COUNT) =>
	`${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
const xs = Array.from({ length: COUNT }, (_, i) => x(i));
const ys = Array.from({ length: COUNT }, (_, i) => y(i));

interface Kind {
	text: string;
	/** What is embedded. */
	rows: readonly string[];
	label?: string | null;
	count?: number;
	/** Columns with all their cells. */
	cells?: Readonly<Record<string, readonly (string | number | null)[]>>;
	notes?: RegExp;
	file?: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
	'`sep=` line': {
		text: `sep=;\r\nx;y;label\r\n${lines((i) => `${x(i)};${y(i)};${kind(i)}\r`)}`,
		rows: ['x', 'y'],
		label: 'label',
		cells: { x: xs }
	},
	'years above numbers': {
		text: `country,2019,2020,2021,region\n${lines((i) => `c${i},${x(i)},${y(i)},${i},${kind(i)}`)}`,
		rows: ['2019', '2020', '2021'],
		label: 'region',
		cells: { 2019: xs },
		notes: /years 2019 to 2021/
	},
	'years above whole numbers': {
		text: `2019,2020,2021\n${lines((i) => `${i * 3},${(i * 7) % 13},${i + 5}`)}`,
		rows: ['2019', '2020', '2021']
	},
	'names 0, 1, 2 and an index of pandas': {
		text: `,0,1,2\n${lines((i) => `${i},${x(i)},${y(i)},${i % 5}`)}`,
		rows: ['0', '1', '2'],
		cells: { 0: xs },
		notes: /numbers the rows and is left out/
	},
	'two levels of names': {
		text: `,A,A,B\n,x,y,x\n${lines((i) => `${i},${x(i)},${y(i)},${i % 5}`)}`,
		rows: ['A x', 'A y', 'B x'],
		cells: { 'A y': ys }
	},
	'units under the names': {
		text: `x,y,label\ncm,kg,-\n${lines((i) => `${x(i)},${y(i)},${kind(i)}`)}`,
		rows: ['x cm', 'y kg'],
		label: 'label'
	},
	'no names': {
		text: lines((i) => `${x(i)},${y(i)},Iris-${kind(i)}`) + '\n\n',
		file: 'iris.data',
		rows: ['column 1', 'column 2'],
		label: 'column 3',
		notes: /no line of names/
	},
	'row names of R': {
		text: `"","x","y","Species"\n${lines((i) => `"${i + 1}",${x(i)},${y(i)},"${kind(i)}"`)}`,
		rows: ['x', 'y'],
		label: 'Species'
	},
	'names one shorter than rows': {
		text: `x y z\n${lines((i) => `"Mazda RX ${i}" ${x(i)} ${y(i)} ${i}`)}`,
		file: 'cars.txt',
		rows: ['x', 'y', 'z'],
		cells: { x: xs, 'column 1': Array.from({ length: COUNT }, (_, i) => `Mazda RX ${i}`) }
	},
	'aligned columns': {
		text: `     x       y   label\n${lines((i) => `  ${x(i).toFixed(2).padStart(7)} ${y(i).toFixed(1).padStart(7)}   ${kind(i)}`)}`,
		file: 'a.dat',
		rows: ['x', 'y'],
		label: 'label',
		cells: { y: ys }
	},
	'aligned words with blanks': {
		text: lines((i) => `New York${' '.repeat(3)}${x(i)}   ${y(i)}`),
		file: 'a.txt',
		rows: ['column 2', 'column 3'],
		cells: { 'column 2': xs }
	},
	'names in a comment': {
		text: `# x y\n${lines((i) => `${x(i).toExponential(18)} ${y(i).toExponential(18)}`)}`,
		file: 'a.txt',
		rows: ['x', 'y'],
		cells: { y: ys.map((v) => Number(v.toExponential(18))) }
	},
	'#CHROM': {
		text: `##fileformat=VCF\n##x=<a,b>\n#CHROM\tPOS\tQUAL\n${lines((i) => `chr${i % 5}\t${i * 100}\t${x(i)}`)}`,
		file: 'a.tsv',
		rows: ['POS', 'QUAL'],
		cells: { QUAL: xs },
		notes: /Lines 1 to 2 passed over/
	},
	'# is a row where it has its width': {
		text: `colour,x,y\n${lines((i) => `#ff00${10 + i},${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { x: xs }
	},
	'a comment among rows': {
		text: `x,y,z\n${lines((i) => `${x(i)},${y(i)},${i}${i === 4 ? '\n# stopped, and went on "later' : ''}`)}`,
		rows: ['x', 'y', 'z'],
		cells: { x: xs },
		notes: /Line 7 passed over/
	},
	'a title above, a total below': {
		text: `My report\n\nx;y;label\n${lines((i) => `${x(i)};${y(i)};${kind(i)}`)}Total 24\n`,
		rows: ['x', 'y'],
		label: 'label',
		cells: { y: ys },
		notes: /Line 1 above .* Line 28 without separators left out/
	},
	'names with line ends': {
		text: `"height\n(cm)","weight\r\n(kg)",label\n${lines((i) => `${x(i)},${y(i)},${kind(i)}`)}`,
		rows: ['height (cm)', 'weight (kg)'],
		label: 'label'
	},
	'marks within cells': {
		text: `name,x,y\n${lines((i) => `say "hi" ${i},${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { name: Array.from({ length: COUNT }, (_, i) => `say "hi" ${i}`) }
	},
	inches: {
		text: `name,x,y\n${lines((i) => `${i % 4 ? 'a' : '5" pipe'},${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { x: xs }
	},
	'a mark that never closes': {
		text: `name,x,y,label\n${lines((i) => `${i === 5 ? '"Weird' : `n${i}`},${x(i)},${y(i)},${kind(i)}`)}`,
		rows: ['x', 'y'],
		label: 'label',
		cells: { x: xs },
		notes: /line 7/
	},
	'a mark that another closes far below': {
		text: `name,x,y,label\n${lines((i) => `${i === 5 ? '"Weird' : i === 12 ? '"ok, fine"' : i === 20 ? 'end"' : `n${i}`},${x(i)},${y(i)},${kind(i)}`)}`,
		rows: ['x', 'y'],
		label: 'label',
		cells: { x: xs }
	},
	'cells of several lines': {
		text: `text,x,label\n${lines((i) => `"line ${i}, with\nmore, ""x"", text\nand last",${x(i)},${kind(i)}`)}`,
		rows: ['x'],
		label: 'label',
		cells: { text: Array.from({ length: COUNT }, (_, i) => `line ${i}, with\nmore, "x", text\nand last`) }
	},
	'backslashes before marks': {
		text: `name,x,y\n${lines((i) => `"a \\"q\\" b, ${i}",${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { name: Array.from({ length: COUNT }, (_, i) => `a "q" b, ${i}`) }
	},
	'a separator after the last cell': {
		text: `x,y,label,\n${lines((i) => `${x(i)},${y(i)},${kind(i)},`)}`,
		rows: ['x', 'y'],
		label: 'label'
	},
	'one only after the rows': {
		text: `x,y,label\n${lines((i) => `${x(i)},${y(i)},${kind(i)},`)}`,
		rows: ['x', 'y'],
		label: 'label',
		cells: { x: xs }
	},
	'whole numbers beyond 2^53': {
		text: `user,x,y\n${lines((i) => `${1234567890123456789n + BigInt(i)},${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { user: Array.from({ length: COUNT }, (_, i) => String(1234567890123456789n + BigInt(i))) },
		notes: /kept as text/
	},
	'infinite numbers': {
		text: `x,y\n${lines((i) => `${i === 3 ? 'inf' : i === 4 ? '-Infinity' : x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { x: xs.map((v, i) => (i === 3 ? Infinity : i === 4 ? -Infinity : v)) },
		notes: /infinite/
	},
	'hexadecimal numbers': {
		text: `v,x\n${lines((i) => `0x${(17 * i).toString(16)},${x(i)}`)}`,
		rows: ['v', 'x'],
		cells: { v: Array.from({ length: COUNT }, (_, i) => 17 * i) },
		notes: /hexadecimal/
	},
	'hexadecimal among others is text': {
		text: `v,x\n${lines((i) => `${i % 2 ? '0x10' : i},${x(i)}`)}`,
		rows: ['x'],
		cells: { v: Array.from({ length: COUNT }, (_, i) => (i % 2 ? '0x10' : String(i))) }
	},
	'counted, not years': { text: '1,2\n3,4\n5,7\n', count: 3, rows: ['column 1', 'column 2'] },
	'ids that count': {
		text: `PassengerId,Age\n${lines((i) => `${i + 1},${i % 5 ? x(i) : '\\N'}`)}`,
		rows: ['Age'],
		cells: { Age: xs.map((v, i) => (i % 5 ? v : null)) }
	},
	'no names, and a later column that counts': {
		text: lines((i) => `${x(i)},${i},${y(i)}`),
		rows: ['column 1', 'column 2', 'column 3']
	},
	'per cent and currency': {
		text: `p,c,label\n${lines((i) => `${i}%,"$${1 + i},100.50",${kind(i)}`)}`,
		rows: ['p', 'c'],
		label: 'label',
		cells: {
			p: Array.from({ length: COUNT }, (_, i) => i),
			c: Array.from({ length: COUNT }, (_, i) => 1000 * (1 + i) + 100.5)
		},
		notes: /per cent or currency/
	},
	moments: {
		text: `when,x,y\n${lines((i) => `2024-01-${String((i % 28) + 1).padStart(2, '0')} 10:00:01.123,${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { when: Array.from({ length: COUNT }, (_, i) => Date.UTC(2024, 0, (i % 28) + 1, 10, 0, 1, 123)) },
		notes: /holds dates/
	},
	'days of Germany': {
		text: `Tag;x;z\n${lines((i) => `${i + 1}.3.2024;${String(x(i)).replace('.', ',')};${i}`)}`,
		rows: ['x', 'z'],
		cells: { Tag: Array.from({ length: COUNT }, (_, i) => Date.UTC(2024, 2, i + 1)), x: xs }
	},
	'days of America': {
		text: `when,x,y\n${lines((i) => `${(i % 12) + 1}/${(i % 28) + 1}/2024,${x(i)},${y(i)}`)}`,
		rows: ['x', 'y'],
		cells: { when: Array.from({ length: COUNT }, (_, i) => Date.UTC(2024, i % 12, (i % 28) + 1)) }
	},
	'seconds since 1970': {
		text: `ts,x\n${lines((i) => `${1_700_000_000 + ((i * 7) % COUNT)},${x(i)}`)}`,
		rows: ['ts', 'x'],
		cells: { ts: Array.from({ length: COUNT }, (_, i) => 1_700_000_000 + ((i * 7) % COUNT)) },
		notes: /distance from 1700000000/
	},
	'three hundred classes': {
		text: `x,label\n${lines((i) => `${x(i)},${i % 300}`, 900)}`,
		count: 900,
		rows: ['x'],
		label: 'label'
	},
	'a thousand classes': {
		text: `x,class\n${lines((i) => `${x(i)},${i % 1000}`, 3000)}`,
		count: 3000,
		rows: ['x'],
		label: 'class'
	},
	'a target that is measured': {
		text: `x,target\n${lines((i) => `${x(i)},${(i * i * 37) % 10007}`, 900)}`,
		count: 900,
		rows: ['x', 'target']
	},
	'rows of other widths': {
		text: `a,b,c\n${lines((i) => (i === 5 ? '1,2' : i === 9 ? '1,2,3,4' : `${x(i)},${y(i)},${i}`))}`,
		rows: ['a', 'b', 'c'],
		notes: /2 lines \(the first is line 7\) not of 3 cells/
	},
	'names that objects have': {
		text: `__proto__,constructor,hasOwnProperty,label\n${lines((i) => `${x(i)},${y(i)},${i},${['__proto__', 'constructor', 'toString'][i % 3]}`)}`,
		rows: ['__proto__', 'constructor', 'hasOwnProperty'],
		label: 'label',
		cells: { __proto_: [], ['constructor']: ys }
	},
	'a table of Markdown': {
		text: `| x | y | label |\n|---|:-:|---|\n${lines((i) => `| ${x(i)} | ${y(i)} | ${kind(i)} |`)}`,
		file: 'a.txt',
		rows: ['x', 'y'],
		label: 'label',
		cells: { x: xs }
	},
	'lists of numbers in a column': {
		text: `text,embedding\n${lines((i) => `t${i},"[${x(i)}, ${y(i)}, 3]"`)}`,
		rows: ['embedding 0', 'embedding 1', 'embedding 2']
	},
	'numbers far down are words': {
		text: `a,b\n${lines((i) => `${i < 1100 ? i : `w${i}`},${x(i % 50)}`, 1200)}`,
		count: 1200,
		rows: ['b']
	},
	'words that say nothing': {
		text: `x,y,label\n${lines((i) => `${i === 4 ? '-' : x(i)},${i === 6 ? 'None' : y(i)},${i === 7 ? 'NA' : kind(i)}`)}`,
		rows: ['x', 'y'],
		label: 'label',
		cells: {
			x: xs.map((v, i) => (i === 4 ? null : v)),
			label: Array.from({ length: COUNT }, (_, i) => (i === 7 ? null : kind(i)))
		},
		notes: /3 cells are missing/
	},
	'none, as a class': {
		text: `x,label\n${lines((i) => `${x(i)},${['none', 'some', 'all'][i % 3]}`)}`,
		rows: ['x'],
		label: 'label',
		cells: { label: Array.from({ length: COUNT }, (_, i) => ['none', 'some', 'all'][i % 3]!) }
	},
	'JSON lines': {
		text: lines((i) => JSON.stringify({ x: x(i), in: { y: y(i) }, kind: kind(i), ok: i % 2 === 0, none: null })),
		file: 'a.jsonl',
		rows: ['x', 'in.y'],
		label: 'ok',
		cells: { 'in.y': ys }
	},
	'JSON lines with vectors and long numbers': {
		text: lines(
			(i) => `{"id": ${1234567890123456789n + BigInt(i)}, "label": "${kind(i)}", "vector": [${x(i)}, ${y(i)}]}`
		),
		file: 'a.ndjson',
		rows: ['vector 0', 'vector 1'],
		label: 'label',
		cells: { id: Array.from({ length: COUNT }, (_, i) => String(1234567890123456789n + BigInt(i))) }
	},
	'records of JSON': {
		text: JSON.stringify(xs.map((v, i) => ({ x: v, label: kind(i) }))),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	},
	'columns of JSON': {
		text: JSON.stringify({
			x: Object.fromEntries(xs.entries()),
			label: Object.fromEntries(xs.map((_, i) => [i, kind(i)]))
		}),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	},
	'ARFF of Weka': {
		text: `% about\n@RELATION t\n@attribute 'the x' numeric\n@attribute y real\n@attribute class {A,B,C}\n@DATA\n${lines((i) => `${x(i)},${i === 2 ? '?' : y(i)},'${kind(i)}'`)}`,
		file: 'a.arff',
		rows: ['the x', 'y'],
		label: 'class',
		cells: {
			'the x': xs,
			y: ys.map((v, i) => (i === 2 ? null : v)),
			class: Array.from({ length: COUNT }, (_, i) => kind(i))
		}
	}
};

describe('kinds of tables', () => {
	it.each(Object.entries(KINDS))(
		'%s',
		async (_, { text, rows, label = null, count = COUNT, cells = {}, notes, file = 'a.csv' }) => {
			const data = await opened({ [file]: text });
			expect([data.count, data.rows?.names]).toEqual([count, rows]);
			if (label !== null) expect(data.label).toBe(label);
			for (const [name, own] of Object.entries(cells)) if (own.length) expect(cellsOf(data, name), name).toEqual(own);
			if (notes) expect(data.notes?.join(' ')).toMatch(notes);
		}
	);

	it('brings what is far from 0 near it before 32 bits round it', async () => {
		const { rows } = await opened({ 'a.csv': KINDS['seconds since 1970']!.text });
		expect(Array.from({ length: COUNT }, (_, i) => rows!.values[2 * i])).toEqual(
			Array.from({ length: COUNT }, (_, i) => (i * 7) % COUNT)
		);
	});

	it('says in which lines quotation marks are letters: three, or how many', async () => {
		const notesOf = async (broken: number) =>
			(await opened({ 'a.csv': `x,w\n${lines((i) => (i < broken ? `${x(i)},5" w` : `${x(i)},"w"`))}` })).notes!.join();
		expect(await notesOf(0)).not.toContain('Quotation marks');
		expect(await notesOf(1)).toContain('are taken for letters in line 2.');
		expect(await notesOf(3)).toContain('are taken for letters in lines 2, 3, 4.');
		expect(await notesOf(4)).toContain('are taken for letters in 4 lines (the first is line 2).');
	});

	it('refuses the sparse format of LIBSVM by its name, and what is none', async () => {
		const error = async (text: string) => opened({ 'a.txt': text }).catch((reason: unknown) => reason);
		expect(await error(lines((i) => `${i % 2} 1:${x(i)} 2:${y(i)}`))).toMatchObject({ message: /LIBSVM/ });
		expect(await error('just a line of words\nand another one\n')).toBeInstanceOf(LabError);
	});
});

it('ARFF: a mark that is never closed loses no row, the last neither', async () => {
	const head = '@relation t\n@attribute x numeric\n@attribute y numeric\n@attribute w string\n@data\n';
	const data = await opened({ 'a.arff': `${head}1,2.5,u\n% said\n2,3.5,v\n3,4.5,"w\n` });
	expect([cellsOf(data, 'x'), cellsOf(data, 'w')]).toEqual([
		[1, 2, 3],
		['u', 'v', '"w']
	]);
	await expect(opened({ 'a.arff': `${head}{0 1}\n` })).rejects.toThrow('is a sparse ARFF table');
});
