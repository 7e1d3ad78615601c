import type { ModelCard } from '#contracts/card.ts';
import type { Sample } from '#contracts/lab.ts';

export interface ListedSample extends Sample {
	/** Shipped models that it suits. */
	for: readonly string[];
}

/** The sample inputs, which the project draws itself (models/recipe/samples.py). */
export async function loadSamples(base: string): Promise<ListedSample[]> {
	const response = await fetch(`${base}samples/index.json`);
	const listed = response.ok ? ((await response.json()) as Omit<ListedSample, 'url'>[]) : [];
	return listed.map((sample) => ({ ...sample, url: `${base}samples/${sample.file}` }));
}

/** Samples for the open model: its card's, then those that say so; all of them for a model of the user's. */
export function suitable(
	samples: readonly ListedSample[],
	{ name, card }: { name: string | null; card: ModelCard | null }
): readonly ListedSample[] {
	if (!card) return samples;
	const first = (file: string) => (card.samples.includes(file) ? card.samples.indexOf(file) : card.samples.length);
	return samples
		.filter((sample) => card.samples.includes(sample.file) || sample.for.includes(name ?? ''))
		.sort((a, b) => first(a.file) - first(b.file));
}
