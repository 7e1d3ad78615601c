import type { Source } from '#contracts/source.ts';

/** Small files of every format: what loaders are tested on, and what the fuzz breaks. A format is one file in `samples/`. */

export type Files = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

export interface Samples {
	/** Whole and small, by what is special about each. */
	files: Readonly<Record<string, () => Files | Promise<Files>>>;
	/**
	 * What a file that was cut short is: `refused` where the format tells its length, `shorter` where nobody can see that
	 * rows are missing (text), or that a picture is broken before it is shown.
	 */
	cut: 'refused' | 'shorter';
}

/** By the id of the loader. */
export const samples = new Map(
	Object.entries(import.meta.glob<Samples>('./samples/*.ts', { eager: true, import: 'default' })).map(
		([path, own]) => [path.replace(/^.*\/|\.ts$/g, ''), own] as const
	)
);

export const sourceOf = (files: Files, name = 'sample'): Source => ({
	name,
	files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
});
