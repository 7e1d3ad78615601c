import { describe, expect, it } from 'vitest';
import { dataset } from '#maths/playground/data.ts';
import { markText, panned, positionOf, pointAt, ticks, WHOLE, zoomed } from '#maths/playground/plane-view.ts';
import {
	labelled,
	leftOutWords,
	likelyColumns,
	likelyKind,
	likelyLabel,
	MAX_TABLE_CLASSES,
	tablePoints,
	type Table
} from '#maths/playground/table.ts';
import { tableOf } from '../../tools/table.ts';

const near = (value: number): number => expect.closeTo(value, 9) as number;

const table = tableOf;

describe('a table from outside', () => {
	const text = 'a,b,label\n1,10,x\n2,20,y\n3,30,x\n4,40,x\n5,,x';
	it('is told its label: the last column of few values, not one in which every row differs', () => {
		const rows = Array.from({ length: 40 }, (_, i) => `${i},${(7 * i) % 40},${i % 3 ? 'rye' : 'oat'},always,note ${i}`);
		const read = table(['a,b,bread,same,remark', ...rows].join('\n'));
		expect(likelyLabel(read, [2, 3, 4])).toBe(2);
		expect(likelyLabel(read, [3, 4])).toBe(4);
		expect(likelyLabel(read, [])).toBeUndefined();
	});

	it('becomes points whose own numbers can be told again', () => {
		const read = table(text);
		const found = tablePoints(read, [0, 1, 2], 'classes');
		if (typeof found === 'string') throw new Error(found);
		expect(found.labels).toEqual(['x', 'y']);
		expect([...found.points.y]).toEqual([0, 1, 0, 0]);
		expect(found.left).toEqual({ incomplete: 1, rare: 0 });
		expect(leftOutWords(found.left)).toEqual(['1 row left out: a number or the label is missing']);
		const [{ scale, shift }] = found.scalings;
		expect([...found.points.x1].map((v) => v * scale + shift)).toEqual([1, 2, 3, 4].map(near));
		expect([...found.points.x2].every((v) => Math.abs(v) <= 5 + 1e-9)).toBe(true);
	});

	it('of a label of many numbers is learnt as values, none left out, whose own numbers can be told again', () => {
		const prices = Array.from({ length: 300 }, (_, i) => 100 + 3.5 * i + (i % 7));
		const rows = prices.map((price, i) => `${i % 40},${(7 * i) % 31},${i === 5 ? '' : price}`);
		const read = table(['area,rooms,price', ...rows].join('\n'));
		expect(likelyColumns(read)).toEqual([0, 1, 2]);
		expect([likelyKind(read, 2), likelyKind(table('a,b,c\n1,2,1\n2,3,2\n3,4,1\n4,5,2'), 2)]).toEqual([
			'values',
			'classes'
		]);
		const found = tablePoints(read, [0, 1, 2], 'values');
		if (typeof found === 'string') throw new Error(found);
		expect([found.points.classes, found.points.y.length, found.left]).toEqual([0, 299, { incomplete: 1, rare: 0 }]);
		expect([Math.min(...found.points.y), Math.max(...found.points.y)]).toEqual([near(-1), near(1)]);
		const { name, scale, shift } = found.points.value!;
		const own = prices.filter((_, i) => i !== 5);
		expect([name, ...Array.from(found.points.y, (y) => y * scale + shift)]).toEqual(['price', ...own.map(near)]);
		// What is chosen is done: as classes, most rows have a price that few others have.
		const classes = tablePoints(read, [0, 1, 2], 'classes');
		expect(typeof classes === 'string' ? 0 : classes.points.classes).toBe(MAX_TABLE_CLASSES);
		expect(labelled(table(`a,b,c\n${'1,2,3\n'.repeat(5)}`), [0, 1], 2, 'values')).toMatch(/two different values/);
		// The points of a specification know it too.
		const spec = { kind: 'points', size: 100, noise: 0, trainShare: 0.5, seed: 1, points: found.points } as const;
		expect(dataset(spec).test.value).toEqual(found.points.value);
	});

	it('of two columns has none left for a label', () => {
		expect(likelyColumns(table('a,b\n1,2\n3,4\n5,6\n7,8'))).toMatch(/needs three columns/);
		expect(likelyColumns(table('a,b,c\n1,x,y\n3,x,y\n5,x,y\n7,x,y'))).toMatch(/two columns of numbers/);
		expect(likelyColumns(table('kind,a,b\nx,1,2\ny,3,4\nx,5,6\ny,7,8'))).toEqual([1, 2, 0]);
	});

	it('is refused in words, or bounded', () => {
		expect(likelyColumns(table('a,b,c\n1,2,x\n3,4,y'))).toMatch(/at least 4 rows/);
		const many: Table = {
			columns: ['a', 'b', 'c'],
			rows: Array.from({ length: 40 }, (_, i) => [String(i), '1e308', `k${i % 20}`]),
			numeric: [0, 1]
		};
		const found = tablePoints(many, [0, 1, 2], 'classes');
		expect(typeof found === 'string' ? 0 : found.labels.length).toBe(MAX_TABLE_CLASSES);
		expect(typeof found === 'string' ? [] : leftOutWords(found.left)).toEqual([
			'24 rows left out: not of the 8 most frequent classes'
		]);
		// The most frequent ones, wherever they begin.
		const kinds = Array.from({ length: 60 }, (_, i) => (i < 8 ? `rare ${i}` : `often ${i % MAX_TABLE_CLASSES}`));
		const often = tablePoints(
			{ ...many, rows: kinds.map((kind, i) => [String(i), String((7 * i) % 60), kind]) },
			[0, 1, 2],
			'classes'
		);
		expect(typeof often === 'string' ? often : often.labels.every((label) => label.startsWith('often'))).toBe(true);
		const wide = tablePoints(
			{ ...many, rows: many.rows.map(([a, , c], i) => [a!, i % 2 ? '1e308' : '-1e308', c!]) },
			[0, 1, 2],
			'classes'
		);
		if (typeof wide === 'string') throw new Error(wide);
		expect([...wide.points.x2].every(Number.isFinite)).toBe(true);
	});
});

describe('the window on the plane', () => {
	it('keeps what is under the cursor, and goes back and forth', () => {
		const close = zoomed(WHOLE, 8, 0.25, 0.75);
		expect(pointAt(close, 0.25, 0.75)).toEqual(pointAt(WHOLE, 0.25, 0.75).map(near));
		expect(close.x1[1] - close.x1[0]).toBeCloseTo(12 / 8);
		expect(positionOf(close, ...pointAt(close, 0.3, 0.6))).toEqual([expect.closeTo(0.3), expect.closeTo(0.6)]);
		expect(pointAt(panned(WHOLE, 0.1, 0.2), 0.6, 0.7)).toEqual([expect.closeTo(0), expect.closeTo(0)]);
		let far = WHOLE;
		for (let i = 0; i < 200; i++) far = zoomed(far, 4, 0.5, 0.5);
		expect(far.x1[1] - far.x1[0]).toBeGreaterThan(1e-10);
	});

	it('has marks that can be told apart, in few digits', () => {
		const texts = (ends: readonly [number, number]) => {
			const all = ticks(ends).map((value) => ({ value }));
			return all.map(({ value }) => markText(value, all));
		};
		expect(texts([-6, 6])).toEqual(['−6', '−4', '−2', '0', '2', '4', '6']);
		expect(texts([0.1, 0.4])).toEqual(['0.1', '0.2', '0.3', '0.4']);
		expect(texts([-1e-14, 2e-14]).slice(0, 3)).toEqual(['−1.0e−14', '−5e−15', '0']);
		expect(texts([3, 3 + 5e-14])[1]).toMatch(/^3\.00000000000001/);
		expect(texts([0, 6e12])[1]).toBe('1e+12');
		expect(texts([1000, 150_000])[0]).toBe('50000');
	});

	it('has round marks', () => {
		expect(ticks([-6, 6])).toEqual([-6, -4, -2, 0, 2, 4, 6].map(near));
		expect(ticks([0.1, 0.13], 4).map((v) => v.toFixed(2))).toEqual(['0.10', '0.11', '0.12', '0.13']);
	});
});
