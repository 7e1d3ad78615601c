import { describe, expect, it } from 'vitest';
import { DEEPEST, isObject, JsonError, parseJson } from '#maths/json.ts';
import { flattened, isNumeric, shapeOf } from '#maths/nested.ts';
import { classesOfOneHot } from '#maths/one-hot.ts';
import { firstFrom, spans, within } from '#maths/spans.ts';
import { splitName, splitOrder } from '#maths/split-name.ts';

describe('lists within lists', () => {
	it('have a shape, along the first of each', () => {
		expect(shapeOf(3)).toEqual([]);
		expect(shapeOf([[1, 2, 3], [4]])).toEqual([2, 3]);
		expect(shapeOf([[], [1]])).toEqual([2, 0]);
		expect(shapeOf([Float32Array.of(1, 2)])).toEqual([1, 2]);
		let deep: unknown = 1;
		for (let i = 0; i < 12; i++) deep = [deep];
		expect(shapeOf(deep)).toEqual(Array(8).fill(1));
	});
	it('are of numbers where all of the innermost are', () => {
		expect([1, 2n, true, null, undefined, [[1], [null]], Float32Array.of(1)].every(isNumeric)).toBe(true);
		expect(['1', {}, [1, 'x'], [[1], ['x']]].some(isNumeric)).toBe(false);
	});
	it('are written row by row from an offset on, with gaps as NaN', () => {
		const into = new Float32Array(8);
		expect(
			flattened(
				[
					[1, null, true],
					[4, undefined, 6n]
				],
				[2, 3],
				into,
				1
			)
		).toBe(2);
		expect([...into]).toEqual([0, 1, NaN, 1, 4, NaN, 6, 0]);
		const fresh = () => new Float32Array(12);
		expect(flattened([[[1, 2]], [[3, 4]]], [2, 1, 2], into, 0)).toBe(0);
		expect([...into.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
		expect(flattened([[1, 2], [3]], [2, 2], fresh(), 0)).toBe(-1);
		expect(flattened([1, [2]], [2], fresh(), 0)).toBe(-1);
		expect(flattened([1, 2, 3], [2], fresh(), 0)).toBe(-1);
		expect(flattened(5, [2], fresh(), 0)).toBe(-1);
		expect(flattened([[1, 2], null], [2, 2], fresh(), 0)).toBe(-1);
	});
});

describe('classes written out', () => {
	it('have one 1 in each row, and differ', () => {
		expect([...classesOfOneHot([0, 1, 0, 1, 0, 0], 3)!]).toEqual([1, 0]);
		expect([...classesOfOneHot([0, 1, 1, 0], 2)!]).toEqual([1, 0]);
		expect(classesOfOneHot([1, 0, 1, 0], 2)).toBeNull();
		expect(classesOfOneHot([1, 1, 0, 1], 2)).toBeNull();
		expect(classesOfOneHot([1, 0, 0, 0], 2)).toBeNull();
		expect(classesOfOneHot([1, 0, 0, 2], 2)).toBeNull();
		expect(classesOfOneHot([1, 0], 1)).toBeNull();
		expect(classesOfOneHot([], 2)).toBeNull();
	});
});

describe('things along an axis', () => {
	// 160 long: 10 is short, 11 is long.
	const found = spans([0, 50, 20, 149, 50], [11, 60, 25, 160, 52]);
	it('stand with the long ones first, then by where they begin', () => {
		expect([...found.order]).toEqual([0, 3, 2, 1, 4]);
		expect(found).toMatchObject({ long: 2, reach: 10 });
		expect([...found.begins]).toEqual([20, 50, 50]);
	});
	it('are seen from a window as one stretch', () => {
		expect(within(found, 30, 50)).toEqual([2, 1]);
		expect(within(found, 30.5, 51)).toEqual([3, 2]);
		expect(within(found, 60, 200)).toEqual([3, 2]);
		expect(within(found, 61, 200)).toEqual([5, 0]);
		expect(within(found, 90, 5)).toEqual([5, 0]);
		expect([-1, 20, 21, 50, 51].map((v) => firstFrom(found.begins, v))).toEqual([0, 0, 1, 1, 3]);
	});
});

describe('JSON as programs write it', () => {
	it('may have a mark, numbers of Python and brackets in strings', () => {
		expect(parseJson('\ufeff{"a": [1, 2]}')).toEqual({ a: [1, 2] });
		expect(parseJson('[NaN, Infinity, -Infinity, "NaN", "a\\"NaN", "\\\\", NaN]')).toEqual([
			...[null, Infinity, -Infinity, 'NaN'],
			...['a"NaN', '\\', null]
		]);
		expect(parseJson(`"${'['.repeat(5000)}"`)).toBe('['.repeat(5000));
		expect(() => parseJson('{"a": }')).toThrow(JsonError);
		expect(() => parseJson('["NaN, NaN]')).toThrow('invalid');
		expect(parseJson('{"a": 1, "a": 2}')).toEqual({ a: 2 });
	});
	it('may be as deep as is said', () => {
		const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
		expect(() => parseJson(nest(DEEPEST))).not.toThrow();
		expect(() => parseJson(nest(DEEPEST + 1))).toThrow('deep');
		expect(() => parseJson('{"a":'.repeat(DEEPEST + 1))).toThrow('deep');
		expect(parseJson(`[${Array(DEEPEST).fill('[]').join()}]`)).toHaveLength(DEEPEST);
	});
	it('knows objects', () =>
		expect([{}, Object.create(null), [], null, 'x', 1].map(isObject)).toEqual([
			true,
			true,
			false,
			false,
			false,
			false
		]));
});

describe('names of parts', () => {
	it.each([
		['train', 'train', ''],
		['training_', 'training', ''],
		['x_train', 'train', 'x'],
		['Train-images', 'train', 'images'],
		['test.labels', 'test', 'labels'],
		['my data VALID', 'valid', 'my data'],
		['Xtest', 'test', 'x'],
		['yVal', 'val', 'y'],
		['train-00000-of-00002', 'train', ''],
		['data_dev-1_of_3', 'dev', 'data']
	])('%s is a part', (name, split, rest) => expect(splitName(name)).toEqual({ split, rest }));
	it.each(['contest', 'latest', 'zval', 'xtrainy', 'images', ''])('%j is none', (name) =>
		expect(splitName(name)).toBeNull()
	);
	it('come in the order in which they are used', () =>
		expect(['train', 'training', 'val', 'dev', 'eval', 'test', 'testing', 'other'].map(splitOrder)).toEqual([
			0, 0, 1, 1, 1, 2, 2, 3
		]));
});
