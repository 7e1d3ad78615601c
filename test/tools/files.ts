import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '#contracts/source.ts';
import type { LoadContext } from '#contracts/loader.ts';

/** A folder on disk as the page would get it from a drop. */
export function folderSource(folder: string, only: (path: string) => boolean = () => true): Source {
	const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((path) => join(folder, path))
		.filter((path) => statSync(path).isFile() && only(path));
	const files = paths.map((path) => ({ path: relative(folder, path), blob: new Blob([readFileSync(path)]) }));
	return { name: folder, files };
}

/** Nothing is aborted, every size fits, nobody watches. */
export function loadContext(change: Partial<LoadContext> = {}): LoadContext {
	return { signal: new AbortController().signal, progress: () => {}, checkSize: () => {}, ...change };
}

/** Third-party models and photos, which the project does not carry: tests that want them are absent without it. */
export const dataFolder = process.env['VITRINE_DATA'];
