import type { LoadedModel } from '#contracts/loader.ts';
import { openSource } from '#loaders/open-source.ts';

const json = import.meta.glob<string>('/models/*/*.json', { query: '?url', import: 'default' });
const bin = import.meta.glob<string>('/models/*/*.bin', { query: '?url', import: 'default' });

/** A sample model as the lab opens it, in a browser test. */
export async function shippedModel(name: string): Promise<LoadedModel> {
	const address = async (files: Record<string, () => Promise<string>>, file: string) =>
		(await files[`/models/${name}/${file}`]?.()) ?? '';
	const parts = [
		['model.json', await address(json, 'model.json')],
		['model.bin', await address(bin, 'model.bin')]
	] as const;
	const files = await Promise.all(parts.map(async ([path, url]) => ({ path, blob: await (await fetch(url)).blob() })));
	const context = { signal: new AbortController().signal, progress: () => {}, checkSize: () => {} };
	return openSource({ name, files }, context);
}
