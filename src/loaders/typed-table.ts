import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { columnNames } from '#maths/table/names.ts';
import { filled } from '#maths/table-scaling.ts';
import { checkRows } from '#loaders/data-files.ts';
import { isIdentity, labelled } from '#loaders/label.ts';
import { TypedColumn } from '#loaders/typed-column.ts';

/** What the file says of its columns beside their values. */
export interface TypedHints {
	/** What whole numbers stand for, by column. */
	classes: ReadonlyMap<string, readonly string[]>;
	/** Columns that only number the rows. */
	indexes: ReadonlySet<string>;
}
export const NO_HINTS: TypedHints = { classes: new Map(), indexes: new Set() };

const say = (n: number) => n.toLocaleString('en');
const rowsNote = (n: number, all: number) => `${say(n)} of ${say(all)} rows ${n === 1 ? 'is' : 'are'} left out`;

/** Collects a table of typed values, column by column or row by row, and makes a data set of it. */
export class TypedTable {
	readonly #columns: TypedColumn[];
	readonly notes: string[] = [];

	constructor(
		names: readonly string[],
		private readonly hints: TypedHints = NO_HINTS
	) {
		this.#columns = columnNames(names).map((name) => new TypedColumn(name));
	}

	push(column: number, value: unknown): void {
		this.#columns[column]!.push(value);
	}

	/** @throws LabError where that many rows of lists would not fit; asked while the table grows */
	check(count: number, name: string): void {
		for (const column of this.#columns) if (column.kind === 'vector') checkRows(count, column.width, `“${name}”`);
	}

	/** @throws LabError where nothing is to embed, or where lists have no one length */
	finish(name: string): DataSet {
		const all = this.#columns.flatMap((column) => column.flat());
		// A struct's field may be called as a column is.
		columnNames(all.map((column) => column.name)).forEach((own, k) => (all[k]!.name = own));
		const count = this.#columns[0]?.count ?? 0;
		const lists = all.filter(({ kind }) => kind === 'vector').sort((a, b) => b.width - a.width);
		const pictures = all.filter(({ kind }) => kind === 'picture');
		const [vector, ...otherLists] = lists;
		const [picture, ...otherPictures] = pictures;
		const rows = this.#kept(count, vector, picture);
		for (const { name } of [...otherLists, ...otherPictures])
			this.notes.push(`“${name}” holds lists or pictures, too: it is left out.`);
		for (const column of all) this.#remark(column);

		const raw = all.flatMap((column) => column.column(rows, this.hints.classes.get(column.name) ?? null) ?? []);
		const { columns, label } = this.#labelled(raw);
		const own = { name, count: rows.length, images: picture ? Array.from(rows, (i) => picture.pictures[i]!) : null };
		const table = { ...own, columns, label, notes: this.notes };
		if (vector) {
			const { width, vectors } = vector;
			checkRows(rows.length, width, `“${name}”`);
			const values = new Float32Array(rows.length * width);
			rows.forEach((i, k) => values.set(vectors.subarray(i * width, (i + 1) * width), k * width));
			return {
				...table,
				rows: { values: vector.missing ? filled(values, width).values : values, width, names: names(vector) }
			};
		}
		// Numbers beside pictures say something of them: they are not what is seen.
		const embedded = picture ? null : this.#embedded(columns, label, rows.length);
		if (!embedded && !picture) throw this.#nothing(name, all);
		return { ...table, rows: embedded };
	}

	/** Rows whose list and whose picture are there. @throws LabError for lists of all lengths */
	#kept(count: number, vector: TypedColumn | undefined, picture: TypedColumn | undefined): Int32Array {
		let rows = Int32Array.from({ length: count }, (_, i) => i);
		for (const column of [vector, picture]) {
			if (!column) continue;
			const [before, absent, other] = [rows.length, tally(column, rows, 'absent'), tally(column, rows, 'other')];
			const { name } = column;
			if (column === vector && other > 0.5 * before)
				throw new LabError(
					`The lists in “${name}” have different lengths: ${say(other)} of ${say(count)} rows have not the ${shapeText(column)} of the first.`,
					'Bring them to one length, or write their means instead.'
				);
			rows = rows.filter((i) => column.state(i) === 'good');
			if (absent) this.notes.push(`${rowsNote(absent, count)}: “${name}” is missing there.`);
			if (other)
				this.notes.push(
					column === vector
						? `${rowsNote(other, count)}: the lists in “${name}” have other lengths than ${shapeText(column)} there.`
						: `${rowsNote(other, count)}: “${name}” holds no picture that can be read there.`
				);
			if (column === vector && column.missing)
				this.notes.push(
					`${say(column.missing)} ${column.missing === 1 ? 'number is' : 'numbers are'} missing in the lists of “${name}”: ${column.missing === 1 ? 'it is' : 'each is'} filled with the mean at its index.`
				);
		}
		return rows;
	}

	#remark({ name, kind, exact, elsewhere, shape }: TypedColumn): void {
		if (kind === 'bytes') this.notes.push(`“${name}” holds bytes that are no picture a browser reads: it is left out.`);
		if (kind === 'ragged') this.notes.push(`“${name}” holds lists within lists of several lengths: it is left out.`);
		if (kind === 'empty') this.notes.push(`“${name}” is empty: it is left out.`);
		if (kind === 'date') this.notes.push(`“${name}” holds dates, not embedded.`);
		if (exact)
			this.notes.push(
				`“${name}” holds whole numbers larger than numbers are exact: they are kept as text, not embedded.`
			);
		if (elsewhere) this.notes.push(`${say(elsewhere)} pictures of “${name}” lie elsewhere: only their paths are here.`);
		if (shape.length > 1)
			this.notes.push(`“${name}” holds lists within lists, ${shape.join(' × ')}: taken row by row.`);
		if (this.hints.indexes.has(name)) this.notes.push(`“${name}” is an index of the rows: it is not embedded.`);
	}

	/** What the file itself says to be classes is the label before anything that only looks like it. */
	#labelled(raw: readonly Column[]): { columns: readonly Column[]; label: string | null } {
		const declared = raw.filter(({ name, kind }) => kind === 'category' && this.hints.classes.has(name));
		const guessed = labelled(raw);
		const own = declared.find(({ name }) => name === guessed.label) ?? declared[0];
		return own ? { columns: raw, label: own.name } : guessed;
	}

	#embedded(columns: readonly Column[], label: string | null, count: number): DataSet['rows'] {
		const taken = columns.filter(
			(c) =>
				c.kind === 'number' && !c.date && c.name !== label && !isIdentity(c.name) && !this.hints.indexes.has(c.name)
		);
		if (!taken.length) return null;
		const width = taken.length;
		const values = new Float32Array(count * width);
		taken.forEach((column, k) => {
			if (column.kind === 'number') for (let i = 0; i < count; i++) values[i * width + k] = column.values[i]!;
		});
		return { values, width, names: taken.map(({ name }) => name) };
	}

	#nothing(name: string, all: readonly TypedColumn[]): LabError {
		const ragged = all.find(({ kind }) => kind === 'ragged');
		if (ragged)
			return new LabError(
				`The lists within lists of “${ragged.name}” have several lengths.`,
				'Bring them to one shape, or write one list of numbers for each row.'
			);
		if (all.some(({ elsewhere }) => elsewhere))
			return new LabError(
				`“${name}” names the files of its pictures and does not hold them.`,
				'Open the folder of the pictures, or write them into the file: cast the column with decode=False and embed its bytes.'
			);
		return new LabError(`“${name}” has no column of numbers to embed.`, 'Open a table with numbers, or images.');
	}
}

const tally = (column: TypedColumn, rows: Int32Array, state: 'absent' | 'other') =>
	rows.reduce((sum, i) => sum + Number(column.state(i) === state), 0);

const shapeText = ({ shape }: TypedColumn) =>
	shape.length > 1 ? shape.join(' × ') : `${say(shape[0]!)} ${shape[0] === 1 ? 'number' : 'numbers'}`;

const names = ({ name, width }: TypedColumn) =>
	width > LIMITS.columns ? [] : Array.from({ length: width }, (_, k) => `${name} ${k}`);
