import { safetensorsHeader } from '#maths/safetensors.ts';
import { safetensorsBytes } from '../../tools/weight-bytes.ts';
import type { Samples } from '../samples.ts';

/** As the lab itself writes them. */
function written(): Uint8Array<ArrayBuffer> {
	const tensors = [
		{ name: 'conv/kernel', shape: [3, 3, 1, 2], dtype: 'float32' as const },
		{ name: 'conv/bias', shape: [2], dtype: 'float32' as const },
		{ name: 'steps', shape: [], dtype: 'int32' as const },
		{ name: 'mask', shape: [3], dtype: 'bool' as const }
	];
	const { head } = safetensorsHeader(tensors, { format: 'tf' });
	const file = new Uint8Array(head.length + 4 * 21 + 3);
	file.set(head);
	file.set(new Uint8Array(Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)).buffer), head.length);
	file.set([7, 0, 0, 0, 1, 0, 1], head.length + 80);
	return file;
}

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (37 * i) % 120);

const samples: Samples = {
	cut: 'refused',
	files: {
		written: () => ({ 'model.safetensors': written() }),
		types: () => ({
			'types.safetensors': safetensorsBytes(
				[
					['a.weight', 'F16', [2, 3], bytes(12)],
					['a.bias', 'BF16', [2], bytes(4)],
					['b', 'F64', [2], bytes(16)],
					['c', 'I64', [2], bytes(16)],
					['d', 'U8', [4], bytes(4)],
					['e', 'F8_E4M3', [4], bytes(4)],
					['f', 'F4', [4], bytes(2)],
					['g', 'C64', [1], bytes(8)]
				],
				{ note: '<b>bold</b>' }
			)
		}),
		set: () => ({
			'm-00001-of-00002.safetensors': safetensorsBytes([['x.weight', 'F32', [2, 2], bytes(16)]]),
			'm-00002-of-00002.safetensors': safetensorsBytes([['y.weight', 'F32', [2], bytes(8)]]),
			'm.safetensors.index.json': JSON.stringify({
				metadata: { total_size: 24 },
				weight_map: { 'x.weight': 'm-00001-of-00002.safetensors', 'y.weight': 'm-00002-of-00002.safetensors' }
			})
		})
	}
};

export default samples;
