import type { ColumnFill } from '#loaders/text/column-fill.ts';
import type { ColumnStats } from '#loaders/text/column-stats.ts';
import { isSequence } from '#loaders/text/header.ts';
import { isCoded } from '#loaders/text/column-plan.ts';

/** What one should know of how a table was read, a sentence each. */

interface TableFacts {
	/** As they are now, and as they stand in the file. */
	names: readonly string[];
	given: readonly string[];
	decimal: '.' | ',';
	guessedDecimal: boolean;
}

const MAX_NAMES = 3;
/** What columns of years are called. */
const YEAR = /(?:^|[^a-z])(?:year|yr|jahr|ann[eé]e|a[nñ]o|anno|vintage|season)s?(?:[^a-z]|$)/i;

const isYears = (name: string, { fractions, low, high }: ColumnStats) =>
	!fractions && low >= 1500 && high <= 2200 && YEAR.test(name);

/** `“a”, “b”, “c” and 4 more` */
export function listed(names: readonly string[]): string {
	const few = names.slice(0, MAX_NAMES).map((name) => `“${name}”`);
	const more = names.length - few.length;
	return more > 0 ? `${few.join(', ')} and ${more.toLocaleString('en')} more` : few.join(', ');
}

export function notesOf(fills: readonly ColumnFill[], stats: readonly ColumnStats[], facts: TableFacts): string[] {
	const { names, given, decimal, guessedDecimal } = facts;
	const notes: string[] = [];
	const of = (test: (fill: ColumnFill, stats: ColumnStats, k: number) => unknown) =>
		names.filter((_, k) => test(fills[k]!, stats[k]!, k));
	const say = (columns: readonly string[], words: (list: string, many: boolean) => string) => {
		if (columns.length) notes.push(words(listed(columns), columns.length > 1));
	};
	if (!given.some(Boolean)) notes.push('There is no line of names: the columns are numbered.');
	const years = given.filter((name) => /^\d{4}$/.test(name));
	if (years.length > 1 && isSequence(years))
		notes.push(`The years ${years[0]} to ${years.at(-1)} in the first line are names of columns.`);
	const twice = given.filter((name, k) => name && given.indexOf(name) < k);
	say([...new Set(twice)], (list) => `More than one column is called ${list}: they are numbered.`);
	if (decimal === ',') notes.push(`Decimal commas${guessedDecimal ? ', as it seems' : ''}: 1,5 is one and a half.`);
	else if (guessedDecimal && stats.some(({ ambiguous }) => ambiguous[',']))
		notes.push('The commas in numbers are taken for marks between thousands.');
	say(
		of(({ plan }) => plan.use === 'index'),
		(list, many) => `${list} ${many ? 'number' : 'numbers'} the rows and ${many ? 'are' : 'is'} not embedded.`
	);
	say(
		of(({ plan }) => plan.use === 'date'),
		(list, many) => `${list} ${many ? 'are dates' : 'holds dates'}, not embedded.`
	);
	for (const order of ['dmy', 'mdy'] as const)
		say(
			of(({ plan }) => plan.use === 'date' && plan.uncertainOrder && plan.order === order),
			(list) => `In ${list} the ${order === 'dmy' ? 'day' : 'month'} is taken to come first: nothing says so.`
		);
	say(
		of((fill, { count, blank }, k) => fill.plan.use === 'left out' && count > blank && !given[k]),
		(list) => `${list}, without a name, numbers the rows and is left out.`
	);
	say(
		of((fill, { count, blank }) => count === blank),
		(list, many) => `${list} ${many ? 'are' : 'is'} empty and left out.`
	);
	say(
		of(({ plan }, { tooLong }) => tooLong && plan.use !== 'number'),
		(list, many) =>
			`${list} ${many ? 'hold' : 'holds'} whole numbers of more than 15 digits, kept as text so that none is changed.`
	);
	say(
		of(({ plan, name }, one) => plan.use === 'number' && isYears(name, one)),
		(list, many) =>
			`${list} ${many ? 'are' : 'holds'} years: ${many ? 'they are' : 'it is'} embedded as ${many ? 'numbers' : 'a number'}, unless you say otherwise.`
	);
	say(
		of(({ plan }, one) => (plan.use === 'category' || plan.use === 'text') && isCoded(one)),
		(list, many) => `${list} ${many ? 'hold' : 'holds'} digits that begin with 0, as codes do: they are kept as words.`
	);
	say(
		of(({ plan }, { accountants }) => plan.use === 'number' && accountants),
		(list) => `In ${list} numbers in parentheses, or with a minus behind them, are below zero.`
	);
	say(
		of(({ plan }) => plan.use === 'number' && plan.hex),
		(list) => `The numbers in ${list} are hexadecimal.`
	);
	say(
		of(({ plan }, { units }) => plan.use === 'number' && units),
		(list) => `The signs of per cent or currency in ${list} are left out.`
	);
	for (const fill of fills)
		if (fill.plan.use === 'number' && fill.plan.unit)
			notes.push(`“${fill.plan.unit}” behind the numbers of “${fill.name}” is left out.`);
	say(
		of(({ plan }, { infinite }) => plan.use === 'number' && infinite),
		(list, many) =>
			`${list} ${many ? 'have' : 'has'} infinite numbers: these are taken for missing where rows are embedded.`
	);
	for (const [k, fill] of fills.entries()) {
		const { odd } = stats[k]!;
		if (odd && (fill.plan.use === 'number' || fill.plan.use === 'date'))
			notes.push(
				`Not every cell of “${fill.name}” is a ${fill.plan.use}: “${odd.text}” in line ${odd.line} is taken for missing.`
			);
		if (notes.length > 30) break;
	}
	const missing = fills.filter((fill) => fill.missing && fill.plan.use !== 'left out' && fill.plan.use !== 'text');
	const cells = missing.reduce((sum, fill) => sum + fill.missing, 0);
	const first = missing[0];
	if (missing.length === 1)
		notes.push(
			`${cells.toLocaleString('en')} ${cells === 1 ? 'cell' : 'cells'} of “${first!.name}” ${cells === 1 ? 'is' : 'are'} missing.`
		);
	else if (first)
		notes.push(`${cells.toLocaleString('en')} cells are missing, in ${listed(missing.map(({ name }) => name))}.`);
	return notes;
}
