import type { DataSet } from '#contracts/data-set.ts';
import type { Reading } from '#contracts/reading.ts';
import type { Source } from '#contracts/source.ts';

export interface DataContext {
	signal: AbortSignal;
	/** 0..1 and what is being done now. */
	progress(done: number, note: string): void;
	/** What the user says of how a table is to be read. */
	reading?: Reading;
}

/** One format of data sets: one file in `loaders/data/` each, found by its registry. */
export interface DataLoader {
	id: string;
	title: string;
	/** File endings that a picker offers. */
	extensions: readonly string[];
	/** Takes one file: several are parts of one set, or a choice. */
	single?: true;
	/** 0: not mine; 1: certain. Must not throw. */
	match(source: Source): Promise<number>;
	/** @throws LabError with one sentence that says what is wrong with which file */
	load(source: Source, context: DataContext): Promise<DataSet>;
}

/** What a browser can hold and still work with. */
export const LIMITS = {
	/** Rows of a data set. */
	rows: 2_000_000,
	/** Numbers in all rows together: 1.2 GB of them. */
	values: 300_000_000,
	columns: 20_000,
	images: 200_000,
	/** Letters of one cell of text. */
	cell: 400,
	/** Different values that still make a category. */
	categories: 1000
} as const;
