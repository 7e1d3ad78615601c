import type { ColumnUse, Dialect } from '#contracts/reading.ts';
import type { TextRecord } from '#loaders/text/records.ts';

/** Rows of cells as text, that can be read through as often as needed. */
export interface RowSource {
	/** As they stand in the file; empty ones for none. */
	names: readonly string[];
	dialect: Omit<Dialect, 'decimal'> | null;
	/** Where the format says so. */
	decimal?: '.';
	/** What the file says of its columns, by their index. */
	uses?: ReadonlyMap<number, ColumnUse>;
	notes: readonly string[];
	/** Each time from the first row on. */
	rows(signal: AbortSignal): AsyncGenerator<{ records: readonly TextRecord[]; done: number }>;
	/** What was met while reading, once it is through. */
	met(): readonly string[];
}
