import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { metadataColumns, metadataLines, pointsOf } from '#loaders/projector/metadata.ts';

const lines = (text: string) => metadataLines({ path: 'm.tsv', blob: new Blob([text]) });
const column = (...texts: readonly string[]) =>
	metadataColumns(
		texts.map((text) => [text]),
		texts.length
	)![0]!;

describe('metadata of the projector', () => {
	it('are cells between tabs, of lines that end in any way', async () => {
		expect(await lines('a\tb\r\n"x\ty"\n\n1\t\n\n\n')).toEqual([['a', 'b'], ['"x', 'y"'], [''], ['1', '']]);
		expect(await lines('')).toEqual([]);
		expect((await lines('\t'.repeat(LIMITS.columns + 5)))[0]).toHaveLength(LIMITS.columns);
		const huge = { path: 'm.tsv', blob: { size: (256 << 20) + 1 } as Blob };
		await expect(metadataLines(huge)).rejects.toThrow('“m.tsv” is too large.');
		const tooLarge = { size: 256 << 20, text: () => Promise.resolve('a') } as Blob;
		expect(await metadataLines({ path: 'm.tsv', blob: tooLarge })).toEqual([['a']]);
	});

	it('are of as many points as lines; of one less where a line has several cells', () => {
		expect([
			pointsOf([]),
			pointsOf([['a']]),
			pointsOf([['a'], ['b']]),
			pointsOf([
				['a', 'b'],
				['c', 'd'],
				['e', 'f']
			])
		]).toEqual([...[0, 1, 2, 2]]);
	});

	it('have names where their first line makes the count fit', () => {
		const two = [['a', 'b'], ['x', '1'], ['y']];
		expect(metadataColumns(two, 2)!.map(({ name }) => name)).toEqual(['a', 'b']);
		expect(metadataColumns(two, 3)!.map(({ name }) => name)).toEqual(['column 1', 'column 2']);
		expect([metadataColumns(two, 1), metadataColumns(two, 4)]).toEqual([null, null]);
		expect(metadataColumns([['a'], ['b']], 2)!.map(({ name }) => name)).toEqual(['label']);
		expect(metadataColumns(two, 2)![1]).toEqual({ kind: 'number', name: 'b', values: Float64Array.of(1, NaN) });
	});

	it('are numbers where all that is said is, and exact', () => {
		expect(column('1', ' ', '-2.5')).toEqual({ kind: 'number', name: 'label', values: Float64Array.of(1, NaN, -2.5) });
		expect(column('123456789012345', '1').kind).toBe('number');
		for (const text of ['1234567890123456', '+1234567890123456', 'x', 'Infinity'])
			expect(column(text, '1', text, '1', text).kind).toBe('category');
		expect(column('', '').kind).toBe('category');
	});

	it('are categories where at most seven of ten differ, else texts', () => {
		const of = (different: number, count: number) =>
			column(...Array.from({ length: count }, (_, i) => `w${i % different}`)).kind;
		expect([of(7, 10), of(8, 10), of(2, 2), of(3, 3)]).toEqual(['category', 'text', 'category', 'text']);
		expect([of(LIMITS.categories, 3000), of(LIMITS.categories + 1, 3000)]).toEqual(['category', 'text']);
		const long = column('a'.repeat(LIMITS.cell + 1), 'b', 'c');
		expect(long.kind === 'text' && long.values[0]).toBe('a'.repeat(LIMITS.cell));
	});
});
