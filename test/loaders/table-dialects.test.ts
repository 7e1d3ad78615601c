import { describe, expect, it } from 'vitest';
import { stream } from '#maths/random.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { delimited } from '#loaders/text/delimited.ts';
import { cellsOf, opened } from '../tools/data.ts';

/** Tables of seeded content, written in every dialect that people have and read back. */

interface Table {
	names: string[];
	rows: (number | string)[][];
}
interface Dialect {
	mark: string;
	decimal: '.' | ',';
	/** Of thousands; empty for none. */
	group: string;
	quotes: 'all' | 'needed';
	end: string;
	encoding: 'utf-8' | 'utf-8-mark' | 'utf-16le' | 'utf-16be' | 'windows-1252';
	header: boolean;
}

const WORDS = ['Straße', 'größer, älter', 'he said "no"', 'l’été; déjà', 'plain', 'two words', 'São Paulo'];
const KINDS = ['Süß', 'Grün', 'Weiß', 'Größe'];

function table(seed: number, rows: number): Table {
	const random = stream(seed, 'data', 1);
	const pick = <T>(list: readonly T[]) => list[Math.floor(random.uniform() * list.length)]!;
	return {
		names: ['größe, cm', 'weight', 'count', 'remark', 'kind'],
		rows: Array.from({ length: rows }, (_, i) => [
			Math.round(random.normal() * 1e5) / 100,
			Math.round(random.uniform() * 1e4) / 1e4,
			Math.floor(random.uniform() * 1e7),
			`${pick(WORDS)} ${i}`,
			pick(KINDS)
		])
	};
}

function numberText(value: number, { decimal, group }: Dialect): string {
	const [whole = '', fraction] = String(value).split('.');
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
	return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
}

function written({ names, rows }: Table, dialect: Dialect): Uint8Array<ArrayBuffer> {
	const { mark, quotes, end, encoding, header } = dialect;
	const cell = (value: number | string) => {
		const text = typeof value === 'number' ? numberText(value, dialect) : value;
		const blanks = mark === ' ';
		const needed = text.includes(mark) || text.includes('"') || /[\r\n]/.test(text) || (blanks && /\s/.test(text));
		return quotes === 'all' || needed ? `"${text.replaceAll('"', '""')}"` : text;
	};
	const lines = (header ? [names, ...rows] : rows).map((row) => row.map(cell).join(mark));
	const text = `${lines.join(end)}${end}`;
	if (encoding === 'utf-8') return Uint8Array.from(Buffer.from(text));
	if (encoding === 'utf-8-mark') return Uint8Array.from(Buffer.from(`\ufeff${text}`));
	// In the letters of this test, typographic marks apart, the two are the same.
	if (encoding === 'windows-1252') return Uint8Array.from(Buffer.from(text.replaceAll('’', '\u0092'), 'latin1'));
	const sixteen = Buffer.from(`\ufeff${text}`, 'utf16le');
	return Uint8Array.from(encoding === 'utf-16be' ? sixteen.swap16() : sixteen);
}

function check(data: DataSet, { names, rows }: Table, header: boolean, what: string): void {
	const own = header ? names : names.map((_, c) => `column ${c + 1}`);
	expect(data.count, what).toBe(rows.length);
	expect(
		data.columns.map(({ name }) => name),
		what
	).toEqual(own);
	own.forEach((name, c) => expect(cellsOf(data, name), `${what}: ${name}`).toEqual(rows.map((row) => row[c])));
	expect([data.rows?.names, data.label], what).toEqual([own.slice(0, 3), own[4]]);
}

const MARKS = [
	[',', '.', ''],
	[',', '.', ','],
	[';', ',', ''],
	[';', ',', '.'],
	[';', ',', ' '],
	[';', '.', "'"],
	['\t', '.', ''],
	['\t', ',', '.'],
	['|', '.', ''],
	[' ', '.', ''],
	[' ', ',', '']
] as const;

describe('a table written in any dialect', () => {
	const dialects = MARKS.flatMap(([mark, decimal, group], k) =>
		(['utf-8', 'utf-8-mark', 'utf-16le', 'utf-16be', 'windows-1252'] as const).flatMap((encoding, e) =>
			[true, false].map((header): Dialect => ({
				...{ mark, decimal, group, encoding, header },
				quotes: (k + e) % 2 ? 'all' : 'needed',
				end: ['\n', '\r\n', '\r'][(k + e) % 3]!
			}))
		)
	);
	it.each(dialects.map((dialect, seed) => [JSON.stringify(dialect), dialect, seed] as const))(
		'is read back: %s',
		async (what, dialect, seed) => {
			const own = table(seed, 60);
			check(await opened({ 'a.csv': written(own, dialect) }), own, dialect.header, what);
		}
	);

	it('is the same whatever the size of the pieces that it is read in', async () => {
		const dialect: Dialect = {
			...{ mark: ',', decimal: '.', group: '', quotes: 'needed', end: '\r\n', encoding: 'utf-8', header: true }
		};
		const own = table(7, 25);
		own.rows[3]![3] = 'two\nlines, and "marks"';
		own.rows[20]![3] = 'a\r\nb';
		const text = new TextDecoder().decode(written(own, dialect));
		// A mark that is never closed, a comment, and a line without end.
		const blob = new Blob([`# first\r\n${text}1,2,3,"open,Süß\r\n5,6,7,last – one,Grün`]);
		const { signal } = new AbortController();
		const read = async (piece: number) => {
			const source = (await delimited({ path: 'a.csv', blob }, {}, signal, piece))!;
			const rows: string[][] = [];
			for await (const { records } of source.rows(signal)) rows.push(...records.map(({ cells }) => cells));
			return { rows, met: source.met(), notes: source.notes };
		};
		const whole = await read(1 << 20);
		expect(whole.rows).toHaveLength(27);
		expect([whole.rows[3]![3], whole.rows[20]![3]]).toEqual(['two\nlines, and "marks"', 'a\r\nb']);
		expect(whole.rows[25]).toEqual(['1', '2', '3', '"open', 'Süß']);
		for (let piece = 1; piece < 200; piece += piece < 40 ? 1 : 13) expect(await read(piece), `${piece}`).toEqual(whole);
	});
});
