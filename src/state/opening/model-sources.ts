import type { CatalogueEntry } from '#contracts/lab.ts';
import { LabError } from '#contracts/errors.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { CATALOGUE_CACHE } from '#state/opening/catalogue.ts';
import type { DataThread } from '#state/threads/data-thread.ts';
import { download } from '#state/opening/download.ts';
import type { Progress } from '#state/lab/jobs.svelte.ts';
import { OWN_FILES, type Origin } from '#state/opening/model.svelte.ts';
import { ownId, ownLink, ownModels } from '#state/opening/own-files.svelte.ts';
import type { Shape } from '#state/opening/shape-question.svelte.ts';
import { shippedModels, shippedSource } from '#state/opening/shipped.ts';

type Remote = typeof import('#state/opening/remote-model.ts');
/** Fetched with the first model from elsewhere. */
const remoteSource: Remote['remoteSource'] = async (...given) =>
	(await import('#state/opening/remote-model.ts')).remoteSource(...given);

/** Where a model comes from: shipped, from the catalogue, from an address, or files of one's own. */

export type Parts = readonly [source: Source, origin: Origin, begin?: Beginning];
/** What files do not say. */
interface Beginning {
	/** Of its input, where the model leaves it open; else the user is asked. */
	shape?: Shape | null;
	/** Numbers to begin with, by input. */
	values?: Readonly<Record<string, readonly number[]>>;
}
/** Fetches what a model is made of; the reader looks into what was fetched. */
export type Find = (signal: AbortSignal, progress: Progress, reader: Pick<DataThread, 'api'>) => Promise<Parts>;

const shardsBy =
	({ api }: Pick<DataThread, 'api'>) =>
	(json: Blob, signal: AbortSignal) =>
		api.with({ signal, watched: true }).shards(json);

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
	async (signal, progress, reader) => {
		const entry = entries.find((candidate) => candidate.id === id);
		if (!entry) throw new LabError(`There is no model “${id}” in the catalogue.`);
		const cache = CATALOGUE_CACHE;
		const files = await remoteSource(entry.url, {
			signal,
			progress,
			cache,
			bytes: entry.bytes,
			shards: shardsBy(reader)
		});
		const names = entry.labels ? await download(entry.labels, { signal, cache }) : null;
		const labels = names && (await reader.api.with({ signal }).classNames(names));
		const known = { preprocessing: entry.preprocessing, labels };
		return [
			{ ...files, name: entry.title },
			{ ...OWN_FILES, link: `catalogue/${id}`, ...known }
		];
	};

/** @param first the file at the address, if it has been fetched already */
export const addressParts =
	(address: string, first?: Blob): Find =>
	async (signal, progress, reader) => [
		await remoteSource(address, { signal, progress, shards: shardsBy(reader), labels: true }, first),
		{ ...OWN_FILES, link: address }
	];

/** Files of the user's own that this browser kept. */
const ownParts =
	(id: string): Find =>
	async () => {
		const own = await ownModels.find(id);
		if (!own) throw new LabError('This model is not kept in this browser.', 'Open its files again.');
		void ownModels.touch(id);
		const { name, files, onto, labels, ...begin } = own;
		return [{ name, files, ...(onto ? { onto } : {}) }, { ...OWN_FILES, link: ownLink(id), labels }, begin];
	};

/** What a link names: a shipped model, an entry of the catalogue, files of one's own, or an address. */
export function linkedParts(link: string, variant: string, entries: readonly CatalogueEntry[]): Find {
	if (shippedModels.some(({ name }) => name === link)) return shippedParts(link, variant);
	const own = ownId(link);
	if (own !== null) return ownParts(own);
	return link.startsWith('catalogue/') ? catalogueParts(entries, link.slice(10)) : addressParts(link);
}

/** A model in one word: what a link names of it, and its variant, `NAME/VARIANT`. */
export const choiceOf = (model: string | null, variant: string): string =>
	variant ? `${model ?? ''}/${variant}` : (model ?? '');
export function parseChoice(choice: string): { model: string; variant: string } {
	const [, model = choice, variant = ''] = /^([a-z0-9-]+)\/([\w.-]+\.json)$/.exec(choice) ?? [];
	return { model, variant };
}

/** @param name what to call it; empty takes it from the files, as they were given */
export function filesSource(
	files: readonly SourceFile[],
	name: string,
	given: readonly { path: string }[] = files
): Source {
	const main = given.find(({ path }) => /\.(json|zip|gz|tgz|tar)$/i.test(path)) ?? given[0];
	const folders = main?.path.split('/') ?? [];
	const title =
		name || (folders.length > 1 ? folders.at(-2) : folders.at(-1)?.replace(/\.(json|zip|tgz|(tar\.)?gz|tar)$/i, ''));
	return { name: title ?? 'Your model', files };
}
