/** Numbers as people write them in tables: decimal commas, grouped thousands, per cent, hexadecimal. */

export type Decimal = '.' | ',';

const PLAIN = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)(inf|infinity|∞|1\.#inf)$/i;
const HEX = /^[+-]?0x[0-9a-f]+$/i;
const CURRENCY = /^([+-]?)[$€£¥]\s?|\s?[$€£¥]$/g;
/** Fortran's numbers of double precision: 1.5D+03. */
const FORTRAN = /^[+-]?\d*\.\d*d[+-]?\d{1,3}$/i;
/** As accountants write what is below zero: (1.50) and 1.50-. */
const NEGATIVE = /^(?:\((\d[^()]*)\)|(\d[^-]*)-)$/;
/** Blanks of several widths and apostrophes group thousands in both notations. */
const GROUPS = " \u00a0\u2009\u202f'’";

export const isAccountants = (cell: string): boolean => NEGATIVE.test(cell);

/** With its sign in front of it. */
function signed(cell: string): string {
	if (cell.startsWith('\u2212')) return `-${cell.slice(1)}`;
	const negative = NEGATIVE.exec(cell);
	return negative ? `-${negative[1] ?? negative[2]}` : cell;
}

/** 1,234,567 -> 1234567; empty where groups are not of three digits, or of several marks. */
function ungrouped(text: string, decimal: Decimal): string {
	if (/^\d+$/.test(text)) return text;
	const marks = GROUPS + (decimal === '.' ? ',' : '.');
	const mark = [...text].find((letter) => marks.includes(letter));
	if (!mark) return '';
	const [first = '', ...rest] = text.split(mark);
	const three = /^[1-9]\d{0,2}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group));
	return three || isIndian(mark, first, rest) ? first + rest.join('') : '';
}

/** 12,34,567: in India groups are of two digits but for the last. */
const isIndian = (mark: string, first: string, rest: readonly string[]) =>
	mark === ',' &&
	rest.length > 1 &&
	/^[1-9]\d?$/.test(first) &&
	rest.every((group, i) => (i === rest.length - 1 ? /^\d{3}$/ : /^\d{2}$/).test(group));

/** @returns NaN for what is no number in this notation */
export function numberIn(cell: string, decimal: Decimal): number {
	if (decimal === '.' && PLAIN.test(cell)) return Number(cell);
	let text = FORTRAN.test(cell) ? cell.replace(/d/i, 'e') : signed(cell);
	if (decimal === '.' && PLAIN.test(text)) return Number(text);
	const infinite = INFINITE.exec(text);
	if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
	if (!/\d/.test(text)) return NaN;
	const sign = text.startsWith('-') ? '-' : '';
	if (sign || text.startsWith('+')) text = text.slice(1);
	const exponentAt = text.search(/e/i);
	const exponent = exponentAt < 0 ? '' : text.slice(exponentAt);
	const mantissa = exponentAt < 0 ? text : text.slice(0, exponentAt);
	const [whole = '', fraction, ...more] = mantissa.split(decimal);
	if (more.length || (fraction !== undefined && !/^\d*$/.test(fraction)) || (!whole && !fraction)) return NaN;
	const digits = whole ? ungrouped(whole, decimal) : '0';
	if (!digits || (exponent && !/^e[+-]?\d+$/i.test(exponent))) return NaN;
	return Number(`${sign}${digits}.${fraction || '0'}${exponent}`);
}

/** Whether a cell is a hexadecimal number, as `0x1F`. */
export const isHex = (cell: string): boolean => HEX.test(cell);

export const hexIn = (cell: string): number => {
	if (!isHex(cell)) return NaN;
	const value = Number(cell.replace(/^[+-]/, ''));
	return cell.startsWith('-') ? -value : value;
};

/** Without the sign of per cent or of a currency; the same where there is none. */
export const withoutUnit = (cell: string): string =>
	cell.endsWith('%') ? cell.slice(0, -1).trimEnd() : cell.replace(CURRENCY, '$1');

/** Whether a whole number is one that no number of 64 bits holds. */
export const isTooLong = (cell: string): boolean =>
	cell.length > 15 &&
	/^[+-]?\d+$/.test(cell) &&
	(cell.length > 300 || BigInt(cell.replace(/^\+/, '')) !== BigInt(Number(cell)));
