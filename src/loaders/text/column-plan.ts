import { LIMITS } from '#contracts/data-loader.ts';
import type { ColumnUse, Separator } from '#contracts/reading.ts';
import type { DateOrder } from '#maths/table/dates.ts';
import type { Decimal } from '#maths/table/numbers.ts';
import { isIdentity } from '#loaders/label.ts';
import type { ColumnStats } from '#loaders/text/column-stats.ts';

/** What a column is taken for, and how its cells are read. */
export interface ColumnPlan {
	use: ColumnUse;
	decimal: Decimal;
	order: DateOrder;
	/** All are hexadecimal. */
	hex: boolean;
	/** What stands behind the numbers; empty for nothing. */
	unit: string;
	/** Whether words like “none” are missing here. */
	softMissing: boolean;
	/** Of vectors. */
	width: number;
	/** Both day and month may be either. */
	uncertainOrder: boolean;
}

/** What most of what is said must be, for the rest to be taken as missing. */
const MIN_SHARE = 0.95;
/** Of a column of words, at most this share are words like “none” that mean that something is missing. */
const FEW = 0.05;
/** Where these count up, too. */
const COUNTED =
	/^(x|rn|.*id|no\.?|nr\.?|obs|rec|record|\.\.\.1|row[ _.]?(names?|id|num|number|no|nr)|(sample|record)[ _.]?id)$/i;

/** The sign of decimals in a table, from all that is a number in one notation only. */
export function decimalOf(
	columns: readonly ColumnStats[],
	separator: Separator | null
): { decimal: Decimal; guessed: boolean } {
	const sum = (of: (stats: ColumnStats) => number) => columns.reduce((total, stats) => total + of(stats), 0);
	const [point, comma] = [sum(({ only }) => only['.']), sum(({ only }) => only[','])];
	const ambiguous = sum((stats) => stats.ambiguous[',']);
	if (point || comma || !ambiguous)
		return {
			decimal: comma > point ? ',' : '.',
			guessed: !point && !comma && sum((stats) => stats.ambiguous['.']) > 0
		};
	// Three digits behind every comma: thousands where smaller numbers stand among them without one.
	const fixed = columns.every((stats) => !stats.ambiguous[','] || stats.ambiguous[','] === stats.numeric[',']);
	return { decimal: separator !== ',' && fixed ? ',' : '.', guessed: true };
}

/** Digits of a code. */
const MIN_CODE_DIGITS = 4;

/** What holds for a whole table. */
export interface TableSigns {
	decimal: Decimal;
	/** The user says so. */
	fixed: boolean;
	separator: Separator | null;
	/** Whether there is a line of names. */
	named: boolean;
}

export function planOf(
	stats: ColumnStats,
	name: string,
	{ decimal: table, fixed, separator, named }: TableSigns,
	first: boolean,
	chosenUse?: ColumnUse
): ColumnPlan {
	const { only, dates, count, blank, softs } = stats;
	const decimal = fixed || only['.'] === only[','] ? table : only['.'] > only[','] ? '.' : ',';
	const filled = count - blank - softs;
	const isCompact = stats.compact > 2 && stats.compact >= MIN_SHARE * filled;
	const hex = stats.hex > 0 && stats.hex === filled;
	const order =
		dates.ymd || isCompact
			? 'ymd'
			: dates.dmy > dates.mdy
				? 'dmy'
				: dates.mdy > dates.dmy
					? 'mdy'
					: byHabit(separator, table);
	const uncertainOrder = !dates.ymd && dates.dmy > 0 && dates.dmy === dates.mdy;
	const numericCount = hex ? stats.hex : stats.numeric[decimal];
	// A letter behind some of the numbers is part of a name.
	const isMeasured = stats.measured === 0 || stats.measured >= 0.5 * filled;
	const isNumber = filled > 0 && isMeasured && numericCount >= MIN_SHARE * filled && !stats.tooLong;
	const isDate = filled > 0 && (isCompact || Math.max(dates.ymd, dates.dmy, dates.mdy) >= MIN_SHARE * filled);
	const isVector = stats.vectors > 0 && stats.vectors >= 0.5 * filled;
	const softMissing = isNumber || isDate || isVector || softs <= FEW * (count - blank);
	const plan = {
		decimal,
		order,
		hex,
		unit: stats.unit,
		softMissing,
		width: stats.vectorWidth,
		uncertainOrder
	} as const;
	const found = (): ColumnUse => {
		if (count === blank) return 'left out';
		if (isVector) return 'vector';
		if (isDate) return 'date';
		if (isCoded(stats)) return isCategory(stats) ? 'category' : 'text';
		if (isNumber && isIndex(stats, name, named, first)) return named && !name && stats.rising ? 'left out' : 'index';
		if (isNumber) return 'number';
		return isCategory(stats) ? 'category' : 'text';
	};
	const use = chosenUse ?? found();
	return { ...plan, use, softMissing: softMissing || use === 'number' || use === 'date' || use === 'index' };
}

/** Digits of one length of which some begin with 0, as postal codes: no numbers, which would lose it. */
export const isCoded = ({ zeros, digits, fractions, numeric }: ColumnStats): boolean =>
	zeros > 0 && digits !== null && digits >= MIN_CODE_DIGITS && !fractions && zeros < numeric['.'];

const isCategory = ({ different, count }: ColumnStats): boolean =>
	different !== null && different.size <= Math.min(LIMITS.categories, Math.max(2, 0.7 * count));

/** An unnamed column of whole numbers that never come twice, or one that is called so; without any names, one that counts. */
function isIndex(stats: ColumnStats, name: string, named: boolean, first: boolean): boolean {
	if (COUNTED.test(name)) return stats.rising && stats.count > 2;
	if (!named) return first && stats.rising && stats.count > 20;
	if (!isIdentity(name) || stats.fractions) return false;
	const once = stats.different === null || stats.different.size === stats.count - stats.blank;
	return name.trim() !== '' || stats.rising || (once && stats.low >= 0);
}

/** Days first, as in most of the world, but where a table is written in the American order. */
const byHabit = (separator: Separator | null, decimal: Decimal): DateOrder =>
	separator === ';' || decimal === ',' ? 'dmy' : 'mdy';

/** What a column can be taken for. */
export function usesOf(stats: ColumnStats): ColumnUse[] {
	const number = stats.numeric['.'] + stats.numeric[','] + stats.hex > 0;
	const date = stats.compact + stats.dates.ymd + stats.dates.dmy + stats.dates.mdy > 0;
	return [
		...(number ? (['number'] as const) : []),
		...(stats.vectors ? (['vector'] as const) : []),
		'category',
		'text',
		...(date ? (['date'] as const) : []),
		'index',
		'left out'
	];
}
