import type { InputSpec } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import type { LabState } from '#contracts/lab.ts';
import { arrayPixels } from '#maths/array-pixels.ts';
import { tableRows } from '#maths/table-rows.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';

/** Rows of a file, of which an input is fed one. */
export interface OpenRows {
	title: string;
	count: number;
	/** The one that is fed. */
	at: number;
	values: Float32Array | Float64Array;
	/** Of one, without the batch. */
	shape: readonly number[];
	/** What the file says of each row besides. */
	words: readonly string[] | null;
	notes: readonly string[];
}

type Give = LabState['setValues'];
/** What the rows of a file are, by input. */
type Found = Readonly<Record<string, Omit<OpenRows, 'title' | 'at'>>>;

/** Rows and columns of a table that are read. */
const LIMITS = { rows: 5000, columns: 4096 };
const NPY = [0x93, 0x4e];
const ZIP = [0x50, 0x4b];

const product = (sizes: readonly number[]) => sizes.reduce((all, n) => all * n, 1);

/** Height, width and channels of an array that takes the place of a picture. */
function gridOf({ shape: spec }: InputSpec, [a = 1, b = 1, c = 1]: readonly number[]) {
	const last = spec[3];
	const planar = spec.length === 4 && last !== 1 && last !== 3 && last !== 4;
	return planar
		? { planar, channels: a, height: b, width: c }
		: { planar, height: a, width: b, channels: spec.length === 4 ? c : 1 };
}

/** Files of numbers for inputs: arrays and tables, row by row. */
export class InputRows extends JobViewState implements ViewState {
	open = $state.raw<ReadonlyMap<string, OpenRows>>(new Map());
	/** Why the last file gave an input nothing, by input. */
	problems = $state.raw<Readonly<Record<string, string>>>({});

	get busy(): boolean {
		return 'read' in this.running;
	}
	reset(): void {
		this.cancel('read');
		this.open = new Map();
		this.problems = {};
	}
	restore(): Promise<void> {
		return Promise.resolve();
	}

	/** The first row of a file goes to that input, and to others that an archive names. */
	async read(id: string, file: Blob, title: string, give: Give): Promise<void> {
		const { [id]: _, ...others } = this.problems;
		this.problems = others;
		await this.job(
			'read',
			async (signal): Promise<Found | LabError> => {
				try {
					return await this.#found(id, file, title, signal);
				} catch (error) {
					if (error instanceof LabError) return error;
					throw error;
				}
			},
			(found) => {
				if (found instanceof LabError) {
					this.problems = { ...this.problems, [id]: `${found.message} ${found.hint}`.trim() };
					return;
				}
				const rows = Object.entries(found).map(([input, one]) => [input, { ...one, title, at: 0 }] as const);
				this.open = new Map([...this.open, ...rows]);
				for (const [input] of rows) void this.go(input, 0, give);
			}
		);
	}

	async #found(id: string, file: Blob, title: string, signal: AbortSignal): Promise<Found> {
		const { inputs } = this.context;
		const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
		const begins = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte);
		if (!begins(NPY) && !begins(ZIP)) return { [id]: await this.#table(id, file, title, signal) };
		const shapes = inputs.map((input) => ({ id: input.id, shape: input.shape }));
		const arrays = await this.context.compute.with({ signal }).readArrays(file, shapes, id);
		return Object.fromEntries(
			Object.entries(arrays).map(([input, { values, shape, rows }]) => [
				input,
				{ values, shape, count: rows, words: null, notes: [] }
			])
		);
	}

	async #table(id: string, file: Blob, title: string, signal: AbortSignal): Promise<Omit<OpenRows, 'title' | 'at'>> {
		const shape = (this.context.inputs.find((input) => input.id === id)?.shape ?? []).slice(1);
		const sizes = shape.filter((n) => n !== null);
		if (sizes.length < shape.length)
			throw new LabError(
				`The input “${id}” is of open size, which rows of a table do not say.`,
				'Give it a .npy file.'
			);
		const path = /\.[a-z0-9]+$/i.test(title) ? title : `${title}.csv`;
		const source = { name: title, files: [{ path, blob: file }] };
		const { table } = await this.context.reader.api.with({ signal, watched: true }).table(source, LIMITS, {});
		const size = product(sizes);
		const found = tableRows(table, size);
		if (typeof found === 'string')
			throw new LabError(
				`“${title}” does not fit: ${found}; the input “${id}” takes ${size} ${size === 1 ? 'number' : 'numbers'}.`,
				'Give it a row with a column for each.'
			);
		const { values, count, words, notes } = found;
		return { values, count, words, notes, shape: sizes };
	}

	/** Feeds another row. */
	async go(id: string, at: number, give: Give): Promise<void> {
		const rows = this.open.get(id);
		const spec = this.context.inputs.find((input) => input.id === id);
		if (!rows || !spec) return;
		const row = Math.max(0, Math.min(rows.count - 1, Math.round(at) || 0));
		this.open = new Map(this.open).set(id, { ...rows, at: row });
		const size = product(rows.shape);
		const values = Array.from(rows.values.subarray(row * size, (row + 1) * size));
		if (spec.kind !== 'image') return give(id, values, rows.shape);
		const grid = gridOf(spec, rows.shape);
		const pixels = new ImageData(arrayPixels(values, grid), grid.width, grid.height);
		const bitmap = await createImageBitmap(pixels);
		give(id, values, rows.shape, { bitmap, title: rows.count > 1 ? `${rows.title}, row ${row + 1}` : rows.title });
	}
}
