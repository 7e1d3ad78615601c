import type { Separator } from '#contracts/reading.ts';
import { isNumberLike } from '#maths/table/cell-kinds.ts';
import { withoutReturn } from '#loaders/text/lines.ts';
import { marksIn, opens, plainCells, quotedCells, quotedLines } from '#loaders/text/cells.ts';

/** A row as it stands in the file. */
export interface TextRecord {
	/** From 1. */
	line: number;
	cells: string[];
}

/** What is known of the rows of a table: how many cells, 0 where it is not known, and which of them are numbers. */
export interface RowShape {
	width: number;
	numeric: readonly number[];
	/** What lines that are no rows begin with; empty for nothing. */
	comment: string;
}

/** More lines in one cell are no cell but a quotation mark that was never closed. */
const MAX_CELL_LINES = 1000;

/**
 * Makes records of lines. A quoted cell may hold line ends; where a quotation mark is not closed, or where its cell would
 * swallow lines that are rows themselves, the marks of its line are letters, so that no row is lost.
 */
export class Records {
	/** Lines whose quotation marks are taken for letters. */
	letters: number[] = [];
	/** Lines that are comments. */
	comments: number[] = [];
	#waiting: string[] = [];
	/** Whether a mark of the waiting lines is not closed. */
	#open = false;
	#line: number;

	/** @param before lines of the file that are not given */
	constructor(
		private readonly separator: Separator,
		private readonly rows: RowShape = { width: 0, numeric: [], comment: '' },
		before = 0
	) {
		this.#line = before;
	}

	/** @returns the records that end in these lines; blank lines are none */
	push(lines: readonly string[]): TextRecord[] {
		const found: TextRecord[] = [];
		let alone = 0;
		for (let i = 0; i < lines.length;) {
			const end = i < alone || this.#waiting.length ? i : this.#together(lines, i);
			const rows = end > i && quotedLines(lines.slice(i, end).map(withoutReturn), this.separator, this.rows.width);
			if (rows) {
				for (const cells of rows) found.push({ line: ++this.#line, cells });
				i = end;
			} else {
				// One of them is none by itself: they are looked at one by one.
				alone = Math.max(alone, end);
				this.#take(lines[i++]!, found);
			}
		}
		return found;
	}

	/** No line follows. */
	end(): TextRecord[] {
		const found: TextRecord[] = [];
		while (this.#waiting.length) this.#give(found);
		return found;
	}

	/** @returns the end of a run of lines that may be a record each, with quotation marks: one by one they take long */
	#together(lines: readonly string[], from: number): number {
		if (!lines[from]!.includes('"')) return from;
		let end = from;
		while (end < lines.length && end - from < MAX_CELL_LINES) {
			const line = lines[end]!;
			if (!line.trim() || marksIn(line) % 2 || this.#isComment(line)) break;
			end++;
		}
		return end;
	}

	#take(line: string, found: TextRecord[]): void {
		const comment = this.#isComment(line);
		if (!this.#waiting.length && (comment || !line.includes('"'))) {
			this.#line++;
			if (comment) this.comments.push(this.#line);
			else if (line.trim()) found.push({ line: this.#line, cells: plainCells(withoutReturn(line), this.separator) });
			return;
		}
		this.#waiting.push(line);
		if (marksIn(line) % 2) this.#open = !this.#open;
		if (!this.#open) this.#whole(found);
		else if (this.#waiting.length >= MAX_CELL_LINES) this.#give(found);
		else if (this.#waiting.length === 1 && !opens(line, this.separator)) this.#give(found);
	}

	/** A line of a row's width is a row, whatever it begins with. */
	#isComment(line: string): boolean {
		const { comment, width } = this.rows;
		return comment !== '' && line.trimStart().startsWith(comment) && plainCells(line, this.separator).length !== width;
	}

	/** All marks are closed. */
	#whole(found: TextRecord[]): void {
		const cells = quotedCells(withoutReturn(this.#waiting.join('\n')), this.separator);
		if (!cells || this.#swallows(cells)) return this.#give(found);
		found.push({ line: this.#line + 1, cells });
		this.#line += this.#waiting.length;
		this.#waiting = [];
	}

	#swallows(cells: readonly string[]): boolean {
		const { width } = this.rows;
		const lines = this.#waiting;
		if (width < 2) return false;
		if (cells.length !== width && this.#isRow(lines[0]!)) return true;
		if (lines.length < (this.rows.numeric.length ? 2 : 4)) return false;
		const inner = lines.slice(1, -1);
		const rows = inner.filter((line) => this.#isRow(line)).length;
		return inner.length ? rows >= 0.5 * inner.length : this.#isRow(lines[0]!) && this.#isRow(lines[1]!);
	}

	#isRow(line: string): boolean {
		const cells = plainCells(line, this.separator);
		return cells.length === this.rows.width && this.rows.numeric.every((c) => isNumberLike(cells[c]!));
	}

	/** The first waiting line is a record whose marks are letters; the others are looked at anew. */
	#give(found: TextRecord[]): void {
		const [first, ...others] = this.#waiting;
		this.#waiting = [];
		this.#open = false;
		this.#line++;
		this.letters.push(this.#line);
		found.push({ line: this.#line, cells: plainCells(withoutReturn(first!), this.separator) });
		for (const line of others) this.#take(line, found);
	}
}
