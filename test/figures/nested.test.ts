import { describe, expect, it } from 'vitest';
import { framed, nested, type Leaf } from '#maths/figures/nested.ts';
import { overlap } from './boxes.ts';

const options = { direction: 'down', nodeGap: 20, rankGap: 30, padding: 14, heading: 18 } as const;

const leaf = (...group: string[]): Leaf => ({ width: 100, height: 40, group });

/** A frame in a frame with a skip into each, out of each, and round both. */
const leaves = [
	leaf(),
	leaf('a'),
	leaf('a', 'b'),
	leaf('a', 'b'),
	leaf('a', 'b'),
	leaf('a'),
	leaf(),
	leaf('c'),
	leaf('c')
];
const edges = [
	[0, 1],
	[1, 2],
	[2, 3],
	[3, 4],
	[1, 4],
	[4, 5],
	[1, 5],
	[5, 6],
	[0, 6],
	[2, 6],
	[6, 7],
	[7, 8],
	[0, 8]
] as const;

it('has no frame round one thing, nor two round the same', () => {
	expect(framed([['a', 'b', 'c'], ['a', 'b', 'd'], ['e'], [], ['f', 'a'], ['f']])).toEqual([
		['a'],
		['a'],
		[],
		[],
		['f'],
		['f']
	]);
});

describe.each(['down', 'right'] as const)('frames, %s', (direction) => {
	const layout = nested(leaves, edges, { ...options, direction });
	const boxes = leaves.map((_, i) => ({ x: layout.x[i]! - 50, y: layout.y[i]! - 20, width: 100, height: 40 }));
	const inside = (a: (typeof boxes)[number], b: (typeof boxes)[number]) =>
		a.x >= b.x - 1e-6 &&
		a.y >= b.y - 1e-6 &&
		a.x + a.width <= b.x + b.width + 1e-6 &&
		a.y + a.height <= b.y + b.height + 1e-6;

	it('keeps boxes apart', () => {
		boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBeLessThan(1e-6)));
	});

	it('holds in each frame its own and nothing else', () => {
		expect(layout.frames.map(({ id }) => id)).toEqual(['/a', '/a/b', '/c']);
		for (const frame of layout.frames)
			leaves.forEach(({ group }, i) => {
				const member = `/${group.join('/')}/`.startsWith(`${frame.id}/`);
				if (member) expect(inside(boxes[i]!, frame)).toBe(true);
				else expect(overlap(boxes[i]!, frame)).toBeLessThan(1e-6);
			});
		expect(inside(layout.frames[1]!, layout.frames[0]!)).toBe(true);
	});

	it('leads every line from border to border without crossing a box', () => {
		edges.forEach(([from, to], e) => {
			const route = layout.routes[e]!;
			const [along, side] = direction === 'down' ? [1, 0] : [0, 1];
			const half = direction === 'down' ? 20 : 50;
			const centre = direction === 'down' ? layout.y : layout.x;
			expect(route[along]).toBeCloseTo(centre[from]! + half, 6);
			expect(route.at(along - 2)).toBeCloseTo(centre[to]! - half, 6);
			for (let i = 0; i + 3 < route.length; i += 2) {
				expect(route[i + 2 + along]! - route[i + along]!).toBeGreaterThan(-1e-6);
				const [x0, y0, x1, y1] = [route[i]!, route[i + 1]!, route[i + 2]!, route[i + 3]!];
				void side;
				// Curves between rows stay within their ends, so their box is enough.
				const cover = { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
				boxes.forEach((box, k) => {
					if (k !== from && k !== to) expect(overlap(cover, box), `edge ${e} over box ${k}`).toBeLessThan(1e-6);
				});
			}
		});
	});
});
