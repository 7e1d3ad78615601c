import type { GraphTheme, Rgb } from '#contracts/graph-picture.ts';
import type { Graph } from '#contracts/graph.ts';
import { fileShape, parseReference } from '#contracts/graph.ts';
import { touches } from '#maths/layout/touches.ts';
import type { Scene } from '#contracts/structure.ts';

/** A graph as files: SVG with real text, DOT for Graphviz. Names are only ever text in them. */

const escaped = (text: string) =>
	text
		// What XML 1.0 has no way to say.
		.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
		.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const css = ([r, g, b]: Rgb) => `rgb(${[r, g, b].map((part) => Math.round(255 * part)).join(' ')})`;
const round = (value: number) => String(Math.round(10 * value) / 10);

/** Average width of a letter per font size, for those whom the drawing gives no more room. */
const LETTER = 0.58;
const fitted = (text: string, size: number, width: number) => {
	const maxLetters = Math.max(1, Math.floor(width / (size * LETTER)));
	return text.length > maxLetters ? `${text.slice(0, maxLetters - 1)}…` : text;
};

/** @param colours three bytes per box */
export function graphSvg(scene: Scene, colours: Uint8Array, theme: GraphTheme, title: string): string {
	const { boxes, bounds, points, starts, ends, shapes, width, height } = scene;
	const out: string[] = [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${round(width + 24)} ${round(height + 24)}" width="${round(width + 24)}" height="${round(height + 24)}" font-family="system-ui, sans-serif">`,
		`<title>${escaped(title)}</title>`,
		`<defs><marker id="head" viewBox="0 0 7 7" refX="7" refY="3.5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 7 3.5 0 7Z" fill="${css(theme.line)}"/></marker></defs>`,
		`<rect x="-12" y="-12" width="100%" height="100%" fill="${css(theme.stage)}"/>`
	];
	const fill = (i: number) => `rgb(${colours[3 * i]} ${colours[3 * i + 1]} ${colours[3 * i + 2]})`;
	const ink = (i: number) => {
		const light = [0, 1, 2].map((k) => ((colours[3 * i + k] ?? 0) / 255) ** 2);
		return 0.2126 * light[0]! + 0.7152 * light[1]! + 0.0722 * light[2]! > 0.2 ? '#101010' : '#ffffff';
	};
	const box = (i: number) => {
		const [x, y, w, h] = [bounds[4 * i]!, bounds[4 * i + 1]!, bounds[4 * i + 2]!, bounds[4 * i + 3]!];
		const { kind, title: name, note } = boxes[i]!;
		const rect = (dx: number) =>
			`<rect x="${round(x + dx)}" y="${round(y + dx)}" width="${round(w)}" height="${round(h)}" rx="5" fill="${fill(i)}"${kind === 'open' ? ' fill-opacity="0.55"' : ''} stroke="${css(theme.border)}"/>`;
		if (kind === 'folded') out.push(rect(3.5));
		out.push(rect(0));
		const text = (value: string, size: number, dy: number, bold: boolean) => {
			if (value)
				out.push(
					`<text x="${round(x + 9)}" y="${round(y + dy)}" font-size="${size}"${bold ? ' font-weight="600"' : ''} fill="${ink(i)}">${escaped(fitted(value, size, w - 16))}</text>`
				);
		};
		text(name, 12, 16, true);
		if (kind !== 'open') text(note, 10.5, 31, false);
	};
	boxes.forEach(({ kind }, i) => kind === 'open' && box(i));
	const labelled = new Set<string>();
	for (let line = 0; line + 1 < starts.length; line++) {
		const list = Array.from(points.subarray(starts[line], starts[line + 1]), round);
		if (list.length < 4) continue;
		const [first, last] = [starts[line]!, starts[line + 1]! - 2];
		const head = touches(bounds, ends[2 * line + 1]!, points[last]!, points[last + 1]!)
			? ' marker-end="url(#head)"'
			: '';
		out.push(
			`<polyline points="${list.join(' ')}" fill="none" stroke="${css(theme.line)}" stroke-width="1.3"${head}/>`
		);
		const key = `${ends[2 * line]},${list[1]}`;
		if (!shapes[line] || labelled.has(key) || !touches(bounds, ends[2 * line]!, points[first]!, points[first + 1]!))
			continue;
		labelled.add(key);
		out.push(
			`<text x="${round(points[first]! + 5)}" y="${round(points[first + 1]! + 12)}" font-size="10" fill="${css(theme.text)}">${escaped(shapes[line]!)}</text>`
		);
	}
	boxes.forEach(({ kind }, i) => kind !== 'open' && box(i));
	return [...out, '</svg>', ''].join('\n');
}

/** All nodes, with their groups as clusters (https://graphviz.org/doc/info/lang.html). */
export function graphDot({ nodes }: Graph, title: string): string {
	const plain = (text: string) =>
		text
			.replaceAll('\\', '\\\\')
			.replaceAll('"', '\\"')
			.replace(/[\r\n]+/g, ' ');
	const quoted = (...texts: readonly string[]) => `"${texts.map(plain).join('\\n')}"`;
	const lines = [`digraph ${quoted(title)} {`, '\tnode [shape=box, style=rounded, fontname="sans-serif"];'];
	const index = new Map(nodes.map(({ id }, i) => [id, i]));
	interface Cluster {
		name: string;
		members: number[];
		inner: Map<string, Cluster>;
	}
	const root: Cluster = { name: '', members: [], inner: new Map() };
	nodes.forEach(({ group }, i) => {
		let cluster = root;
		for (const name of group.slice(0, 24)) {
			let next = cluster.inner.get(name);
			if (!next) cluster.inner.set(name, (next = { name, members: [], inner: new Map() }));
			cluster = next;
		}
		cluster.members.push(i);
	});
	let count = 0;
	const write = (cluster: Cluster, indent: string) => {
		for (const i of cluster.members) {
			const node = nodes[i]!;
			const sizes = fileShape(node)
				.map((n) => n ?? '?')
				.join('×');
			lines.push(`${indent}n${i} [label=${quoted(node.type, node.id, sizes)}];`);
		}
		for (const inner of cluster.inner.values()) {
			lines.push(`${indent}subgraph cluster_${count++} {`, `${indent}\tlabel=${quoted(inner.name)};`);
			write(inner, `${indent}\t`);
			lines.push(`${indent}}`);
		}
	};
	write(root, '\t');
	nodes.forEach(({ inputs }, i) => {
		for (const reference of inputs) {
			const source = index.get(reference) ?? index.get(parseReference(reference)[0]);
			if (source !== undefined) lines.push(`\tn${source} -> n${i};`);
		}
	});
	return [...lines, '}', ''].join('\n');
}
