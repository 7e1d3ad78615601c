import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { pieces } from '#loaders/data-files.ts';
import { decoderOf } from '#loaders/text/encoding.ts';

export const PIECE = 4 << 20;
/** Letters of one line: more is no table. */
const LONGEST = 64 << 20;

/**
 * The lines of a text without their ends (LF, or CR where there is no LF; the CR before an LF stays, as it may stand in a cell), piece by piece: the same whatever the size
 * of a piece.
 * @throws LabError for a line without end
 */
export async function* linesOf(
	file: SourceFile,
	encoding: string,
	signal: AbortSignal,
	size = PIECE
): AsyncGenerator<{ lines: string[]; done: number }> {
	const decoder = decoderOf(encoding);
	const head = decoderOf(encoding).decode(await file.blob.slice(0, 1 << 20).arrayBuffer());
	const end = head.includes('\n') || !head.includes('\r') ? '\n' : '\r';
	let rest = '';
	for await (const { bytes, done } of pieces(file, 0, size, signal)) {
		const text = rest + decoder.decode(bytes, { stream: done < 1 });
		const lines = text.split(end);
		rest = lines.pop() ?? '';
		if (done === 1 && rest) {
			lines.push(rest);
			rest = '';
		}
		if (rest.length > LONGEST)
			throw new LabError(
				`“${file.path}” has a line of more than ${LONGEST >> 20} million letters.`,
				'Open a table with one row per line.'
			);
		yield { lines, done };
	}
}

/** Of a line that ends in CR LF. */
export const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
