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
	/** Of several tables in it, the path of the one that is wanted. */
	part?: string;
	/** Files of weights that are put onto the model in the others. */
	onto?: readonly SourceFile[];
}

/** The last part of a path or an address. Only an address has a query: in a path `#` and `?` are letters. */
export function baseName(path: string): string {
	const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
	const parts = (address ? path.split(/[?#]/, 1)[0]! : path).split(/[/\\]/);
	while (parts.length > 1 && !parts.at(-1)) parts.pop();
	return parts.pop() ?? path;
}

/** An encoded path in plain letters; as it stands where it is not properly encoded, such as `top5%acc.bin`. */
export function decodedPath(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
