import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { LayoutRequest, Scene } from '#contracts/structure.ts';
import { layered } from '#maths/layout/layered.ts';
import { SceneBuilder } from '#methods/structure/scene.ts';
import { groupsOf, groupTree } from '#methods/structure/tree.ts';
import { graph, node } from '../../tools/networks.ts';

/** Sizes, positions and lines of small drawings, worked out by hand. */

const at = (id: string, type: string, inputs: string[], ...group: string[]): GraphNode =>
	node(id, type, inputs, { group, shape: [null, 5, 4] });

function drawn(g: Graph, titles: readonly string[] = [], direction: LayoutRequest['direction'] = 'down') {
	const root = groupTree(g);
	const open = groupsOf(root).flatMap(({ id, title }) => (titles.includes(title) ? [id] : []));
	const scene = new SceneBuilder(g, root).build({ open, direction }, () => {});
	return { scene, ...visible(scene) };
}
function visible({ boxes, bounds, points, starts, ends, shapes }: Scene) {
	const boundsOf = (id: string) => {
		const i = boxes.findIndex((box) => box.id === id);
		return [...bounds.subarray(4 * i, 4 * i + 4)];
	};
	/** Where each line begins and ends, with what flows. */
	const lines = shapes.map((shape, k) => {
		const route = points.subarray(starts[k], starts[k + 1]);
		const [from, to] = [boxes[ends[2 * k]!]!.id, boxes[ends[2 * k + 1]!]!.id];
		return { from, to, shape, begin: [...route.subarray(0, 2)], end: [...route.subarray(-2)] };
	});
	return { boundsOf, lines };
}
const between = (lines: ReturnType<typeof visible>['lines'], from: string, to: string) =>
	lines.filter((line) => line.from === from && line.to === to);

describe('boxes', () => {
	const wide = (id: string, type: string, change: Partial<GraphNode> = {}) =>
		drawn(graph([node(id, type, [], change)]))
			.boundsOf(id)
			.slice(2);

	it('are as wide as what they say, from 84 to 240, and 40 high', () => {
		expect(wide('a', 'Relu')).toEqual([84, 40]);
		// 18 letters of 8.2, and 20 around them.
		expect(wide('a', 'BatchNormalization')).toEqual([Math.round(18 * 8.2 + 20), 40]);
		expect(wide('a', 'A'.repeat(26))).toEqual([Math.round(26 * 8.2 + 20), 40]);
		expect(wide('a', 'A'.repeat(30))).toEqual([240, 40]);
		// The name, without its scope, in smaller letters of 6.2.
		expect(wide('some/scope/a_rather_long_name', 'Relu')).toEqual([Math.round(18 * 6.2 + 20), 40]);
	});

	it('say their type and the end of their name; groups how much they hold', () => {
		const g = graph([at('x', 'Input', []), at('s/p', 'Dense', ['x'], 's'), at('s/q', 'Relu', ['s/p'], 's')]);
		const { scene, boundsOf } = drawn(g);
		expect(scene.boxes).toEqual([
			{ id: 'x', title: 'Input', note: 'x', type: 'Input', size: 1, times: 1, kind: 'node', parent: null, depth: 0 },
			{
				id: 'group:/s',
				title: 's',
				note: '2 nodes',
				type: '',
				size: 2,
				times: 1,
				kind: 'folded',
				parent: null,
				depth: 0
			}
		]);
		expect([...scene.homes]).toEqual([0, 1, 1]);
		expect(boundsOf('group:/s').slice(2)).toEqual([84, 40]);
		const titled = graph(g.nodes.map((one) => ({ ...one, group: one.group.length ? ['s'.repeat(16)] : [] })));
		// A group has 34 around its letters, for its sign.
		expect(drawn(titled).boundsOf(`group:/${'s'.repeat(16)}`)[2]).toBe(Math.round(16 * 8.2 + 34));
		const long = drawn(graph([node(`a/${'n'.repeat(70)}`, 'Relu', [])])).scene.boxes[0]!;
		expect(long.note).toBe('n'.repeat(60));
	});

	it('of a block that repeats say how often', () => {
		const list = 'A B A B A B'.split(' ').map((type, i) => node(`n${i}`, type, i ? [`n${i - 1}`] : []));
		const { scene } = drawn(graph(list));
		expect(scene.boxes).toMatchObject([{ title: 'A, B', note: '× 3 · 6 nodes', times: 3, size: 6, kind: 'folded' }]);
	});
});

describe('drawings', () => {
	const two = graph([at('x', 'Input', []), at('a', 'Relu', ['x'])]);
	it('run down with gaps of 30, and to the right with gaps of 78', () => {
		const down = drawn(two);
		expect([down.boundsOf('x'), down.boundsOf('a')]).toEqual([
			[0, 0, 84, 40],
			[0, 70, 84, 40]
		]);
		expect(down.lines).toEqual([{ from: 'x', to: 'a', shape: '5×4', begin: [42, 40], end: [42, 70] }]);
		expect([down.scene.width, down.scene.height, down.scene.coarse]).toEqual([84, 110, false]);
		const right = drawn(two, [], 'right');
		expect([right.boundsOf('x'), right.boundsOf('a')]).toEqual([
			[0, 0, 84, 40],
			[162, 0, 84, 40]
		]);
		expect(right.lines).toEqual([{ from: 'x', to: 'a', shape: '5×4', begin: [84, 20], end: [162, 20] }]);
		expect([right.scene.width, right.scene.height]).toEqual([246, 40]);
	});

	it('lie beside each other with gaps of 22', () => {
		const { boundsOf } = drawn(graph([at('x', 'Input', []), at('a', 'A', ['x']), at('b', 'B', ['x'])]));
		expect(Math.abs(boundsOf('a')[0]! - boundsOf('b')[0]!)).toBe(84 + 22);
	});

	/** x -> [p -> q] -> y, and from x to y directly; y reads q's second output. */
	const g = graph([
		at('x', 'Input', []),
		at('g/p', 'Dense', ['x'], 'g'),
		at('g/q', 'BatchNormalization', ['g/p'], 'g'),
		at('y', 'Softmax', ['g/q:1', 'x'])
	]);
	const frame = 'group:/g';

	it('of a folded group have a line for all that goes in or out; a further output has no shape to tell', () => {
		const { scene, lines } = drawn(g);
		expect([...scene.homes]).toEqual([0, 1, 1, 2]);
		expect(lines.map(({ from, to, shape }) => [from, to, shape])).toEqual([
			['x', frame, '5×4'],
			[frame, 'y', ''],
			['x', 'y', '5×4']
		]);
	});

	it.each(['down', 'right'] as const)(
		'of an open group: a frame around its drawing, lines through ports: %s',
		(direction) => {
			const { scene, boundsOf, lines } = drawn(g, ['g'], direction);
			const across = direction === 'right';
			const [fx, fy, fw, fh] = boundsOf(frame) as [number, number, number, number];
			const [p, q] = [boundsOf('g/p'), boundsOf('g/q')] as [number[], number[]];
			// 14 at the sides and below, 24 above for the title; the drawing within as if it were alone, with a port at each end.
			const gap = across ? 78 : 30;
			const inner = layered(
				{ width: [84, 168, 2, 2], height: [40, 40, 2, 2], edges: [[2, 0], [0, 1], [1, 3]], pinned: [0, 0, -1, 1] }, // prettier-ignore
				{ nodeGap: 22, rankGap: gap, direction, checkpoint: () => {}, coarse: false }
			);
			expect([fw, fh]).toEqual([inner.width + 28, inner.height + 38]);
			expect(p).toEqual([fx + 14 + inner.x[0]! - 42, fy + 24 + inner.y[0]! - 20, 84, 40]);
			expect(q).toEqual([fx + 14 + inner.x[1]! - 84, fy + 24 + inner.y[1]! - 20, 168, 40]);
			expect(across ? q[0]! - p[0]! : q[1]! - p[1]!).toBe(across ? 84 + gap : 40 + gap);
			expect(scene.boxes).toMatchObject([
				{ id: 'x', depth: 0 },
				{ id: frame, kind: 'open', depth: 0 },
				{ id: 'y', depth: 0 },
				{ id: 'g/p', parent: frame, depth: 1, kind: 'node' },
				{ id: 'g/q', parent: frame, depth: 1 }
			]);
			expect([...scene.homes]).toEqual([0, 3, 4, 2]);
			// In: from x to the border, and from there to p. Out: from q to the border, and on to y.
			const [into, within] = between(lines, 'x', 'g/p') as [(typeof lines)[0], (typeof lines)[0]];
			expect(into.end).toEqual(within.begin);
			const middle = (box: number[], axis: 0 | 1) => box[axis]! + box[axis + 2]! / 2;
			expect(within.begin).toEqual(across ? [fx, middle(p, 1)] : [middle(p, 0), fy]);
			expect(within.end).toEqual(across ? [p[0], middle(p, 1)] : [middle(p, 0), p[1]]);
			const ways = between(lines, 'g/q', 'y') as [(typeof lines)[0], (typeof lines)[0]];
			const [outer, own] = ways;
			expect(own.begin).toEqual(across ? [q[0]! + 168, middle(q, 1)] : [middle(q, 0), q[1]! + 40]);
			expect(own.end).toEqual(across ? [fx + fw, middle(q, 1)] : [middle(q, 0), fy + fh]);
			expect(outer.begin).toEqual(own.end);
			expect(between(lines, 'g/p', 'g/q')).toMatchObject([{ shape: '5×4' }]);
			expect(between(lines, 'x', 'y')).toHaveLength(1);
			expect(lines).toHaveLength(6);
		}
	);

	it('a title makes its frame wider, to 130 at most', () => {
		const titled = (title: string) =>
			drawn(graph([at('x', 'A', [], title), at('y', 'B', ['x'], title)]), [title]).boundsOf(`group:/${title}`)[2];
		expect(titled('g')).toBe(84 + 28);
		expect(titled('g'.repeat(10))).toBeCloseTo(10 * 8.2 + 40, 4);
		expect(titled('g'.repeat(12))).toBe(130);
	});

	it('of groups in groups: a line passes every border on its way', () => {
		const deep = graph([
			at('x', 'Input', []),
			at('a/b/p', 'Dense', ['x'], 'a', 'b'),
			at('a/b/q', 'Relu', ['a/b/p'], 'a', 'b'),
			at('a/r', 'Add', ['a/b/q', 'x'], 'a'),
			at('y', 'Softmax', ['a/b/q'])
		]);
		const open = drawn(deep, ['a', 'b']);
		expect(between(open.lines, 'x', 'a/b/p')).toHaveLength(3);
		expect(between(open.lines, 'a/b/q', 'a/r')).toHaveLength(2);
		// Out of the inner group both go by one line.
		expect(between(open.lines, 'a/b/q', 'y')).toHaveLength(2);
		// And into the outer one.
		expect(between(open.lines, 'x', 'a/r')).toHaveLength(1);
		expect(open.scene.boxes.find(({ id }) => id === 'a/b/p')).toMatchObject({ depth: 2, parent: 'group:/a/b' });
		const half = drawn(deep, ['a']);
		expect([...half.scene.homes].map((i) => half.scene.boxes[i]!.id)).toEqual([
			'x',
			'group:/a/b',
			'group:/a/b',
			'a/r',
			'y'
		]);
		expect(half.lines.map(({ from, to }) => `${from}>${to}`).sort()).toEqual(
			['x>group:/a/b', 'x>group:/a/b', 'x>a/r', 'group:/a/b>a/r', 'group:/a/b>y', 'group:/a/b>y'].sort()
		);
		// Open within what is folded is folded.
		const shut = drawn(deep, ['b']);
		expect([...shut.scene.homes].map((i) => shut.scene.boxes[i]!.id)).toEqual([
			'x',
			'group:/a',
			'group:/a',
			'group:/a',
			'y'
		]);
	});

	it('two lines of one way are one; what is not in the graph has none', () => {
		const twice = graph([at('x', 'Input', []), at('y', 'Add', ['x', 'x', 'x:1', 'nowhere'])]);
		expect(drawn(twice).lines).toHaveLength(1);
		// A node may be called as an output is.
		const named = graph([at('x:1', 'Input', []), at('y', 'Relu', ['x:1'])]);
		expect(drawn(named).lines).toMatchObject([{ from: 'x:1', to: 'y', shape: '5×4' }]);
	});

	it('what has not changed is not laid out again', () => {
		const root = groupTree(g);
		const builder = new SceneBuilder(g, root);
		const build = (open: string[], direction: LayoutRequest['direction'] = 'down') =>
			builder.build({ open, direction }, () => {});
		const first = build([frame]);
		build([]);
		expect({ ...build([frame]), took: 0 }).toEqual({ ...first, took: 0 });
		expect(build([frame], 'right').width).toBeGreaterThan(first.width);
		expect(() => builder.build({ open: [], direction: 'right' }, () => { throw new Error('stop'); })).toThrow('stop'); // prettier-ignore
	});
});
