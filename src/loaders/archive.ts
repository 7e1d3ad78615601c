import { unzip, type UnzipFileInfo } from 'fflate';
import { LabError } from '#contracts/errors.ts';
import type { Source, SourceFile } from '#contracts/source.ts';

/** More than this unpacked is no model that a browser could hold: most likely a zip made to fill the memory. */
const LARGEST = 2 ** 32;
const MOST_FILES = 20_000;

/** Files that systems and editors leave behind. */
const LITTER = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|\._)/;

async function isZip(file: SourceFile): Promise<boolean> {
	const head = new Uint8Array(await file.blob.slice(0, 4).arrayBuffer());
	return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

function unpacked(name: string, bytes: Uint8Array): Promise<SourceFile[]> {
	let total = 0;
	let count = 0;
	const filter = (info: UnzipFileInfo) => {
		total += info.originalSize;
		count++;
		return total <= LARGEST && count <= MOST_FILES && !info.name.endsWith('/') && !LITTER.test(info.name);
	};
	return new Promise((resolve, reject) => {
		unzip(bytes, { filter }, (error, files) => {
			if (error || total > LARGEST || count > MOST_FILES)
				return reject(
					new LabError(
						`The zip "${name}" cannot be opened: ${error ? error.message : 'it is too large when unpacked'}.`,
						'Unpack it and open its folder.'
					)
				);
			resolve(
				Object.entries(files).map(([path, data]) => ({ path, blob: new Blob([data as Uint8Array<ArrayBuffer>]) }))
			);
		});
	});
}

/** The source with its zips opened and litter dropped. */
export async function expanded(source: Source): Promise<Source> {
	const parts = await Promise.all(
		source.files.map(async (file) =>
			(await isZip(file)) ? unpacked(file.path, new Uint8Array(await file.blob.arrayBuffer())) : [file]
		)
	);
	return { ...source, files: parts.flat().filter((file) => !LITTER.test(file.path)) };
}
