import type { Sample } from '#contracts/lab.ts';

interface Listed {
	file: string;
	title: string;
	/** Shipped models that it suits. */
	for: readonly string[];
}

/** The sample inputs, which the project draws itself (models/recipe/samples.py). */
export async function loadSamples(base: string): Promise<(Sample & { for: readonly string[] })[]> {
	const response = await fetch(`${base}samples/index.json`);
	const listed = response.ok ? ((await response.json()) as Listed[]) : [];
	return listed.map((sample) => ({ ...sample, url: `${base}samples/${sample.file}` }));
}
