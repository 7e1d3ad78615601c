import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Samples } from '../samples.ts';
import { PNG } from './images.ts';

const kinds = ['a', 'b', 'a', 'c', 'b', 'a'];

const samples: Samples = {
	cut: 'refused',
	files: {
		table: () => ({
			'set.parquet': new Uint8Array(
				parquetWriteBuffer({
					columnData: [
						{ name: 'size', data: Float64Array.of(1, 2, 3, 4, 5, 6), type: 'DOUBLE' },
						{ name: 'label', data: kinds, type: 'STRING' },
						{ name: 'count', data: [1n, 2n, 3n, 4n, 5n, 6n], type: 'INT64' },
						{ name: 'known', data: [true, false, true, true, false, false], type: 'BOOLEAN' }
					]
				})
			)
		}),
		pictures: () => ({
			'set.parquet': new Uint8Array(
				parquetWriteBuffer({
					columnData: [
						{ name: 'image', data: kinds.map(() => PNG), type: 'BYTE_ARRAY' },
						{ name: 'label', data: kinds, type: 'STRING' }
					]
				})
			)
		})
	}
};

export default samples;
