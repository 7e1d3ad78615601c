import type { Source } from '#contracts/source.ts';

/** What dropped files may be. Each kind is one file in `loaders/kinds/`; they look into the files in a worker. */

/** What is known of the lab when files are sorted. */
export interface SortContext {
	/** Units of the head that is looked at; null without a model. */
	units: number | null;
	/** Whether the files were given where data sets are opened: an image is one of a set there. */
	data: boolean;
}

/** What some of the files may be taken for. */
export interface Reading {
	/** Id of the kind. */
	kind: string;
	/** 0..1; above 0. */
	sure: number;
	/** Indices of the sorted source's files that it would use. */
	uses: readonly number[];
	/** `class names: 10 names` */
	what: string;
	/** In a button: `class names`. */
	title: string;
	/** The class names, where they are. */
	names?: readonly string[];
	/** Weights alone, which may be put onto an open model. */
	bag?: true;
	/** Why it is not simply done: what does not fit (it may be done all the same), or cannot be opened at all. */
	problem?: { message: string; hint: string; final: boolean };
}

export interface SortedFile {
	path: string;
	/** Null where nobody but a reader of data sets uses it, who has it: to receive thousands takes a page long. */
	blob: Blob | null;
}

export interface Sorting {
	/** With archives unpacked. */
	files: readonly SortedFile[];
	/** The surest first. */
	readings: readonly Reading[];
	/** Why there is none. */
	nothing: { message: string; hint: string } | null;
}

export interface FileKind {
	id: string;
	order?: number;
	/** In a sentence: `class names`, `a data set`. */
	title: string;
	/** File endings that a picker offers. */
	extensions: readonly string[];
	/** Must not throw. */
	match(source: Source, context: SortContext): Promise<Omit<Reading, 'kind' | 'title'> | null>;
}
