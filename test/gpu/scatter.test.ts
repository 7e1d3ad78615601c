import { expect, it } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { pcg } from '#maths/hash-normal.ts';
import { matrixOf, projected, TURNED, WHOLE } from '#maths/scatter/camera.ts';
import { connect } from '#workers/rpc.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker).remote;
const size = { width: 200, height: 160 };
const flat = matrixOf(WHOLE, size, 2);

const request = (change: Partial<ScatterRequest> = {}): ScatterRequest => ({
	scatter: 's',
	...size,
	ratio: 1,
	matrix: flat,
	dimensions: 2,
	size: 10,
	opacity: 1,
	hovered: -1,
	chosen: -1,
	ringed: [],
	contours: false,
	thumbnails: null,
	theme: { stage: [1, 1, 1], text: [0, 0, 0], chosen: [0, 0, 1] },
	...change
});

async function pixels(scatterRequest: ScatterRequest) {
	const bitmap = await draw.scatter(scatterRequest);
	const context = new OffscreenCanvas(scatterRequest.width, scatterRequest.height).getContext('2d')!;
	context.drawImage(bitmap, 0, 0);
	const { data } = context.getImageData(0, 0, scatterRequest.width, scatterRequest.height);
	const at = (x: number, y: number) => [
		...data.slice(
			4 * (Math.round(y) * scatterRequest.width + Math.round(x)),
			4 * (Math.round(y) * scatterRequest.width + Math.round(x)) + 3
		)
	];
	let coloured = 0;
	for (let i = 0; i < data.length; i += 4) if (data[i]! + data[i + 1]! + data[i + 2]! < 740) coloured++;
	return { at, coloured };
}
const near = (actual: readonly number[], expected: readonly number[], by = 14) =>
	actual.forEach((value, i) =>
		expect(Math.abs(value - expected[i]!), `${actual.join()} is not ${expected.join()}`).toBeLessThan(by)
	);
const pixel = (x: number, y: number, z = 0, matrix: readonly number[] = flat) => projected(matrix, size, x, y, z);
const ink = (...points: (readonly [number, number, number, number])[]) => Uint8Array.from(points.flat());

const POINTS = Float32Array.of(-0.6, -0.5, 0.6, 0.5, 0.6, -0.5);

it('draws discs where the camera says, in their colours, and nothing where nothing is', async () => {
	await draw.putScatter('s', POINTS, 2);
	await draw.inkScatter('s', ink([255, 0, 0, POINT.plain], [0, 160, 0, POINT.plain], [0, 0, 255, POINT.plain]));
	const { at, coloured } = await pixels(request());
	near(at(...xy(-0.6, -0.5)), [255, 0, 0]);
	near(at(...xy(0.6, 0.5)), [0, 160, 0]);
	near(at(...xy(0.6, -0.5)), [0, 0, 255]);
	near(at(100, 80), [255, 255, 255]);
	// Three discs of diameter 10, with soft edges.
	expect(coloured).toBeGreaterThan(3 * 65);
	expect(coloured).toBeLessThan(3 * 115);
	function xy(x: number, y: number): [number, number] {
		const [px, py] = pixel(x, y);
		return [px, py];
	}
});

it('half of the opacity is half of the colour; pale, hidden and selected differ', async () => {
	await draw.inkScatter('s', ink([255, 0, 0, POINT.plain], [255, 0, 0, POINT.pale], [255, 0, 0, POINT.hidden]));
	const { at } = await pixels(request({ opacity: 0.5 }));
	const [a, b, c] = [pixel(-0.6, -0.5), pixel(0.6, 0.5), pixel(0.6, -0.5)];
	near(at(a[0], a[1]), [255, 128, 128]);
	expect(at(b[0], b[1])[1], 'pale').toBeGreaterThan(200);
	expect(at(b[0], b[1])[1], 'and yet there').toBeLessThan(252);
	near(at(c[0], c[1]), [255, 255, 255]);
	// Selected points come last, whatever their number: the first covers the second.
	await draw.putScatter('t', Float32Array.of(0, 0, 0, 0), 2);
	await draw.inkScatter('t', ink([0, 160, 0, POINT.selected], [255, 0, 0, POINT.pale]));
	near((await pixels(request({ scatter: 't' }))).at(100, 80), [0, 160, 0]);
});

it('a map that forms keeps its colours', async () => {
	await draw.inkScatter('s', ink([255, 0, 0, 0], [0, 160, 0, 0], [0, 0, 255, 0]));
	await draw.putScatter('s', Float32Array.of(0, 0, 0.6, 0.5, 0.6, -0.5), 2);
	near((await pixels(request())).at(100, 80), [255, 0, 0]);
	await draw.putScatter('s', POINTS, 2);
});

it('goes from one map to another: a share of the way at each moment, in the ink of whichever is named', async () => {
	// The second and third change places; the first stays.
	await draw.putScatter('there', Float32Array.of(-0.6, -0.5, 0.6, -0.5, 0.6, 0.5), 2);
	await draw.inkScatter('s', ink([255, 0, 0, 0], [0, 160, 0, 0], [0, 0, 255, POINT.selected]));
	const [up, down] = [pixel(0.6, 0.5), pixel(0.6, -0.5)];
	const moment = async (t: number) => {
		const { at } = await pixels(request({ transition: { to: 'there', t } }));
		near(at(...xy(-0.6, -0.5)), [255, 0, 0]);
		return {
			up: at(up[0], up[1]),
			down: at(down[0], down[1]),
			middle: at(...xy(0.6, 0)),
			quarter: at(...xy(0.6, 0.25))
		};
	};
	const [begin, half, end, quarter] = [await moment(0), await moment(0.5), await moment(1), await moment(0.25)];
	near(begin.up, [0, 160, 0]);
	near(begin.down, [0, 0, 255]);
	near(begin.middle, [255, 255, 255]);
	// Half-way they lie on each other, the selected one over the other.
	near(half.middle, [0, 0, 255]);
	near(half.up, [255, 255, 255]);
	near(half.down, [255, 255, 255]);
	near(end.up, [0, 0, 255]);
	near(end.down, [0, 160, 0]);
	near(quarter.quarter, [0, 160, 0]);
	// A ring goes with its point.
	const ringed = await pixels(request({ transition: { to: 'there', t: 0.5 }, chosen: 1 }));
	const blue = [9, 10, 11, 12, 13, 14, 15, 16]
		.map((d) => ringed.at(up[0] + d, 80))
		.filter(([r, , b]) => b! > 180 && r! < 120);
	expect(blue.length).toBeGreaterThan(0);
	// The other map has no colours of its own.
	near((await pixels(request({ scatter: 'there', ink: 's' }))).at(down[0], down[1]), [0, 160, 0]);
	near((await pixels(request({ scatter: 'there' }))).at(down[0], down[1]), [128, 128, 128]);
	// What is gone is not waited for.
	await draw.drop(['there']);
	near((await pixels(request({ transition: { to: 'there', t: 0.5 } }))).at(up[0], up[1]), [0, 160, 0]);
	// In space, too.
	await draw.putScatter('z', Float32Array.of(-0.8, 0, 0), 3);
	await draw.putScatter('z2', Float32Array.of(0.8, 0, 0), 3);
	await draw.inkScatter('z', ink([255, 0, 0, 0]));
	const front = matrixOf({ ...TURNED, yaw: 0, pitch: 0 }, size, 3);
	const space = { scatter: 'z', dimensions: 3, matrix: front, transition: { to: 'z2', t: 0.5 } } as const;
	near((await pixels(request(space))).at(100, 80), [255, 0, 0]);
	await draw.drop(['z', 'z2']);
	function xy(x: number, y: number): [number, number] {
		const [px, py] = pixel(x, y);
		return [px, py];
	}
});

it('rings stand around the chosen point and its neighbours', async () => {
	const [x, y] = pixel(0.6, 0.5);
	const { at } = await pixels(request({ chosen: 1, ringed: [0] }));
	near(at(x, y), [0, 160, 0]);
	const ring = await pixels(request({ chosen: 1 }));
	const blue = [-16, -15, -14, -13, -12, -11, -10, -9]
		.map((d) => ring.at(x + d, y))
		.filter(([r, g, b]) => b! > 180 && r! < 120 && g! < 120);
	expect(blue.length).toBeGreaterThan(0);
	const other = pixel(-0.6, -0.5);
	const dark = [-14, -13, -12, -11, -10, -9, -8, -7]
		.map((d) => at(other[0] + d, other[1]))
		.filter(([r, g, b]) => r! + g! + b! < 330);
	expect(dark.length).toBeGreaterThan(0);
});

it('in space, what is nearer hides what is behind', async () => {
	const front = { ...TURNED, yaw: 0, pitch: 0 };
	await draw.putScatter('z', Float32Array.of(0, 0, 0.8, 0, 0, -0.8), 3);
	await draw.inkScatter('z', ink([255, 0, 0, 0], [0, 0, 255, 0]));
	const matrix = matrixOf(front, size, 3);
	near((await pixels(request({ scatter: 'z', dimensions: 3, matrix }))).at(100, 80), [255, 0, 0]);
	const behind = matrixOf({ ...front, yaw: Math.PI }, size, 3);
	near((await pixels(request({ scatter: 'z', dimensions: 3, matrix: behind }))).at(100, 80), [0, 0, 255]);
});

it('contours surround the crowd, at any zoom', async () => {
	const crowd = Float32Array.from({ length: 20_000 }, (_, k) => 0.25 * Math.sin(k * 12.9898) * Math.cos(k * 4.1414));
	await draw.putScatter('c', crowd, 2);
	await draw.inkScatter('c', new Uint8Array(40_000).fill(POINT.hidden));
	const [without, far] = [
		await pixels(request({ scatter: 'c' })),
		await pixels(request({ scatter: 'c', contours: true }))
	];
	expect(without.coloured).toBe(0);
	expect(far.coloured).toBeGreaterThan(300);
	// Dark where it is crowded, nothing at the rim of the field.
	expect(far.at(100, 80)[0]).toBeLessThan(235);
	for (const [x, y] of [pixel(-0.9, 0), pixel(0.9, 0.9), pixel(0, -0.9)]) near(far.at(x, y), [255, 255, 255]);
	const close = await pixels(
		request({ scatter: 'c', contours: true, matrix: matrixOf({ ...WHOLE, zoom: 4 }, size, 2) })
	);
	expect(close.coloured).toBeGreaterThan(far.coloured);
});

it('pictures stand in the place of points, framed in their colour', async () => {
	const canvas = new OffscreenCanvas(64, 64);
	const context = canvas.getContext('2d')!;
	['#00a000', '#0000ff', '#ff00ff', '#00ffff'].forEach((colour, k) => {
		context.fillStyle = colour;
		context.fillRect((k % 2) * 32, Math.floor(k / 2) * 32, 32, 32);
	});
	const sheet = canvas.transferToImageBitmap();
	await draw.with({ transfer: [sheet] }).putSprites('p', [sheet]);
	await draw.inkScatter('s', ink([255, 0, 0, 0], [255, 0, 0, 0], [255, 0, 0, 0]));
	const thumbnails = { sprites: 'p', tile: 32, columns: 2, perSheet: 4, count: 3, side: 30 };
	const { at } = await pixels(request({ thumbnails }));
	const spots = [pixel(-0.6, -0.5), pixel(0.6, 0.5), pixel(0.6, -0.5)];
	near(at(spots[0]![0], spots[0]![1]), [0, 160, 0]);
	near(at(spots[1]![0], spots[1]![1]), [0, 0, 255]);
	near(at(spots[2]![0], spots[2]![1]), [255, 0, 255]);
	near(at(Math.ceil(spots[0]![0] - 15), spots[0]![1]), [255, 0, 0]);
	await draw.drop(['p', 'c', 'z', 't']);
});

it('draws 300,000 points, and no points at all', async () => {
	const n = 300_000;
	await draw.putScatter(
		'n',
		Float32Array.from({ length: 2 * n }, (_, k) => pcg(k) / 2147483648 - 1),
		2
	);
	expect((await pixels(request({ scatter: 'n', size: 2 }))).coloured).toBeGreaterThan(10_000);
	await draw.putScatter('0', new Float32Array(0), 2);
	expect((await pixels(request({ scatter: '0' }))).coloured).toBe(0);
	worker.terminate();
});
