/** What is used of jsfive, which comes without types. It throws texts where a file is wrong. */
declare module 'jsfive' {
	type Message = ReadonlyMap<string, number>;

	/** One object of a file: its header, of messages. */
	export interface DataObjects {
		readonly msgs: readonly Message[];
		readonly is_dataset: boolean;
		readonly shape: number[];
		/** As NumPy writes it: `<f4`; or a list for what is no plain number or text. */
		readonly dtype: string | readonly unknown[];
		readonly filter_pipeline: readonly Message[] | null;
		/** Addresses by name; texts are soft links. */
		get_links(): Record<string, number | string>;
		unpack_attribute(offset: number): [name: string, value: unknown];
	}

	export class File {
		constructor(buffer: ArrayBuffer, name?: string);
		readonly _dataobjects: DataObjects;
	}

	/** By their number in the file. */
	export const Filters: ReadonlyMap<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>;
}
