/** Files from outside, before anyone has looked into them: hostile until parsed. Blobs are cheap to send to a worker. */

export interface SourceFile {
	/** With folders, as dropped: `model/group1-shard1of2.bin`. Shown as text, never as markup. */
	path: string;
	blob: Blob;
}

export interface Source {
	/** What to call it: the folder's, the zip's or the model's name, or the address. */
	name: string;
	files: readonly SourceFile[];
	/** Where it was fetched from, if it was. */
	url?: string;
}

/** The last part of a path or an address. */
export function baseName(path: string): string {
	return (
		path
			.replace(/[?#].*$/, '')
			.replace(/\/+$/, '')
			.split(/[/\\]/)
			.pop() ?? path
	);
}
