import type { Reading, SortedFile } from '#contracts/kind.ts';
import type { SourceFile } from '#contracts/source.ts';

/** What the page receives of sorted files: all names, and the content of those that it takes itself. */
export function sortedFiles(files: readonly SourceFile[], readings: readonly Reading[]): SortedFile[] {
	const taken = new Set(readings.flatMap(({ kind, uses }) => (kind === 'data' ? [] : uses)));
	return files.map((file, at) => (taken.has(at) ? file : { path: file.path, blob: null }));
}
