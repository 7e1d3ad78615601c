import type { TableRead } from '#contracts/data-api.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { Newest } from '#contracts/newest.ts';
import type { Reading } from '#contracts/reading.ts';
import type { Source } from '#contracts/source.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';

/** Files that a view which takes a table offers to open, and takes when they are dropped on it. */
export const TABLES =
	'.csv,.tsv,.tab,.txt,.dat,.data,.json,.jsonl,.ndjson,.arff,.parquet,.arrow,.feather,.npy,.npz,.gz,text/csv';
export const TABLE = /\.(csv|tsv|tab|txt|dat|data|jsonl|ndjson|arff|parquet|arrow|feather|npz?|npy|gz)$/i;

/** A table of the user's own that a view takes some rows of; read by the data thread, and again as the user wants it. */
export class OwnTable {
	read = $state.raw<TableRead | null>(null);
	reading = $state.raw<Reading>({});
	/** Where it comes from, in a word: a file's name, or “pasted”. */
	name = $state('');
	/** Why it cannot be read, in words; empty where it can. */
	problem = $state('');
	busy = $state(false);
	#source: Source | null = null;
	readonly #newest = new Newest();

	constructor(
		private readonly sets: Pick<DataSets, 'table'>,
		private readonly limits: { rows: number; columns: number }
	) {}

	async open(name: string, blob: Blob): Promise<void> {
		const path = /\.[a-z0-9]+$/i.test(name) ? name : `${name}.csv`;
		this.name = name;
		this.#source = { name, files: [{ path, blob }] };
		this.read = null;
		await this.reread({});
	}

	/** Only the newest question is answered. */
	async reread(reading: Reading): Promise<void> {
		const source = this.#source;
		if (!source) return;
		const signal = this.#newest.next();
		this.busy = true;
		this.reading = reading;
		this.problem = '';
		try {
			const read = await this.sets.table(source, this.limits, reading, signal);
			if (this.#newest.is(signal)) this.read = read;
		} catch (error) {
			if (isAbort(error) || !this.#newest.is(signal)) return;
			if (!(error instanceof LabError)) throw error;
			this.problem = `${error.message} ${error.hint}`.trim();
		} finally {
			if (this.#newest.end(signal)) this.busy = false;
		}
	}

	forget(): void {
		this.#newest.cancel();
		this.busy = false;
		this.#source = this.read = null;
		this.name = this.problem = '';
		this.reading = {};
	}
}
