import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import type { Samples } from '../samples.ts';

const kinds = ['a', 'b', 'a', 'c', 'b', 'a'];
const table = () =>
	tableFromArrays({
		vector: kinds.map((_, i) => [i, 2 * i, -i / 3]),
		label: kinds,
		weight: Float32Array.of(1, 2, 3, 4, 5, 6),
		count: [1, 2, null, 4, 5, 6],
		known: [true, false, true, true, null, false]
	});

const samples: Samples = {
	cut: 'refused',
	files: {
		file: () => ({ 'set.arrow': tableToIPC(table(), { format: 'file' }) as Uint8Array<ArrayBuffer> }),
		stream: () => ({ 'set.arrows': tableToIPC(table(), { format: 'stream' }) as Uint8Array<ArrayBuffer> })
	}
};

export default samples;
