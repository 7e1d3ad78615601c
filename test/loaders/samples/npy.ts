import { zipSync } from 'fflate';
import { npyHeader } from '#maths/npy.ts';
import type { Samples } from '../samples.ts';

function npy(shape: readonly number[], type: 'float32' | 'int32' = 'float32'): Uint8Array<ArrayBuffer> {
	const size = shape.reduce((n, m) => n * m, 1);
	const values = Float32Array.from({ length: size }, (_, i) => (type === 'int32' ? i % 3 : Math.sin(i)));
	const stored = type === 'int32' ? Int32Array.from(values) : values;
	const head = npyHeader(shape, 'float32');
	const text = type === 'int32' ? new TextEncoder().encode(new TextDecoder('latin1').decode(head.slice(10)).replace('<f4', '<i4')) : head.slice(10); // prettier-ignore
	const file = new Uint8Array(10 + text.length + 4 * size);
	file.set(head.subarray(0, 10));
	file.set(text, 10);
	file.set(new Uint8Array(stored.buffer), 10 + text.length);
	return file;
}

const samples: Samples = {
	cut: 'refused',
	files: {
		matrix: () => ({ 'x.npy': npy([8, 5]) }),
		pictures: () => ({ 'x.npy': npy([3, 6, 6, 3]) }),
		archive: () => ({
			'set.npz': zipSync({ 'x.npy': npy([9, 4]), 'y.npy': npy([9], 'int32') }, { level: 0 }) as Uint8Array<ArrayBuffer>
		})
	}
};

export default samples;
