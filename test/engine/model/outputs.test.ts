import { describe, expect, it } from 'vitest';
import { headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import { detailOf, withMeaning } from '#engine/model/outputs.ts';
import type { HeadSpec } from '#contracts/compute.ts';
import type { Shape } from '#contracts/graph.ts';
import { graph, node } from '../../tools/networks.ts';

type Output = readonly [id: string, type: string, shape: Shape];
/** What a model of pictures of 64 x 64 means by its outputs. */
function meaning(outputs: readonly Output[], input: Shape = [null, 64, 64, 3]): HeadSpec[] {
	const trunk = [node('x', 'Input', [], { shape: input }), node('conv', 'Conv2D', ['x'], { shape: [null, 64, 64, 8] })];
	const all = outputs.flatMap(([id, type, shape]) =>
		type === 'Softmax' || type === 'Sigmoid' || type === 'Tanh'
			? [node(`${id}/before`, 'Conv2D', ['conv'], { shape }), node(id, type, [`${id}/before`], { shape })]
			: [node(id, type, ['conv'], { shape })]
	);
	const model = { ...graph([...trunk, ...all]), outputs: outputs.map(([id]) => id) };
	return withMeaning(model, inputSpecs(model), headSpecs(model));
}

describe('outputs of models of pictures', () => {
	it.each<[string, readonly Output[], (string | undefined)[]]>([
		['a mask of one class', [['y', 'Sigmoid', [null, 64, 64, 1]]], ['mask']],
		['a mask of classes', [['y', 'Softmax', [null, 64, 64, 21]]], ['mask']],
		['a mask of three classes', [['y', 'Softmax', [null, 64, 64, 3]]], ['mask']],
		['a mask of scores at a quarter of the size', [['y', 'Conv2D', [null, 16, 16, 19]]], ['mask']],
		['a picture', [['y', 'Tanh', [null, 64, 64, 3]]], ['picture']],
		['a picture twice as large', [['y', 'Conv2D', [null, 128, 128, 3]]], ['picture']],
		['features', [['y', 'Conv2D', [null, 2, 2, 512]]], [undefined]],
		['one map of depth', [['y', 'Conv2D', [null, 64, 64, 1]]], [undefined]],
		['classes', [['y', 'Softmax', [null, 10]]], [undefined]],
		[
			'SSD',
			[
				['a', 'Conv2D', [null, 1917, 4]],
				['b', 'Conv2D', [null, 1917, 91]]
			],
			['boxes', 'box-scores']
		],
		[
			'SSD with an axis of one',
			[
				['b', 'Conv2D', [null, 1917, 91]],
				['a', 'Conv2D', [null, 1917, 1, 4]]
			],
			['box-scores', 'boxes']
		],
		[
			'boxes by name',
			[
				['detection_boxes', 'Conv2D', [null, 10, 4]],
				['detection_scores', 'Conv2D', [null, 10]]
			],
			['boxes', 'box-scores']
		],
		['YOLO', [['y', 'Conv2D', [null, 2100, 85]]], ['detections']],
		['a sequence of words', [['y', 'Softmax', [null, 128, 300]]], [undefined]]
	])('%s', (_, outputs, expected) => expect(meaning(outputs).map(({ shows }) => shows)).toEqual(expected));

	it.each<[string, Output, string | undefined, number]>([
		['a mask', ['y', 'Softmax', [null, 21, 64, 64]], 'mask', 21],
		['a picture', ['y', 'Tanh', [null, 3, 128, 128]], 'picture', 3],
		['features', ['y', 'Conv2D', [null, 512, 2, 2]], undefined, 2]
	])('%s with its channels first, where pictures go in that way', (_, output, shows, units) => {
		const [head] = meaning([output], [null, 3, 64, 64]);
		expect(head).toMatchObject({ units, ...(shows ? { shows, channelsFirst: true } : {}) });
		expect(head?.shows).toBe(shows);
	});

	it('that only say which score is the largest are known by those scores', () => {
		const picked = (scores: Shape, max: Shape) => {
			const nodes = [
				node('x', 'Input', [], { shape: [null, 64, 64, 3] }),
				node('scores', 'Conv2D', ['x'], { shape: scores }),
				{ ...node('largest', 'ArgMax', ['scores'], { shape: max }), dtype: 'int32' },
				{ ...node('y', 'ExpandDims', ['largest'], { shape: [...max, 1] }), dtype: 'int32' }
			];
			const model = { ...graph(nodes), outputs: ['y'] };
			return withMeaning(model, inputSpecs(model), headSpecs(model))[0];
		};
		const mask = { output: 'scores', title: 'Output', kind: 'grid', units: 21, shows: 'mask' };
		expect(picked([null, 64, 64, 21], [null, 64, 64])).toMatchObject(mask);
		expect(picked([null, 10], [null])).toMatchObject({ output: 'scores', kind: 'classes', units: 10 });
		// Over the positions: says where.
		expect(picked([null, 64, 32, 21], [null, 32, 21])?.output).toBe('y');
	});

	it('mean nothing of the kind where no picture goes in', () => {
		expect(meaning([['y', 'Conv2D', [null, 2100, 85]]], [null, 12])[0]?.shows).toBeUndefined();
	});
});

describe('where the line is drawn', () => {
	const shows = (outputs: readonly Output[], input?: Shape) => meaning(outputs, input).map((head) => head.shows);
	const one = (type: string, shape: Shape, input?: Shape) => shows([['y', type, shape]], input)[0];

	it.each<[string, Shape, Shape, string | undefined]>([
		['Conv2D', [null, 8, 8, 5], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 7, 7, 5], [null, 56, 56, 3], undefined],
		['Conv2D', [null, 8, 8, 5], [null, 72, 72, 3], undefined],
		['Conv2D', [null, 16, 8, 5], [null, 64, 64, 3], undefined],
		['Conv2D', [null, 32, 32, 5], [null, 64, 32, 3], undefined],
		['Conv2D', [null, 16, 4, 5], [null, 64, 16, 3], 'mask'],
		['Conv2D', [null, 8, 7, 5], [null, 32, 28, 3], undefined],
		['Conv2D', [null, 32, 32, 3], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 96, 96, 3], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 64, 64, 2], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 64, 64, 4], [null, 64, 64, 3], 'mask'],
		['Sigmoid', [null, 64, 64, 3], [null, 64, 64, 3], 'picture'],
		['Conv2D', [null, 48, 32, 3], [null, 3, 48, 32], 'picture'],
		['Conv2D', [null, 64, 64, 3], [null, 64, 64], 'picture'],
		['Conv2D', [null, 64, 64, 3], [null, null, null, 3], undefined],
		['Conv2D', [null, 64, 64, 2, 3], [null, 64, 64, 3], undefined]
	])('%s %j of a picture %j: %s', (type, shape, input, expected) => expect(one(type, shape, input)).toBe(expected));

	it.each<[Shape, string, string | undefined]>([
		[[null, 100, 6], 'Conv2D', 'detections'],
		[[null, 99, 6], 'Conv2D', undefined],
		[[null, 100, 5], 'Conv2D', undefined],
		[[null, 100, 1, 6], 'Conv2D', 'detections'],
		[[null, 100, 6], 'Softmax', undefined]
	])('a table %j by %s alone: %s', (shape, type, expected) => {
		expect(one(type, shape)).toBe(expected);
		expect(one(type, shape, [null, 64, null, 3])).toBeUndefined();
	});

	it.each<[Shape, Shape, (string | undefined)[]]>([
		[
			[null, 16, 4],
			[null, 16, 3],
			['boxes', 'box-scores']
		],
		[
			[null, 15, 4],
			[null, 15, 3],
			[undefined, undefined]
		],
		[
			[null, 16, 5],
			[null, 16, 3],
			[undefined, undefined]
		],
		[
			[null, 16, 4],
			[null, 17, 3],
			[undefined, undefined]
		],
		// One class of scores; an axis of one counts only where rows have it.
		[
			[null, 16, 4],
			[null, 16, 1],
			['boxes', 'box-scores']
		],
		[
			[null, 1, 16, 4],
			[null, 1, 16, 3],
			[undefined, undefined]
		],
		[
			[null, 16, 2, 4],
			[null, 16, 2, 3],
			[undefined, undefined]
		],
		// Both might be: the first is.
		[
			[null, 16, 4],
			[null, 16, 4],
			['boxes', 'box-scores']
		]
	])('%j beside %j: %j', (first, second, expected) =>
		expect(
			shows([
				['a', 'Conv2D', first],
				['b', 'Conv2D', second]
			])
		).toEqual(expected)
	);

	it('two tables, one of them by name; others are left as they are', () => {
		const outputs: Output[] = [
			['detection_scores', 'Conv2D', [null, 10]],
			['detection_boxes', 'Conv2D', [null, 10, 4]],
			['num_detections', 'Conv2D', [null, 1]],
			['features', 'Conv2D', [null, 200, 12]]
		];
		expect(shows(outputs)).toEqual(['box-scores', 'boxes', undefined, undefined]);
		expect(shows(outputs.slice(0, 1))).toEqual([undefined]);
	});
});

describe('what they hold', () => {
	const head = (shows: HeadSpec['shows'], change: Partial<HeadSpec> = {}): HeadSpec => ({
		...{ output: 'y', title: 'y', scores: 'y', activation: 'none', kind: 'grid', units: 2 },
		shows,
		...change
	});

	it('the shares of a mask: the class that wins each position', () => {
		const values = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3);
		const found = detailOf(head('mask', { activation: 'softmax' }), [1, 2, 2, 2], values);
		expect(found).toEqual({ kind: 'mask', shares: Float32Array.of(0.75, 0.25) });
		const one = detailOf(
			head('mask', { activation: 'sigmoid', units: 1 }),
			[1, 2, 2, 1],
			Float32Array.of(0.9, 0.1, 0.2, 0.4)
		);
		expect(one).toEqual({ kind: 'mask', shares: Float32Array.of(0.25) });
	});

	it.each([
		[
			[-1, 0, 1],
			[0, 128, 255],
			[-1, 1]
		],
		[
			[0, 0.5, 1],
			[0, 128, 255],
			[0, 1]
		],
		[
			[0, 128, 255],
			[0, 128, 255],
			[0, 255]
		]
	] as const)('a picture of %j', (values, pixels, range) => {
		const found = detailOf(head('picture'), [1, 1, 1, 3], Float32Array.from(values));
		expect(found).toEqual({
			kind: 'picture',
			width: 1,
			height: 1,
			pixels: Uint8ClampedArray.of(...pixels, 255),
			range
		});
	});

	it('channels first hold the same', () => {
		const last = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
		const first = Float32Array.from(last, (_, i) => last[(i % 4) * 3 + Math.floor(i / 4)]!);
		for (const shows of ['mask', 'picture'] as const) {
			const own = head(shows, { units: 3 });
			expect(detailOf({ ...own, channelsFirst: true }, [1, 3, 2, 2], first)).toEqual(detailOf(own, [1, 2, 2, 3], last));
		}
	});

	it('labels that do not exclude one another are on by themselves; a half is not on', () => {
		const values = Float32Array.of(0.9, 0.8, 0.6, 0.1, 0.5, 0.5, 0.2, 0.7);
		const found = detailOf(head('mask', { activation: 'sigmoid' }), [1, 2, 2, 2], values);
		expect(found).toEqual({ kind: 'mask', shares: Float32Array.of(0.5, 0.5) });
		expect(detailOf(head(undefined), [1, 2], values)).toBeNull();
		expect(detailOf(head('boxes'), [1, 2, 4], values)).toBeNull();
	});

	it('the range of a picture: what its numbers fit, and each pixel by it', () => {
		const range = (...values: number[]) => {
			const found = detailOf(head('picture'), [1, 1, 1, 3], Float32Array.from(values));
			return found?.kind === 'picture' ? found.range : null;
		};
		expect(range(0, 1, 2)).toEqual([0, 1]);
		expect(range(0, 1, 2.01)).toEqual([0, 255]);
		expect(range(-0.09, 1, 1)).toEqual([0, 1]);
		expect(range(-0.11, 1, 1)).toEqual([-1, 1]);
		// Two rows of one pixel, then one row of two.
		const values = Float32Array.of(0, 10, 20, 30, 40, 50);
		const pixels = Uint8ClampedArray.of(0, 10, 20, 255, 30, 40, 50, 255);
		expect(detailOf(head('picture'), [1, 2, 1, 3], values)).toMatchObject({ width: 1, height: 2, pixels });
		expect(detailOf(head('picture'), [1, 1, 2, 3], values)).toMatchObject({ width: 2, height: 1, pixels });
	});

	it('no more than five boxes, the earlier of equals first, with the best class of each', () => {
		const values = Float32Array.of(0, 0.1, 0.9, 0, 0.3, 0.3, 0, 0.9, 0.5, 0, 0.2, 0.1, 0, 0.25);
		const found = detailOf(head('box-scores'), [1, 7, 2], values);
		expect(found?.kind === 'scores' && found.best.map(({ index, unit }) => [index, unit])).toEqual([
			[1, 0],
			[3, 1],
			[4, 0],
			[2, 0],
			[6, 1]
		]);
	});

	it('the best boxes, by their best class; with objectness, by both', () => {
		const scores = Float32Array.of(0.1, 0.2, 0.9, 0, 0.3, 0.4);
		expect(detailOf(head('box-scores'), [1, 3, 2], scores)).toMatchObject({
			best: [
				{ index: 1, unit: 0 },
				{ index: 2, unit: 1 },
				{ index: 0, unit: 1 }
			]
		});
		const yolo = Float32Array.of(0, 0, 0, 0, 0.5, 0.2, 0.8, 0, 0, 0, 0, 1, 0.6, 0.1);
		const found = detailOf(head('detections', { units: 7 }), [1, 2, 7], yolo);
		expect(found).toMatchObject({
			best: [
				{ index: 1, unit: 0 },
				{ index: 0, unit: 1 }
			]
		});
		expect(found?.kind === 'scores' && found.best.map(({ score }) => score)).toEqual([
			expect.closeTo(0.6),
			expect.closeTo(0.4)
		]);
		expect(detailOf(head('box-scores'), [1, 3], Float32Array.of(0.1, 0.7, 0.2))).toMatchObject({
			best: [{ index: 1 }, { index: 2 }, { index: 0 }]
		});
	});
});
