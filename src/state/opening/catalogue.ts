import type { CatalogueEntry } from '#contracts/lab.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';

/** Larger public models, fetched from their makers when asked and kept in this browser. */

export const CATALOGUE_CACHE = 'vitrine-catalogue';

const imagenet = (low: number, high: number): Preprocessing => ({
	width: 224,
	height: 224,
	channels: 3,
	fit: 'crop',
	order: 'rgb',
	normalisation: { kind: 'range', low, high },
	invert: false
});

const LABELS = 'https://storage.googleapis.com/download.tensorflow.org/data/ImageNetLabels.txt';

/** Sizes are four bytes per parameter, as the makers state their number. */
const ENTRIES: readonly Omit<CatalogueEntry, 'cached'>[] = [
	{
		id: 'mobilenet-v1-025',
		title: 'MobileNet V1 0.25',
		summary: 'The smallest MobileNet: 1000 ImageNet classes at 224 pixels.',
		url: 'https://storage.googleapis.com/tfjs-models/tfjs/mobilenet_v1_0.25_224/model.json',
		bytes: 4 * 475_544,
		licence: 'Apache-2.0',
		preprocessing: imagenet(-1, 1),
		labels: LABELS
	},
	{
		id: 'mobilenet-v1',
		title: 'MobileNet V1 1.0',
		summary: 'The full MobileNet of 2017: 1000 ImageNet classes at 224 pixels.',
		url: 'https://storage.googleapis.com/tfjs-models/tfjs/mobilenet_v1_1.0_224/model.json',
		bytes: 4 * 4_253_864,
		licence: 'Apache-2.0',
		preprocessing: imagenet(-1, 1),
		labels: LABELS
	},
	{
		id: 'mobilenet-v2',
		title: 'MobileNet V2 1.0',
		summary: 'Inverted residuals of 2018, as a graph model: 1001 ImageNet classes at 224 pixels.',
		url: 'https://storage.googleapis.com/tfjs-models/savedmodel/mobilenet_v2_1.0_224/model.json',
		bytes: 4 * 3_540_265,
		licence: 'Apache-2.0',
		// The graph itself maps 0..1 to -1..1.
		preprocessing: imagenet(0, 1),
		labels: LABELS
	}
];

/** The catalogue, with what this browser has kept. */
export async function catalogue(): Promise<CatalogueEntry[]> {
	const store = 'caches' in globalThis ? await caches.open(CATALOGUE_CACHE).catch(() => null) : null;
	return Promise.all(ENTRIES.map(async (entry) => ({ ...entry, cached: !!(await store?.match(entry.url)) })));
}
