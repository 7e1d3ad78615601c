import { describe, expect, it } from 'vitest';
import { arrayFor } from '#loaders/input-array.ts';
import { npyHeader } from '#maths/npy.ts';

/** [2, 3, 4]: every number its own index. */
const values = Float32Array.from({ length: 24 }, (_, i) => i);
const file = (shape: number[], data: Float32Array = values) =>
	new Blob([npyHeader(shape, 'float32'), data as Float32Array<ArrayBuffer>]);
/** [a, b, c] -> [b, c, a], written out. */
const channelsLast = Array.from({ length: 24 }, (_, i) => {
	const [row, column, channel] = [Math.floor(i / 8), Math.floor(i / 2) % 4, i % 2];
	return 12 * channel + 4 * row + column;
});

describe('an array for an input', () => {
	it.each([
		['as it is', [2, 3, 4], [null, 2, 3, 4], Array.from(values), [2, 3, 4]],
		['with a batch of one', [1, 2, 3, 4], [null, 2, 3, 4], Array.from(values), [2, 3, 4]],
		['channels first, where they are wanted last', [2, 3, 4], [null, 3, 4, 2], channelsLast, [3, 4, 2]],
		['flat', [24], [null, 2, 3, 4], Array.from(values), [2, 3, 4]],
		['of an open size', [2, 3, 4], [null, null, null, 4], Array.from(values), [2, 3, 4]]
	])('is taken %s', async (_, given, requested, expected, shape) => {
		const found = await arrayFor(file(given), requested);
		expect(Array.from(found.values)).toEqual(expected);
		expect(found.shape).toEqual(shape);
	});

	it.each([
		['rows of it, each turned where it must be', [2, 2, 3, 4], [null, 3, 4, 2], [3, 4, 2], 2],
		['a batch of rows', [2, 12], [null, 12], [12], 2],
		['with an axis of one less', [2, 12], [null, 2, 12, 1], [2, 12, 1], 1],
		['with an axis of one more', [24, 1], [null, 24], [24], 1]
	])('is taken as %s', async (_, given, requested, shape, rows) => {
		const count = given.reduce((a, b) => a * b, 1);
		const data = Float32Array.from({ length: count }, (_, i) => i % 24);
		const found = await arrayFor(file(given, data), requested);
		expect(found).toMatchObject({ shape, rows });
		expect(found.values.length).toBe(count);
		if (given.length < 4) expect(found.values).toEqual(data);
		else
			for (const row of [0, 1])
				expect(Array.from(found.values.subarray(24 * row, 24 * row + 24))).toEqual(channelsLast);
	});

	it('comes back from channels last to channels first', async () => {
		const there = await arrayFor(file([2, 3, 4]), [null, 3, 4, 2]);
		const back = await arrayFor(file(there.shape, there.values), [null, 2, 3, 4]);
		expect(back.values).toEqual(values);
	});

	it.each([
		['of another shape', file([2, 3, 4]), /holds \[2, 3, 4\] numbers; the input takes \[2, 3, 5\]/],
		['of four sizes', file([2, 1, 3, 4]), /holds \[2, 1, 3, 4\] numbers; the input takes \[2, 3, 5\]/],
		['of two sizes', file([6, 4]), /holds \[6, 4\] numbers/],
		['that is none', new Blob(['hello, I am no array at all']), /is no \.npy file: it does not begin/],
		['that is cut short', file([2, 3, 4]).slice(0, 150), /cut short/],
		['that is empty', new Blob([]), /is no \.npy file/]
	])('%s is refused in one sentence', async (_, blob, message) => {
		const error = await arrayFor(blob, [null, 2, 3, 5]).catch((reason: unknown) => reason);
		expect((error as Error).name).toBe('LabError');
		expect((error as Error).message).toMatch(message);
	});
});
