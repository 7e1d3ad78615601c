import { expect, it } from 'vitest';
import { stream } from '#maths/random.ts';
import { separation } from '#maths/separation.ts';

const random = stream(9, 'data');
const [count, width] = [400, 6];
const values = Float32Array.from({ length: count * width }, (_, k) => {
	const [i, c] = [Math.floor(k / width), k % width];
	return random.normal() * (c + 1) + (c === 3 && i % 2 ? 12 : 0) - (c === 1 && i % 2 ? 1 : 0);
});
const rows = (odd: number) => Int32Array.from({ length: count / 2 }, (_, i) => 2 * i + odd);

it('finds the columns that differ, by Cohen’s d as it is defined', () => {
	const found = separation(values, width, rows(1), rows(0), 4);
	expect(found.slice(0, 2).map(({ column }) => column)).toEqual([3, 1]);
	const column = (c: number, odd: number) => Array.from(rows(odd), (i) => values[i * width + c]!);
	for (const { column: c, a, b, effect } of found) {
		const [x, y] = [column(c, 1), column(c, 0)];
		const mean = (v: number[]) => v.reduce((sum, n) => sum + n, 0) / v.length;
		const variance = (v: number[]) => v.reduce((sum, n) => sum + (n - mean(v)) ** 2, 0) / (v.length - 1);
		expect(a).toBeCloseTo(mean(x), 8);
		expect(b).toBeCloseTo(mean(y), 8);
		expect(effect).toBeCloseTo((mean(x) - mean(y)) / Math.sqrt((variance(x) + variance(y)) / 2), 8);
	}
	expect(found[0]!.effect).toBeGreaterThan(2);
	expect(found[1]!.effect).toBeLessThan(0);
});

it('groups of one row, or without spread, are no trouble', () => {
	expect(separation(Float32Array.of(1, 5, 1, 7), 2, Int32Array.of(0), Int32Array.of(1), 9)).toEqual([
		{ column: 1, a: 5, b: 7, effect: -Infinity }
	]);
});
