import type { Graph, GraphNode } from '#contracts/graph.ts';

/** Groups of a graph: by the scopes of its file, then by blocks that repeat. */

export interface Group {
	id: string;
	title: string;
	/** In an order in which each follows its inputs, as far as scopes allow. */
	children: Child[];
	/** Nodes within, at any depth. */
	size: number;
	/** How often its block repeats; 1 for a plain group. */
	times: number;
	parent: Group | null;
}

export type Child = Group | GraphNode;

export const isGroup = (child: Child): child is Group => 'children' in child;

/** Scopes below this are not told apart. */
const DEEPEST = 24;
/** Longest block that is looked for. */
const PERIOD = 48;

export function groupTree({ nodes }: Graph): Group {
	// No node may be called as a group is.
	let prefix = 'group:';
	while (nodes.some(({ id }) => id.startsWith(prefix))) prefix = `:${prefix}`;
	const root: Group = { id: prefix, title: '', children: [], size: 0, times: 1, parent: null };
	const groups = new Map<string, Group>();
	for (const node of nodes) {
		let parent = root;
		let path = prefix;
		for (const name of node.group.slice(0, DEEPEST)) {
			path += `/${name}`;
			let group = groups.get(path);
			if (!group) {
				group = { id: path, title: name, children: [], size: 0, times: 1, parent };
				groups.set(path, group);
				parent.children.push(group);
			}
			parent = group;
		}
		parent.children.push(node);
	}
	simplify(root);
	// From the deepest outwards, so that blocks of groups see what is in them.
	for (const group of [root, ...groupsOf(root)].reverse()) {
		fold(group);
		group.size = group.children.reduce((sum, child) => sum + (isGroup(child) ? child.size : 1), 0);
	}
	return root;
}

/** Every group below, outermost first. */
export function groupsOf(root: Group): Group[] {
	const all: Group[] = [root];
	for (let i = 0; i < all.length; i++) for (const child of all[i]!.children) if (isGroup(child)) all.push(child);
	return all.slice(1);
}

/** Fewer boxes than this are no picture. */
const FEW = 5;

/** Groups to open at first: while there is little to see, the one that holds most. */
export function unavoidable(root: Group): string[] {
	const open: string[] = [];
	let group = root;
	let seen = root.children.length;
	while (seen < FEW) {
		const largest = group.children
			.filter(isGroup)
			.reduce<Group | null>((best, next) => (!best || next.size > best.size ? next : best), null);
		if (!largest || largest.times > 1 || 2 * largest.size < root.size) break;
		open.push(largest.id);
		seen += largest.children.length - 1;
		group = largest;
	}
	return open;
}

/** A group of one thing is that thing. */
function simplify(root: Group): void {
	const stack: Group[] = [root];
	const order: Group[] = [];
	while (stack.length) {
		const group = stack.pop() as Group;
		order.push(group);
		for (const child of group.children) if (isGroup(child)) stack.push(child);
	}
	for (const group of order.reverse())
		group.children = group.children.map((child) => {
			if (!isGroup(child) || child.children.length !== 1) return child;
			const [only] = child.children as [Child];
			if (isGroup(only)) {
				only.title = `${child.title}/${only.title}`;
				only.parent = group;
			}
			return only;
		});
}

const signatures = new WeakMap<object, string>();

/** What makes two blocks alike: operators and windows, not sizes. */
function signature(child: Child): string {
	const known = signatures.get(child);
	if (known) return known;
	const text = isGroup(child)
		? `(${child.times}:${child.children.map(signature).join(',')})`
		: `${child.type}${JSON.stringify(child.attributes['size'] ?? '')}`;
	// Kept short, so that nested groups do not grow without bound.
	const short = text.length > 200 ? `#${hash(text)}` : text;
	signatures.set(child, short);
	return short;
}

function hash(text: string): string {
	let [a, b] = [0x811c9dc5, 0x1b873593];
	for (let i = 0; i < text.length; i++) {
		a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
		b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b);
	}
	return `${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

/** Blocks that stand several times in a row become one group of groups: "x 16". */
function fold(group: Group): void {
	const { children } = group;
	if (children.length < 6) return;
	const words = children.map(signature);
	const out: Child[] = [];
	for (let i = 0; i < children.length;) {
		const found = repeat(words, i);
		if (!found) {
			out.push(children[i++] as Child);
			continue;
		}
		const { period, times } = found;
		const skip = beginning(children, i, found);
		out.push(...children.slice(i, i + skip));
		i += skip;
		const id = `${group.id}/×${i}×${times}`;
		const many: Group = {
			id,
			title: blockTitle(children.slice(i, i + period)),
			children: [],
			size: 0,
			times,
			parent: group
		};
		for (let k = 0; k < times; k++) {
			const part = children.slice(i + k * period, i + (k + 1) * period);
			const one: Group = {
				id: `${id}/${k + 1}`,
				title: `${k + 1} of ${times}`,
				children: part,
				size: 0,
				times: 1,
				parent: many
			};
			for (const child of part) if (isGroup(child)) child.parent = one;
			one.size = part.reduce((sum, child) => sum + (isGroup(child) ? child.size : 1), 0);
			many.children.push(one);
		}
		many.size = many.children.reduce((sum, child) => sum + (child as Group).size, 0);
		out.push(many);
		i += period * times;
	}
	// A group that is nothing but its repetition needs no second frame.
	group.children = out;
}

const blockTitle = (part: readonly Child[]) => {
	const types = part.map((child) => (isGroup(child) ? child.title : child.type));
	return types.length > 3 ? `${types.slice(0, 2).join(', ')}… ${types.at(-1)}` : types.join(', ');
};

interface Repetition {
	period: number;
	times: number;
	/** Children that are alike, more than whole blocks perhaps. */
	length: number;
}

const hasKernel = (child: Child) => !isGroup(child) && child.weights.some(({ shape }) => shape.length > 1);

/** A block that repeats may be said to begin anywhere in it: at its first layer with a kernel, if it is as often whole. */
function beginning(children: readonly Child[], i: number, { period, times, length }: Repetition): number {
	for (let skip = 0; Math.floor((length - skip) / period) === times; skip++)
		if (hasKernel(children[i + skip] as Child)) return skip;
	return 0;
}

/** The run at i that covers most: three times two nodes at least, or twice four. */
function repeat(words: readonly string[], i: number): Repetition | null {
	let best: Repetition | null = null;
	const max = Math.min(PERIOD, Math.floor((words.length - i) / 2));
	for (let period = 2; period <= max; period++) {
		if (words[i] !== words[i + period]) continue;
		let same = 0;
		while (i + period + same < words.length && words[i + same] === words[i + period + same]) same++;
		const times = Math.floor(same / period) + 1;
		if (times < 2 || (times < 3 && period < 4)) continue;
		if (!best || period * times > best.period * best.times) best = { period, times, length: same + period };
	}
	return best;
}
