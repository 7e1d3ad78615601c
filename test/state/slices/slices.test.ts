import { describe, expect, it } from 'vitest';
import type { LabState } from '#contracts/lab.ts';
import { affordableSide, expectedEvaluations, SIDES } from '#maths/slices/cost.ts';
import { imageInput, rangesOf, rowTable } from '#state/slices/inputs.ts';
import { OwnImages, saysImage } from '#state/slices/own.svelte.ts';
import { boxText, requestOf } from '#state/slices/request.ts';
import { Slices } from '#state/slices/slices.svelte.ts';
import { planeRequestOf, className, setOf, threeOf, requestKey } from '#views/slices/plane-request.ts';
import { plainTable } from '#loaders/plain-table.ts';
import { opened } from '../../tools/data.ts';
import { FLOWERS, FLOWER_CSV } from '../../tools/tabular-model.ts';

const read = async (text: string) => plainTable(await opened({ 't.csv': text }), { rows: 5000, columns: 200 });

const linked = (settings: Record<string, string>) => (key: string, otherwise: string) => settings[key] ?? otherwise;

describe('what a link says of a slice', () => {
	it('is a valid request for any text', () => {
		const plain = requestOf(linked({}), false);
		expect(plain).toMatchObject({ kind: 'three', seed: 1, side: null, box: null, units: null, adaptive: true });
		expect(requestOf(linked({}), true).kind).toBe('features');
		for (const text of ['', 'NaN', '-1', '1e999', '<b>', ',', '1,1', '7'.repeat(400), '3,2,1,0', 'features'])
			expect(
				requestOf(() => text, false),
				text
			).toMatchObject({ kind: 'three', baseline: 'black', side: null, box: null });
	});

	it('refuses a box without finite sides, and one too slim for one unit', () => {
		const at = (box: string, plane = 'three', tabular = false) => requestOf(linked({ box, plane }), tabular).box;
		expect(at('-1e308,1e308,-1e308,1e308')).toBeNull();
		expect(at('-1e308,1e308,0,1', 'features', true)).toBeNull();
		expect(at('0,1e-320,0,1')).toBeNull();
		expect(at('0,1e39,0,1e39')).toBeNull();
		expect(at('0,1,0,1e7')).toBeNull();
		expect(at('0,1,0,1e5')).toEqual({ x1: [0, 1], x2: [0, 1e5] });
		// Two features have each its own unit.
		expect(at('0,1e-5,0,1e7', 'features', true)).toEqual({ x1: [0, 1e-5], x2: [0, 1e7] });
	});

	it('tells the ends of a deep zoom apart', () => {
		const deep = { x1: [1234.5678901, 1234.5678912], x2: [-0.1, 3e-9] } as const;
		const back = requestOf(linked({ box: boxText(deep) }), false).box!;
		expect((back.x1[1] - back.x1[0]) / 1.1e-6).toBeCloseTo(1, 3);
		expect(back.x1[0]).toBeCloseTo(1234.5678901, 9);
	});

	it('holds what was chosen', () => {
		const settings = { plane: 'pca', side: '512', box: '-1,2,0.5,3', classes: '4,7', inputs: 'current,a.png,own-1,x' };
		expect(requestOf(linked(settings), false)).toMatchObject({
			kind: 'pca',
			side: 512,
			box: { x1: [-1, 2], x2: [0.5, 3] },
			units: [4, 7],
			inputs: ['current', 'a.png', 'own-1']
		});
		const box = { x1: [-1.25, 2], x2: [0.5, 3] } as const;
		expect(requestOf(linked({ box: boxText(box) }), false).box).toEqual(box);
	});
});

describe('the inputs of a slice', () => {
	const view = (settings: Record<string, string>, own: { id: string; title: string }[] = []) => {
		const lab = {
			samples: ['a', 'b', 'c'].map((name) => ({ file: `${name}.png`, title: name, url: `/${name}.png` })),
			image: { title: 'b' },
			heads: [{ output: 'y', kind: 'classes', units: 3 }],
			head: 0,
			predictions: [{ output: 'y', order: Int32Array.of(2, 0, 1) }],
			target: { output: 'y', unit: 2 }
		} as unknown as LabState;
		const slices = {
			own: { images: own },
			tabular: false,
			table: null,
			settings: requestOf(linked(settings), false)
		} as unknown as Slices;
		return [lab, slices] as const;
	};

	it('are the current one and two samples that differ from it, or those of the link that exist', () => {
		expect(threeOf(...view({}))).toEqual(['current', 'a.png', 'c.png']);
		expect(threeOf(...view({ inputs: 'current,own-7,b.png' }))).toEqual(['current', 'a.png', 'b.png']);
		expect(threeOf(...view({ inputs: 'c.png,current,a.png' }))).toEqual(['c.png', 'current', 'a.png']);
		expect(threeOf(...view({ inputs: 'current,own-0' }, [{ id: 'own-0', title: 'mine' }]))).toEqual([
			'current',
			'own-0',
			'a.png'
		]);
	});

	it('become a plane; the same choice is the same plane', () => {
		const planeRequest = planeRequestOf(...view({ plane: 'adversarial' }));
		// Towards the classes that come after the answer.
		expect(planeRequest?.plane).toEqual({ kind: 'adversarial', units: [0, 1] });
		expect(planeRequestOf(...view({ plane: 'gradient' }))?.plane).toEqual({ kind: 'gradient', unit: 2, seed: 1 });
		expect(planeRequestOf(...view({ plane: 'pca' }))?.plane).toMatchObject({
			set: [{ id: 'a.png' }, { id: 'b.png' }, { id: 'c.png' }]
		});
		expect(requestKey(planeRequest)).toBe(requestKey(planeRequestOf(...view({ plane: 'adversarial', side: '512' }))));
		expect(requestKey(planeRequest)).not.toBe(requestKey(planeRequestOf(...view({ plane: 'random' }))));
	});

	it('are rows of a table in the columns that the model takes', async () => {
		const table = rowTable(await read(FLOWER_CSV), 'flowers.csv', 4);
		expect(table.columns).toEqual(['sepal length', 'sepal width', 'petal length', 'petal width']);
		expect(table.rows).toHaveLength(6);
		expect(table.rows[2]).toEqual(FLOWERS.row);
		expect(rangesOf(table.rows, FLOWERS.row)[2]).toEqual([1.3, 6]);
		expect(rangesOf([], [0, -4])).toEqual([
			[-1, 1],
			[-8, 0]
		]);
		expect(rowTable(await read('a,b\n1,2\n3,\n5,6\n7,8\n'), 't', 2)).toMatchObject({
			rows: [
				[1, 2],
				[5, 6],
				[7, 8]
			],
			notes: ['1 row without all numbers left out.', '1 cell of “b” is missing.']
		});
		const flowers = await read(FLOWER_CSV);
		expect(rowTable(flowers, 'f', 2).notes[0]).toContain('first 2 columns');
		expect(() => rowTable(flowers, 'f', 5)).toThrow('5 numbers a row; “f” has 4');
		// One row is enough to cut through.
		expect(rowTable(await read('a,b\n1,2\n'), 't', 2).rows).toEqual([[1, 2]]);
		expect(rowTable(await read('3;4'), 't', 2).rows).toEqual([[3, 4]]);
		await expect(read('a,b\n')).rejects.toThrow('no rows');
		await expect(read('nothing')).rejects.toThrow('no table');
	});

	it('are rows of a table besides the current one', () => {
		const [lab, slices] = view({ plane: 'three' });
		const rows = [
			[1, 2],
			[3, 4],
			[5, 6]
		];
		const at = (values: number[], table: number[][], row = 0) =>
			threeOf(
				{ ...lab, explained: { id: 'x', kind: 'values' }, values: { x: values } } as unknown as LabState,
				{ ...slices, tabular: true, table: { rows: table }, row } as unknown as Slices
			);
		expect(at([1, 2], rows)).toEqual(['current', 'row-1', 'row-2']);
		expect(at([3, 4], rows, 1)).toEqual(['current', 'row-0', 'row-2']);
		expect(at([1, 2.5], rows)).toEqual(['current', 'row-0', 'row-1']);
		expect(at([1, 2], rows.slice(0, 2))).toHaveLength(2);
	});

	it('of a set are those that can be read, and go again', async () => {
		const own = new OwnImages();
		const closed: string[] = [];
		const decode = (blob: Blob, name: string) =>
			name.startsWith('bad')
				? Promise.reject(new Error('not an image'))
				: Promise.resolve({ close: () => closed.push(name) } as unknown as ImageBitmap);
		const files = (names: string[]) => names.map((name) => ({ name, blob: new Blob([name]) }));
		expect(await own.add(files(['a.png', 'bad.png', 'b', 'bad.txt']), decode)).toEqual(['own-0', 'own-1']);
		expect(own.images.map(({ title }) => title)).toEqual(['a.png', 'b']);
		expect(closed).toEqual(['a.png', 'b']);
		expect(own.problem).toContain('“bad.png”, “bad.txt”.');
		own.clear();
		expect([own.images, own.problem]).toEqual([[], '']);
		// Another image never has an id that one had before: it is another plane.
		expect(await own.add(files(['a.png']), decode)).toEqual(['own-2']);
		expect(own.problem).toBe('');
		await own.add(files(Array.from({ length: 9 }, (_, i) => `bad-${i}`)), decode);
		expect(own.problem).toContain('“bad-4” and 4 more.');
		expect(saysImage({ type: '', name: 'Photo.JPG' })).toBe(true);
		expect(saysImage({ type: 'image/png', name: 'x' })).toBe(true);
		expect(saysImage({ type: '', name: 'weights.bin' })).toBe(false);
		expect(saysImage({ type: 'text/csv', name: 'x.png' })).toBe(false);
	});

	it('of a long table are drawn from all of it, always the same, and it says so', () => {
		const [lab, slices] = view({ plane: 'pca' });
		const rows = Array.from({ length: 5000 }, (_, i) => [i, 1]);
		const tabular = { ...slices, tabular: true, table: { rows } } as unknown as Slices;
		const { members, words } = setOf(lab, tabular);
		expect(words).toBe('400 of 5,000 rows, drawn at random');
		const first = members.map((row) => (row as number[])[0]!);
		expect(new Set(first).size).toBe(400);
		expect(first.reduce((sum, value) => sum + value / 400, 0) / 2500).toBeCloseTo(1, 0);
		expect(setOf(lab, tabular).members).toEqual(members);
		expect(setOf(lab, slices).words).toBe('3 sample images');
		const images = Array.from({ length: 450 }, (_, i) => ({ id: `own-${i}`, title: `${i}` }));
		expect(setOf(...view({}, images)).words).toBe('400 of 450 images of your own, drawn at random');
	});

	it('says which image cannot be read', async () => {
		await expect(imageInput({ id: 'x', title: 'gone' })).rejects.toThrow('“gone” could not be read');
	});
});

describe('names of classes', () => {
	const heads = [
		{ output: 'kind', kind: 'classes', units: 3 },
		{ output: 'tags', kind: 'labels', units: 4 }
	];
	const lab = {
		heads,
		head: 1,
		target: { output: 'tags', unit: 2 },
		labelOf: (unit: number, head = heads[1]) => `${head!.output} ${unit}`
	} as unknown as LabState;

	it('are those of the output that was asked, though another one is chosen', () => {
		expect(className(lab, 1, { output: 'kind', unit: 0 })).toBe('kind 1');
		expect(className(lab, 1, { output: 'tags', unit: 3 })).toBe('tags 3');
		expect(className(lab, 0, { output: 'tags', unit: 3 })).toBe('not tags 3');
		expect(className(lab, 1)).toBe('tags 2');
		expect(className(lab, -1, { output: 'kind', unit: 0 })).toBe('all others');
	});
});

describe('what a picture costs', () => {
	it('is at most every pixel, and grows far slower', () => {
		for (const side of SIDES) expect(expectedEvaluations(side, side)).toBeLessThanOrEqual(side * side);
		expect(expectedEvaluations(512, 512)).toBeLessThan(512 ** 2 / 5);
	});
	it('decides how sharp it is unasked', () => {
		expect(affordableSide(0.1, 6000)).toBe(512);
		expect(affordableSide(100, 6000)).toBe(32);
		expect(affordableSide(0, 6000, 256)).toBe(256);
	});
});
