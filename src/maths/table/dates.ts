/** Dates as people write them in tables, in milliseconds since 1970, of universal time where no zone is named. */

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const DAY = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:T|\s+|,\s*|$)/;
const NAMED =
	/^(?:(\d{1,2})[-\s./]+([a-z]{3,9})\.?[-\s,/]+|([a-z]{3,9})\.?\s+(\d{1,2}),?\s+)(\d{4}|\d{2}(?!\d|:))(?:\s+|,\s*|$)/i;
/** `Wed, 01 Jan 2020`, as mails and logs have it. */
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+(?=\S)/i;
const COMPACT = /^(?:18|19|20)\d{6}$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*(am|pm))?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @returns milliseconds; NaN for no time of day */
function clock(text: string): number {
	if (!text) return 0;
	const found = CLOCK.exec(text);
	if (!found) return NaN;
	const [, h, m, s = '0', fraction = '', half = '', zone = ''] = found;
	let hours = Number(h);
	if (half) {
		if (hours < 1 || hours > 12) return NaN;
		hours = (hours % 12) + (/p/i.test(half) ? 12 : 0);
	}
	if (hours > 23 || Number(m) > 59 || Number(s) > 59) return NaN;
	const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
	const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (60 * Number(offset[2]) + Number(offset[3])) : 0;
	// What is finer is cut, not rounded: the last nanosecond of a day belongs to it.
	const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
	return (hours * 3600 + Number(m) * 60 + Number(s) - 60 * minutes) * 1000 + milliseconds;
}

function day(year: number, month: number, date: number): number {
	// Of years below 100 the constructor makes others.
	const time = new Date(0);
	time.setUTCFullYear(year, month - 1, date);
	const same = time.getUTCMonth() === month - 1 && time.getUTCDate() === date;
	return same && year > 0 ? time.getTime() : NaN;
}

/** As spreadsheets have it: 69 is 1969, 68 is 2068. */
const fullYear = (text: string) => (text.length > 2 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900));

/** Eight digits that are a day: 20240131. */
export const isCompactDate = (cell: string): boolean => COMPACT.test(cell) && !Number.isNaN(dateIn(cell, 'ymd'));

/** Whether a cell could begin like a date at all; cheap. */
export const mayBeDate = (cell: string): boolean => cell.length >= 6 && cell.length < 40 && /\d/.test(cell);

/** @returns milliseconds since 1970, NaN for what is no date in this order */
export function dateIn(cell: string, order: DateOrder): number {
	if (!mayBeDate(cell)) return NaN;
	const month = MONTH.exec(cell);
	if (month) return order === 'ymd' ? day(Number(month[1]), Number(month[2]), 1) : NaN;
	if (COMPACT.test(cell))
		return order === 'ymd' ? day(Number(cell.slice(0, 4)), Number(cell.slice(4, 6)), Number(cell.slice(6))) : NaN;
	const plain = cell.replace(WEEKDAY, '');
	const named = NAMED.exec(plain);
	if (named) {
		const [whole, d1, m1, m2, d2, year] = named;
		const index = MONTHS.indexOf((m1 ?? m2 ?? '').slice(0, 3).toLowerCase());
		return index < 0 ? NaN : day(fullYear(year!), index + 1, Number(d1 ?? d2)) + clock(plain.slice(whole.length));
	}
	const found = DAY.exec(cell);
	if (!found) return NaN;
	const [whole, a = '', , b = '', c = ''] = found;
	const first = a.length > 2;
	if (first ? a.length !== 4 || c.length > 2 : c.length !== 2 && c.length !== 4) return NaN;
	if (first !== (order === 'ymd')) return NaN;
	const rest = clock(cell.slice(whole.length).trim());
	if (order === 'ymd') return day(Number(a), Number(b), Number(c)) + rest;
	return order === 'dmy'
		? day(fullYear(c), Number(b), Number(a)) + rest
		: day(fullYear(c), Number(a), Number(b)) + rest;
}

/** Days where all are whole days, else moments; the inverse of `dateIn` in the order `ymd`. */
export function dateText(time: number, wholeDays: boolean): string {
	if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) return '';
	const text = new Date(time).toISOString();
	return wholeDays ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}
