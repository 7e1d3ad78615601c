import { LIMITS, type DataLoader } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { isPicture, kindOfImage } from '#contracts/decode.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';
import { DECODED, type ImageKind } from '#maths/image-kind.ts';
import { columnNames } from '#maths/table/names.ts';
import { folderColumns } from '#loaders/images/folders.ts';
import { tableBeside } from '#loaders/images/labels-table.ts';

/** Files looked at to tell whether these are images. */
const SAMPLE = 60;

/** Images in folders: a folder's name is the label of what is in it, unless a table beside them says more. */
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

	async load(source, context): Promise<DataSet> {
		const { signal, progress } = context;
		const kept: SourceFile[] = [];
		const unread = new Map<ImageKind, number>();
		const files = source.files.filter(({ path }) => !/(^|\/)\./.test(path));
		for (let i = 0; i < files.length; i += 256) {
			throwIfAborted(signal);
			const part = files.slice(i, i + 256);
			const kinds = await Promise.all(part.map(({ blob }) => kindOfImage(blob)));
			kinds.forEach((kind, k) => {
				if (kind && DECODED.has(kind)) kept.push(part[k]!);
				else if (kind) unread.set(kind, (unread.get(kind) ?? 0) + 1);
			});
			progress(i / files.length, 'Looking at the images');
		}
		if (kept.length > LIMITS.images)
			throw new LabError(
				`There are ${kept.length.toLocaleString('en')} images in it.`,
				`${LIMITS.images.toLocaleString('en')} are the limit: open a part of them.`
			);
		kept.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
		const notes = [...unread].map(
			([kind, count]) =>
				`${count.toLocaleString('en')} ${kind.toUpperCase()} ${count === 1 ? 'file is' : 'files are'} left out: sets take PNG, JPEG, WebP, GIF, AVIF and BMP.`
		);
		const paths = kept.map(({ path }) => path);
		const folders = folderColumns(paths);
		const table = await tableBeside(files, paths, context);
		const found: Column[] = [
			{ kind: 'text', name: 'file', values: paths.map(baseName) },
			...folders.columns,
			...(table?.columns ?? [])
		];
		const names = columnNames(found.map(({ name }) => name));
		const label = table?.label ?? folders.label;
		const at = found.findLastIndex(({ name }) => name === label);
		return {
			name: source.name || 'Images',
			count: kept.length,
			rows: null,
			images: kept.map(({ blob }) => blob),
			columns: found.map((column, k) => ({ ...column, name: names[k]! })),
			label: names[at] ?? null,
			notes: [...notes, ...(table?.notes ?? [])]
		};
	}
};

export default loader;
