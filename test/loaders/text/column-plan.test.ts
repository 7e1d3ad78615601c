import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import type { ColumnUse, Separator } from '#contracts/reading.ts';
import { ColumnFill } from '#loaders/text/column-fill.ts';
import { decimalOf, isCoded, planOf, usesOf, type TableSigns } from '#loaders/text/column-plan.ts';
import { ColumnStats } from '#loaders/text/column-stats.ts';
import { listed, notesOf } from '#loaders/text/notes.ts';

const statsOf = (cells: readonly string[]) => {
	const stats = new ColumnStats();
	cells.forEach((cell, i) => stats.push(cell, i + 1));
	return stats;
};
const times = (n: number, ...cells: readonly string[]) => Array.from({ length: n }, () => cells).flat();
const sequence = (n: number, of: (i: number) => number | string = (i) => i) =>
	Array.from({ length: n }, (_, i) => String(of(i)));
const SIGNS: TableSigns = { decimal: '.', fixed: false, separator: ',', named: true };
const plan = (
	cells: readonly string[],
	name = 'x',
	signs: Partial<TableSigns> = {},
	first = false,
	chosenUse?: ColumnUse
) => planOf(statsOf(cells), name, { ...SIGNS, ...signs }, first, chosenUse);
const use = (...given: Parameters<typeof plan>) => plan(...given).use;

describe('the sign of decimals', () => {
	const decimal = (columns: readonly (readonly string[])[], separator: Separator | null = ';') => {
		const { decimal, guessed } = decimalOf(columns.map(statsOf), separator);
		return `${decimal}${guessed ? '?' : ''}`;
	};
	it('is what more numbers have that have it only', () => {
		expect([
			decimal([['1,5']]),
			decimal([['1.5']]),
			decimal([['1,5'], ['1.5']]),
			decimal([['1,5', '2,5'], ['1.5']])
		]).toEqual([',', '.', '.', ',']);
		expect([decimal([['5']]), decimal([['a']]), decimal([])]).toEqual(['.', '.', '.']);
	});
	it('is guessed where three digits stand behind every mark', () => {
		expect(decimal([['1.234']])).toBe('.?');
		expect(decimal([['1,234', '2,345']])).toBe(',?');
		// In a file of commas, or where smaller numbers have none, these part thousands.
		expect(decimal([['1,234', '2,345']], ',')).toBe('.?');
		expect(decimal([['1,234', '999']])).toBe('.?');
		expect(decimal([['1,234'], ['999']])).toBe(',?');
	});
});

describe('what a column is taken for', () => {
	it('numbers, where no more than one in twenty is something else', () => {
		expect([use([...sequence(19, (i) => i / 8), 'x']), use([...sequence(18, (i) => i / 8), 'x'])]).toEqual([
			'number',
			'text'
		]);
		// What says nothing does not count.
		expect(use(['1.5', '', 'NA', '-', '2.5'])).toBe('number');
		// Of nothing that is said it is no number, no date and no list.
		expect(use(['-', '-', '..'])).toBe('category');
		expect([use(['1', '9007199254740993']), use(['', 'NA']), use([])]).toEqual(['category', 'left out', 'left out']);
		expect(plan(['0x1F', '0xA0'])).toMatchObject({ use: 'number', hex: true });
		expect(plan(['0x1F', '5'])).toMatchObject({ hex: false });
		expect(plan(['5 cm', '2 cm', '3'])).toMatchObject({ use: 'number', unit: 'cm' });
		// One of three: the letter is part of a name.
		expect(use(['5 m', '2', '3', '4'])).not.toBe('number');
		expect(use(['5 m', '2 m', '3', '4'])).toBe('number');
	});

	it('by the table’s decimals, unless its own are others and nobody says so', () => {
		expect(plan(['1,5', '2,5']).decimal).toBe(',');
		expect(plan(['1,5', '2,5'], 'x', { fixed: true })).toMatchObject({ decimal: '.', use: 'category' });
		expect(plan(['1.5'], 'x', { decimal: ',' }).decimal).toBe('.');
		expect(plan(['5'], 'x', { decimal: ',' }).decimal).toBe(',');
	});

	it('dates, days first unless the table is American or one says which', () => {
		expect(plan(['2024-01-31', '2024-02-01'])).toMatchObject({ use: 'date', order: 'ymd', uncertainOrder: false });
		expect(plan(['31/01/2024', '01/02/2024'])).toMatchObject({ order: 'dmy', uncertainOrder: false });
		expect(plan(['01/31/2024', '01/02/2024'])).toMatchObject({ order: 'mdy', uncertainOrder: false });
		expect(plan(['01/02/2024'])).toMatchObject({ order: 'mdy', uncertainOrder: true });
		expect(plan(['01/02/2024'], 'x', { separator: ';' }).order).toBe('dmy');
		expect(plan(['01/02/2024'], 'x', { decimal: ',' }).order).toBe('dmy');
		const days = ['20240131', '20240201', '20240301'];
		expect([use(days), use(days.slice(1)), use([...days, '99'])]).toEqual(['date', 'number', 'number']);
		expect(plan(days).order).toBe('ymd');
		expect([use([...times(19, '2024-01-31'), 'x']), use([...times(18, '2024-01-31'), 'x'])]).toEqual([
			'date',
			'category'
		]);
	});

	it('lists of numbers, where half are', () => {
		expect(plan(['[1, 2]', 'x'])).toMatchObject({ use: 'vector', width: 2 });
		expect(use(['[1, 2]', 'x', 'y'])).not.toBe('vector');
	});

	it('codes: digits of one length, of which some begin with 0', () => {
		const coded = (...cells: readonly string[]) => isCoded(statsOf(cells));
		expect([coded('0123', '1234'), coded('012', '123'), coded('0123', '12345')]).toEqual([true, false, false]);
		expect([coded('1234', '2345'), coded('0123', '0456'), coded('0123', '1234', '1.5')]).toEqual([false, false, false]);
		expect(use(['01234', '12345', '12345'])).toBe('category');
		expect(use(sequence(9, (i) => `0${1000 + i}`).concat('12345'))).toBe('text');
	});

	it('categories, where they come again: seven different ones of ten, two in any case', () => {
		const words = (different: number, count: number) => sequence(count, (i) => `w${i % different}`);
		expect([use(words(7, 10)), use(words(8, 10)), use(words(2, 2)), use(words(3, 3))]).toEqual([
			'category',
			'text',
			'category',
			'text'
		]);
		const many = (n: number) => use([...words(n, n), ...words(n, n)]);
		expect([many(LIMITS.categories), many(LIMITS.categories + 1)]).toEqual(['category', 'text']);
	});

	it('numbers of the rows, by their name, or by what they are where they have none', () => {
		const up = sequence(30);
		expect([use(up, 'id'), use(up, 'ID'), use(up.slice(0, 3), 'id'), use(up.slice(0, 2), 'id')]).toEqual([
			...['index', 'index', 'index'],
			'number'
		]);
		expect([use(['0', '2', '3'], 'row number'), use(up, 'height'), use(up, '')]).toEqual([
			'number',
			'number',
			'left out'
		]);
		// Without a line of names only a first column that counts is one.
		const bare = { named: false };
		expect([use(up, '', bare, true), use(up, '', bare, false)]).toEqual(['index', 'number']);
		expect([use(up.slice(0, 21), '', bare, true), use(up.slice(0, 20), '', bare, true)]).toEqual(['index', 'number']);
		// Unnamed, never twice, not below zero.
		expect([use(['5', '3', '9'], ''), use(['5', '3', '5'], ''), use(['5', '-3', '9'], '')]).toEqual([
			'index',
			'number',
			'number'
		]);
		expect(use(['0.5', '1.5'], '')).toBe('number');
	});

	it('what is asked for; words like “none” are missing where the others are numbers, or hardly any', () => {
		expect(plan(['a', 'b', 'none'], 'x', {}, false, 'category')).toMatchObject({ use: 'category', softMissing: false });
		for (const requested of ['number', 'date', 'index'] as const)
			expect(plan(['a', 'none'], 'x', {}, false, requested)).toMatchObject({ use: requested, softMissing: true });
		expect(plan(['a', 'none'], 'x', {}, false, 'text').softMissing).toBe(false);
		expect([
			plan([...times(19, 'a'), 'none']).softMissing,
			plan([...times(18, 'a'), 'none']).softMissing,
			plan([...times(18, 'a'), '', 'none']).softMissing
		]).toEqual([true, false, false]);
		expect([
			plan(['1', 'none']).softMissing,
			plan(['2024-01-31', 'none']).softMissing,
			plan(['[1, 2]', 'none']).softMissing
		]).toEqual([true, true, true]);
	});

	it('what else it can be taken for', () => {
		const rest = ['category', 'text', 'index', 'left out'];
		expect(usesOf(statsOf(['a']))).toEqual(rest);
		for (const cell of ['1', '1,5', '1.5', '0x1F']) expect(usesOf(statsOf([cell]))).toEqual(['number', ...rest]);
		expect(usesOf(statsOf(['[1, 2]']))).toEqual(['vector', ...rest]);
		expect(usesOf(statsOf(['20240131']))).toEqual(['number', 'category', 'text', 'date', 'index', 'left out']);
		for (const cell of ['2024-01-31', '31/01/2024', '01/31/2024'])
			expect(usesOf(statsOf([cell]))).toEqual(['category', 'text', 'date', 'index', 'left out']);
	});
});

describe('cells as planned', () => {
	const fill = (cells: readonly string[], more: Partial<ReturnType<typeof plan>> = {}) => {
		const own = new ColumnFill('x', { ...plan(cells), ...more }, cells.length);
		for (const cell of cells) own.push(cell);
		return own;
	};
	it('numbers, without unit, sign or group; what is none is missing', () => {
		const own = fill(['1.5 cm', '2cm', '', 'x', ' 3 '], { use: 'number', unit: 'cm' });
		expect([[...own.values], own.missing, own.count]).toEqual([[1.5, 2, NaN, NaN, 3], 2, 5]);
		expect([...fill(['0x1F', '-'], { use: 'number', hex: true, softMissing: true }).values]).toEqual([31, NaN]);
		expect([...fill(['1,5', '5 %'], { use: 'number', decimal: ',' }).values]).toEqual([1.5, 5]);
		expect(fill(['3', '4'], { use: 'index' }).column()).toEqual({
			kind: 'number',
			name: 'x',
			values: Float64Array.of(3, 4)
		});
	});
	it('dates', () => {
		const own = fill(['02/01/1970', 'x', ''], { use: 'date', order: 'dmy' });
		expect(own.column()).toEqual({
			kind: 'number',
			name: 'x',
			values: Float64Array.of(86_400_000, NaN, NaN),
			date: true
		});
		expect(own.missing).toBe(2);
	});
	it('words: none where they say nothing', () => {
		const given = ['b', '', 'a', 'none', 'b'];
		const own = fill(given, { use: 'category', softMissing: true });
		expect(own.column()).toEqual({
			kind: 'category',
			name: 'x',
			codes: Int32Array.of(1, -1, 0, -1, 1),
			categories: ['a', 'b']
		});
		expect(own.missing).toBe(2);
		const text = fill(given, { use: 'text', softMissing: false });
		expect([text.column(), text.missing]).toEqual([
			{ kind: 'text', name: 'x', values: ['b', '', 'a', 'none', 'b'] },
			1
		]);
		expect([fill(given, { use: 'left out' }).column(), fill(given, { use: 'left out' }).values.length]).toEqual([
			null,
			0
		]);
	});
	it('lists of one length', () => {
		const own = fill(['[1, 2]', '', '[3]', '[4, 5]'], { use: 'vector', width: 2 });
		expect([[...own.values], own.missing, own.uneven, own.column()]).toEqual([
			[1, 2, NaN, NaN, NaN, NaN, 4, 5],
			1,
			1,
			null
		]);
	});
});

describe('what is said of a table', () => {
	/** A table by its columns. */
	const notes = (
		columns: Readonly<Record<string, readonly string[]>>,
		decimal: '.' | ',' = '.',
		guessedDecimal = false
	) => {
		const given = Object.keys(columns).map((name) => name.replace(/^_+/, ''));
		const names = given.map((name, k) => name || `column ${k + 1}`);
		const stats = Object.values(columns).map(statsOf);
		const fills = stats.map((one, k) => {
			const plan = planOf(one, given[k]!, { ...SIGNS, decimal, named: given.some(Boolean) }, k === 0);
			const fill = new ColumnFill(names[k]!, plan, 0);
			for (const cell of Object.values(columns)[k]!) fill.push(cell);
			return fill;
		});
		return notesOf(fills, stats, { names, given, decimal, guessedDecimal });
	};
	const plain = ['1.5', '2.5', '0.5'];
	it('nothing where there is nothing to say', () => expect(notes({ a: plain, b: ['x', 'y', 'x'] })).toEqual([]));
	it('of names', () => {
		expect(notes({ _: plain })).toEqual(['There is no line of names: the columns are numbered.']);
		expect(notes({ a: plain, _a: plain, __a: plain, b: plain })).toEqual([
			'More than one column is called “a”: they are numbered.'
		]);
		expect(notes({ _2001: plain, _2002: plain, _2003: plain })).toEqual([
			'The years 2001 to 2003 in the first line are names of columns.'
		]);
		expect(notes({ _2001: plain, _2002: plain })).toEqual([
			'The years 2001 to 2002 in the first line are names of columns.'
		]);
		expect(notes({ _2001: plain })).toEqual([]);
	});
	it('of decimals', () => {
		expect(notes({ a: ['1,5'] }, ',')).toEqual(['Decimal commas: 1,5 is one and a half.']);
		expect(notes({ a: ['1,5'] }, ',', true)).toEqual(['Decimal commas, as it seems: 1,5 is one and a half.']);
		expect(notes({ a: ['1,234'] }, '.', true)).toEqual([
			'The commas in numbers are taken for marks between thousands.'
		]);
		expect(notes({ a: ['1.234'] }, '.', true)).toEqual([]);
	});
	it('of numbers of rows, dates and what is left out', () => {
		expect(notes({ id: sequence(9), a: plain })).toEqual(['“id” numbers the rows and is not embedded.']);
		expect(notes({ id: sequence(9), 'row id': sequence(9) })).toEqual([
			'“id”, “row id” number the rows and are not embedded.'
		]);
		expect(notes({ d: ['2024-01-31'] })).toEqual(['“d” holds dates, not embedded.']);
		expect(notes({ d: ['2024-01-31'], e: ['2024-01-31'] })).toEqual(['“d”, “e” are dates, not embedded.']);
		expect(notes({ d: ['01/02/2024'] })).toEqual([
			'“d” holds dates, not embedded.',
			'In “d” the month is taken to come first: nothing says so.'
		]);
		expect(notes({ d: ['01/02/2024'] }, ',')).toContain('In “d” the day is taken to come first: nothing says so.');
		expect(notes({ _: sequence(9), a: plain })).toEqual([
			'“column 1”, without a name, numbers the rows and is left out.'
		]);
		expect(notes({ _: ['', ''], b: plain })).toEqual(['“column 1” is empty and left out.']);
		expect(notes({ a: ['', ''], b: plain })).toEqual(['“a” is empty and left out.']);
		expect(notes({ a: ['', ''], b: plain, c: [''] })).toEqual(['“a”, “c” are empty and left out.']);
	});
	it('of numbers that look like something else', () => {
		expect(notes({ a: ['9007199254740993', '1'] })[0]).toMatch(/^“a” holds whole numbers of more than 15 digits/);
		expect(notes({ year: ['1987', '2001'] })).toEqual([
			'“year” holds years: it is embedded as a number, unless you say otherwise.'
		]);
		expect(notes({ year: ['1987'], 'season 2': ['1999'] })).toEqual([
			'“year”, “season 2” are years: they are embedded as numbers, unless you say otherwise.'
		]);
		for (const cells of [['1499', '2000'], ['2000', '2201'], ['2000.5']]) expect(notes({ year: cells })).toEqual([]);
		expect(notes({ year: ['1500', '2200'] })).toHaveLength(1);
		expect(notes({ yearly: ['2000'], eyear: ['2000'] })).toEqual([]);
		expect(notes({ zip: ['01234', '12345', '12345'] })).toEqual([
			'“zip” holds digits that begin with 0, as codes do: they are kept as words.'
		]);
		expect(notes({ a: ['(1.5)', '2.5'] })).toEqual([
			'In “a” numbers in parentheses, or with a minus behind them, are below zero.'
		]);
		expect(notes({ a: ['0x1F'] })).toEqual(['The numbers in “a” are hexadecimal.']);
		expect(notes({ a: ['5 %'] })).toEqual(['The signs of per cent or currency in “a” are left out.']);
		expect(notes({ a: ['5 cm', '1 cm'] })).toEqual(['“cm” behind the numbers of “a” is left out.']);
		expect(notes({ a: ['inf', '1.5'], b: plain })[0]).toMatch(/^“a” has infinite numbers/);
	});
	it('of cells that are missing, or taken for it', () => {
		const many = (odd: string, cells: readonly string[]) => [odd, ...Array<readonly string[]>(20).fill(cells).flat()];
		expect(notes({ a: ['', ...plain] })).toEqual(['1 cell of “a” is missing.']);
		expect(notes({ a: ['', '', ...plain], b: ['x', 'y', 'x'] })).toEqual(['2 cells of “a” are missing.']);
		expect(notes({ a: ['', ...plain], b: ['u', '', 'u', ''], c: ['', ''] })).toEqual([
			'“c” is empty and left out.',
			'3 cells are missing, in “a”, “b”.'
		]);
		expect(notes({ a: many('x', plain), b: ['u', 'u'] })).toEqual([
			'Not every cell of “a” is a number: “x” in line 1 is taken for missing.',
			'1 cell of “a” is missing.'
		]);
		expect(notes({ a: many('x', ['2024-01-31', '2024-02-28', '2024-03-03']) })).toContain(
			'Not every cell of “a” is a date: “x” in line 1 is taken for missing.'
		);
		expect(notes({ a: plain, b: ['a text', '', 'of', 'words'] })).toEqual([]);
		const forty = Array.from({ length: 40 }, (_, k) => [`c${k}`, many('x', plain)] as const);
		expect(notes(Object.fromEntries(forty)).filter((note) => note.startsWith('Not every'))).toHaveLength(31);
	});
	it('of several columns as of one', () => {
		expect(notes({ a: ['inf', '1.5'], b: ['inf', '1.5'], c: plain })[0]).toBe(
			'“a”, “b” have infinite numbers: these are taken for missing where rows are embedded.'
		);
		expect(notes({ a: ['inf', '1.5'], c: plain })[0]).toMatch(/^“a” has infinite/);
		const long = ['9007199254740993', '1'];
		expect(notes({ a: long, b: long })[0]).toMatch(/^“a”, “b” hold whole numbers of more than 15 digits/);
		const zip = ['01234', '12345', '12345'];
		expect(notes({ a: zip, b: zip })[0]).toMatch(/^“a”, “b” hold digits that begin with 0/);
	});
	it('of three by name, and of how many more', () => {
		expect([listed(['a']), listed(['a', 'b', 'c']), listed(['a', 'b', 'c', 'd', 'e'])]).toEqual([
			'“a”',
			'“a”, “b”, “c”',
			'“a”, “b”, “c” and 2 more'
		]);
	});
});
