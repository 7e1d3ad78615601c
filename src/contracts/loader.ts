import type { Model } from '#contracts/model.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source, SourceFile } from '#contracts/source.ts';

export interface LoadContext {
	signal: AbortSignal;
	/** 0..1 and what is being done now. */
	progress(done: number, note: string): void;
	/** Refuses, before anything is put on the device, what the device cannot hold. Throws LabError. */
	checkSize(bytes: number, maxTensorBytes: number): void;
	/** Weights may stay in their files: who opens it puts them onto the device, or never does. */
	later?: boolean;
	/** For inputs with unknown height, width or channels: what the user chose. */
	inputShape?: readonly [height: number, width: number, channels: number];
}

export interface LoadedModel {
	model: Model;
	/** The format in words: `TF.js layers model, float16 weights`. */
	format: string;
	/** Class names, if the files hold any. */
	labels?: readonly string[];
	/** What the files themselves say of preprocessing (a card, metadata): wins over the guess. */
	preprocessing?: Partial<Preprocessing>;
	/** What wrote the file, as it says itself. */
	producer?: string;
	/** Sentences to show beside the open model, e.g. which weights hold NaN. */
	warnings: readonly string[];
	/** What else the file says of itself, in its own words. */
	metadata?: readonly (readonly [key: string, value: string])[];
}

/** One file format. Exactly one file in `loaders/` each, found by its registry. */
export interface Loader {
	id: string;
	title: string;
	/** File endings that a picker offers. */
	extensions: readonly string[];
	/** In a sentence, where it is no whole model: `weights of a network`. */
	holds?: string;
	/** 0: not mine; 1: certain. Looks at content, never at names alone. Must not throw. */
	match(source: Source): Promise<number>;
	/** The files that it reads, of those that it claims; without it, what a model.json names. Must not throw. */
	uses?(source: Source): Promise<readonly SourceFile[]>;
	/** @throws LabError with one sentence that says what is wrong with which file */
	load(source: Source, context: LoadContext): Promise<LoadedModel>;
}
