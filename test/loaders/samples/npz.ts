import { zipSync } from 'fflate';
import { npyHeader } from '#maths/npy.ts';
import { joined } from '../../tools/bytes.ts';
import type { Samples } from '../samples.ts';

const array = (shape: readonly number[]) =>
	joined(
		npyHeader(shape, 'float32'),
		new Uint8Array(Float32Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => Math.cos(i)).buffer)
	);

const samples: Samples = {
	cut: 'refused',
	files: {
		layers: () => ({
			'net.npz': zipSync(
				{
					'conv/kernel.npy': array([3, 3, 1, 2]),
					'conv/bias.npy': array([2]),
					'norm/gamma.npy': array([2]),
					'norm/moving_mean.npy': array([2])
				},
				{ level: 0 }
			) as Uint8Array<ArrayBuffer>
		}),
		byHand: () => ({
			'mlp.npz': zipSync({ 'W1.npy': array([4, 3]), 'b1.npy': array([3]) }) as Uint8Array<ArrayBuffer>
		})
	}
};

export default samples;
