import { expect, it } from 'vitest';
import { blockedBy, joined, obstacleOf, type Blocked } from '#engine/model/graph/obstacles.ts';

const blocked = (why: Blocked['why'], ...ops: string[]) => ops.map((op, i): Blocked => ({ id: `${op}${i}`, op, why }));
const HINT =
	'To run it here, export the network without its loops, conditions, tables and box selection, in common operations.';

it.each<[string, unknown, 'dynamic' | 'unknown' | null]>([
	['While', 'control', 'dynamic'],
	['StatelessIf', 'control', 'dynamic'],
	['TensorListReserve', 'control', 'dynamic'],
	['NonMaxSuppressionV5', 'dynamic', 'dynamic'],
	['Where', 'dynamic', 'dynamic'],
	['WhereNot', 'dynamic', null],
	['Relu', 'basic_math', null],
	['Fancy', undefined, 'unknown'],
	['Const', undefined, null]
])('%s of %s: %s', (op, category, why) => expect(blockedBy({ op, category })).toBe(why));

it.each<[string, Blocked[], string, string]>([
	['one', blocked('dynamic', 'While'), 'The operation “While0” (While) decides while it runs what is computed.', HINT],
	['one unknown', blocked('unknown', 'Fancy'), 'The operation “Fancy0” (Fancy) is not known.', HINT],
	[
		'several of a kind, the most first',
		blocked('unknown', 'A', 'B', 'B'),
		'3 operations are not known: B (2), A.',
		HINT
	],
	[
		'five kinds',
		blocked('dynamic', 'A', 'B', 'C', 'D', 'E'),
		'5 operations decide while they run what is computed: A, B, C, D, E.',
		HINT
	],
	[
		'six kinds',
		blocked('dynamic', 'A', 'B', 'C', 'D', 'E', 'F'),
		'6 operations decide while they run what is computed: A, B, C, D, E and 1 more kind.',
		HINT
	],
	[
		'seven kinds',
		blocked('unknown', 'A', 'B', 'C', 'D', 'E', 'F', 'G'),
		'7 operations are not known: A, B, C, D, E and 2 more kinds.',
		HINT
	],
	[
		'both',
		[...blocked('unknown', 'A'), ...blocked('dynamic', 'B')],
		'The operation “B0” (B) decides while it runs what is computed. The operation “A0” (A) is not known.',
		HINT
	],
	[
		'a sentence of its own',
		blocked({ message: 'It is too long.', hint: 'Cut it.' }, 'A', 'B'),
		'It is too long.',
		'Cut it.'
	],
	[
		'two sentences: the first',
		[
			...blocked({ message: 'It is too long.', hint: 'Cut it.' }, 'A'),
			...blocked({ message: 'It is too wide.', hint: 'Fold it.' }, 'B')
		],
		'It is too long.',
		'Cut it.'
	],
	[
		'a sentence beside others',
		[...blocked({ message: 'It is too long.', hint: 'Cut it.' }, 'A'), ...blocked('unknown', 'B')],
		'The operation “B0” (B) is not known. It is too long.',
		HINT
	]
])('%s', (_, all, message, hint) =>
	expect(obstacleOf(all)).toEqual({ kind: 'operations', message, hint, nodes: all.map(({ id }) => id) })
);

it('nothing stands in the way of a model that runs; two reasons are both said', () => {
	expect(obstacleOf([])).toBeNull();
	expect(joined(null, null)).toBeNull();
	const first = { kind: 'weights' as const, message: 'A.', hint: 'a', nodes: ['x', 'y'] };
	const second = { kind: 'operations' as const, message: 'B.', hint: 'b', nodes: ['y', 'z'] };
	expect(joined(first, null)).toBe(first);
	expect(joined(null, second)).toBe(second);
	expect(joined(first, second)).toEqual({ kind: 'weights', message: 'A. B.', hint: 'a', nodes: ['x', 'y', 'z'] });
});
