import { describe, expect, it } from 'vitest';
import { headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import { readHeads } from '#methods/outputs/heads.ts';
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
	return readHeads(model, inputSpecs(model), headSpecs(model));
}

const kindOf = (head: HeadSpec | undefined) => head?.readings?.[0]?.kind;

describe('outputs of models of pictures', () => {
	it.each<[string, readonly Output[], string[]]>([
		['a mask of one class', [['y', 'Sigmoid', [null, 64, 64, 1]]], ['mask']],
		['a mask of classes', [['y', 'Softmax', [null, 64, 64, 21]]], ['mask']],
		['a mask of three classes', [['y', 'Softmax', [null, 64, 64, 3]]], ['mask']],
		['a mask of scores at a quarter of the size', [['y', 'Conv2D', [null, 16, 16, 19]]], ['mask']],
		['a picture', [['y', 'Tanh', [null, 64, 64, 3]]], ['picture']],
		['a picture twice as large', [['y', 'Conv2D', [null, 128, 128, 3]]], ['picture']],
		['features', [['y', 'Conv2D', [null, 2, 2, 512]]], ['map']],
		['one map of depth', [['y', 'Conv2D', [null, 64, 64, 1]]], ['map']],
		['classes', [['y', 'Softmax', [null, 10]]], ['classes']],
		[
			'SSD',
			[
				['a', 'Conv2D', [null, 1917, 4]],
				['b', 'Conv2D', [null, 1917, 91]]
			],
			['boxes', 'boxes']
		],
		[
			'SSD with an axis of one',
			[
				['b', 'Conv2D', [null, 1917, 91]],
				['a', 'Conv2D', [null, 1917, 1, 4]]
			],
			['boxes', 'boxes']
		],
		[
			'boxes by name',
			[
				['detection_boxes', 'Conv2D', [null, 10, 4]],
				['detection_scores', 'Conv2D', [null, 10]]
			],
			['boxes', 'boxes']
		],
		['YOLO', [['y', 'Conv2D', [null, 2100, 85]]], ['boxes']],
		['a sequence of words', [['y', 'Softmax', [null, 128, 300]]], ['map']]
	])('%s', (_, outputs, expected) => expect(meaning(outputs).map(kindOf)).toEqual(expected));

	it.each<[string, Output, string, number]>([
		['a mask', ['y', 'Softmax', [null, 21, 64, 64]], 'mask', 21],
		['a picture', ['y', 'Tanh', [null, 3, 128, 128]], 'picture', 3],
		['features', ['y', 'Conv2D', [null, 512, 2, 2]], 'map', 2]
	])('%s with its channels first, where pictures go in that way', (_, output, shows, units) => {
		const [head] = meaning([output], [null, 3, 64, 64]);
		expect(head).toMatchObject({ units, ...(shows === 'map' ? {} : { channelsFirst: true }) });
		expect(kindOf(head)).toBe(shows);
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
			return readHeads(model, inputSpecs(model), headSpecs(model))[0];
		};
		const mask = { output: 'scores', title: 'Output', kind: 'grid', units: 21 };
		expect(picked([null, 64, 64, 21], [null, 64, 64])).toMatchObject(mask);
		expect(picked([null, 10], [null])).toMatchObject({ output: 'scores', kind: 'classes', units: 10 });
		// Over the positions: says where.
		expect(picked([null, 64, 32, 21], [null, 32, 21])?.output).toBe('y');
	});

	it('mean nothing of the kind where no picture goes in', () => {
		expect(meaning([['y', 'Conv2D', [null, 2100, 85]]], [null, 12])[0]?.readings?.[0]?.kind).toBe('map');
	});
});

describe('where the line is drawn', () => {
	const shows = (outputs: readonly Output[], input?: Shape) => meaning(outputs, input).map(kindOf);
	const one = (type: string, shape: Shape, input?: Shape) => shows([['y', type, shape]], input)[0];

	it.each<[string, Shape, Shape, string]>([
		['Conv2D', [null, 8, 8, 5], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 7, 7, 5], [null, 56, 56, 3], 'map'],
		['Conv2D', [null, 8, 8, 5], [null, 72, 72, 3], 'map'],
		['Conv2D', [null, 16, 8, 5], [null, 64, 64, 3], 'map'],
		['Conv2D', [null, 32, 32, 5], [null, 64, 32, 3], 'map'],
		['Conv2D', [null, 16, 4, 5], [null, 64, 16, 3], 'mask'],
		['Conv2D', [null, 8, 7, 5], [null, 32, 28, 3], 'map'],
		['Conv2D', [null, 32, 32, 3], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 96, 96, 3], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 64, 64, 2], [null, 64, 64, 3], 'mask'],
		['Conv2D', [null, 64, 64, 4], [null, 64, 64, 3], 'mask'],
		['Sigmoid', [null, 64, 64, 3], [null, 64, 64, 3], 'picture'],
		['Conv2D', [null, 48, 32, 3], [null, 3, 48, 32], 'picture'],
		['Conv2D', [null, 64, 64, 3], [null, 64, 64], 'picture'],
		['Conv2D', [null, 64, 64, 3], [null, null, null, 3], 'map'],
		['Conv2D', [null, 64, 64, 2, 3], [null, 64, 64, 3], 'map']
	])('%s %j of a picture %j: %s', (type, shape, input, expected) => expect(one(type, shape, input)).toBe(expected));

	it.each<[Shape, string, string]>([
		[[null, 100, 6], 'Conv2D', 'boxes'],
		[[null, 99, 6], 'Conv2D', 'map'],
		[[null, 100, 5], 'Conv2D', 'map'],
		[[null, 100, 1, 6], 'Conv2D', 'boxes'],
		[[null, 100, 6], 'Softmax', 'map']
	])('a table %j by %s alone: %s', (shape, type, expected) => {
		expect(one(type, shape)).toBe(expected);
		expect(one(type, shape, [null, 64, null, 3])).toBe('map');
	});

	it.each<[Shape, Shape, string[]]>([
		[
			[null, 16, 4],
			[null, 16, 3],
			['boxes', 'boxes']
		],
		[
			[null, 15, 4],
			[null, 15, 3],
			['map', 'map']
		],
		[
			[null, 16, 5],
			[null, 16, 3],
			['map', 'map']
		],
		[
			[null, 16, 4],
			[null, 17, 3],
			['map', 'map']
		],
		// One class of scores; an axis of one counts only where rows have it.
		[
			[null, 16, 4],
			[null, 16, 1],
			['boxes', 'boxes']
		],
		[
			[null, 1, 16, 4],
			[null, 1, 16, 3],
			['map', 'map']
		],
		[
			[null, 16, 2, 4],
			[null, 16, 2, 3],
			['map', 'map']
		],
		// Both might be: the first is.
		[
			[null, 16, 4],
			[null, 16, 4],
			['boxes', 'boxes']
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
		expect(shows(outputs)).toEqual(['boxes', 'boxes', 'values', 'map']);
		expect(shows(outputs.slice(0, 1))).toEqual(['classes']);
	});
});
