import { readFileSync } from 'node:fs';
import * as arrow from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { isAbort } from '#contracts/errors.ts';
import { openData } from '#loaders/open-data.ts';
import { refused } from '../tools/refusal.ts';

const context = { signal: new AbortController().signal, progress: () => undefined };
const caseOf = (name: string) => new Uint8Array(readFileSync(`test/cases/tables/${name}`));
const open = (path: string, bytes: Uint8Array | ArrayBuffer) =>
	openData({ name: 'set', files: [{ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }] }, context);
const column = (data: DataSet, name: string): Column => data.columns.find((one) => one.name === name)!;
function texts(data: DataSet, name: string): string[] {
	const own = column(data, name);
	if (own.kind === 'category') return Array.from(own.codes, (code) => own.categories[code] ?? '');
	if (own.kind === 'text') return [...own.values];
	return Array.from(own.values, (value) => (own.date ? new Date(value).toISOString() : String(value)));
}
const notes = (data: DataSet) => (data.notes ?? []).join('\n');
type Columns = Record<string, arrow.Column<unknown>>;
function ipc(columns: Columns, format: 'file' | 'stream' = 'file'): Uint8Array {
	return arrow.tableToIPC(arrow.tableFromColumns(columns), { format })!;
}
const floats = () => arrow.list(arrow.float32());

describe('Parquet', () => {
	it.each([
		['null-first-in-vector', 0],
		['null-in-vector', 3 * 4 + 1]
	])('%s: the missing number is filled with the mean at its index, and said', async (name, index) => {
		const data = await open(`${name}.parquet`, caseOf(`${name}.parquet`));
		expect([data.count, data.rows?.width, data.label]).toEqual([30, 4, 'label']);
		expect(data.rows!.values.every(Number.isFinite)).toBe(true);
		const others = data.rows!.values.filter((_, i) => i % 4 === index % 4 && i !== index);
		const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
		expect(data.rows!.values[index]).toBeCloseTo(mean, 5);
		expect(notes(data)).toMatch(/1 number is missing in the lists of “emb”/);
	});

	it('images: Hugging Face’s structs, with the names of their classes', async () => {
		const data = await open('images.parquet', caseOf('images-in-parquet.parquet'));
		expect([data.count, data.rows, data.label]).toEqual([12, null, 'label']);
		expect(texts(data, 'label')).toEqual(Array.from({ length: 12 }, (_, i) => ['cat', 'dog'][i % 2]));
		const heads = await Promise.all(data.images!.map(async (image) => await image.slice(1, 4).text()));
		expect(new Set(heads)).toEqual(new Set(['PNG']));
	});

	const png = Uint8Array.from(
		Buffer.from(
			'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
			'base64'
		)
	);

	it('plain binary is pictures; a row without one is left out, and said; numbers beside them are not embedded', async () => {
		const buffer = parquetWriteBuffer({
			columnData: [
				{ name: 'img', data: [png, null, png, png], type: 'BYTE_ARRAY', nullable: true },
				{ name: 'size', data: Int32Array.of(1, 2, 3, 4), type: 'INT32' },
				{ name: 'class', data: ['a', 'b', 'a', 'b'], type: 'STRING' }
			]
		});
		const data = await open('plain.parquet', buffer);
		expect([data.count, data.rows, data.images?.length, data.label]).toEqual([3, null, 3, 'class']);
		expect(texts(data, 'size')).toEqual(['1', '3', '4']);
		expect(notes(data)).toMatch(/1 of 4 rows is left out: “img” is missing there/);
	});

	it('whole numbers beyond 2^53 stay exact as text; dates are no numbers; decimals and truth are what they are', async () => {
		const ids = [9007199254740993n, 9007199254740995n, 1n, 9007199254740997n];
		const days = [0, 1, 2, 3].map((day) => new Date(Date.UTC(2024, 1, 27 + day)));
		const buffer = parquetWriteBuffer({
			columnData: [
				{ name: 'user', data: ids, type: 'INT64' },
				{ name: 'small', data: [1n, 2n, 3n, 4n], type: 'INT64' },
				{ name: 'day', data: days, type: 'TIMESTAMP' },
				{ name: 'on', data: [true, false, true, false], type: 'BOOLEAN' }
			]
		});
		const data = await open('a.parquet', buffer);
		expect(texts(data, 'user')).toEqual(ids.map(String));
		expect(texts(data, 'day')).toEqual(days.map((day) => day.toISOString()));
		expect(texts(data, 'on')).toEqual(['true', 'false', 'true', 'false']);
		expect(data.rows?.names).toEqual(['small']);
		expect(notes(data)).toMatch(/“user” holds whole numbers larger/);
		expect(notes(data)).toMatch(/“day” holds dates/);
	});

	it('broken and encrypted files are refused in a sentence of the lab’s own', async () => {
		const whole = caseOf('null-in-vector.parquet');
		for (const part of [0.25, 0.5, 0.75])
			expect((await refused(open('cut.parquet', whole.slice(0, part * whole.length)))).message).toMatch(
				/broken or cut off/
			);
		// A run of levels that is longer than its page is found before the library writes it down.
		const values = Array.from({ length: 100 }, (_, i) => i / 2);
		const column = { name: 'a', data: values, type: 'DOUBLE', nullable: true } as const;
		const forged = new Uint8Array(parquetWriteBuffer({ columnData: [column], codec: 'UNCOMPRESSED' }));
		const run = Buffer.from(forged).indexOf(Buffer.of(200, 1, 1));
		forged.set([254, 127], run);
		const { message, cause } = await refused(open('forged.parquet', forged));
		expect(message).toMatch(/broken or cut off/);
		expect(String(cause)).toMatch(/a run of 8191 values where 100 are left/);
		const secret = whole.slice();
		secret.set([...'PARE'].map((c) => c.charCodeAt(0)));
		expect((await refused(open('secret.parquet', secret))).message).toMatch(/encrypted/);
	});
});

describe('Arrow', () => {
	it('pandas’ default: Feather, packed by LZ4', async () => {
		const data = await open('lz4.feather', caseOf('lz4.feather'));
		expect([data.count, data.rows?.names, data.label]).toEqual([30, ['a', 'b'], 'label']);
	});

	it.each(['zstd', 'lz4-linked'])('what the tools %s packed is unpacked to the last number', async (name) => {
		const data = await open(`${name}.feather`, caseOf(`${name}.feather`));
		expect(data.count).toBe(30_000);
		const expected = Float32Array.from({ length: 60_000 }, (_, k) => {
			const i = k >> 1;
			return k % 2 ? Math.floor(i / 100) : (i % 100) / 4;
		});
		expect(data.rows!.values).toEqual(expected);
		expect(texts(data, 'label').slice(-4)).toEqual(['c', 'a', 'b', 'c']);
	});

	it('vectors: an empty list first, missing ones, others of another length', async () => {
		const lists = [[], [1, 2, 3], null, [4, null, 6], [7, 8], [7, 8, 9]];
		const columns = { vector: arrow.columnFromArray(lists, floats()), label: arrow.columnFromArray([...'abcabc']) };
		for (const format of ['file', 'stream'] as const) {
			const data = await open(format === 'file' ? 'a.arrow' : 'a.arrows', ipc(columns, format));
			expect(data.count).toBe(3);
			expect([...data.rows!.values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
			expect(texts(data, 'label')).toEqual(['b', 'a', 'c']);
			expect(notes(data)).toMatch(/2 of 6 rows are left out: “vector” is missing there/);
			expect(notes(data)).toMatch(/1 of 6 rows is left out: the lists in “vector” have other lengths than 3 numbers/);
			expect(notes(data)).toMatch(/1 number is missing/);
		}
	});

	it('half precision, whole numbers of 8 and 64 bits, truth: each as the numbers they are', async () => {
		const kinds: [arrow.DataType, unknown[][]][] = [
			[
				arrow.float16(),
				[
					[0.5, -2],
					[1.5, 4]
				]
			],
			[
				arrow.uint8(),
				[
					[137, 80],
					[255, 0]
				]
			],
			[
				arrow.int64(),
				[
					[5n, 6n],
					[7n, -8n]
				]
			],
			[
				arrow.bool(),
				[
					[true, false],
					[false, true]
				]
			]
		];
		for (const [type, values] of kinds)
			for (const own of [arrow.list(type), arrow.fixedSizeList(type, 2), arrow.largeList(type)]) {
				const data = await open('a.arrow', ipc({ v: arrow.columnFromArray(values, own) }));
				expect([...data.rows!.values]).toEqual(values.flat().map(Number));
			}
	});

	it('lists within lists of one shape are taken row by row; of several they are refused by name', async () => {
		const type = arrow.list(floats());
		const square = [
			[
				[1, 2],
				[3, 4]
			],
			[
				[5, 6],
				[7, 8]
			]
		];
		const data = await open('a.arrow', ipc({ m: arrow.columnFromArray(square, type) }));
		expect([data.count, data.rows?.width, [...data.rows!.values]]).toEqual([2, 4, [1, 2, 3, 4, 5, 6, 7, 8]]);
		expect(notes(data)).toMatch(/“m” holds lists within lists, 2 × 2/);
		const ragged = [
			[[1, 2], [3]],
			[[5], [7, 8]]
		];
		const { message, hint } = await refused(open('a.arrow', ipc({ m: arrow.columnFromArray(ragged, type) })));
		expect(message).toMatch(/“m”/);
		expect(hint).toMatch(/one shape/);
		const uneven = [[1], [1, 2], [1, 2, 3], [1, 2]];
		expect((await refused(open('a.arrow', ipc({ m: arrow.columnFromArray(uneven, floats()) })))).message).toMatch(
			/lists in “m” have different lengths/
		);
	});

	it('dictionaries, long texts, dates, decimals, 64 bits and structs', async () => {
		const columns: Columns = {
			kind: arrow.columnFromArray(['x', 'y', null, 'x'], arrow.dictionary(arrow.utf8())),
			note: arrow.columnFromArray(['one', 'two', 'three', 'four'], arrow.largeUtf8()),
			at: arrow.columnFromArray(
				[0, 1, 2, 3].map((k) => new Date(Date.UTC(2024, 0, 1, k))),
				arrow.timestamp(arrow.TimeUnit.MICROSECOND)
			),
			price: arrow.columnFromArray([1.25, 2.5, null, 4], arrow.decimal128(9, 2)),
			id64: arrow.columnFromArray([2n ** 60n, 2n ** 60n + 1n, null, 5n], arrow.int64()),
			place: arrow.columnFromArray(
				[{ x: 1, y: 2 }, { x: 3, y: 4 }, null, { x: 5, y: 6 }],
				arrow.struct({ x: arrow.float64(), y: arrow.float64() })
			)
		};
		const data = await open('a.arrow', ipc(columns));
		expect(texts(data, 'kind')).toEqual(['x', 'y', '', 'x']);
		expect(texts(data, 'note')).toEqual(['one', 'two', 'three', 'four']);
		expect(texts(data, 'at')[3]).toBe('2024-01-01T03:00:00.000Z');
		expect(texts(data, 'price')).toEqual(['1.25', '2.5', 'NaN', '4']);
		expect(texts(data, 'id64')).toEqual(['1152921504606846976', '1152921504606846977', '', '5']);
		expect(data.rows?.names).toEqual(['price', 'place.x', 'place.y']);
	});

	it('lists wider than rows may be are refused before all are read, by the name of the file', async () => {
		const wide = [0, 1].map(() => Array.from({ length: LIMITS.columns + 1 }, (_, k) => k));
		const arrowFile = ipc({ v: arrow.columnFromArray(wide, floats()) });
		expect((await refused(open('wide.arrow', arrowFile))).message).toMatch(/^“wide\.arrow” has rows of/);
	});

	it.each(['zstd.feather', 'long.parquet'])('a cancel is heard between pieces of %s', async (path) => {
		const column = { name: 'a', data: Float64Array.from({ length: 45_000 }, (_, i) => i), type: 'DOUBLE' } as const;
		const bytes = path.endsWith('feather')
			? caseOf(path)
			: new Uint8Array(parquetWriteBuffer({ columnData: [column] }));
		const controller = new AbortController();
		let heard = 0;
		const progress = () => {
			heard++;
			controller.abort();
		};
		const files = [{ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }];
		const job = openData({ name: 'set', files }, { signal: controller.signal, progress });
		expect([isAbort(await job.catch((reason: unknown) => reason)), heard]).toEqual([true, 1]);
	});

	it('Feather 1, cut and forged files are refused', async () => {
		expect((await refused(open('old.feather', new TextEncoder().encode('FEA1 and more FEA1')))).message).toMatch(
			/first version of Feather/
		);
		const whole = ipc({
			v: arrow.columnFromArray(
				[
					[1, 2],
					[3, 4],
					[5, 6]
				],
				floats()
			)
		});
		const stream = ipc(
			{
				v: arrow.columnFromArray(
					[
						[1, 2],
						[3, 4],
						[5, 6]
					],
					floats()
				)
			},
			'stream'
		);
		for (const part of [0.25, 0.5, 0.75]) {
			await refused(open('cut.arrow', whole.slice(0, part * whole.length)));
			await refused(open('cut.arrows', stream.slice(0, part * stream.length)));
		}
		// A length that leads back, and a list that claims a thousand million numbers.
		const back = stream.slice();
		new DataView(back.buffer).setInt32(4, -24, true);
		await refused(open('back.arrows', back));
		// A footer that names thousands of millions of batches: its fourth field is the list of them.
		const footer = whole.slice();
		const view = new DataView(footer.buffer);
		const table = (at: number) => at + view.getUint32(at, true);
		const root = table(whole.length - 10 - view.getInt32(whole.length - 10, true));
		const field = view.getUint16(root - view.getInt32(root, true) + 4 + 2 * 3, true);
		expect(field).toBeGreaterThan(0);
		view.setUint32(table(root + field), 0x7fffffff, true);
		expect(String((await refused(open('footer.arrow', footer))).cause)).toContain('A list has no end');
		const offsets = Int32Array.of(0, 2, 4, 6);
		const found = Buffer.from(whole).indexOf(Buffer.from(offsets.buffer));
		expect(found).toBeGreaterThan(0);
		const far = whole.slice();
		new DataView(far.buffer).setInt32(found + 12, 1_000_000_000, true);
		await refused(open('far.arrow', far));
	});
});
