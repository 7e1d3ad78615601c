import { describe, expect, it } from 'vitest';
import { groupsOf, groupTree, isGroup, unavoidable, type Child, type Group } from '#methods/structure/tree.ts';
import { graph, node } from '../../tools/networks.ts';

/** The whole tree in words: `group xTIMES (children)`. */
const textOf = (child: Child): string =>
	isGroup(child)
		? `${child.title || 'root'}${child.times > 1 ? ` x${child.times}` : ''} ${child.size} (${child.children.map(textOf).join(' ')})`
		: child.id;
const flat = (types: string, change = {}) =>
	groupTree(
		graph(
			types
				.split(' ')
				.map((type, i) => node(`${type}${i}`, type, i ? [`${types.split(' ')[i - 1]}${i - 1}`] : [], change))
		)
	);
/** `Conv4`: with a kernel of that name; the rest are types. */
const chain = (words: string) => {
	const list = words.split(' ');
	return groupTree(
		graph(
			list.map((type, i) =>
				node(`${type}${i}`, type, i ? [`${list[i - 1]}${i - 1}`] : [], {
					weights: /^(K|Bias)/.test(type)
						? [{ name: `w${i}`, shape: type === 'Bias' ? [4] : [3, 3], dtype: 'float32', role: 'kernel' }]
						: []
				})
			)
		)
	);
};

describe('blocks that repeat', () => {
	it.each([
		// Three times two, or twice four; not twice two nor twice three.
		['A B A B A B', 'root 6 (A, B x3 6 (1 of 3 2 (A0 B1) 2 of 3 2 (A2 B3) 3 of 3 2 (A4 B5)))'],
		['A B A B X Y', 'root 6 (A0 B1 A2 B3 X4 Y5)'],
		['A B C A B C X', 'root 7 (A0 B1 C2 A3 B4 C5 X6)'],
		['A B C D A B C D', 'root 8 (A, B… D x2 8 (1 of 2 4 (A0 B1 C2 D3) 2 of 2 4 (A4 B5 C6 D7)))'],
		['A B C A B C A B C', 'root 9 (A, B, C x3 9 (1 of 3 3 (A0 B1 C2) 2 of 3 3 (A3 B4 C5) 3 of 3 3 (A6 B7 C8)))'],
		// Fewer than six are left as they are; one alone that repeats is no block.
		['A B A B A', 'root 5 (A0 B1 A2 B3 A4)'],
		['A A A A A', 'root 5 (A0 A1 A2 A3 A4)'],
		// What stands before, behind and between.
		['X A B A B A B Y', 'root 8 (X0 A, B x3 6 (1 of 3 2 (A1 B2) 2 of 3 2 (A3 B4) 3 of 3 2 (A5 B6)) Y7)'],
		['A B A B A B A Y', 'root 8 (A, B x3 6 (1 of 3 2 (A0 B1) 2 of 3 2 (A2 B3) 3 of 3 2 (A4 B5)) A6 Y7)'],
		// Of several runs the one that covers most: four times two, not twice four.
		['A B A B A B A B', 'root 8 (A, B x4 8 (1 of 4 2 (A0 B1) 2 of 4 2 (A2 B3) 3 of 4 2 (A4 B5) 4 of 4 2 (A6 B7)))'],
		// It begins at its first layer with a kernel, if it is as often whole.
		['R K R K R K R', 'root 7 (R0 K, R x3 6 (1 of 3 2 (K1 R2) 2 of 3 2 (K3 R4) 3 of 3 2 (K5 R6)))'],
		['R K R K R K', 'root 6 (R, K x3 6 (1 of 3 2 (R0 K1) 2 of 3 2 (R2 K3) 3 of 3 2 (R4 K5)))'],
		// A bias is no kernel.
		['R Bias R Bias R Bias R', 'root 7 (R, Bias x3 6 (1 of 3 2 (R0 Bias1) 2 of 3 2 (R2 Bias3) 3 of 3 2 (R4 Bias5)) R6)']
	])('%s', (words, expected) => expect(textOf(chain(words))).toBe(expected));

	it('differ where their windows do, whatever their channels', () => {
		const sizes = [3, 3, 3, 5];
		const g = graph(
			[0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
				node(`n${i}`, i % 2 ? 'Relu' : 'Conv2D', i ? [`n${i - 1}`] : [], {
					attributes: i % 2 ? {} : { size: [sizes[i >> 1]!, 3], filters: i }
				})
			)
		);
		expect(textOf(groupTree(g))).toMatch(/^root 8 \(Conv2D, Relu x3 6 \(.*\) n6 n7\)$/);
	});

	it('are found up to 48 nodes long, in groups by themselves and as groups', () => {
		const types = (n: number) => Array.from({ length: n }, (_, i) => `T${i}`).join(' ');
		expect(textOf(flat(`${types(48)} ${types(48)}`))).toMatch(/^root 96 \(T0, T1… T47 x2 96 /);
		expect(textOf(flat(`${types(49)} ${types(49)}`))).toMatch(/^root 98 \(T00 T11/);
		const scoped = graph(
			Array.from({ length: 18 }, (_, i) =>
				node(`n${i}`, i % 2 ? 'B' : 'A', i ? [`n${i - 1}`] : [], { group: [`s${Math.floor(i / 3)}`] })
			)
		);
		// Six scopes of three: A B A and B A B by turns.
		expect(textOf(groupTree(scoped))).toMatch(
			/^root 18 \(s0, s1 x3 18 \(1 of 3 6 \(s0 3 \(n0 n1 n2\) s1 3 \(n3 n4 n5\)\)/
		);
		const own = groupsOf(groupTree(scoped));
		for (const group of own) for (const child of group.children) if (isGroup(child)) expect(child.parent).toBe(group);
		expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
	});

	it('that differ only far inside of long groups are told apart', () => {
		const scope = (last: string, s: number) =>
			Array.from({ length: 60 }, (_, i) => ({ type: i === 59 ? last : `Type${i % 7}a${i}`, s }));
		const all = ['x', 'x', 'x', 'x', 'x', 'y'].flatMap((last, s) => scope(last, s));
		const g = graph(all.map(({ type, s }, i) => node(`n${i}`, type, i ? [`n${i - 1}`] : [], { group: [`s${s}`] })));
		// Five alike are twice two and one: no block of one scope is looked for; pairs would need six alike.
		expect(groupTree(g).children.map((child) => (isGroup(child) ? child.title : child.id))).toEqual([
			's0',
			's1',
			's2',
			's3',
			's4',
			's5'
		]);
		const alike = graph(g.nodes.map((one) => (one.type === 'y' ? { ...one, type: 'x' } : one)));
		expect(groupTree(alike).children).toMatchObject([{ title: 's0, s1', times: 3 }]);
	});
});

describe('scopes', () => {
	const scoped = (...groups: string[][]) => graph(groups.map((group, i) => node(`n${i}`, `T${i}`, [], { group })));
	it('of one thing are that thing; names of several are one title', () => {
		expect(textOf(groupTree(scoped(['a', 'b'], ['a', 'b'], ['c'], [])))).toBe('root 4 (a/b 2 (n0 n1) n2 n3)');
		expect(textOf(groupTree(scoped(['a', 'b', 'c'], ['a', 'b', 'c'], ['a', 'd'])))).toBe(
			'root 3 (a 3 (b/c 2 (n0 n1) n2))'
		);
	});
	it('of a model that has left them and comes back are one', () => {
		expect(textOf(groupTree(scoped(['a'], ['b'], ['a'], ['b'])))).toBe('root 4 (a 2 (n0 n2) b 2 (n1 n3))');
	});
	it('are not told apart below the 24th', () => {
		const deep = (n: number) => Array.from({ length: n }, (_, i) => `s${i}`);
		const tree = (n: number, last: string) =>
			groupTree(scoped([...deep(n), last], [...deep(n), 'same'], [...deep(n), 'same']));
		expect(groupsOf(tree(23, 'other')).length).toBe(2);
		expect(groupsOf(tree(24, 'other')).length).toBe(1);
	});
	it('are called as no node is', () => {
		const g = graph([node('group:/a', 'A', [], { group: ['a'] }), node('b', 'B', [], { group: ['a'] })]);
		expect(groupsOf(groupTree(g)).map(({ id }) => id)).toEqual([':group:/a']);
		expect(groupTree(scoped([])).id).toBe('group:');
	});
});

describe('what is open at first', () => {
	const open = (root: Group) => unavoidable(root).map((id) => groupsOf(root).find((one) => one.id === id)!.title);
	const boxes = (group: string[], n: number, from: number) =>
		Array.from({ length: n }, (_, i) => node(`n${from + i}`, `T${from + i}`, [], { group }));
	it('nothing where there are five boxes', () => {
		expect(open(groupTree(graph([...boxes([], 4, 0), ...boxes(['a'], 9, 10)])))).toEqual([]);
		expect(open(groupTree(graph([...boxes([], 3, 0), ...boxes(['a'], 9, 10)])))).toEqual(['a']);
	});
	it('the largest, if it holds half of all', () => {
		expect(open(groupTree(graph([...boxes(['a'], 4, 0), ...boxes(['b'], 5, 10)])))).toEqual(['b']);
		expect(open(groupTree(graph([...boxes(['a'], 4, 0), ...boxes(['b'], 4, 10)])))).toEqual(['a']);
		expect(open(groupTree(graph([...boxes(['a'], 3, 0), ...boxes(['b'], 3, 10), ...boxes(['c'], 2, 20)])))).toEqual([]);
	});
	it('then the largest in it, until there are five', () => {
		const nested = graph([...boxes(['a', 'b'], 6, 0), ...boxes(['a'], 1, 10), ...boxes([], 1, 20)]);
		expect(open(groupTree(nested))).toEqual(['a', 'b']);
		const enough = graph([...boxes(['a', 'b'], 6, 0), ...boxes(['a'], 3, 10), ...boxes([], 1, 20)]);
		expect(open(groupTree(enough))).toEqual(['a']);
	});
	it('not a block that repeats', () => {
		const list = 'A B A B A B'.split(' ').map((type, i) => node(`n${i}`, type, []));
		expect(open(groupTree(graph(list)))).toEqual([]);
		const twice = 'A B C D A B C D'.split(' ').map((type, i) => node(`n${i}`, type, []));
		expect(open(groupTree(graph(twice)))).toEqual([]);
	});
});

it('long types are told apart by every letter', () => {
	const [a, b] = ['A', 'B'].map((letter) => letter + 'x'.repeat(300)) as [string, string];
	const [c, d] = ['x'.repeat(300) + 'A', 'x'.repeat(300) + 'B'];
	for (const [p, q] of [
		[a, b],
		[c, d]
	] as [string, string][]) {
		const flat = [p, q, p, p, q, q, q, p].map((type, i) => node(`n${i}`, type, []));
		expect(groupsOf(groupTree(graph(flat)))).toEqual([]);
		const block = [p, q, p, q, p, q].map((type, i) => node(`n${i}`, type, []));
		expect(groupTree(graph(block)).children).toMatchObject([{ times: 3, size: 6 }]);
	}
});
