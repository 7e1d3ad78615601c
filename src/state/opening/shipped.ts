import { LabError } from '#contracts/errors.ts';
import type { ModelCard } from '#contracts/card.ts';
import type { ShippedModel } from '#contracts/lab.ts';
import type { Source } from '#contracts/source.ts';
import { download } from '#state/opening/download.ts';

/** The models of `models/`: a folder with a card is one. Weights are fetched when a model is opened. */

const cards = import.meta.glob<ModelCard>('/models/*/card.json', { eager: true, import: 'default' });
const files = import.meta.glob<string>(
	['/models/*/*.json', '/models/*/*.bin', '!/models/*/card.json', '!/models/*/parity.json'],
	{
		query: '?url',
		import: 'default'
	}
);

const folder = (path: string) => path.split('/')[2] as string;

export const shippedModels: readonly ShippedModel[] = Object.entries(cards)
	.map(([path, card]) => ({ name: folder(path), card }))
	.sort((a, b) => a.card.order - b.card.order);

/**
 * @param variant file name of one of the card's variants; empty for the model itself
 * @throws LabError if there is no such model
 */
export async function shippedSource(name: string, variant: string, signal: AbortSignal): Promise<Source> {
	const card = shippedModels.find((model) => model.name === name)?.card;
	const json = variant || 'model.json';
	if (!card || (variant && !card.variants?.some(({ file }) => file === variant)))
		throw new LabError(
			`There is no sample model “${name}${variant ? `/${variant}` : ''}”.`,
			'Choose one from the list.'
		);
	const names = [json, json.replace(/\.json$/, '.bin')];
	const blobs = await Promise.all(
		names.map(async (file) => {
			const address = await files[`/models/${name}/${file}`]?.();
			if (!address) throw new LabError(`The sample model “${name}” lacks its file ${file}.`);
			return { path: file, blob: await download(address, { signal }) };
		})
	);
	return { name: card.title, files: blobs };
}
