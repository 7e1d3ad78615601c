import type { Preprocessing } from '#contracts/preprocessing.ts';

/** models/NAME/card.json: what a shipped model says of itself. */
export interface ModelCard {
	title: string;
	order: number;
	/** One paragraph. */
	summary: string;
	task: string;
	dataset: { name: string; citation: string; licence: string };
	classes: readonly string[];
	preprocessing: Preprocessing;
	/** Figures as measured by the recipe, by name; shares in 0..1. */
	measured: Readonly<Record<string, number>>;
	/** How it was trained, in a sentence or two. */
	training: string;
	/** What to look at. */
	look: string;
	/** For the start screen: what the model teaches with its first sample, in a sentence, and the view where that is seen. */
	start?: { teaches: string; view: string };
	/** Sample inputs to offer first: file names in static/samples. */
	samples: readonly string[];
	/** The class that the model predicts for each of them: what the card says of them rests on it. */
	predictions: Readonly<Record<string, string>>;
	/** Other weights of the same network: file names beside model.json, with a title. */
	variants?: readonly { file: string; title: string }[];
}
