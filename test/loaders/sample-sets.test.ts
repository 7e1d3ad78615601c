import { describe, expect, it } from 'vitest';
import { sampleMakers } from '#loaders/sample-registry.ts';
import { bmp } from '#maths/bmp.ts';
import { drawnDigits, SIDE } from '#maths/drawn-digits.ts';
import { cellsOf } from '../tools/data.ts';

const made = (id: string) => {
	const data = sampleMakers.get(id)!.make(3);
	const row = (i: number) => data.rows!.values.subarray(i * data.rows!.width, (i + 1) * data.rows!.width);
	return { data, row, valuesOf: (name: string) => cellsOf(data, name) as number[] };
};
/** How far rows lie from where they should, in the mean square over all coordinates. */
const noise = (count: number, width: number, off: (i: number, k: number) => number) => {
	let sum = 0;
	for (let i = 0; i < count; i++) for (let k = 0; k < width; k++) sum += off(i, k) ** 2;
	return Math.sqrt(sum / (count * width));
};

/** Sums over all numbers of a set of seed 3, each weighted by its index: of the rows, and of each column. */
const SETS: Readonly<Record<string, string>> = {
	digits: '4.002 5.024 -10.467 0.075',
	mixture: '93.716 1.281 1.097',
	'swiss-roll': '-33.392 -178.056 -55.812 -103.166',
	rings: '37.344 -0.591 -65.688'
};

describe('the sets that the lab makes', () => {
	it('digits: grey shares of one row each, the same as their pictures, with their hands', async () => {
		const { data, row, valuesOf } = made('digits');
		const drawn = drawnDigits(2000, 3);
		expect([data.count, data.rows!.width, data.rows!.values.length]).toEqual([2000, SIDE * SIDE, 2000 * SIDE * SIDE]);
		for (const i of [0, 1, 777, 1999]) {
			const { pixels, digit, hand } = drawn[i]!;
			expect(row(i)).toEqual(Float32Array.from(pixels, (v) => v / 255));
			expect(new Uint8Array(await data.images![i]!.arrayBuffer())).toEqual(bmp(pixels, SIDE, SIDE, 1));
			expect(cellsOf(data, 'digit')[i]).toBe(String(digit));
			expect([valuesOf('slant')[i], valuesOf('width of the pen')[i]]).toEqual(
				[hand.slant, hand.width].map(Math.fround)
			);
		}
	});

	it('a roll: t cos t and t sin t, from one and a half turns to four and a half halves, 21 wide', () => {
		const { data, row, valuesOf } = made('swiss-roll');
		const [t, y] = [valuesOf('place along the roll'), valuesOf('place across the roll')];
		const noiseless = (i: number) => [t[i]! * Math.cos(t[i]!), y[i]!, t[i]! * Math.sin(t[i]!)];
		expect(noise(data.count, 3, (i, k) => row(i)[k]! - noiseless(i)[k]!)).toBeCloseTo(0.25, 1);
		const ends = (all: number[]) => [Math.min(...all), Math.max(...all)];
		expect(ends(t).map((v) => v / Math.PI)).toEqual([expect.closeTo(1.5, 1), expect.closeTo(4.5, 1)]);
		expect(ends(y)).toEqual([expect.closeTo(0, 1), expect.closeTo(21, 1)]);
		const sixth = cellsOf(data, 'part of the roll');
		t.forEach((v, i) => expect(sixth[i]).toBe(`part ${Math.ceil((v - 1.5 * Math.PI) / (Math.PI / 2))}`));
	});

	it('rings: of radius one, each through the middle of the other', () => {
		const { data, row, valuesOf } = made('rings');
		const angle = valuesOf('angle');
		const second = cellsOf(data, 'ring').map((ring) => ring === 'second ring');
		const noiseless = (i: number) => {
			const [c, s] = [Math.cos(angle[i]!), Math.sin(angle[i]!)];
			return second[i] ? [1 + c, 0, s] : [c, s, 0];
		};
		expect(noise(data.count, 3, (i, k) => row(i)[k]! - noiseless(i)[k]!)).toBeCloseTo(0.05, 2);
		expect(second.filter(Boolean)).toHaveLength(data.count / 2);
		expect([Math.min(...angle), Math.max(...angle)]).toEqual([expect.closeTo(0, 1), expect.closeTo(2 * Math.PI, 1)]);
	});

	it('clouds: each as wide as is said, in twelve directions, with a little noise in all', () => {
		const { row, valuesOf } = made('mixture');
		const spreads = valuesOf('spread of its cloud');
		for (let group = 0; group < 10; group++) {
			const own = Array.from({ length: 300 }, (_, n) => 10 * n + group);
			const mean = Array.from({ length: 64 }, (_, k) => own.reduce((sum, i) => sum + row(i)[k]!, 0) / own.length);
			// Twelve normals of that spread along lines of length one or so, and 64 of 0.05.
			const square =
				own.reduce((sum, i) => sum + mean.reduce((all, m, k) => all + (row(i)[k]! - m) ** 2, 0), 0) / own.length;
			const expected = 12 * spreads[group]! ** 2 + 64 * 0.05 ** 2;
			expect(square / expected).toBeGreaterThan(0.75);
			expect(square / expected).toBeLessThan(1.35);
			expect(spreads[group]).toBeGreaterThan(0.7);
			expect(spreads[group]).toBeLessThan(1.4);
		}
	});
});

/** Links name a set by its id and seed: the same set must come of them from one version of the lab to the next. */
it.each([...sampleMakers.keys()])('%s is the same set for the same seed, another for another', (id) => {
	const sums = (seed: number) => {
		const { rows, columns } = sampleMakers.get(id)!.make(seed);
		const sum = (values: ArrayLike<number>) =>
			Math.round(1000 * Array.from(values).reduce((all, value, i) => all + value * Math.cos(i), 0)) / 1000;
		const columnSums = columns.map((column) => sum(column.kind === 'category' ? column.codes : (column as { values: Float32Array }).values)); // prettier-ignore
		return [sum(rows!.values), ...columnSums].join(' ');
	};
	expect(sums(3)).toBe(SETS[id]);
	expect(sums(4)).not.toBe(SETS[id]);
});
