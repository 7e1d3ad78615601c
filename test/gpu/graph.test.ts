import { expect, it } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import { MARK, type GraphGeometry, type GraphRequest, type Rgb } from '#contracts/graph-picture.ts';
import type { Scene } from '#contracts/structure.ts';
import { LayoutThread } from '#state/structure/layout-thread.ts';
import { connect } from '#workers/rpc.ts';
import { graph, node } from '../tools/networks.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker).remote;

const [white, black, red, green, blue]: Rgb[] = [
	[1, 1, 1],
	[0, 0, 0],
	[1, 0, 0],
	[0, 1, 0],
	[0, 0, 1]
] as Rgb[] as [Rgb, Rgb, Rgb, Rgb, Rgb];
const theme = {
	stage: white,
	panel: white,
	border: black,
	line: black,
	text: black,
	chosen: red,
	before: green,
	after: blue,
	found: blue
};

/** A node above another, in a frame; a line between them. */
const geometry: GraphGeometry = {
	bounds: Float32Array.of(0, 0, 140, 220, 20, 40, 100, 40, 20, 150, 100, 40),
	kinds: Uint8Array.of(2, 0, 1),
	titles: ['frame', 'first', 'second'],
	notes: ['', 'a note', 'another'],
	points: Float32Array.of(70, 80, 70, 150),
	starts: Uint32Array.of(0, 4),
	ends: Int32Array.of(1, 2),
	shapes: ['7×7×256']
};
const request = (change: Partial<GraphRequest> = {}): GraphRequest => ({
	graph: 'g',
	width: 140,
	height: 220,
	ratio: 1,
	camera: { x: 70, y: 110, scale: 1 },
	theme,
	text: false,
	...change
});

async function pixels(graphRequest: GraphRequest) {
	const bitmap = await draw.graph(graphRequest);
	const context = new OffscreenCanvas(graphRequest.width, graphRequest.height).getContext(
		'2d'
	) as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	const { data } = context.getImageData(0, 0, graphRequest.width, graphRequest.height);
	const at = (x: number, y: number) => [
		...data.slice(4 * (y * graphRequest.width + x), 4 * (y * graphRequest.width + x) + 3)
	];
	const dark = (x0: number, y0: number, x1: number, y1: number) => {
		let count = 0;
		for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (at(x, y).every((value) => value < 110)) count++;
		return count;
	};
	return { at, dark };
}

const near = (actual: readonly number[], expected: readonly number[]) =>
	actual.forEach((value, i) =>
		expect(Math.abs(value - expected[i]!), `${actual.join()} is not ${expected.join()}`).toBeLessThan(12)
	);

it('boxes, lines and letters are where they belong', async () => {
	await draw.putGraph('g', geometry);
	const plain = { boxes: Uint8Array.of(255, 255, 255, 0, 200, 220, 240, 0, 240, 220, 200, 0), lines: Uint8Array.of(0) };
	await draw.inkGraph('g', plain);
	const { at, dark } = await pixels(request());
	near(at(100, 70), [200, 220, 240]);
	near(at(100, 180), [240, 220, 200]);
	near(at(10, 120), [255, 255, 255]);
	expect(dark(66, 100, 75, 101), 'the line').toBeGreaterThan(0);
	expect(dark(20, 100, 60, 101), 'beside the line').toBe(0);
	expect(dark(66, 144, 75, 150), 'the head of the arrow').toBeGreaterThan(12);
	expect(dark(26, 44, 90, 60), 'no letters yet').toBe(0);
	const written = await pixels(request({ text: true }));
	expect(written.dark(26, 44, 90, 60), 'a title').toBeGreaterThan(20);
	expect(written.dark(74, 84, 120, 96), 'a shape').toBeGreaterThan(10);
	expect(written.dark(8, 4, 60, 20), 'the title of the frame').toBeGreaterThan(20);
});

it('marks stand out, and what is not lit steps back', async () => {
	const boxes = Uint8Array.of(255, 255, 255, 0, 0, 0, 120, MARK.chosen, 0, 0, 120, MARK.pale);
	await draw.inkGraph('g', { boxes, lines: Uint8Array.of(MARK.before) });
	const { at } = await pixels(request());
	near(at(20, 60), [255, 0, 0]);
	near(at(70, 100), [0, 255, 0]);
	expect(at(100, 180)[0], 'a pale box').toBeGreaterThan(150);
	near(at(100, 70), [0, 0, 120]);
});

it('follows the camera, out of sight too', async () => {
	const { at } = await pixels(request({ camera: { x: 70, y: 60, scale: 2 } }));
	near(at(70, 110), [0, 0, 120]);
	const gone = await pixels(request({ camera: { x: 5000, y: 5000, scale: 2 } }));
	near(gone.at(70, 110), [255, 255, 255]);
});

it('draws 20,000 boxes, and forgets them', async () => {
	const n = 20_000;
	const bounds = new Float32Array(4 * n);
	for (let i = 0; i < n; i++) bounds.set([(i % 4) * 150, Math.floor(i / 4) * 70, 120, 40], 4 * i);
	const big: GraphGeometry = {
		bounds,
		kinds: new Uint8Array(n),
		titles: Array.from({ length: n }, (_, i) => `Conv2D ${i}`),
		notes: Array.from({ length: n }, () => ''),
		points: new Float32Array(0),
		starts: Uint32Array.of(0),
		ends: new Int32Array(0),
		shapes: []
	};
	await draw.putGraph('big', big);
	const ink = new Uint8Array(4 * n);
	ink.set([10, 200, 10, 0], 4 * 19_996);
	await draw.inkGraph('big', { boxes: ink, lines: new Uint8Array(0) });
	const last = { x: 60, y: 4999 * 70 + 20, scale: 1 };
	near((await pixels(request({ graph: 'big', camera: last, text: false }))).at(100, 110), [10, 200, 10]);
	await draw.drop(['big']);
});

it('a layout thread that is busy is ended within 100 ms, and the next request is served', async () => {
	const names = Array.from({ length: 40_000 }, (_, i) => `n${i}`);
	const nodes = names.map((name, i) =>
		node(
			name,
			`T${(i * 7919) % 211}`,
			[names[i - 1], names[i - 9], names[i - 400]].flatMap((id) => id ?? [])
		)
	);
	const thread = new LayoutThread(graph(nodes));
	const ready = new AbortController();
	const { groups } = await thread.summary(ready.signal);
	const open = groups.map(({ id }) => id);
	const first = new AbortController();
	const coarse: Scene[] = [];
	let start = 0;
	const job = thread.layout({ open, direction: 'down' }, first.signal, (scene) => {
		coarse.push(scene);
		// The whole is on its way now.
		start = performance.now();
		first.abort();
	});
	await expect(job).rejects.toThrow('cancelled');
	expect(performance.now() - start).toBeLessThan(100);
	expect(coarse[0]?.coarse).toBe(true);
	const second = await thread.layout({ open: [], direction: 'down' }, new AbortController().signal, () => undefined);
	expect(second.homes).toHaveLength(nodes.length);
	thread.dispose();
});

it('from afar a large graph is drawn in part, without holes, and with all that stands out', async () => {
	const n = 30_000;
	const bounds = new Float32Array(4 * n);
	for (let i = 0; i < n; i++) bounds.set([(i % 3) * 150, Math.floor(i / 3) * 60, 140, 50], 4 * i);
	await draw.putGraph('large', {
		bounds,
		kinds: new Uint8Array(n),
		titles: Array.from({ length: n }, () => ''),
		notes: Array.from({ length: n }, () => ''),
		points: new Float32Array(),
		starts: Uint32Array.of(0),
		ends: new Int32Array(),
		shapes: []
	});
	const chosen = 3 * 4000 + 1;
	const boxes = new Uint8Array(4 * n);
	for (let i = 0; i < n; i++) boxes.set([30, 60, 200, i === chosen ? MARK.chosen : MARK.plain], 4 * i);
	await draw.inkGraph('large', { boxes, lines: new Uint8Array() });
	const scale = 0.0005;
	const [width, height] = [20, 310];
	const camera = { x: 220, y: 30 * (n / 3), scale };
	const { at } = await pixels(request({ graph: 'large', width, height, camera }));
	let filled = 0;
	let red = 0;
	for (let y = 6; y < 304; y++) {
		const row = Array.from({ length: width }, (_, x) => at(x, y));
		filled += Number(row.some(([r, , b]) => r! < 160 && b! > 90));
		red += row.filter(([r, g, b]) => r! > 120 && g! < 120 && b! < 120).length;
	}
	expect(filled / 298).toBeGreaterThan(0.97);
	expect(red).toBeGreaterThan(0);
	await draw.drop(['large']);
});
