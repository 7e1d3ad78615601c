import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { selfTestBits, toField } from '#engine/field.ts';
import { readBits } from '#engine/field-bits.ts';
import { seededNormal } from '#engine/noise.ts';
import * as tf from '#engine/tf.ts';
import { fieldStats } from '#maths/statistics.ts';
import { hashNormal } from '#maths/hash-normal.ts';
import { expectClose } from '../close.ts';

const SIZES = [
	[1, 1],
	[3, 5],
	[28, 28],
	[64, 64],
	[65, 7],
	[200, 300],
	[9000, 3]
] as const;

/** Signs, zeros, small, large; the special ones in the first cells. */
function pattern(size: number): Float32Array {
	const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7) * 10 ** ((i % 40) - 20));
	[NaN, Infinity, -Infinity, -0, 3.4028235e38, -1e-30].forEach((value, i) => {
		if (i < size - 1) values[i + 1] = value;
	});
	return values;
}

describe('fields from WebGPU', () => {
	beforeAll(async () => {
		await startEngine('webgpu');
		tf.env().set('WEBGPU_CPU_FORWARD', false);
	}, 60_000);

	it('finds that images carry bits here', async () => {
		expect(await selfTestBits()).toBe(true);
	});

	it.each(SIZES)('%i x %i arrive to the bit, by either way', async (height, width) => {
		const values = pattern(height * width);
		const tensor = tf.tensor2d(values, [height, width]);
		const before = tf.memory().numTensors;
		const array = (await toField('a', tensor, 'array')).field;
		expect(array.payload.kind === 'array' && array.payload.values).toEqual(values);

		const bits = (await toField('b', tensor, 'bits')).field;
		if (bits.payload.kind !== 'bits') throw new Error('no bits');
		const { bitmap } = bits.payload;
		const bytes = readBits(bitmap) as Uint8Array;
		const stride = bitmap.width;
		const expected = new Uint32Array(values.buffer);
		const seen = new Uint32Array(bytes.buffer);
		for (let row = 0; row < height; row++) {
			// What no canvas has room for stands to the right.
			const at = (row % bitmap.height) * stride + Math.floor(row / bitmap.height) * width;
			if (row % 997 && height > 1000) continue;
			expect(Array.from(seen.subarray(at, at + width))).toEqual(
				Array.from(expected.subarray(row * width, (row + 1) * width))
			);
		}
		bitmap.close();
		expect(tf.memory().numTensors).toBe(before);
		tensor.dispose();
	});

	it('has the same statistics on the GPU', async () => {
		const values = Float32Array.from({ length: 60 * 50 }, (_, i) => Math.sin(i * 0.7) * (i % 17));
		values[7] = NaN;
		const tensor = tf.tensor2d(values, [60, 50]);
		const { field } = await toField('s', tensor, 'bits');
		const expected = fieldStats(values);
		const { stats } = field;
		expect(stats.invalid).toBe(1);
		expectClose(
			{ data: [stats.min, stats.max, stats.sum, stats.magnitude] },
			{ data: [expected.min, expected.max, expected.sum, expected.magnitude] },
			{ rtol: 1e-4, atol: 1e-2 }
		);
		expectClose({ data: stats.tail }, { data: expected.tail }, { rtol: 2e-3 });
		tensor.dispose();
	});

	it('makes the same noise as the processor, in chunks of any size', async () => {
		const whole = seededNormal([4, 3, 5], 42, 10);
		const part = seededNormal([2, 3, 5], 42, 12);
		const values = await whole.data();
		expect(Array.from(await part.data())).toEqual(Array.from(values.slice(30)));
		const expected = Array.from({ length: 60 }, (_, i) => hashNormal(42, 10 + Math.floor(i / 15), i % 15));
		expectClose({ data: values }, { data: expected }, { rtol: 2e-3, atol: 2e-3 });
		tf.dispose([whole, part]);
	});
});
