import type { SentField } from '#contracts/field.ts';

/** What a call gives while it runs: parts of its answer to the page, fields to the draw worker. */
export interface Outlets {
	signal: AbortSignal;
	progress(value: unknown, transfer?: Transferable[]): void;
	send(field: SentField, transfer: Transferable[]): void;
}
