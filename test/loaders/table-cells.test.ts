import { describe, expect, it } from 'vitest';
import { cellsOf, opened } from '../tools/data.ts';

/** Further dialects in which people write tables: numbers, days, codes, names of columns, JSON. */

const COUNT = 24;
const x = (i: number) => ((i * 7919) % 1000) / 100 - 3;
const kind = (i: number) => 'ABC'[i % 3]!;
const lines = (line: (i: number) => string, count = COUNT) =>
	`${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
const each = <T>(of: (i: number) => T) => Array.from({ length: COUNT }, (_, i) => of(i));
const xs = each(x);
const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + 11 * i));
const days = each((i) => day(i).getTime());
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const two = (n: number) => String(n).padStart(2, '0');

interface Dialect {
	text: string;
	rows: readonly string[];
	label?: string | null;
	count?: number;
	cells?: Readonly<Record<string, readonly (string | number | null)[]>>;
	notes?: RegExp;
	file?: string;
}

const records = each((i) => ({ x: x(i), label: kind(i) }));

const DIALECTS: Readonly<Record<string, Dialect>> = {
	'comments after semicolons': {
		text: `; made by me, for you\n; second\nx,label\n${lines((i) => `${x(i)},${kind(i)}`)}`,
		rows: ['x'],
		label: 'label',
		notes: /Lines 1 to 2 passed over as comments/
	},
	'comments after dashes': {
		text: `-- made by me, for you\nx,label\n${lines((i) => `${x(i)},${kind(i)}`)}`,
		rows: ['x'],
		label: 'label'
	},
	'a semicolon first is an index of pandas': {
		text: `;x;label\n${lines((i) => `${i};${x(i)};${kind(i)}`)}`,
		rows: ['x'],
		label: 'label',
		notes: /numbers the rows/
	},
	'a first line that names the wrong separator': {
		text: `sep=;\nx,label\n${lines((i) => `${x(i)},${kind(i)}`)}`,
		rows: ['x'],
		label: 'label',
		notes: /is not that of the rows/
	},
	'groups of India': {
		text: `a;b\n${lines((i) => `${i + 1},23,456.5;${x(i)}`)}`,
		rows: ['a', 'b'],
		cells: { a: each((i) => (i + 1) * 100_000 + 23_456.5) }
	},
	'numbers of accountants': {
		text: `a,b,z\n${lines((i) => `${x(i) < 0 ? `(${-x(i)})` : x(i)},${x(i) < 0 ? `${-x(i)}-` : x(i)},${i * i}`)}`,
		rows: ['a', 'b', 'z'],
		cells: { a: xs, b: xs },
		notes: /are below zero/
	},
	'numbers of Fortran': {
		text: `a b\n${lines((i) => `${x(i).toExponential(4).replace('e', 'D')} ${(2 * x(i)).toExponential(4).replace('e', 'd')}`)}`,
		file: 'a.txt',
		rows: ['a', 'b'],
		cells: { a: xs.map((v) => Number(v.toExponential(4))) }
	},
	'units behind numbers': {
		text: `len,mass,label\n${lines((i) => `${x(i)} cm,${i}kg,${kind(i)}`)}`,
		rows: ['len', 'mass'],
		label: 'label',
		cells: { len: xs, mass: each((i) => i) },
		notes: /“cm” behind the numbers of “len” is left out/
	},
	'letters behind numbers that are no unit': {
		text: `house,v\n${lines((i) => `${i + 1}b,${x(i)}`)}`,
		rows: ['v'],
		cells: { house: each((i) => `${i + 1}b`) }
	},
	'a unit behind few of the numbers': {
		text: `a,b\n${lines((i) => `${i}${i === 3 ? ' m' : ''},${x(i)}`)}`,
		rows: ['b']
	},
	'years with gaps above numbers': {
		text: `city,1990,2000,2005,2010\n${lines((i) => `c${i},${x(i)},${i},${i * i},7`)}`,
		rows: ['1990', '2000', '2005', '2010'],
		cells: { 1990: xs }
	},
	'wavelengths above spectra': {
		text: `${Array.from({ length: 8 }, (_, k) => 400 + 2.5 * k).join(',')}\n${lines((i) => Array.from({ length: 8 }, (_, k) => ((i * 37 + k * k * 11) % 97) / 10).join(','))}`,
		rows: ['400', '402.5', '405', '407.5', '410', '412.5', '415', '417.5']
	},
	'years in a column': {
		text: `year,v\n${lines((i) => `${1990 + i},${x(i)}`)}`,
		rows: ['year', 'v'],
		notes: /“year” holds years: it is embedded as a number/
	},
	'days as eight digits': {
		text: `when,v\n${lines((i) => `${day(i).toISOString().slice(0, 10).replaceAll('-', '')},${x(i)}`)}`,
		rows: ['v'],
		cells: { when: days },
		notes: /holds dates/
	},
	'eight digits that are no days': {
		text: `a,v\n${lines((i) => `${20_200_101 + 137 * i},${x(i)}`)}`,
		rows: ['a', 'v']
	},
	'days with short months and years': {
		text: `when,v\n${lines((i) => `${two(day(i).getUTCDate())}-${MONTHS[day(i).getUTCMonth()]}-20,${x(i)}`)}`,
		rows: ['v'],
		cells: { when: days }
	},
	'moments of mails': {
		text: `when,v\n${lines((i) => `"${WEEKDAYS[day(i).getUTCDay()]}, ${two(day(i).getUTCDate())} ${MONTHS[day(i).getUTCMonth()]} 2020 13:05:00 +0100",${x(i)}`)}`,
		rows: ['v'],
		cells: { when: days.map((time) => time + (12 * 60 + 5) * 60_000) }
	},
	'codes that begin with 0': {
		text: `zip,v\n${lines((i) => `${String((i * 3170) % 99_999).padStart(5, '0')},${x(i)}`)}`,
		rows: ['v'],
		cells: { zip: each((i) => String((i * 3170) % 99_999).padStart(5, '0')) },
		notes: /“zip” holds digits that begin with 0/
	},
	'three hundred classes far apart': {
		text: `v,class_id\n${lines((i) => `${x(i)},${3 * (i % 300) + 5}`, 900)}`,
		count: 900,
		rows: ['v'],
		label: 'class_id'
	},
	'JSON lines called JSON': {
		text: lines((i) => JSON.stringify(records[i])),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	},
	'NaN in JSON': {
		text: JSON.stringify(records).replace(String(x(3)), 'NaN'),
		file: 'a.json',
		rows: ['x'],
		cells: { x: xs.map((v, i) => (i === 3 ? null : v)) }
	},
	'NaN and Infinity in JSON lines': {
		text: lines((i) => `{"x": ${i === 3 ? 'NaN' : i === 4 ? 'Infinity' : x(i)}, "label": "${kind(i)}"}`),
		file: 'a.jsonl',
		rows: ['x'],
		cells: { x: xs.map((v, i) => (i === 3 ? null : i === 4 ? Infinity : v)) }
	},
	'rows of JSON by their index': {
		text: JSON.stringify(Object.fromEntries(records.entries())),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	},
	'rows of JSON by names': {
		text: JSON.stringify(Object.fromEntries(records.map((row, i) => [`r${i}`, row]))),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { index: each((i) => `r${i}`) }
	},
	'columns of JSON by index': {
		text: JSON.stringify({ x: Object.fromEntries(xs.entries()), z: Object.fromEntries(xs.map((v, i) => [i, 2 * v])) }),
		file: 'a.json',
		rows: ['x', 'z'],
		cells: { x: xs }
	},
	'words and their vectors': {
		text: JSON.stringify(Object.fromEntries(xs.map((v, i) => [`word ${i}`, [v, i, 1]]))),
		file: 'a.json',
		rows: ['vector 0', 'vector 1', 'vector 2'],
		cells: { name: each((i) => `word ${i}`) }
	},
	'an answer with its rows within': {
		text: JSON.stringify({ count: COUNT, next: null, results: records }),
		file: 'a.json',
		rows: ['x'],
		label: 'label'
	},
	'lists of JSON below their names': {
		text: JSON.stringify([['x', 'label'], ...records.map((row) => [row.x, row.label])]),
		file: 'a.json',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	},
	'lists a line below their names': {
		text: `["x","label"]\n${lines((i) => JSON.stringify([x(i), kind(i)]))}`,
		file: 'a.jsonl',
		rows: ['x'],
		label: 'label',
		cells: { x: xs }
	}
};

describe('dialects of tables', () => {
	it.each(Object.entries(DIALECTS))(
		'%s',
		async (_, { text, rows, label = null, count = COUNT, cells = {}, notes, file = 'a.csv' }) => {
			const data = await opened({ [file]: text });
			expect([data.count, data.rows?.names]).toEqual([count, rows]);
			if (label !== null) expect(data.label).toBe(label);
			for (const [name, own] of Object.entries(cells)) expect(cellsOf(data, name), name).toEqual(own);
			if (notes) expect(data.notes?.join(' ')).toMatch(notes);
		}
	);

	it('names what only calls itself a table', async () => {
		const why = (text: string, file = 'a.csv') => opened({ [file]: text }).catch((reason: unknown) => reason);
		expect(await why('<!doctype html><html><body>404</body></html>')).toMatchObject({ message: /is a web page/ });
		expect(await why('version https://git-lfs.github.com/spec/v1\noid sha256:a\nsize 12\n')).toMatchObject({
			message: /pointer to a file that Git LFS keeps elsewhere/
		});
		expect(await why('{"a": 1, "b": "c"}', 'a.json')).toMatchObject({ hint: /list of objects/ });
	});
});
