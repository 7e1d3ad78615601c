import type { Source, SourceFile } from '#contracts/source.ts';
import { gunzipped } from '#loaders/archive/gunzip.ts';
import { checkCount } from '#loaders/archive/limits.ts';
import { isTar, untarred } from '#loaders/archive/tar.ts';
import { isTorchZip } from '#loaders/archive/whole.ts';
import { unzipped } from '#loaders/archive/unzip.ts';
import { headOf } from '#loaders/head.ts';

/** Archives within archives are opened so deep; what lies deeper stays packed. */
const DEPTH = 3;

/** Files that systems and editors leave behind. */
const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|\._)/;
const litter = (path: string) => LITTER.test(path);

/** Zips that are documents or models of formats which the lab names as a whole. */
const WHOLE = /\.(?:xlsx|xlsm|docx|pptx|odt|ods|pt|pth|pt2|keras|mlpackage|jar|apk|mar)$/i;

async function unpacked(file: SourceFile, depth: number, signal?: AbortSignal): Promise<SourceFile[]> {
	const { path, blob } = file;
	if (!depth || WHOLE.test(path)) return [file];
	const head = await headOf(blob, 4);
	const begins = (...bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
	const within = async (files: readonly SourceFile[]) => {
		const all: SourceFile[] = [];
		for (const one of files) {
			const inner = await unpacked(one, depth - 1, signal);
			// Two archives in one may hold files of one name.
			const plain = inner.length === 1 && (inner[0] === one || inner[0]?.path === ungzipped(one.path));
			const moved = plain ? inner : inner.map((part) => beside(one.path, part));
			all.push(...moved);
			checkCount(path, all.length);
		}
		return all;
	};
	const selfExtracting = /\.(?:zip|exe)$/i.test(path) && blob.size > 22;
	if (await isTorchZip(blob)) return [file];
	if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6) || selfExtracting)
		return within(await unzipped(blob, path, litter, signal));
	if (begins(0x1f, 0x8b, 8)) {
		const content = await gunzipped(blob, path, signal);
		return unpacked({ path: ungzipped(path), blob: content }, depth, signal);
	}
	return (await isTar(blob)) ? within(await untarred(blob, path, litter)) : [file];
}

const ungzipped = (path: string) => path.replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '');

/** `a/b.zip` and `c.csv` in it -> `a/b/c.csv` */
const beside = (archive: string, { path, blob }: SourceFile): SourceFile => ({
	path: `${archive.replace(/\.[^./]*$/, '')}/${path}`,
	blob
});

/**
 * The source with its archives (zip, gzip, tar) opened and litter dropped.
 * @throws LabError in one sentence: damaged, locked, too large
 */
export async function expanded(source: Source, signal?: AbortSignal): Promise<Source> {
	const files: SourceFile[] = [];
	for (const file of source.files) {
		if (litter(file.path)) continue;
		files.push(...(await unpacked(file, DEPTH, signal)));
	}
	return { ...source, files };
}
