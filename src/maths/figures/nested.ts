import { layered, type LayeredOptions } from '#maths/layout/layered.ts';

/** A layered drawing with frames around what belongs together: each frame is laid out by itself, then is one box. */

export interface Leaf {
	width: number;
	height: number;
	/** Frames around it, outermost first. */
	group: readonly string[];
}

export interface Frame {
	/** Joined path. */
	id: string;
	title: string;
	depth: number;
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface NestedLayout {
	/** Centres of the leaves. */
	x: Float64Array;
	y: Float64Array;
	/** Outer ones first. */
	frames: Frame[];
	/** Of each edge: x, y, x, y... from border to border; it changes its breadth only between rows of boxes. */
	routes: number[][];
}

export interface NestedOptions {
	direction: 'down' | 'right';
	nodeGap: number;
	rankGap: number;
	/** Inside a frame, and above its content for its title. */
	padding: number;
	heading: number;
}

interface Container {
	id: string;
	title: string;
	depth: number;
	parent: Container | null;
	children: (Container | number)[];
	width: number;
	height: number;
	/** Centres of its children, from its own corner. */
	at: Map<Container | number, [x: number, y: number]>;
	/** Absolute corner, once its parent is laid out. */
	x: number;
	y: number;
	/** Indices of the edges between its children. */
	edges: number[];
	routes: Map<number, number[]>;
}

/** Frames below this depth are not drawn. */
const DEEPEST = 4;

function containers(leaves: readonly Leaf[]): { root: Container; of: Container[]; all: Container[] } {
	const make = (id: string, title: string, parent: Container | null): Container => ({
		id,
		title,
		depth: parent ? parent.depth + 1 : 0,
		parent,
		children: [],
		width: 0,
		height: 0,
		at: new Map(),
		x: 0,
		y: 0,
		edges: [],
		routes: new Map()
	});
	const root = make('', '', null);
	const known = new Map<string, Container>();
	const all = [root];
	const of = leaves.map(({ group }, leaf) => {
		let parent = root;
		let id = '';
		for (const title of group.slice(0, DEEPEST)) {
			id += `/${title}`;
			let next = known.get(id);
			if (!next) {
				next = make(id, title, parent);
				known.set(id, next);
				all.push(next);
				parent.children.push(next);
			}
			parent = next;
		}
		parent.children.push(leaf);
		return parent;
	});
	return { root, of, all };
}

export function nested(
	leaves: readonly Leaf[],
	edges: readonly (readonly [from: number, to: number])[],
	options: NestedOptions
): NestedLayout {
	const { root, of, all } = containers(leaves);
	const pathOf = (leaf: number) => {
		const path: (Container | number)[] = [leaf];
		for (let c: Container | null = of[leaf] as Container; c; c = c.parent) path.unshift(c);
		return path;
	};
	/** The children of the innermost common frame that hold both ends. */
	const ends = edges.map(([from, to], e): [Container | number, Container | number] => {
		const [a, b] = [pathOf(from), pathOf(to)];
		let k = 0;
		while (a[k + 1] !== undefined && a[k + 1] === b[k + 1]) k++;
		(a[k] as Container).edges.push(e);
		return [a[k + 1] ?? from, b[k + 1] ?? to];
	});
	// Inner frames are made after outer ones.
	for (const container of [...all].reverse()) arrange(container, leaves, ends, options);
	const x = new Float64Array(leaves.length);
	const y = new Float64Array(leaves.length);
	for (const container of all)
		for (const [child, [cx, cy]] of container.at) {
			const [px, py] = [container.x + cx, container.y + cy];
			if (typeof child === 'number') [x[child], y[child]] = [px, py];
			else [child.x, child.y] = [px - child.width / 2, py - child.height / 2];
		}
	const routes = edges.map(() => [] as number[]);
	for (const container of all)
		for (const [e, inner] of container.routes) {
			const bends = inner.map((value, i) => value + (i % 2 ? container.y : container.x));
			const [from, to] = edges[e] as readonly [number, number];
			routes[e] = route(
				{ from, to, bends, ends: ends[e] as [Container | number, Container | number] },
				leaves,
				{ x, y },
				options
			);
		}
	const frames = all
		.filter((container) => container !== root)
		.map(({ id, title, depth, x: left, y: top, width, height }) => ({
			id,
			title,
			depth,
			x: left,
			y: top,
			width,
			height
		}));
	return { x, y, frames, routes };
}

/** Lays a container's children out; those that are frames have their size already. */
function arrange(
	container: Container,
	leaves: readonly Leaf[],
	ends: readonly [Container | number, Container | number][],
	{ direction, nodeGap, rankGap, padding, heading }: NestedOptions
): void {
	const { children } = container;
	const place = new Map(children.map((child, i) => [child, i]));
	const size = (child: Container | number) => (typeof child === 'number' ? (leaves[child] as Leaf) : child);
	const edges = container.edges.map((e) => {
		const [a, b] = ends[e] as [Container | number, Container | number];
		return [place.get(a) as number, place.get(b) as number] as const;
	});
	const settings: LayeredOptions = { direction, nodeGap, rankGap };
	const [width, height] = [children.map((c) => size(c).width), children.map((c) => size(c).height)];
	const layout = layered({ width, height, edges }, settings);
	const outer = container.parent !== null;
	const [left, top] = outer ? [padding, padding + heading] : [0, 0];
	children.forEach((child, i) => container.at.set(child, [left + layout.x[i]!, top + layout.y[i]!]));
	container.width = layout.width + (outer ? 2 * padding : 0);
	container.height = layout.height + (outer ? 2 * padding + heading : 0);

	const across = direction === 'right';
	const [centre, thickness] = across ? [layout.x, width] : [layout.y, height];
	/** Where each row begins and ends. */
	const rows = new Map<number, [start: number, end: number]>();
	children.forEach((_, i) => {
		const [a, b] = [centre[i]! - thickness[i]! / 2, centre[i]! + thickness[i]! / 2];
		const [start, end] = rows.get(layout.rank[i]!) ?? [a, b];
		rows.set(layout.rank[i]!, [Math.min(a, start), Math.max(b, end)]);
	});
	container.edges.forEach((e, k) => {
		const [a] = edges[k] as readonly [number, number];
		const points = layout.routes[k]!;
		const passed: number[] = [];
		for (let i = 2, rank = layout.rank[a]! + 1; i + 3 < points.length; i += 2, rank++) {
			const [start, end] = rows.get(rank) ?? [points[i + (across ? 0 : 1)]!, points[i + (across ? 0 : 1)]!];
			const side = across ? top + points[i + 1]! : left + points[i]!;
			// Straight past the boxes of the row, so that no line cuts a corner.
			for (const along of [start, end]) passed.push(...(across ? [left + along, side] : [side, top + along]));
		}
		container.routes.set(e, passed);
	});
}

/** From the border of one leaf over the bends to that of the other, through the frames around them. */
function route(
	{
		from,
		to,
		bends,
		ends
	}: { from: number; to: number; bends: number[]; ends: [Container | number, Container | number] },
	leaves: readonly Leaf[],
	{ x, y }: { x: Float64Array; y: Float64Array },
	{ direction }: NestedOptions
): number[] {
	const across = direction === 'right';
	const [a, b] = [leaves[from] as Leaf, leaves[to] as Leaf];
	const start = across ? [x[from]! + a.width / 2, y[from]!] : [x[from]!, y[from]! + a.height / 2];
	const end = across ? [x[to]! - b.width / 2, y[to]!] : [x[to]!, y[to]! - b.height / 2];
	const border = (frame: Container | number, leaf: readonly number[], out: boolean) => {
		if (typeof frame === 'number') return [];
		return across
			? [out ? frame.x + frame.width : frame.x, leaf[1] as number]
			: [leaf[0] as number, out ? frame.y + frame.height : frame.y];
	};
	return [...start, ...border(ends[0], start, true), ...bends, ...border(ends[1], end, false), ...end];
}
