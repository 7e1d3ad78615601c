import { dateIn, isCompactDate } from '#maths/table/dates.ts';
import { isMissing, isMissingAmongNumbers } from '#maths/table/missing.ts';
import { isHex, numberIn, withoutUnit } from '#maths/table/numbers.ts';

/** What single cells look like, before it is known what their column is. */

export const isNumber = (cell: string): boolean => {
	const text = withoutUnit(cell.trim());
	return !Number.isNaN(numberIn(text, '.')) || !Number.isNaN(numberIn(text, ',')) || isHex(text);
};

export const isBlank = (cell: string): boolean => {
	const text = cell.trim();
	return isMissing(text) || isMissingAmongNumbers(text);
};

export const isNumberLike = (cell: string): boolean => isBlank(cell) || isNumber(cell);

export const isDate = (cell: string): boolean => {
	const text = cell.trim();
	// Eight digits are a number until it is seen what the others are.
	return !isCompactDate(text) && (['ymd', 'dmy', 'mdy'] as const).some((order) => !Number.isNaN(dateIn(text, order)));
};
