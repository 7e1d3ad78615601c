import { it } from 'vitest';
import type { Field } from '#contracts/field.ts';
import { startEngine } from '#engine/device.ts';
import { toField } from '#engine/field.ts';
import * as tf from '#engine/tf.ts';
import { median, ms, row } from '../measure.ts';

it('fields on their way', async () => {
	await startEngine('webgpu');
	const close = ({ payload }: Field) => payload.kind === 'bits' && payload.bitmap.close();
	for (const side of [32, 256]) {
		const tensor = tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, 'float32', 1);
		const time = (kind: 'array' | 'bits') =>
			median(7, async () => {
				// A fresh tensor each time: what is read once stays on the processor.
				const fresh = tf.mul(tensor, 1.0001) as tf.Tensor2D;
				close((await toField('bench', fresh, kind)).field);
				fresh.dispose();
			});
		const [array, bits] = [await time('array'), await time('bits')];
		row(
			`field of ${side} × ${side} from GPU to GPU, statistics included`,
			ms(bits),
			`transferred readback ${ms(array)}`,
			bits / array
		);
		tensor.dispose();
	}
});
