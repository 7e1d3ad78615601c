import { Dictionary } from '#loaders/dictionary.ts';
import type { Column } from '#contracts/data-set.ts';
import { dateIn } from '#maths/table/dates.ts';
import { isMissing, isMissingAmongNumbers } from '#maths/table/missing.ts';
import { hexIn, numberIn, withoutUnit } from '#maths/table/numbers.ts';
import { vectorIn } from '#maths/table/vectors.ts';
import type { ColumnPlan } from '#loaders/text/column-plan.ts';
import { categories } from '#loaders/categories.ts';

/** The cells of a column, read as planned. */
export class ColumnFill {
	/** Numbers, times, or indices in the dictionary of words; of vectors all their numbers. */
	readonly values: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
	count = 0;
	missing = 0;
	/** Vectors of another length than the first. */
	uneven = 0;
	#dictionary = new Dictionary();
	#isNumber: boolean;

	/** @param rows how many come */
	constructor(
		readonly name: string,
		readonly plan: ColumnPlan,
		rows: number
	) {
		const { use, width } = plan;
		this.#isNumber = use === 'number' || use === 'index';
		this.values =
			use === 'vector'
				? new Float32Array(rows * width)
				: this.#isNumber || use === 'date'
					? new Float64Array(rows)
					: new Int32Array(use === 'left out' ? 0 : rows);
	}

	push(given: string): void {
		const cell = given.trim();
		const { use } = this.plan;
		const i = this.count++;
		const blank = isMissing(cell) || (this.plan.softMissing && isMissingAmongNumbers(cell));
		if (blank) this.missing++;
		if (use === 'vector') return this.#vector(i, blank ? null : vectorIn(cell));
		if (use === 'left out') return;
		if (!this.#isNumber && use !== 'date') {
			this.values[i] = blank ? -1 : this.#dictionary.index(cell);
			return;
		}
		const value = blank ? NaN : this.#isNumber ? this.#number(cell) : dateIn(cell, this.plan.order);
		if (!blank && Number.isNaN(value)) this.missing++;
		this.values[i] = value;
	}

	#number(cell: string): number {
		const { hex, unit, decimal } = this.plan;
		if (hex) return hexIn(cell);
		const number = unit && cell.endsWith(unit) ? cell.slice(0, -unit.length).trimEnd() : cell;
		return numberIn(withoutUnit(number), decimal);
	}

	#vector(i: number, vector: Float64Array | null): void {
		const { width } = this.plan;
		if (vector?.length === width) this.values.set(vector, i * width);
		else {
			this.values.fill(NaN, i * width, (i + 1) * width);
			if (vector) this.uneven++;
		}
	}

	/** Null for what is left out, and for vectors. */
	column(): Column | null {
		const { name, plan, values } = this;
		if (plan.use === 'left out' || plan.use === 'vector') return null;
		if (values instanceof Float64Array)
			return { kind: 'number', name, values, ...(plan.use === 'date' ? { date: true } : {}) };
		if (plan.use === 'category') return categories(name, values as Int32Array, this.#dictionary.words);
		return { kind: 'text', name, values: Array.from(values, (index) => this.#dictionary.words[index] ?? '') };
	}
}
