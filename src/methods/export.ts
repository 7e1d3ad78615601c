import type { Exported } from '#contracts/export.ts';
import type { Shape } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import { registry } from '#contracts/registry.ts';

/** What a format is written from. */
export interface ExportContext {
	model: Model;
	/** What the files are called. */
	title: string;
	labels: readonly string[] | null;
	/** Sizes of inputs, by id, for those that leave them open: of what the model is fed. */
	sizes: ReadonlyMap<string, Shape>;
	signal: AbortSignal;
	/** 0..1. */
	progress(done: number): void;
}

/** A format that models are saved in. Exactly one file in `export/` each. */
export interface ExportFormat {
	id: string;
	title: string;
	order: number;
	/** What is in it, in a sentence. */
	note: string;
	/** Why a model cannot be saved so, and what can be done: sentences. Null where it can, as far as can be seen. */
	refusal(model: Pick<Model, 'graph' | 'obstacle'>): string | null;
	/** @throws LabError naming what cannot be written */
	write(context: ExportContext): Promise<Exported>;
}

/** Every format: one file in `export/` each. */
export const exportFormats = registry(
	import.meta.glob<ExportFormat>('./export/*.ts', { eager: true, import: 'default' })
);
