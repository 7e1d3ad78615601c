import type { Reading } from '#contracts/reading.ts';
import type { SourceFile } from '#contracts/source.ts';
import { isRule } from '#loaders/text/cells.ts';
import { dialectOf, linesInWords } from '#loaders/text/dialect.ts';
import { encodingNotes, encodingOf, type Encoding } from '#loaders/text/encoding.ts';
import { linesOf, PIECE } from '#loaders/text/lines.ts';
import { Records } from '#loaders/text/records.ts';
import type { RowSource } from '#loaders/text/row-source.ts';

const HEAD_LINES = 1000;
const HEAD_LETTERS = 1 << 20;
const MAX_HEAD_BYTES = 32 << 20;
/** Names of lines that are said. */
const FEWEST = 3;

/**
 * A table with marks or blanks between its cells.
 * @param piece bytes read at once; the rows are the same for every size
 * @returns null for what is no table
 */
export async function delimited(
	file: SourceFile,
	reading: Reading,
	signal: AbortSignal,
	piece = PIECE
): Promise<RowSource | null> {
	const encoding: Encoding = reading.encoding
		? { name: reading.encoding, damaged: false, guessed: false }
		: await encodingOf(file, signal);
	const { lines, whole } = await headOf(file, encoding.name, signal);
	const dialect = dialectOf(lines, whole, reading);
	if (!dialect) return null;
	const { separator, start, headerLines, names, width } = dialect;
	let records = new Records(separator, dialect, start);
	let uneven = { count: 0, line: 0 };
	let alone = { count: 0, line: 0 };
	return {
		names: names.length ? names : Array.from({ length: width }, () => ''),
		dialect: { encoding: encoding.name, separator, headerLines: names.length ? Math.max(1, headerLines) : 0 },
		notes: [...encodingNotes(encoding), ...dialect.notes],
		async *rows(signal) {
			records = new Records(separator, dialect, start);
			[uneven, alone] = [
				{ count: 0, line: 0 },
				{ count: 0, line: 0 }
			];
			let [skipped, names] = [0, headerLines];
			for await (const { lines, done } of linesOf(file, encoding.name, signal, piece)) {
				const left = skipped < start ? lines.slice(start - skipped) : lines;
				skipped += lines.length - left.length;
				const read = records.push(left);
				if (done === 1) read.push(...records.end());
				const found = read.filter(({ cells }) => !isRule(cells));
				const rows = names ? found.slice(names) : found;
				names -= found.length - rows.length;
				const kept = rows.filter(({ cells, line }) => {
					if (cells.length === width) return true;
					const nothing = cells.length === 1 && width > 2;
					const more = cells.slice(width).some((cell) => cell.trim());
					const odd = nothing ? alone : uneven;
					if (nothing || cells.length < width || more) {
						odd.line ||= line;
						odd.count++;
					}
					return !nothing;
				});
				yield { records: kept, done };
			}
		},
		met() {
			const { letters, comments } = records;
			const behind = comments.filter((line) => line > start);
			return [
				...(letters.length ? [quotes(letters)] : []),
				...(behind.length ? [`${linesInWords(behind)} passed over: they begin with “${dialect.comment}”.`] : []),
				...(alone.count ? [`${rowsInWords(alone)} without separators left out.`] : []),
				...(uneven.count
					? [`${rowsInWords(uneven)} not of ${width} cells: those that lack are missing, further ones left out.`]
					: [])
			];
		}
	};
}

const rowsInWords = ({ count, line }: { count: number; line: number }) =>
	count === 1 ? `Line ${line}` : `${count.toLocaleString('en')} lines (the first is line ${line})`;

function quotes(lines: readonly number[]): string {
	const where =
		lines.length <= FEWEST
			? `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`
			: `${lines.length.toLocaleString('en')} lines (the first is line ${lines[0]})`;
	return `Quotation marks that do not close are taken for letters in ${where}.`;
}

/** The first lines, as many as tell of what kind the table is. */
async function headOf(file: SourceFile, encoding: string, signal: AbortSignal) {
	const lines: string[] = [];
	for (let size = HEAD_LETTERS; ; size *= 4) {
		const part = { ...file, blob: file.blob.slice(0, size) };
		const whole = file.blob.size <= size;
		lines.length = 0;
		for await (const { lines: some } of linesOf(part, encoding, signal)) lines.push(...some);
		// The last line may be cut.
		if (!whole && lines.length > 1) lines.pop();
		if (whole || lines.length > 20 || size >= MAX_HEAD_BYTES)
			return { lines: lines.slice(0, HEAD_LINES), whole: whole && lines.length <= HEAD_LINES };
	}
}
