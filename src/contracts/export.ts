import type { SourceFile } from '#contracts/source.ts';

/** A model as files that others read, and the lab again. */

/** A format that the open model can be saved in, or why it cannot: plain data. */
export interface ExportOffer {
	id: string;
	title: string;
	/** What is in it, in a sentence. */
	note: string;
	/** Why the open model cannot be saved so, and what can be done: sentences. Null where it can. */
	refusal: string | null;
}

export interface ExportRequest {
	format: string;
	/** What the files are called. */
	title: string;
	/** Names of the classes, where there are any. */
	labels: readonly string[] | null;
}

/** Progress of it carries `ExportProgress`. */
export interface Exported {
	/** One, or those of a folder. */
	files: readonly SourceFile[];
	/** What it is that was saved, and what was changed on the way: sentences. */
	notes: readonly string[];
}

export interface ExportProgress {
	/** 0..1. */
	done: number;
}

/** The functions of the compute worker about it. */
export interface ExportApi {
	/** What the open model can be saved as. */
	exportFormats(): Promise<readonly ExportOffer[]>;
	/** @throws LabError naming what cannot be written */
	exportModel(request: ExportRequest): Promise<Exported>;
}
