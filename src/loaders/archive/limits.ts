import { LabError } from '#contracts/errors.ts';
import { sized } from '#maths/format.ts';

/** More than this unpacked is no model or data set that a browser could hold. */
const MAX_UNPACKED_BYTES = 2 ** 32;
const MAX_FILES = 20_000;
/** What grows more than this, to more than that, was made to fill the memory. */
const [RATIO, SMALL] = [200, 2 ** 30];

const HINT = 'Unpack it and open its folder.';

export const refused = (archive: string, why: string, hint = HINT, cause?: unknown): LabError =>
	new LabError(`“${archive}” cannot be unpacked: ${why}.`, hint, { cause });

export const damaged = (archive: string, cause?: unknown): LabError =>
	refused(archive, 'it is damaged or was cut off', 'Save or download it again.', cause);

/** @param packed bytes of the archive @param unpacked bytes that it holds, or so far */
export function checkSize(archive: string, packed: number, unpacked: number): void {
	if (unpacked > MAX_UNPACKED_BYTES || (unpacked > SMALL && unpacked > RATIO * packed))
		throw refused(archive, `it holds ${sized(unpacked)} or more, packed into ${sized(packed)}`);
}

export function checkCount(archive: string, count: number): void {
	if (count > MAX_FILES)
		throw refused(archive, `it holds ${count.toLocaleString('en')} files or more`, 'Open a part of them.');
}

/**
 * A path inside an archive, as it would lie in a folder.
 * @throws LabError for one that leaves the folder
 */
export function safePath(archive: string, path: string): string {
	const parts = path
		.replaceAll('\\', '/')
		.split('/')
		.filter((part) => part && part !== '.');
	if (parts.includes('..')) throw refused(archive, `“${path}” points out of it`);
	return (/^[A-Za-z]:$/.test(parts[0] ?? '') ? parts.slice(1) : parts).join('/');
}
