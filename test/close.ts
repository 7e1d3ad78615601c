import { expect } from 'vitest';

export interface Values {
	shape?: readonly number[];
	dtype?: string;
	data: ArrayLike<number>;
}

const worded = (x: Values) => `${x.dtype ?? 'numbers'} ${x.shape ? `[${x.shape.join(', ')}]` : x.data.length}`;

/**
 * THE comparison of the tests: shape and dtype first (where both sides state them), then |a - e| <= atol + rtol |e| for
 * each element. A NaN fails unless both are NaN; an infinity must be the same one. The message names the worst element.
 */
export function expectClose(actual: Values, expected: Values, { rtol = 1e-5, atol = 1e-7 } = {}): void {
	if (actual.shape && expected.shape) expect(actual.shape, 'shape').toEqual(expected.shape);
	if (actual.dtype && expected.dtype) expect(actual.dtype, 'dtype').toBe(expected.dtype);
	expect(actual.data.length, 'number of elements').toBe(expected.data.length);
	let worst = -1;
	let excess = 0;
	for (let i = 0; i < expected.data.length; i++) {
		const a = actual.data[i] as number;
		const e = expected.data[i] as number;
		if (Object.is(a, e) || a === e) continue;
		const error = Math.abs(a - e);
		const over = Number.isFinite(error) ? error - (atol + rtol * Math.abs(e)) : Infinity;
		if (over > excess) [worst, excess] = [i, over];
	}
	if (worst >= 0)
		expect.fail(
			`${worded(actual)} differs from ${worded(expected)}: worst at ${worst}: ` +
				`${actual.data[worst]} instead of ${expected.data[worst]} (rtol ${rtol}, atol ${atol})`
		);
}
