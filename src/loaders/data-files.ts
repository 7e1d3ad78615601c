import { LIMITS } from '#contracts/data-loader.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';
import { headOf } from '#loaders/head.ts';

/** What the formats of data sets share. */

export const begins = async (file: SourceFile, magic: readonly number[], at = 0): Promise<boolean> => {
	const head = (await headOf(file.blob, at + magic.length)).subarray(at);
	return head.length === magic.length && magic.every((byte, i) => head[i] === byte);
};

/** Those of the files that are of a kind. */
export async function filesThat(
	files: readonly SourceFile[],
	are: (file: SourceFile) => Promise<boolean>
): Promise<SourceFile[]> {
	const found = await Promise.all(files.map(are));
	return files.filter((_, at) => found[at]);
}

export const letters = (text: string) => [...text].map((c) => c.charCodeAt(0));

/** Refuses before memory is asked for what would not fit. */
export function checkRows(count: number, width: number, what: string): void {
	const say = (n: number) => n.toLocaleString('en');
	if (count > LIMITS.rows || count * width > LIMITS.values)
		throw new LabError(
			`${what} holds ${say(count)} rows of ${say(width)} numbers, more than a browser can work with.`,
			`At this width ${say(Math.min(LIMITS.rows, Math.floor(LIMITS.values / Math.max(1, width))))} rows would fit: open a part of it.`
		);
	if (width > LIMITS.columns)
		throw new LabError(`${what} has rows of ${say(width)} numbers.`, `${say(LIMITS.columns)} are the limit.`);
}

/** Reads a file in pieces, so that a cancel is heard between them. */
export async function* pieces(
	file: SourceFile,
	start: number,
	size: number,
	signal: AbortSignal
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; done: number }> {
	for (let at = start; at < file.blob.size; at += size) {
		throwIfAborted(signal);
		const end = Math.min(file.blob.size, at + size);
		yield { bytes: new Uint8Array(await file.blob.slice(at, end).arrayBuffer()), done: end / file.blob.size };
	}
}

/** `folder/data.csv` -> `data` */
export const stem = (path: string) => baseName(path).replace(/\.[^.]*$/, '') || baseName(path);
