import { expect, it } from 'vitest';
import { listedClasses } from '#views/panels/listed-classes.ts';

const name = (unit: number) => (unit % 3 ? `Class ${unit}` : `Hound ${unit}`);
const order = Int32Array.from({ length: 300 }, (_, i) => 299 - i);

it('lists the best five, or all', () => {
	expect(listedClasses(order, name, '', false)).toEqual([299, 298, 297, 296, 295]);
	expect(listedClasses(order, name, ' ', true)).toHaveLength(300);
	expect(listedClasses([2, 1, 0], name, '', false)).toEqual([2, 1, 0]);
});

it('finds classes by a part of their names, the best first, sixty at most', () => {
	const found = listedClasses(order, name, ' hOUNd ', false);
	expect(found).toHaveLength(60);
	expect(found.slice(0, 3)).toEqual([297, 294, 291]);
	expect(listedClasses(order, name, 'hound 12', true)).toEqual([129, 126, 123, 120, 12]);
	expect(listedClasses(order, name, 'cat', true)).toEqual([]);
	// Of few there is nothing to search.
	expect(listedClasses(order.subarray(280), name, 'hound', false)).toEqual([19, 18, 17, 16, 15]);
	expect(listedClasses(order.subarray(279), name, 'hound', false)).toEqual([18, 15, 12, 9, 6, 3, 0]);
});
