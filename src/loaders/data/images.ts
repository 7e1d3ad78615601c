import { LIMITS, type DataLoader } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { isPicture } from '#contracts/decode.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { baseName } from '#contracts/source.ts';
import { categorical } from '#loaders/categories.ts';

/** Files looked at to tell whether these are images. */
const SAMPLE = 60;

/** Images in folders: a folder's name is the label of what is in it. */
const loader: DataLoader = {
	id: 'images',
	title: 'Images in folders',
	extensions: ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.avif', '.zip'],

	async match({ files }) {
		const step = Math.max(1, files.length / SAMPLE);
		const sample = Array.from({ length: Math.min(SAMPLE, files.length) }, (_, k) => files[Math.floor(k * step)]!);
		const found = await Promise.all(sample.map(({ blob }) => isPicture(blob)));
		const share = found.filter(Boolean).length / Math.max(1, sample.length);
		return share > 0.5 ? 0.5 + 0.3 * share : 0;
	},

	async load(source, { signal, progress }): Promise<DataSet> {
		const kept: (typeof source.files)[number][] = [];
		const files = source.files.filter(({ path }) => !/(^|\/)\./.test(path));
		for (let i = 0; i < files.length; i += 256) {
			throwIfAborted(signal);
			const part = files.slice(i, i + 256);
			const found = await Promise.all(part.map(({ blob }) => isPicture(blob)));
			kept.push(...part.filter((_, k) => found[k]));
			progress(i / files.length, 'Looking at the images');
		}
		if (kept.length > LIMITS.images)
			throw new LabError(
				`There are ${kept.length.toLocaleString('en')} images in it.`,
				`${LIMITS.images.toLocaleString('en')} are the limit: open a part of them.`
			);
		kept.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
		const folders = kept.map(({ path }) => labelFolder(path));
		const columns: Column[] = [{ kind: 'text', name: 'file', values: kept.map(({ path }) => baseName(path)) }];
		const several = new Set(folders).size > 1;
		if (several) columns.push(categorical('folder', folders));
		return {
			name: source.name || 'Images',
			count: kept.length,
			rows: null,
			images: kept.map(({ blob }) => blob),
			columns,
			label: several ? 'folder' : null
		};
	}
};

/** `set/train/cat/1.png` -> `cat` */
const labelFolder = (path: string) => path.split(/[/\\]/).at(-2) ?? '';

export default loader;
