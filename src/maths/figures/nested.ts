import { layered } from '#maths/layout/layered.ts';

/**
 * A layered drawing with frames around what belongs together. Each frame is laid out by itself, with a port on its border
 * for every line that crosses it, and is one box to what is around it.
 */

export interface Leaf {
	width: number;
	height: number;
	/** Frames around it, outermost first. */
	group: readonly string[];
}

interface Frame {
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
	/** Of each edge: x, y, x, y... from border to border; it moves sideways only between rows of boxes. */
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

/** Where lines from one leaf cross the border of a frame. */
interface Port {
	side: 'in' | 'out';
}

type Item = Container | Port | number;

interface Segment {
	edge: number;
	/** Leaf where the edge begins. */
	source: number;
	from: Item;
	to: Item;
	/** From row to row, from the container's own corner. */
	bends: number[];
}

interface Container {
	id: string;
	title: string;
	depth: number;
	parent: Container | null;
	items: Item[];
	ports: Map<string, Port>;
	segments: Segment[];
	width: number;
	height: number;
	/** Centres of its items, from its own corner. */
	at: Map<Item, readonly [x: number, y: number]>;
	/** Absolute corner, once its parent is laid out. */
	x: number;
	y: number;
}

/** Frames below this depth are not drawn. */
const DEEPEST = 4;

/** Groups without frames around one thing alone, or around just what another frame holds. */
export function framed(groups: readonly (readonly string[])[]): string[][] {
	const paths = groups.map((group) => group.map((_, k) => group.slice(0, k + 1).join('\n')));
	const sizes = new Map<string, number>();
	for (const path of paths.flat()) sizes.set(path, (sizes.get(path) ?? 0) + 1);
	return groups.map((group, i) =>
		group.filter((_, k) => {
			const size = sizes.get(paths[i]?.[k] ?? '') ?? 0;
			return size > 1 && size !== sizes.get(paths[i]?.[k - 1] ?? '');
		})
	);
}

const isPort = (item: Item): item is Port => typeof item === 'object' && 'side' in item;

function containers(leaves: readonly Leaf[]): { of: Container[]; all: Container[] } {
	const make = (id: string, title: string, parent: Container | null): Container => ({
		id,
		title,
		depth: parent ? parent.depth + 1 : 0,
		parent,
		items: [],
		ports: new Map(),
		segments: [],
		width: 0,
		height: 0,
		at: new Map(),
		x: 0,
		y: 0
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
				parent.items.push(next);
			}
			parent = next;
		}
		parent.items.push(leaf);
		return parent;
	});
	return { of, all };
}

function portOf(container: Container, side: Port['side'], source: number): Port {
	const key = `${side} ${source}`;
	let port = container.ports.get(key);
	if (!port) {
		port = { side };
		container.ports.set(key, port);
		container.items.push(port);
	}
	return port;
}

/** An edge in pieces: out of the frames of its source, across what holds both, into those of its target. */
function divide(of: readonly Container[], edge: number, from: number, to: number): void {
	const path = (leaf: number) => {
		const list: Container[] = [];
		for (let c: Container | null = of[leaf] as Container; c; c = c.parent) list.unshift(c);
		return list;
	};
	const [a, b] = [path(from), path(to)];
	let common = 0;
	while (a[common + 1] && a[common + 1] === b[common + 1]) common++;
	const cut = (container: Container, start: Item, end: Item) =>
		container.segments.push({ edge, source: from, from: start, to: end, bends: [] });
	for (let k = a.length - 1; k > common; k--)
		cut(a[k] as Container, a[k + 1] ?? from, portOf(a[k] as Container, 'out', from));
	cut(a[common] as Container, a[common + 1] ?? from, b[common + 1] ?? to);
	for (let k = common + 1; k < b.length; k++)
		cut(b[k] as Container, portOf(b[k] as Container, 'in', from), b[k + 1] ?? to);
}

export function nested(
	leaves: readonly Leaf[],
	edges: readonly (readonly [from: number, to: number])[],
	options: NestedOptions
): NestedLayout {
	const { of, all } = containers(leaves);
	edges.forEach(([from, to], e) => divide(of, e, from, to));
	// Inner frames are made after outer ones.
	for (const container of [...all].reverse()) arrange(container, leaves, options);
	const x = new Float64Array(leaves.length);
	const y = new Float64Array(leaves.length);
	for (const container of all)
		for (const [item, [cx, cy]] of container.at) {
			if (isPort(item)) continue;
			const [px, py] = [container.x + cx, container.y + cy];
			if (typeof item === 'number') [x[item], y[item]] = [px, py];
			else [item.x, item.y] = [px - item.width / 2, py - item.height / 2];
		}
	const across = options.direction === 'right';
	const routes = edges.map(([from, to]) => {
		const [a, b] = [leaves[from] as Leaf, leaves[to] as Leaf];
		return {
			start: across ? [x[from]! + a.width / 2, y[from]!] : [x[from]!, y[from]! + a.height / 2],
			inner: [] as number[],
			end: across ? [x[to]! - b.width / 2, y[to]!] : [x[to]!, y[to]! - b.height / 2]
		};
	});
	for (const { edge, bends, container } of ordered(all))
		routes[edge]!.inner.push(...bends.map((value, i) => value + (i % 2 ? container.y : container.x)));
	return {
		x,
		y,
		routes: routes.map(({ start, inner, end }) => [...start, ...inner, ...end]),
		frames: all.slice(1).map(({ id, title, depth, x: left, y: top, width, height }) => {
			return { id, title, depth, x: left, y: top, width, height };
		})
	};
}

/** All pieces in the order in which edges run: out of frames from the inside, into them from the outside. */
function ordered(all: readonly Container[]): (Segment & { container: Container })[] {
	const owned = (container: Container) => container.segments.map((segment) => ({ ...segment, container }));
	const leaving = [...all].reverse().flatMap(owned);
	return [...leaving.filter(({ to }) => isPort(to)), ...all.flatMap(owned).filter(({ to }) => !isPort(to))];
}

/** What is closer to the end of a row lies on it. */
const NEAR = 0.25;

/** Lays a container's items out; those that are frames have their size already. */
function arrange(container: Container, leaves: readonly Leaf[], options: NestedOptions): void {
	const { direction, nodeGap, rankGap, padding, heading } = options;
	const { items } = container;
	const across = direction === 'right';
	const indices = new Map(items.map((item, i) => [item, i]));
	const size = (item: Item) =>
		isPort(item) ? { width: 0, height: 0 } : typeof item === 'number' ? (leaves[item] as Leaf) : item;
	const edges = container.segments.map(
		({ from, to }) => [indices.get(from) as number, indices.get(to) as number] as const
	);
	const [width, height] = [items.map((item) => size(item).width), items.map((item) => size(item).height)];
	const pinned = items.map((item) => (isPort(item) ? (item.side === 'in' ? -1 : 1) : 0));
	const layout = layered({ width, height, edges, pinned }, { direction, nodeGap, rankGap });
	const outer = container.parent !== null;
	// Ports lie on the border; the row between them and the first boxes is room for the title.
	const [before, after] = [pinned.includes(-1), pinned.includes(1)];
	const pad = (side: boolean) => (outer && !side ? padding : 0);
	const margin = outer ? padding : 0;
	const title = outer ? heading : 0;
	const left = across ? pad(before) : margin;
	const top = across ? margin + title : pad(before) + (before ? 0 : title);
	items.forEach((item, i) => container.at.set(item, [left + layout.x[i]!, top + layout.y[i]!]));
	container.width = left + layout.width + (across ? pad(after) : margin);
	container.height = top + layout.height + (across ? margin : pad(after));

	const [centre, thickness] = across ? [layout.x, width] : [layout.y, height];
	/** Where each row begins and ends. */
	const rows = new Map<number, readonly [start: number, end: number]>();
	items.forEach((_, i) => {
		const [a, b] = [centre[i]! - thickness[i]! / 2, centre[i]! + thickness[i]! / 2];
		const [start, end] = rows.get(layout.rank[i]!) ?? [a, b];
		rows.set(layout.rank[i]!, [Math.min(a, start), Math.max(b, end)]);
	});
	const point = (side: number, along: number) => (across ? [left + along, top + side] : [left + side, top + along]);
	const sides = across ? layout.y : layout.x;
	/** Lines meet a frame at its port. */
	const sideOf = (i: number, key: string) => {
		const item = items[i] as Item;
		if (typeof item === 'number' || isPort(item)) return sides[i]!;
		const port = item.at.get(item.ports.get(key) as Port) as readonly [number, number];
		return across ? sides[i]! - item.height / 2 + port[1] : sides[i]! - item.width / 2 + port[0];
	};
	container.segments.forEach((segment, k) => {
		const [a, b] = edges[k] as readonly [number, number];
		const points = layout.routes[k]!;
		const row = (rank: number) => rows.get(rank) as readonly [number, number];
		// Straight to the end of its row, past the boxes of those between, and straight from the beginning of the last.
		const [from, to] = [row(layout.rank[a]!)[1], row(layout.rank[b]!)[0]];
		const bends = point(sideOf(a, `out ${segment.source}`), from);
		for (let i = 0; i < points.length; i += 2) {
			const [side, along] = across ? [points[i + 1]!, points[i]!] : [points[i]!, points[i + 1]!];
			if (along > from + NEAR && along < to - NEAR) bends.push(...point(side, along));
		}
		bends.push(...point(sideOf(b, `in ${segment.source}`), to));
		segment.bends = bends;
	});
}
