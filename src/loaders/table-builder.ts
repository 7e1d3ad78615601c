import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { categorical, wholeCategories } from '#loaders/categories.ts';
import { checkRows } from '#loaders/data-files.ts';

/** A column that grows value by value; the first value that says anything says of what kind it is. */
class Growing {
	kind: 'empty' | 'number' | 'words' | 'vector' | 'picture' = 'empty';
	count = 0;
	numbers = new Float32Array(1024);
	width = 0;
	/** Numbers of a vector that had another length than the first. */
	uneven = 0;
	pictures: Blob[] = [];
	#dictionary = new Map<string, number>();
	words: string[] = [];

	constructor(readonly name: string) {}

	#room(size: number): void {
		if (size <= this.numbers.length) return;
		const larger = new Float32Array(Math.max(size, 2 * this.numbers.length));
		larger.set(this.numbers);
		this.numbers = larger;
	}

	push(given: unknown): void {
		const value = plain(given);
		if (this.kind === 'empty' && value !== null) {
			this.kind = kindOf(value);
			if (this.kind === 'vector') this.width = (value as ArrayLike<number>).length;
			// What came before said nothing.
			for (let i = 0; i < this.count; i++) this.#put(i, null);
		}
		if (this.kind !== 'empty') this.#put(this.count, value);
		this.count++;
	}

	#put(i: number, value: unknown): void {
		if (this.kind === 'number') {
			this.#room(i + 1);
			this.numbers[i] = typeof value === 'number' ? value : NaN;
		} else if (this.kind === 'words') {
			this.#room(i + 1);
			this.numbers[i] = this.#word(typeof value === 'string' ? value : value === null ? '' : String(value as number));
		} else if (this.kind === 'vector') {
			this.#room((i + 1) * this.width);
			const vector = value as ArrayLike<number> | null;
			if (vector?.length !== this.width) {
				this.uneven++;
				this.numbers.fill(NaN, i * this.width, (i + 1) * this.width);
			} else for (let k = 0; k < this.width; k++) this.numbers[i * this.width + k] = Number(vector[k]);
		} else if (this.kind === 'picture') {
			this.pictures.push(value instanceof Uint8Array ? new Blob([value as Uint8Array<ArrayBuffer>]) : new Blob([]));
		}
	}

	#word(text: string): number {
		const short = text.slice(0, LIMITS.cell);
		let code = this.#dictionary.get(short);
		if (code === undefined) {
			code = this.words.length;
			this.#dictionary.set(short, code);
			this.words.push(short);
		}
		return code;
	}

	column(): Column | null {
		const { name, count, words } = this;
		const numbers = this.numbers.subarray(0, count);
		if (this.kind === 'number') return { kind: 'number', name, values: numbers.slice() };
		if (this.kind !== 'words') return null;
		const many = words.length > Math.min(LIMITS.categories, Math.max(2, 0.7 * count));
		if (many) return { kind: 'text', name, values: Array.from(numbers, (code) => words[code]!) };
		return categorical(
			name,
			Array.from(numbers, (code) => words[code]!)
		);
	}
}

/** Numbers as numbers, dates as milliseconds, and images as their bytes. */
function plain(value: unknown): unknown {
	if (value === null || value === undefined) return null;
	if (typeof value === 'bigint') return Number(value);
	if (typeof value === 'boolean') return value ? 'true' : 'false';
	if (value instanceof Date) return value.getTime();
	if (typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
		// As image data sets keep them in Parquet: a struct of bytes and path.
		if ('bytes' in value && value.bytes instanceof Uint8Array) return value.bytes;
		if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>);
		return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
	}
	return value;
}

const kindOf = (value: unknown): Growing['kind'] => {
	if (typeof value === 'number') return 'number';
	if (value instanceof Uint8Array && looksLikeImage(value)) return 'picture';
	if (typeof value === 'object') {
		const list = value as ArrayLike<unknown>;
		return list.length > 0 && typeof list[0] !== 'string' && typeof list[0] !== 'object' ? 'vector' : 'words';
	}
	return 'words';
};

const looksLikeImage = (bytes: Uint8Array) =>
	(bytes[0] === 0x89 && bytes[1] === 0x50) ||
	(bytes[0] === 0xff && bytes[1] === 0xd8) ||
	(bytes[0] === 0x52 && bytes[1] === 0x49);

export { categorical };

const LABEL = /^(labels?|class(es)?|targets?|category|species|digit|cluster)$/i;
const LABEL_PART = /(^|[ _.-])(label|class|target|category)([ _.-]|$)/i;
const IDENTITY = /^(|_|id|index|idx|row|key|#|unnamed: ?0|__index_level_0__)$/i;
const MOST_CLASSES = 200;
/** Whether a column of this name only numbers the rows. */
export const isIdentity = (name: string) => IDENTITY.test(name);

type Category = Extract<Column, { kind: 'category' }>;

/** A column of few whole numbers as a category, missing ones apart; null for any other. */
export function fewIntegers(column: Column): Category | null {
	if (column.kind !== 'number' || column.date) return null;
	const found = wholeCategories(column.name, column.values, LIMITS.categories);
	if (!found || found.categories.length <= MOST_CLASSES) return found;
	// Many are classes where hardly a number between is left out, and each comes again: else they are measured or counted.
	const numbers = found.categories.map(Number);
	const range = numbers.at(-1)! - numbers[0]! + 1;
	const many = found.categories.length;
	return range <= 1.2 * many && many <= 0.7 * column.values.length ? found : null;
}

/** The columns, with the one that is most likely the label as a category. */
export function labelled(columns: readonly Column[]): { columns: readonly Column[]; label: string | null } {
	for (const pattern of [LABEL, LABEL_PART, /^y$/i]) {
		for (const column of columns) {
			if (!pattern.test(column.name)) continue;
			const label = column.kind === 'category' ? column : fewIntegers(column);
			if (label) return { columns: columns.map((other) => (other === column ? label : other)), label: label.name };
		}
	}
	const words = columns.filter(
		(c) => c.kind === 'category' && c.categories.length > 1 && c.categories.length <= MOST_CLASSES
	);
	return { columns, label: words.at(-1)?.name ?? null };
}

/** Collects a table value by value, and makes a data set of it. */
export class TableBuilder {
	#columns: Growing[];

	constructor(names: readonly string[]) {
		if (names.length > LIMITS.columns)
			throw new LabError(
				`The table has ${names.length.toLocaleString('en')} columns.`,
				`${LIMITS.columns.toLocaleString('en')} are the limit.`
			);
		const seen = new Map<string, number>();
		this.#columns = names.map((given, i) => {
			const name = given.slice(0, 80) || `column ${i + 1}`;
			const times = (seen.get(name) ?? 0) + 1;
			seen.set(name, times);
			return new Growing(times > 1 ? `${name} (${times})` : name);
		});
	}

	get count(): number {
		return this.#columns[0]?.count ?? 0;
	}

	push(column: number, value: unknown): void {
		this.#columns[column]?.push(value);
	}

	/** @throws LabError for more than fits; asked now and then while the table grows */
	check(name: string): void {
		checkRows(this.count, this.#columns.length, `“${name}”`);
	}

	finish(name: string): DataSet {
		const { count } = this;
		const vector = this.#columns.filter(({ kind }) => kind === 'vector').sort((a, b) => b.width - a.width)[0];
		if (vector && vector.uneven > 0)
			throw new LabError(
				`The lists in “${vector.name}” are not all of ${vector.width} numbers: ${vector.uneven} rows differ.`,
				'Keep the rows whose lists have one length.'
			);
		const pictures = this.#columns.find(({ kind }) => kind === 'picture');
		const { columns, label } = labelled(this.#columns.flatMap((column) => column.column() ?? []));
		const embedded = columns.filter((c) => c.kind === 'number' && c.name !== label && !isIdentity(c.name));
		let rows: DataSet['rows'] = null;
		if (vector) {
			checkRows(count, vector.width, `“${name}”`);
			const names = Array.from({ length: vector.width }, (_, k) => `${vector.name} ${k}`);
			rows = { values: vector.numbers.slice(0, count * vector.width), width: vector.width, names };
		} else if (embedded.length) {
			const width = embedded.length;
			const values = new Float32Array(count * width);
			embedded.forEach((column, k) => {
				if (column.kind === 'number') for (let i = 0; i < count; i++) values[i * width + k] = column.values[i]!;
			});
			rows = { values, width, names: embedded.map((column) => column.name) };
		}
		if (!rows && !pictures)
			throw new LabError(`“${name}” has no column of numbers to embed.`, 'Open a table with numbers, or images.');
		return { name, count, rows, images: pictures?.pictures ?? null, columns, label };
	}
}
