import { describe, expect, it } from 'vitest';
import type { GraphTheme } from '#contracts/graph-picture.ts';
import { MARK } from '#contracts/graph-picture.ts';
import { begun, fitted, positionOf, pointAt, showing, steered, zoomBy } from '#maths/camera.ts';
import { firstFrom, spans, within } from '#maths/spans.ts';
import { graphJson } from '#contracts/graph-file.ts';
import { nodeCosts } from '#methods/structure/costs.ts';
import { SceneBuilder } from '#methods/structure/scene.ts';
import { groupsOf, groupTree } from '#methods/structure/tree.ts';
import { graphDot, graphSvg } from '#state/structure/export.ts';
import { summaryCsv, summaryMarkdown, summaryRows, totals } from '#state/structure/summary.ts';
import { boxColours, boxValues, extentOf, nodeValues } from '#views/structure/colouring.ts';
import { Kinship, marksOf, nodesOf } from '#views/structure/kinship.ts';
import { foldedOption, openGroups } from '#state/structure/open-option.ts';
import { boxAt, boundsAt, stepFrom } from '#views/structure/walking.ts';
import { graph, mobileNetV1, node } from '../../tools/networks.ts';
import { hash01 } from '../../tools/hash01.ts';

const grey = [0.5, 0.5, 0.5] as const;
const theme: GraphTheme = {
	stage: grey,
	panel: grey,
	border: grey,
	line: grey,
	text: grey,
	chosen: grey,
	before: grey,
	after: grey,
	found: grey
};

const weight = (name: string, role: string, ...shape: number[]) => ({ name, role, shape, dtype: 'float32' });
/** x > conv > norm > relu > add, with a skip from conv to add; `tail` beside it. */
const small = graph([
	node('x', 'Input', [], { shape: [null, 4, 4, 3] }),
	node('block/conv', 'Conv2D', ['x'], {
		shape: [null, 4, 4, 2],
		weights: [weight('k', 'kernel', 3, 3, 3, 2)],
		group: ['block']
	}),
	node('block/norm', 'BatchNormalization', ['block/conv'], {
		shape: [null, 4, 4, 2],
		weights: [weight('g', 'gamma', 2), weight('m', 'mean', 2), weight('v', 'variance', 2)],
		group: ['block']
	}),
	node('=cmd|"x"', 'Relu', ['block/norm'], { shape: [null, 4, 4, 2] }),
	node('add', 'Add', ['=cmd|"x"', 'block/conv'], { shape: [null, 4, 4, 2] }),
	node('tail', 'Softmax', ['x'], { shape: [null, 4, 4, 3] })
]);
const costs = Object.fromEntries(nodeCosts(small));
function sceneOf(open: boolean) {
	const root = groupTree(small);
	const groups = groupsOf(root).map(({ id }) => id);
	return new SceneBuilder(small, root).build({ open: open ? groups : [], direction: 'down' }, () => undefined);
}

describe('the summary', () => {
	const rows = summaryRows(small, costs, { milliseconds: { add: 1.5 }, engine: 'wasm', runs: 1, done: 1 });

	it('sums what is trainable and what is not', () => {
		const conv = 16 * 54;
		expect(totals(small, rows)).toEqual({
			parameters: 54 + 6,
			trainable: 54 + 2,
			frozen: 4,
			macs: conv + 32 + 32 + 48,
			uncounted: [],
			memory: 4 * (48 + 4 * 32 + 48)
		});
		expect(rows[4]).toMatchObject({ shape: '4 × 4 × 2', time: 1.5, from: ['=cmd|"x"', 'block/conv'] });
	});

	it('is no formula to a spreadsheet', () => {
		const lines = summaryCsv(rows).trim().split('\r\n');
		expect(lines).toHaveLength(7);
		expect(lines[4]).toBe(`"'=cmd|""x""",Relu,4 × 4 × 2,0,0,128,,block/norm`);
		expect(lines[5]).toContain(',1.5,');
	});

	it('keeps its columns in Markdown', () => {
		const text = summaryMarkdown(rows, totals(small, rows));
		const table = text.split('\n').filter((line) => line.startsWith('|'));
		expect(table).toHaveLength(8);
		for (const line of table) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(10);
		expect(text).toContain('trainable 56');
	});
});

describe('files of a graph', () => {
	const hostile = graph([node('a"]; <script>&\u0000', 'In"put', []), node('b\\', 'Add', ['a"]; <script>&\u0000'])]);
	const root = groupTree(hostile);
	const scene = new SceneBuilder(hostile, root).build({ open: [], direction: 'down' }, () => undefined);

	it('SVG has real text and no markup out of names', () => {
		const svg = graphSvg(scene, new Uint8Array(6), theme, '<&>');
		expect(svg).not.toContain('<script');
		expect(svg).not.toMatch(/\u0000/);
		expect(svg).toContain('<title>&#60;&#38;&#62;</title>');
		expect(svg.match(/<text /g)).toHaveLength(5);
		expect(svg.match(/<polyline /g)).toHaveLength(1);
	});

	it('DOT quotes, and has clusters and edges', () => {
		expect(graphDot(hostile, 'x"')).toContain('digraph "x\\""');
		expect(graphDot(hostile, '')).toContain('label="Add\\nb\\\\\\n?×8"');
		const dot = graphDot(small, 'small');
		expect(dot.match(/ -> /g)).toHaveLength(6);
		expect(dot).toContain('subgraph cluster_0 {');
		expect(dot.split('{').length).toBe(dot.split('}').length);
	});

	it('JSON gives the graph back, with its costs', () => {
		const back = JSON.parse(graphJson(small, costs, 'small')) as { nodes: { id: string; cost: { macs: number } }[] };
		expect(back.nodes.map(({ id }) => id)).toEqual(small.nodes.map(({ id }) => id));
		expect(back.nodes[1]?.cost.macs).toBe(864);
	});
});

describe('what is lit', () => {
	const kin = new Kinship(small);

	it('is what comes before, what comes after, and the lines between', () => {
		const scene = sceneOf(true);
		const at = (id: string) => scene.boxes.findIndex((box) => box.id === id);
		const { boxes, lines } = marksOf(scene, kin, at('block/norm'), [5]);
		expect(boxes[at('block/norm')]).toBe(MARK.chosen);
		expect([at('x'), at('block/conv')].map((i) => boxes[i])).toEqual([MARK.before, MARK.before]);
		expect([at('=cmd|"x"'), at('add')].map((i) => boxes[i])).toEqual([MARK.after, MARK.after]);
		expect(boxes[at('tail')]).toBe(MARK.found);
		const line = (from: string, to: string) =>
			lines[Array.from(lines.keys()).find((k) => scene.ends[2 * k] === at(from) && scene.ends[2 * k + 1] === at(to))!];
		expect(line('x', 'block/conv')).toBe(MARK.before);
		expect(line('=cmd|"x"', 'add')).toBe(MARK.after);
		expect(line('block/conv', 'add')).toBe(MARK.pale);
	});

	it('of a folded group is that of all that is in it', () => {
		const scene = sceneOf(false);
		const group = scene.boxes.findIndex(({ kind }) => kind === 'folded');
		expect(nodesOf(scene, group)).toEqual([1, 2]);
		expect(marksOf(scene, kin, -1, null).boxes.every((mark) => mark === MARK.plain)).toBe(true);
	});
});

describe('walking', () => {
	it('goes along edges, into groups, and to neighbours', () => {
		const scene = sceneOf(true);
		const id = (i: number) => scene.boxes[i]?.id;
		const at = (name: string) => scene.boxes.findIndex((box) => box.id === name);
		expect(id(stepFrom(scene, -1, 'forward', false))).toBe('x');
		expect(id(stepFrom(scene, at('block/conv'), 'back', false))).toBe('x');
		expect(id(stepFrom(scene, at('=cmd|"x"'), 'forward', false))).toBe('add');
		expect(id(stepFrom(scene, at('add'), 'forward', false))).toBe('add');
		const frame = scene.boxes.findIndex(({ kind }) => kind === 'open');
		expect(scene.boxes[stepFrom(scene, frame, 'forward', false)]?.parent).toBe(id(frame));
		const { x, y } = boundsAt(scene, at('block/norm'));
		expect(id(boxAt(scene, x + 3, y + 3))).toBe('block/norm');
		expect(boxAt(scene, -50, -50)).toBe(-1);
	});
});

describe('colours', () => {
	it('of a group are those of its sum', () => {
		const scene = sceneOf(false);
		const values = boxValues(scene, nodeValues('flops', small, costs, null));
		const group = scene.boxes.findIndex(({ kind }) => kind === 'folded');
		expect(values[group]).toBe(864 + 32);
		expect(extentOf(scene, values)).toEqual([32, 896]);
		const scale = ['#000000', '#ffffff'];
		const plain = { frame: '#010101', none: '#020202' };
		const colours = boxColours(scene, small.operators, false, values, [32, 896], scale, plain);
		expect([...colours.slice(3 * group, 3 * group + 3)]).toEqual([255, 255, 255]);
		const input = scene.boxes.findIndex(({ id }) => id === 'x');
		expect([...colours.slice(3 * input, 3 * input + 3)]).toEqual([2, 2, 2]);
		expect(nodeValues('time', small, costs, null).every(Number.isNaN)).toBe(true);
	});
});

describe('open groups in a link', () => {
	const groups = ['a', 'b', 'c'].map((id) => ({ id, title: id, nodes: 1, times: 1, parent: null }));
	it('come back, and only for a model with as many', () => {
		const summary = { groups, open: ['a'] };
		expect(foldedOption(['a'], summary)).toBe('');
		expect(openGroups(foldedOption(['b', 'c'], summary), summary)).toEqual(['b', 'c']);
		expect(openGroups(foldedOption([], summary), summary)).toEqual([]);
		expect(openGroups('2:0', summary)).toBeNull();
		expect(openGroups('3:9.x.-1.1', summary)).toEqual(['b']);
		expect(openGroups('', summary)).toBeNull();
	});
});

describe('the camera', () => {
	const canvas = { width: 800, height: 600 };
	it('zooms about a point, and a point is where it is drawn', () => {
		const camera = steered({ x: 10, y: 20, scale: 0.5 }, canvas, zoomBy(1.7, [415, 315]));
		expect(camera.scale).toBeCloseTo(0.85, 12);
		const before = positionOf({ x: 10, y: 20, scale: 0.5 }, canvas, 40, 50);
		positionOf(camera, canvas, 40, 50).forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 9));
		pointAt(camera, canvas, ...positionOf(camera, canvas, 3, 4)).forEach((v, i) =>
			expect(v).toBeCloseTo([3, 4][i]!, 9)
		);
	});
	it('shows all, the readable beginning, or one box', () => {
		const drawing = { width: 200, height: 60_000 };
		expect(positionOf(fitted(drawing, canvas), canvas, 100, 60_000)[1]).toBeLessThanOrEqual(600);
		const first = begun(drawing, canvas, false);
		expect(first.scale).toBeGreaterThan(0.6);
		expect(positionOf(first, canvas, 0, 0)[1]).toBeCloseTo(20, 6);
		const at = showing(first, canvas, { x: 0, y: 50_000, width: 100, height: 40 });
		const [, top] = positionOf(at, canvas, 0, 50_000);
		expect(top).toBeGreaterThan(0);
		expect(top + 40 * at.scale).toBeLessThan(600);
		expect(showing(at, canvas, { x: 0, y: 50_000, width: 100, height: 40 })).toEqual(at);
	});
});

describe('spans', () => {
	it('find all that a window touches', () => {
		const n = 400;
		const begin = Float64Array.from({ length: n }, (_, i) => 1000 * hash01(1, i));
		const end = begin.map((value, i) => value + (i % 50 ? 20 * hash01(2, i) : 500));
		const list = spans(begin, end);
		expect([...list.order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
		for (const [from, to] of [
			[100, 130],
			[-50, 0],
			[990, 2000],
			[0, 1000]
		] as const) {
			const [first, count] = within(list, from, to);
			const seen = new Set([...list.order.slice(0, list.long), ...list.order.slice(first, first + count)]);
			for (let i = 0; i < n; i++) if (begin[i]! < to && end[i]! > from) expect(seen.has(i)).toBe(true);
		}
		expect(list.long).toBeGreaterThan(0);
		expect(firstFrom(new Float64Array(0), 3)).toBe(0);
	});
});

it('a summary of 10,000 rows is cheap', () => {
	const base = mobileNetV1(1).nodes;
	const many = graph(
		Array.from({ length: 10_000 }, (_, i) => ({ ...base[1 + (i % 50)]!, id: `n${i}`, inputs: i ? [`n${i - 1}`] : [] }))
	);
	const began = performance.now();
	const rows = summaryRows(many, Object.fromEntries(nodeCosts(many)), null);
	totals(many, rows);
	expect(rows).toHaveLength(10_000);
	expect(performance.now() - began).toBeLessThan(1000);
});
