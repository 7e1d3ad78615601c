import type { Column } from '#contracts/data-set.ts';
import { splitName } from '#maths/split-name.ts';
import { categorical } from '#loaders/categories.ts';

/** What the folders of pictures say of them. */

const foldersOf = (path: string) => path.split(/[/\\]/).slice(0, -1);

/** `train`, `test`, ... where a folder's whole name says so; empty for others. */
const splitOf = (folder: string) => {
	const found = splitName(folder);
	return found && !found.rest ? found.split : '';
};

export interface FolderColumns {
	columns: readonly Column[];
	/** The innermost folder whose name changes and is no part of the set; null where there is none. */
	label: string | null;
}

/** `set/train/cat/1.png`: the label is `cat`, the part of the set `train`. */
export function folderColumns(paths: readonly string[]): FolderColumns {
	const folders = paths.map(foldersOf);
	const columns: Column[] = [];
	const deepest = folders.reduce((max, { length }) => Math.max(max, length), 0);
	let label: string | null = null;
	for (let up = 1; up <= deepest && !label; up++) {
		const names = folders.map((path) => path.at(-up) ?? '');
		if (new Set(names).size < 2 || names.every((name) => !name || splitOf(name))) continue;
		columns.push(categorical('folder', names));
		label = 'folder';
	}
	const splits = folders.map((path) => path.map(splitOf).find(Boolean) ?? '');
	if (new Set(splits).size > 1) columns.push(categorical('split', splits));
	return { columns, label };
}
