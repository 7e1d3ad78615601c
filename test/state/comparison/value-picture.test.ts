import { expect, it } from 'vitest';
import { layoutOf, pixelsOf, placeIn, rangeOf } from '../../../src/views/panels/value-picture.ts';

const colours = ['#000000', '#ff8000'];

it('a channel of maps, a matrix, and a list in rows', () => {
	const maps = layoutOf([2, 3, 4], 1);
	expect([maps.width, maps.height, maps.at(1, 2)]).toEqual([3, 2, (3 + 2) * 4 + 1]);
	expect(placeIn(maps, 21)).toEqual({ row: 1, column: 2 });
	expect(placeIn(maps, 20)).toBeNull();
	const films = layoutOf([2, 2, 3, 4], 0);
	expect([films.width, films.height, films.at(3, 2)]).toEqual([3, 4, 44]);
	const matrix = layoutOf([5, 7], 0);
	expect([matrix.width, matrix.height, matrix.at(2, 3)]).toEqual([7, 5, 17]);
	const list = layoutOf([40], 0);
	expect([list.width, list.height, list.at(1, 7), list.at(1, 8)]).toEqual([32, 2, 39, -1]);
	expect(layoutOf([], 0).at(0, 0)).toBe(0);
});

it('colours run from the least to the largest; what is no number stays clear', () => {
	const values = [1, 3, NaN, 2, Infinity];
	const layout = layoutOf([5], 0);
	const value = (i: number) => values[i]!;
	const range = rangeOf(layout, value);
	expect(range).toEqual([1, 3]);
	const pixels = pixelsOf(layout, value, range, colours);
	expect([...pixels]).toEqual([0, 0, 0, 255, 255, 128, 0, 255, 0, 0, 0, 0, 255, 128, 0, 255, 0, 0, 0, 0]);
	expect(rangeOf(layout, () => NaN)).toEqual([0, 0]);
	expect([...pixelsOf(layoutOf([1], 0), () => 5, [5, 5], ['#000000', '#0000ff', '#ffffff'])]).toEqual([0, 0, 255, 255]);
});
