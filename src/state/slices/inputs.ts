import type { TableRead } from '#contracts/data-api.ts';
import type { PlaneBox, PlaneKind, SliceHead, SliceInput, SlicePlane } from '#contracts/slices.ts';
import { LabError } from '#contracts/errors.ts';
import { decodeImage } from '#state/input/images.ts';

/** What a slice can go through, besides the current input. */

export interface ImageChoice {
	/** `current`, a sample's file name, or `own-N`. */
	id: string;
	title: string;
	/** Where it comes from; the user's own are kept as they are. */
	url?: string;
	blob?: Blob;
}

/** An input of a plane: the current one, an image, or a row. */
export type Through = 'current' | ImageChoice | readonly number[];

/** The user's rows, in the columns that the model takes. */
export interface RowTable {
	name: string;
	columns: readonly string[];
	rows: readonly (readonly number[])[];
	/** What was left out or guessed: a sentence each. */
	notes: readonly string[];
}

/** @returns the image as it is; the receiver closes it */
export async function imageInput({ url, blob, title }: ImageChoice): Promise<SliceInput> {
	if (blob) return { kind: 'image', bitmap: await decodeImage(blob, title) };
	const response = url ? await fetch(url) : null;
	if (!response?.ok) throw new LabError(`“${title}” could not be read.`, 'Choose another input.');
	return { kind: 'image', bitmap: await decodeImage(await response.blob(), title) };
}

export async function resolved(through: Through): Promise<SliceInput> {
	if (through === 'current') return { kind: 'current' };
	if ('length' in through) return { kind: 'values', values: through };
	return imageInput(through);
}

/**
 * The first columns of numbers, as many as the model takes.
 * @throws LabError where it has too few
 */
export function rowTable({ table, notes }: Pick<TableRead, 'table' | 'notes'>, name: string, size: number): RowTable {
	const { columns, rows: all, numeric } = table;
	if (numeric.length < size)
		throw new LabError(
			`The model takes ${size} numbers a row; “${name}” has ${numeric.length} columns of numbers.`,
			'Give every number that the model takes a column, in its order.'
		);
	const used = numeric.slice(0, size);
	const rows = all
		.filter((row) => used.every((c) => row[c] !== '' && Number.isFinite(Number(row[c]))))
		.map((row) => used.map((c) => Number(row[c])));
	if (!rows.length) throw new LabError(`No row of “${name}” has all its numbers.`, 'Fill in the missing values.');
	const left = all.length - rows.length;
	const more = numeric.length > size ? [`Its first ${size} columns of numbers are taken.`] : [];
	const gaps = left ? [`${left === 1 ? '1 row' : `${left} rows`} without all numbers left out.`] : [];
	return { name, columns: used.map((c) => columns[c] ?? ''), rows, notes: [...more, ...gaps, ...notes] };
}

/** The lowest and highest of each column; without rows, around each number of the current one. */
export function rangesOf(
	rows: readonly (readonly number[])[],
	current: readonly number[]
): (readonly [number, number])[] {
	return current.map((value, i) => {
		const all = rows.map((row) => row[i] as number);
		const low = all.reduce((min, one) => Math.min(min, one), value);
		const high = all.reduce((max, one) => Math.max(max, one), value);
		if (high > low) return [low, high] as const;
		const reach = Math.max(1, Math.abs(value));
		return [value - reach, value + reach] as const;
	});
}

/** All that a plane depends on; a request with another `key` is another plane. */
export interface PlaneRequest {
	head: SliceHead;
	plane: Exclude<PlaneKind, { kind: 'pca' }> | { kind: 'pca'; set: readonly Through[] };
	inputs: readonly Through[];
	/** What is worth looking at; null for what the plane suggests. */
	whole: PlaneBox | null;
	/** What is shown at first; null for what was looked at on the same axes, else the whole. */
	box: PlaneBox | null;
	/** Axes of one length: distances look alike in both directions. */
	metric: boolean;
}

/** The output that a prediction is of: its names are those of that one, whatever is chosen by now. */
export interface RequestedHead {
	head: SliceHead;
}

/** A plane with what was asked for: all that is said of it is said of that. */
export interface ShownPlane extends SlicePlane {
	planeRequest: PlaneRequest;
}

/** A picture that would take long, and waits for a word. */
export interface Cost {
	side: number;
	evaluations: number;
	milliseconds: number;
}
