/** How a table was read: settings that can be given, and what was understood, to be shown and changed. */

/** Between cells: one letter, `blanks` for any run of blanks, `gaps` for two or more. */
export type Separator = ',' | ';' | '\t' | '|' | 'blanks' | 'gaps';

export const SEPARATORS: Readonly<Record<Separator, string>> = {
	',': 'commas',
	';': 'semicolons',
	'\t': 'tabs',
	'|': 'bars',
	blanks: 'blanks',
	gaps: 'two blanks or more'
};

/** What a column is taken for. Of these only numbers and vectors are embedded. */
export type ColumnUse = 'number' | 'category' | 'text' | 'date' | 'index' | 'vector' | 'left out';

/** What is asked for; what is not is found out. */
export interface Reading {
	/** A name that browsers know, as `windows-1252`. */
	encoding?: string;
	separator?: Separator;
	decimal?: '.' | ',';
	/** Lines of names above the data. */
	headerLines?: number;
	/** By the column's index in the file, from 0. */
	uses?: readonly { at: number; use: ColumnUse }[];
	/** Index of the label in the file; null for none. */
	label?: number | null;
}

/** How a text was taken apart. */
export interface Dialect {
	encoding: string;
	separator: Separator | null;
	decimal: '.' | ',';
	headerLines: number;
}

export interface ColumnRead {
	name: string;
	/** Its index in the file, from 0. */
	at: number;
	use: ColumnUse;
	/** What it can be taken for. */
	choices: readonly ColumnUse[];
	label: boolean;
	/** Cells that say nothing, or nothing that the use can take. */
	missing: number;
	/** Different values; null for very many. */
	different: number | null;
}

/** What was understood of a table. */
export interface Understood {
	/** Null for formats that say all this themselves. */
	dialect: Dialect | null;
	/** In the file's order; what stands behind a last separator is none. */
	columns: readonly ColumnRead[];
	/** The first rows, as they stand in the file. */
	head: readonly (readonly string[])[];
}
