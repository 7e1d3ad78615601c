import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { cellsOf, opened } from '../tools/data.ts';

const read = (name: string) => readFileSync(`test/cases/tables/projector-one-column-no-header/${name}`, 'utf8');
const floats = (count: number) => new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer);
const lines = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join('\n');
const tensor = (rows: number, width = 3) =>
	lines(rows, (i) => lines(width, (k) => String(i + k / 10)).replace(/\n/g, '\t'));

describe('files as the projector writes them', () => {
	it('one column whose first line makes the count fit: that line is a header', async () => {
		const data = await opened({ 'vectors.tsv': read('vectors.tsv'), 'metadata.tsv': read('metadata.tsv') });
		expect([data.count, data.rows?.width, data.label]).toEqual([60, 4, 'unit']);
		const expected = read('metadata.tsv').trim().split('\n').slice(1);
		expect(cellsOf(data, 'unit')).toEqual(expected);
	});

	it('one column of as many lines as points has no header', async () => {
		const data = await opened({ 'v.tsv': tensor(6), 'metadata.tsv': `${lines(6, (i) => 'abc'[i % 3]!)}\n` });
		expect([data.count, data.label]).toEqual([6, 'label']);
		expect(cellsOf(data, 'label')).toEqual([...'abcabc']);
	});

	it('tensor and metadata are told apart by what is in them, whatever they are called', async () => {
		const words = lines(6, (i) => `word ${i}\t${'ab'[i % 2]}`);
		for (const [a, b] of [
			['metadata.tsv', 'labels.tsv'],
			['a.txt', 'metadata_tensor.tsv']
		] as const) {
			const data = await opened({ [a]: tensor(6), [b]: `text\tkind\n${words}` });
			expect([data.count, data.rows?.width, data.label]).toEqual([6, 3, 'kind']);
		}
		const digits = await opened({ 'x.tsv': tensor(6), 'x_labels.tsv': lines(6, (i) => String(i % 3)) });
		expect([digits.rows?.width, digits.label]).toEqual([3, 'label']);
		expect(cellsOf(digits, 'label')).toEqual(['0', '1', '2', '0', '1', '2']);
	});

	it('the name of a file may say how wide its rows are', async () => {
		const labels = lines(10, (i) => `w${i}`);
		const alone = await opened({ 'word2vec_10_4d_tensors.bytes': floats(40) });
		expect([alone.count, alone.rows?.width]).toEqual([10, 4]);
		const both = await opened({
			'word2vec_10_4d_tensors.bytes': floats(40),
			'word2vec_10_4d_labels.tsv': `word\tcount\n${lines(10, (i) => `w${i}\t${i}`)}`
		});
		expect([both.count, both.rows?.width]).toEqual([10, 4]);
		// It tells whether the only column has a name: 11 lines are of ten points here.
		const headed = await opened({ 'x_11d.bytes': floats(110), 'metadata.tsv': `word\n${labels}` });
		expect([headed.count, headed.rows?.width, headed.columns[0]!.name]).toEqual([10, 11, 'word']);
		// A name that does not fit the points is no shape.
		const other = await opened({ 'run_5x8.bytes': floats(40), 'metadata.tsv': labels });
		expect([other.count, other.rows?.width]).toEqual([10, 4]);
	});

	it('a configuration names the files; what is not there is said', async () => {
		const config = {
			embeddings: [
				{
					tensorName: 'words',
					tensorShape: [10, 4],
					tensorPath: 'https://example.org/oss_data/w_tensors.bytes?x=1',
					metadataPath: 'meta.tsv',
					bookmarksPath: 'marks.txt',
					sprite: { imagePath: 'sprite.png', singleImageDim: [8, 8] }
				},
				{ tensorName: 'others', tensorShape: [10, 4], tensorPath: 'other.bytes', metadataPath: 7 }
			]
		};
		const data = await opened({
			'w/projector_config.json': JSON.stringify(config),
			'w/w_tensors.bytes': floats(40),
			'w/other.bytes': floats(40),
			'w/meta.tsv': lines(10, (i) => 'ab'[i % 2]!)
		});
		expect([data.name, data.count, data.rows?.width, data.label]).toEqual(['words', 10, 4, 'label']);
		expect(data.notes!.join('\n')).toMatch(/“sprite.png”.* not among the files/);
		expect(data.notes!.join('\n')).toMatch(/“other.bytes”/);
	});

	it('numbers keep their 64 bits', async () => {
		const ids = lines(6, (i) => `${1700000000000 + i}\t${i % 2}`);
		const data = await opened({ 'v.tsv': tensor(6), 'metadata.tsv': `at\tclass\n${ids}` });
		expect(cellsOf(data, 'at')).toEqual(Array.from({ length: 6 }, (_, i) => 1700000000000 + i));
	});

	it('counts that fit in no way are refused', async () => {
		const job = opened({ 'v.tsv': tensor(6), 'metadata.tsv': lines(4, (i) => `w${i}`) });
		await expect(job).rejects.toBeInstanceOf(LabError);
		await expect(job).rejects.toThrow(/4 rows and the tensor 6/);
	});
});

describe('a tensor as text', () => {
	const metadata = (count: number) => ({ 'metadata.tsv': `a\tb\n${lines(count, (i) => `w${i}\t${i}`)}` });
	it('may be long', async () => {
		const count = 50_000;
		const data = await opened({ 'v.tsv': lines(count, (i) => `${i}\t${-i}`), ...metadata(count) });
		expect([data.count, data.rows?.width]).toEqual([count, 2]);
		expect([...data.rows!.values.subarray(-4)]).toEqual([count - 2, 2 - count, count - 1, 1 - count]);
		expect(data.rows!.values.every((value, i) => value === (i % 2 ? -(i - 1) : i) / 2)).toBe(true);
	});
	it('says where a line is none of it', async () => {
		const long = `${'1\t2\n'.repeat(1 << 14)}\n`;
		await expect(opened({ 'v.tsv': `${long}3\n`, 'metadata.tsv': 'x' })).rejects.toThrow(
			'line 16385 has 1 numbers and the first 2'
		);
		await expect(opened({ 'v.tsv': `${long}3\tx\n`, 'metadata.tsv': 'x' })).rejects.toThrow(
			'line 16385 holds something that is no number'
		);
	});
});
