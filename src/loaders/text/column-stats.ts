import { LIMITS } from '#contracts/data-loader.ts';
import { dateIn, isCompactDate, mayBeDate, type DateOrder } from '#maths/table/dates.ts';
import { isMissing, isMissingAmongNumbers } from '#maths/table/missing.ts';
import { hexIn, isAccountants, isHex, isTooLong, numberIn, withoutUnit, type Decimal } from '#maths/table/numbers.ts';
import { measured } from '#maths/table/units.ts';
import { vectorIn } from '#maths/table/vectors.ts';

const SIMPLE = /^-?\d{1,15}$/;
const POINT = /^-?\d+\.\d+$/;

/** A cell that does not fit its column, to be named. */
export interface Odd {
	text: string;
	line: number;
}

/** What all cells of a column are, counted before anything is decided. */
export class ColumnStats {
	/** Cells, and those of them that say nothing whatever the column is. */
	count = 0;
	blank = 0;
	/** Words that say nothing among numbers and may be names among words. */
	readonly soft = new Map<string, number>();
	softs = 0;
	/** Numbers in either notation, and those that are so in one only. */
	readonly numeric: Record<Decimal, number> = { '.': 0, ',': 0 };
	readonly only: Record<Decimal, number> = { '.': 0, ',': 0 };
	/** Numbers that are others in the other notation: 1,234. By the mark that they have. */
	readonly ambiguous: Record<Decimal, number> = { '.': 0, ',': 0 };
	hex = 0;
	units = 0;
	infinite = 0;
	/** Whole numbers that no number holds. */
	tooLong = 0;
	fractions = 0;
	/** What stands behind the numbers, and behind how many of them. */
	unit = '';
	measured = 0;
	/** Numbers below zero as accountants write them. */
	accountants = 0;
	/** Eight digits that are a day. */
	compact = 0;
	/** Whole numbers that begin with 0, and how many digits all have: 0 where they differ. */
	zeros = 0;
	digits: number | null = null;
	readonly dates: Record<DateOrder, number> = { ymd: 0, dmy: 0, mdy: 0 };
	vectors = 0;
	/** Length of the first vector. */
	vectorWidth = 0;
	/** The first cell that is neither number nor date nor missing. */
	odd: Odd | null = null;
	/** Whether the numbers are 0, 1, 2, … or 1, 2, 3, … */
	rising = true;
	/** Different cells; null beyond what makes a category. */
	different: Set<string> | null = new Set();
	/** Least and greatest. */
	low = Infinity;
	high = -Infinity;

	push(given: string, line: number): void {
		const cell = given.trim();
		this.count++;
		if (isMissing(cell)) {
			this.blank++;
			this.rising = false;
			return;
		}
		if (this.different && this.different.add(cell).size > LIMITS.categories) this.different = null;
		if (SIMPLE.test(cell)) return this.#whole(cell);
		if (POINT.test(cell) && !POINT_GROUP.test(cell)) {
			this.fractions++;
			return this.#number(Number(cell), true, false);
		}
		this.#other(cell, line);
	}

	#whole(cell: string): void {
		const { length } = cell;
		if (length === 8 && isCompactDate(cell)) this.compact++;
		if (length > 1 && cell.startsWith('0')) this.zeros++;
		this.digits = this.digits === null || this.digits === length ? length : 0;
		this.#number(Number(cell), true, true);
	}

	#number(value: number, point: boolean, comma: boolean): void {
		if (point) this.numeric['.']++;
		if (comma) this.numeric[',']++;
		if (point && !comma) this.only['.']++;
		if (comma && !point) this.only[',']++;
		if (this.rising) this.rising = this.count === 1 ? value === 0 || value === 1 : value === this.high + 1;
		if (value < this.low) this.low = value;
		if (value > this.high) this.high = value;
	}
	#other(cell: string, line: number): void {
		const known = measured(cell);
		if (
			known &&
			(this.unit || known.unit) === known.unit &&
			!Number.isNaN(numberIn(known.number, '.') || numberIn(known.number, ','))
		) {
			this.unit = known.unit;
			this.measured++;
			cell = known.number;
		}
		const text = withoutUnit(cell);
		const [point, comma] = [numberIn(text, '.'), numberIn(text, ',')];
		if (!Number.isNaN(point) || !Number.isNaN(comma)) {
			if (text !== cell) this.units++;
			if (isAccountants(text)) this.accountants++;
			if (Math.abs(point) === Infinity) this.infinite++;
			if (isTooLong(text)) this.tooLong++;
			const value = Number.isNaN(point) ? comma : point;
			if (!Number.isInteger(value) || /[.,]/.test(text)) this.fractions++;
			if (point !== comma && !Number.isNaN(point) && !Number.isNaN(comma))
				this.ambiguous[text.includes(',') ? ',' : '.']++;
			this.#number(value, !Number.isNaN(point), !Number.isNaN(comma));
		} else if (isHex(cell)) {
			this.hex++;
			this.#number(hexIn(cell), false, false);
		} else if (!this.#date(cell)) this.#words(cell, line);
	}

	#date(cell: string): boolean {
		if (!mayBeDate(cell)) return false;
		let found = false;
		for (const order of ['ymd', 'dmy', 'mdy'] as const)
			if (!Number.isNaN(dateIn(cell, order))) {
				this.dates[order]++;
				found = true;
			}
		return found;
	}

	#words(cell: string, line: number): void {
		const vector = vectorIn(cell);
		if (vector) {
			this.vectors++;
			this.vectorWidth ||= vector.length;
		} else if (isMissingAmongNumbers(cell)) {
			this.softs++;
			this.soft.set(cell, (this.soft.get(cell) ?? 0) + 1);
		} else this.odd ??= { text: cell.slice(0, 40), line };
		this.rising = false;
	}
}

/** `1.234` may be one thousand and more. */
const POINT_GROUP = /^-?\d{1,3}\.\d{3}$/;
