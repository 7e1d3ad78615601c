import { MAX_TEXTURE_ROWS, type Field, type FieldPayload } from '#contracts/field.ts';
import { fieldStats } from '#maths/statistics.ts';
import { bitsBitmap, readBits } from '#engine/field-bits.ts';
import { gpuStats } from '#engine/field-stats.ts';
import * as tf from '#engine/tf.ts';

/**
 * A tensor on its way to the draw worker: the one way between tfjs and regl. Both ways are exact (test/gpu/field.test.ts).
 * @param tensor [height, width], float32; stays the caller's
 * @param transfer `array`: one asynchronous readback, transferred. `bits`: the raw floats go from GPU to GPU as the bytes
 * of an image, and only the statistics are read back
 */
export async function toField(
	key: string,
	tensor: tf.Tensor2D,
	transfer: 'array' | 'bits'
): Promise<{ field: Field; transfer: Transferable[] }> {
	const [height, width] = tensor.shape;
	const { payload, transfer: parts } = await toPayload(tensor, transfer);
	const stats = payload.kind === 'array' ? fieldStats(payload.values) : await gpuStats(tensor);
	return { field: { key, width, height, stats, payload }, transfer: parts };
}

/** The numbers alone, without their statistics. */
export async function toPayload(
	tensor: tf.Tensor2D,
	transfer: 'array' | 'bits'
): Promise<{ payload: FieldPayload; transfer: Transferable[] }> {
	if (transfer === 'bits') {
		const rows = tf.tidy(() => beside(tensor));
		const bitmap = bitsBitmap(rows);
		if (rows !== tensor) rows.dispose();
		return { payload: { kind: 'bits', bitmap }, transfer: [bitmap] };
	}
	// A copy of its own: tfjs may keep the array that data() gives.
	const values = Float32Array.from(await tensor.data());
	return { payload: { kind: 'array', values }, transfer: [values.buffer] };
}

/** Rows that no canvas has room for one below the other, side by side. */
function beside(tensor: tf.Tensor2D): tf.Tensor2D {
	const [height, width] = tensor.shape;
	if (height <= MAX_TEXTURE_ROWS) return tensor;
	const columns = Math.ceil(height / MAX_TEXTURE_ROWS);
	const filled = tf.pad(tensor, [
		[0, columns * MAX_TEXTURE_ROWS - height],
		[0, 0]
	]);
	const apart = tf.transpose(tf.reshape(filled, [columns, MAX_TEXTURE_ROWS, width]), [1, 0, 2]);
	return tf.reshape(apart, [MAX_TEXTURE_ROWS, columns * width]);
}

/** Numbers that find every way in which a browser may touch the bytes: alpha 0, NaN, infinity, signs, small and large. */
const PATTERN = [
	0,
	-0,
	1,
	-1,
	0.5,
	1e-30,
	-1e30,
	3.4028235e38,
	Math.PI,
	Infinity,
	-Infinity,
	NaN,
	255,
	256,
	1 / 3,
	-7.25
];

/**
 * Chromium 143 and 147 end the whole page when WebGL reads an image of a WebGPU canvas (seen on SwiftShader; 150, 153 and
 * 156 do not), which no self-test survives. To be deleted when nobody has them any more.
 */
const endsThePage = (userAgent: string) => Number(/Chrome\/(\d+)/.exec(userAgent)?.[1] ?? Infinity) < 150;

/** Whether this browser hands images over to the bit: tried once with a small pattern, before `bits` is used. */
export async function selfTestBits(): Promise<boolean> {
	if (endsThePage(navigator.userAgent)) return false;
	const values = Float32Array.from({ length: 64 * 4 }, (_, i) => (PATTERN[i % 16] as number) * (i < 128 ? 1 : 1 + i));
	const tensor = tf.tensor2d(values, [4, 64]);
	try {
		const bitmap = bitsBitmap(tensor);
		const seen = readBits(bitmap);
		bitmap.close();
		const expected = new Uint8Array(values.buffer);
		return seen !== null && expected.every((byte, i) => byte === seen[i]);
	} catch {
		return false;
	} finally {
		tensor.dispose();
	}
}
