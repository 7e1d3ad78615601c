import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { cellsOf, opened } from '../tools/data.ts';

it('columns of JSON in Parquet are words as they were written', async () => {
	const file = parquetWriteBuffer({
		columnData: [
			{ name: 'x', data: [0.5, 1.5, 2.5], type: 'DOUBLE' },
			{ name: 'said', data: [{ a: 'grün' }, null, [1, 2]], type: 'JSON', nullable: true }
		]
	});
	const data = await opened({ 'a.parquet': new Uint8Array(file) });
	expect(cellsOf(data, 'said')).toEqual(['{"a":"grün"}', null, '[1,2]']);
	expect(cellsOf(data, 'x')).toEqual([0.5, 1.5, 2.5]);
});
