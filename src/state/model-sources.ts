import type { CatalogueEntry } from '#contracts/lab.ts';
import { LabError } from '#contracts/errors.ts';
import type { Source } from '#contracts/source.ts';
import { parseLabels } from '#maths/labels.ts';
import { CATALOGUE_CACHE } from '#state/catalogue.ts';
import { download } from '#state/download.ts';
import type { DroppedFile } from '#state/files.ts';
import type { Progress } from '#state/jobs.svelte.ts';
import { OWN_FILES, type Origin } from '#state/model.svelte.ts';
import { remoteSource } from '#state/remote-model.ts';
import { shippedModels, shippedSource } from '#state/shipped.ts';

/** Where a model comes from: shipped, from the catalogue, from an address, or files of one's own. */

export type Parts = readonly [source: Source, origin: Origin];
/** Fetches what a model is made of. */
export type Find = (signal: AbortSignal, progress: Progress) => Promise<Parts>;

export const shippedParts =
	(name: string, variant: string): Find =>
	async (signal) => {
		const files = await shippedSource(name, variant, signal);
		const card = shippedModels.find((model) => model.name === name)?.card ?? null;
		const known = { preprocessing: card?.preprocessing ?? null, labels: card?.classes ?? null };
		return [files, { name, variant, card, link: name, ...known }];
	};

export const catalogueParts =
	(entries: readonly CatalogueEntry[], id: string): Find =>
	async (signal, progress) => {
		const entry = entries.find((candidate) => candidate.id === id);
		if (!entry) throw new LabError(`There is no model “${id}” in the catalogue.`);
		const cache = CATALOGUE_CACHE;
		const files = await remoteSource(entry.url, { signal, progress, cache, bytes: entry.bytes });
		const text = entry.labels ? await (await download(entry.labels, { signal, cache })).text() : null;
		const known = { preprocessing: entry.preprocessing, labels: text === null ? null : parseLabels(text) };
		return [
			{ ...files, name: entry.title },
			{ ...OWN_FILES, link: `catalogue/${id}`, ...known }
		];
	};

/** @param first the file at the address, if it has been fetched already */
export const addressParts =
	(address: string, first?: Blob): Find =>
	async (signal, progress) => [
		await remoteSource(address, { signal, progress }, first),
		{ ...OWN_FILES, link: address }
	];

/** What a link names: a shipped model, an entry of the catalogue, or an address. */
export function linkedParts(link: string, variant: string, entries: readonly CatalogueEntry[]): Find {
	if (shippedModels.some(({ name }) => name === link)) return shippedParts(link, variant);
	return link.startsWith('catalogue/') ? catalogueParts(entries, link.slice(10)) : addressParts(link);
}

/** @param name what to call it; empty takes it from the files */
export function filesSource(files: readonly DroppedFile[], name: string): Source {
	const main = files.find(({ path }) => /\.(json|zip)$/i.test(path)) ?? files[0];
	const folders = main?.path.split('/') ?? [];
	const title = name || (folders.length > 1 ? folders.at(-2) : folders.at(-1)?.replace(/\.(json|zip)$/i, ''));
	return { name: title ?? 'Your model', files: files.map(({ path, file }) => ({ path, blob: file })) };
}
