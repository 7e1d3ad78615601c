import { fileShape, parseReference, type Graph, type GraphNode } from '#contracts/graph.ts';
import type { LayoutRequest, Scene, SceneBox } from '#contracts/structure.ts';
import { layered, type LayeredLayout, type LayeredOptions } from '#maths/layout/layered.ts';
import { curved } from '#maths/layout/curve.ts';
import { isGroup, type Child, type Group } from '#methods/structure/tree.ts';

/**
 * The drawing of a graph with some groups open. Each open group is a drawing of its own, kept while nothing in it changes;
 * so a click lays out one group anew and moves what is around it. A line that leaves a group passes its border at a port.
 */

/** CSS pixels at zoom 1. */
const HEIGHT = 40;
const CHARACTER = 8.2;
const [NARROW, WIDE] = [84, 240];
/** A frame is no wider for its title's sake. */
const FRAME = 130;
const HEADER = 24;
const PADDING = 14;
/** Boxes from which on a coarse picture comes first. */
const LARGE = 6000;
const GAPS = { nodeGap: 22, rankGap: 30 };
/** Shapes stand beside lines that run down, and in lines that run across. */
const ACROSS = { rankGap: 78 };

/** Where a line ends within a group: at a child, maybe at a port of it, or at a port of the group itself. */
interface End {
	/** Index of the child; -1 - k for the group's own port k. */
	at: number;
	/** Key of the port, for an open child: the line's source. */
	port: string | null;
}

interface Line {
	from: End;
	to: End;
	/** Visible box that the numbers come from, and the one they go to. */
	source: string;
	target: string;
	/** Shape of what flows, as it reads; empty for a further output. */
	shape: string;
}

/** A group, and what is drawn in it for something further inside. */
interface Step {
	group: Group;
	child: string;
}

interface Inner {
	signature: string;
	layout: LayeredLayout;
	width: number;
	height: number;
	/** Positions of ports on the border, along its upper or lower side, by key. */
	ports: { in: ReadonlyMap<string, number>; out: ReadonlyMap<string, number> };
	lines: readonly Line[];
	/** Horizontal position of each child, to keep their order when something opens. */
	positions: ReadonlyMap<string, number>;
}

export class SceneBuilder {
	#parents = new Map<string, Group>();
	#nodes: Map<string, GraphNode>;
	#kept = new Map<string, Inner>();

	constructor(
		graph: Graph,
		private readonly root: Group
	) {
		this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]));
		const stack: Group[] = [root];
		while (stack.length) {
			const group = stack.pop() as Group;
			for (const child of group.children) {
				this.#parents.set(child.id, group);
				if (isGroup(child)) stack.push(child);
			}
		}
	}

	/** @param coarse takes a picture of the ranks alone, where the whole takes longer */
	build({ open, direction }: LayoutRequest, checkpoint: () => void, coarse?: (scene: Scene) => void): Scene {
		const began = performance.now();
		const opened = new Set([...open, this.root.id]);
		const lines = this.#lines(opened, checkpoint);
		const order = this.#openGroups(opened);
		const drawn = (quick: boolean): Scene => {
			const inner = new Map<string, Inner>();
			for (const group of [...order].reverse()) {
				checkpoint();
				const own = lines.get(group.id) ?? [];
				inner.set(group.id, this.#inner(group, opened, inner, own, { direction, checkpoint, coarse: quick }));
			}
			const scene = this.#collect(order, inner, opened, direction);
			return { ...scene, coarse: quick, took: performance.now() - began };
		};
		if (coarse && order.reduce((sum, { children }) => sum + children.length, 0) > LARGE) coarse(drawn(true));
		return drawn(false);
	}

	/** Open groups whose parents are open, outermost first. */
	#openGroups(opened: ReadonlySet<string>): Group[] {
		const order = [this.root];
		for (let i = 0; i < order.length; i++)
			for (const child of order[i]!.children) if (isGroup(child) && opened.has(child.id)) order.push(child);
		return order;
	}

	/** From the outermost open group's child down to what is drawn for the contents of a group. */
	#path(group: Group, opened: ReadonlySet<string>): { path: Step[]; closed: boolean } {
		const chain: Step[] = [];
		let inner = group;
		for (let up = this.#parents.get(group.id); up; up = this.#parents.get(up.id)) {
			chain.push({ group: up, child: inner.id });
			inner = up;
		}
		chain.reverse();
		const closed = chain.findIndex(({ child }) => !opened.has(child));
		return { path: closed < 0 ? chain : chain.slice(0, closed + 1), closed: closed >= 0 };
	}

	/** The box that stands for each node. */
	#homes(at: ReadonlyMap<string, number>, opened: ReadonlySet<string>): Int32Array {
		const known = new Map<Group, number>();
		const homeOf = (group: Group): number => {
			let outermost = -1;
			for (let up: Group | undefined = group; up && up !== this.root; up = this.#parents.get(up.id))
				if (!opened.has(up.id)) outermost = at.get(up.id) ?? outermost;
			return outermost;
		};
		let i = 0;
		const homes = new Int32Array(this.#nodes.size);
		for (const id of this.#nodes.keys()) {
			const parent = this.#parents.get(id) as Group;
			let home = known.get(parent);
			if (home === undefined) known.set(parent, (home = homeOf(parent)));
			homes[i++] = home >= 0 ? home : (at.get(id) ?? -1);
		}
		return homes;
	}

	/** Each edge as the lines that it is drawn by, one in each open group that it passes. */
	#lines(opened: ReadonlySet<string>, checkpoint: () => void): Map<string, Line[]> {
		const all = new Map<string, Map<string, Line>>();
		const add = (group: Group, key: string, line: () => Line) => {
			const own = all.get(group.id) ?? new Map<string, Line>();
			if (!own.has(key)) own.set(key, line());
			all.set(group.id, own);
		};
		const index = new Map<string, number>();
		for (const group of this.#openGroups(opened)) group.children.forEach((child, i) => index.set(child.id, i));
		const around = new Map<Group, { path: Step[]; closed: boolean }>();
		// Nodes of one folded group share their path.
		const pathOf = (id: string): Step[] => {
			const group = this.#parents.get(id) as Group;
			let known = around.get(group);
			if (!known) around.set(group, (known = this.#path(group, opened)));
			return known.closed ? known.path : [...known.path, { group, child: id }];
		};
		let count = 0;
		for (const node of this.#nodes.values()) {
			if (count++ % 512 === 0) checkpoint();
			const to = pathOf(node.id);
			for (const reference of node.inputs) {
				const [id, output] = this.#nodes.has(reference) ? [reference, 0] : parseReference(reference);
				const from = this.#nodes.get(id);
				if (!from) continue;
				const shape = output ? '' : shapeOf(from);
				const [a, b] = [pathOf(from.id), to];
				const [source, target] = [a.at(-1)!.child, b.at(-1)!.child];
				if (source === target) continue;
				// Both end in what has nothing drawn within: neither path is a part of the other.
				let level = 0;
				while (a[level]!.child === b[level]!.child) level++;
				const portOf = (path: typeof a, depth: number) => (depth + 1 < path.length ? source : null);
				const end = (path: typeof a, depth: number): End => ({
					at: index.get(path[depth]!.child)!,
					port: portOf(path, depth)
				});
				const { group } = a[level]!;
				const [u, v] = [a[level]!.child, b[level]!.child];
				add(group, `${u}\n${portOf(a, level)}\n${v}\n${portOf(b, level)}`, () => ({
					from: end(a, level),
					to: end(b, level),
					source,
					target,
					shape
				}));
				for (let d = level + 1; d < a.length; d++)
					add(a[d]!.group, `${a[d]!.child}\n>${source}`, () => ({
						from: end(a, d),
						to: { at: -1, port: source },
						source,
						target,
						shape
					}));
				for (let d = level + 1; d < b.length; d++)
					add(b[d]!.group, `${source}>\n${b[d]!.child}`, () => ({
						from: { at: -1, port: source },
						to: end(b, d),
						source,
						target,
						shape
					}));
			}
		}
		return new Map([...all].map(([id, lines]) => [id, [...lines.values()]]));
	}

	#inner(
		group: Group,
		opened: ReadonlySet<string>,
		inner: ReadonlyMap<string, Inner>,
		lines: readonly Line[],
		options: Pick<LayeredOptions, 'direction' | 'checkpoint' | 'coarse'>
	): Inner {
		const { children } = group;
		const { direction } = options;
		const signature = `${direction}|${children.map((child) => (opened.has(child.id) ? inner.get(child.id)!.signature : '')).join('')}|${lines.map(({ from, to }) => `${from.at}${from.port ?? ''},${to.at}${to.port ?? ''}`).join(';')}`;
		const short = `${signature.length}:${digest(signature)}`;
		const before = this.#kept.get(group.id);
		if (before?.signature === short) return before;

		const sizes = children.map((child) => sizeOf(child, opened.has(child.id) ? inner.get(child.id) : undefined));
		const ports = new Map<string, number>();
		const width = sizes.map(([w]) => w);
		const height = sizes.map(([, h]) => h);
		const pinned = sizes.map(() => 0);
		const slotOf = ({ at, port }: End, side: -1 | 1): number => {
			if (at >= 0) return at;
			const key = `${side}${port}`;
			let slot = ports.get(key);
			if (slot === undefined) {
				slot = width.length;
				ports.set(key, slot);
				width.push(2);
				height.push(2);
				pinned.push(side);
			}
			return slot;
		};
		const edges = lines.map(({ from, to }) => [slotOf(from, -1), slotOf(to, 1)] as const);
		const keys =
			before && children.some(({ id }) => before.positions.has(id))
				? children.map(({ id }) => before.positions.get(id) ?? NaN)
				: null;
		const order = keys ? { order: [...keys, ...Array.from({ length: ports.size }, () => NaN)] } : {};
		const across = direction === 'right';
		const layout = layered(
			{ width, height, edges, pinned, ...order },
			{ ...GAPS, ...(across ? ACROSS : {}), ...options }
		);
		const along = across ? layout.y : layout.x;
		const isRoot = group === this.root;
		const offset = isRoot ? 0 : across ? HEADER : PADDING;
		const border = (side: number) =>
			new Map(
				[...ports]
					.filter(([key]) => key.startsWith(String(side)) && (side === 1 ? !key.startsWith('-') : true))
					.map(([key, slot]) => [key.slice(String(side).length), along[slot]! + offset])
			);
		const made: Inner = {
			signature: short,
			layout,
			width: layout.width + (isRoot ? 0 : 2 * PADDING),
			height: layout.height + (isRoot ? 0 : HEADER + PADDING),
			ports: { in: border(-1), out: border(1) },
			lines,
			positions: new Map(children.map(({ id }, i) => [id, along[i]!]))
		};
		if (!options.coarse) this.#kept.set(group.id, made);
		return made;
	}

	/** All drawings put into each other. */
	#collect(
		order: readonly Group[],
		inner: ReadonlyMap<string, Inner>,
		opened: ReadonlySet<string>,
		direction: 'down' | 'right'
	): Omit<Scene, 'took' | 'coarse'> {
		const boxes: SceneBox[] = [];
		const bounds: number[] = [];
		const at = new Map<string, number>();
		const corner = new Map<string, [x: number, y: number]>([[this.root.id, [0, 0]]]);
		const points: number[] = [];
		const starts: number[] = [0];
		const ends: Line[] = [];
		const across = direction === 'right';
		for (const group of order) {
			const { layout, lines } = inner.get(group.id)!;
			const [ox, oy] = corner.get(group.id)!;
			const [dx, dy] = group === this.root ? [0, 0] : [PADDING, HEADER];
			const depth = boxes[at.get(group.id) ?? -1]?.depth ?? -1;
			group.children.forEach((child, i) => {
				const isOpen = isGroup(child) && opened.has(child.id);
				const [w, h] = sizeOf(child, isOpen ? inner.get(child.id) : undefined);
				const [x, y] = [ox + dx + layout.x[i]! - w / 2, oy + dy + layout.y[i]! - h / 2];
				corner.set(child.id, [x, y]);
				at.set(child.id, boxes.length);
				boxes.push({
					...words(child),
					kind: isOpen ? 'open' : isGroup(child) ? 'folded' : 'node',
					parent: group === this.root ? null : group.id,
					depth: depth + 1
				});
				bounds.push(x, y, w, h);
			});
			lines.forEach((line, e) => {
				const route = Array.from(layout.routes[e]!, (value, i) => value + (i % 2 ? oy + dy : ox + dx));
				// Lines to an open group end at the port on its border.
				for (const [end, side] of [
					[line.from, 'out'],
					[line.to, 'in']
				] as const) {
					if (end.at < 0 || end.port === null) continue;
					const child = group.children[end.at]!;
					const port = inner.get(child.id)?.ports[side].get(end.port);
					if (port === undefined) continue;
					const [cx, cy] = corner.get(child.id)!;
					const [w, h] = [bounds[4 * at.get(child.id)! + 2]!, bounds[4 * at.get(child.id)! + 3]!];
					const spot = across ? [side === 'in' ? cx : cx + w, cy + port] : [cx + port, side === 'in' ? cy : cy + h];
					route.splice(side === 'in' ? route.length - 2 : 0, 2, ...(spot as [number, number]));
				}
				// The ports themselves sit on the group's own border.
				if (group !== this.root) {
					const [w, h] = [inner.get(group.id)!.width, inner.get(group.id)!.height];
					if (line.from.at < 0) route[across ? 0 : 1] = across ? ox : oy;
					if (line.to.at < 0) route[route.length - (across ? 2 : 1)] = across ? ox + w : oy + h;
				}
				// A line may have more points than a call may have arguments.
				for (const value of curved(route, across)) points.push(value);
				starts.push(points.length);
				ends.push(line);
			});
		}
		const top = inner.get(this.root.id)!;
		return {
			boxes,
			bounds: Float32Array.from(bounds),
			points: Float32Array.from(points),
			starts: Uint32Array.from(starts),
			ends: Int32Array.from(ends.flatMap(({ source, target }) => [at.get(source) ?? -1, at.get(target) ?? -1])),
			shapes: ends.map(({ shape }) => shape),
			homes: this.#homes(at, opened),
			width: top.width,
			height: top.height
		};
	}
}

function digest(text: string): number {
	let h = 2166136261;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
	return h >>> 0;
}

const shapeOf = (node: GraphNode) =>
	fileShape(node)
		.slice(1)
		.map((n) => n ?? '?')
		.join('×');

function words(child: Child): Pick<SceneBox, 'id' | 'title' | 'note' | 'type' | 'size' | 'times'> {
	if (isGroup(child)) {
		const { id, title, size, times } = child;
		return { id, title, note: times > 1 ? `× ${times} · ${size} nodes` : `${size} nodes`, type: '', size, times };
	}
	const { id, type } = child;
	return { id, title: type, note: (id.split('/').pop() as string).slice(0, 60), type, size: 1, times: 1 };
}

function sizeOf(child: Child, inner: Inner | undefined): [number, number] {
	if (inner) return [Math.max(inner.width, Math.min(FRAME, titleWidth(words(child).title) + 40)), inner.height];
	const { title, note } = words(child);
	const fullWidth = Math.max(titleWidth(title), note.length * 6.2) + (isGroup(child) ? 34 : 20);
	return [Math.round(Math.min(WIDE, Math.max(NARROW, fullWidth))), HEIGHT];
}

const titleWidth = (title: string) => Math.min(title.length, 40) * CHARACTER;
