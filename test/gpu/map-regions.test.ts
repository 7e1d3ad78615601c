import { expect, it } from 'vitest';
import type { RegionsPicture } from '#contracts/map-regions.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import { matrixOf, projected, WHOLE } from '#maths/scatter/camera.ts';
import { MESH_END } from '#maths/scatter/blends.ts';
import { apart, coloursOf, drawWorker } from '../tools/draw-worker.ts';

const { draw } = drawWorker();
const size = { width: 120, height: 100 };
const matrix = matrixOf(WHOLE, size, 2);
const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const display = { key: 'g', colours: Uint8Array.from([...RED, ...BLUE, 0, 160, 0]) };

async function painted(picture: RegionsPicture, change: Partial<ScatterRequest> = {}) {
	await draw.putScatter('none', Float32Array.of(1e6, 1e6), 2);
	await draw.putRegions('g', picture);
	const request = {
		scatter: 'none',
		...size,
		ratio: 1,
		matrix,
		dimensions: 2,
		size: 4,
		opacity: 1,
		hovered: -1,
		chosen: -1,
		ringed: [],
		contours: false,
		decisionRegions: display,
		thumbnails: null,
		theme: { stage: [1, 1, 1], text: [0, 0, 0], chosen: [0, 0, 1] },
		...change
	} satisfies ScatterRequest;
	const colours = coloursOf(await draw.scatter(request));
	return (x: number, y: number) => {
		const [px, py] = projected(request.matrix, size, x, y, 0);
		return colours(Math.floor(px), Math.floor(py)).slice(0, 3);
	};
}
/** How much of its own colour a pale pixel has. */
const paint = (sure: number) => 0.12 + 0.28 * sure;
const pale = (colour: readonly number[], sure: number) => colour.map((v) => 255 + (v - 255) * paint(sure));

/** Left half class 0, right half class 2 (less sure), nothing claimed in the lowest row. */
function halves(): RegionsPicture {
	const texels = new Uint8Array(4 * 64);
	for (let i = 0; i < 64; i++) texels.set([i % 8 < 4 ? 0 : 2, 0, i % 8 < 4 ? 255 : 51, i < 8 ? 0 : 255], 4 * i);
	return { window: [-1, -1, 1, 1], width: 8, height: 8, texels, classes: 3, mesh: null };
}

it('paints each cell in the colour of its class, the paler the less sure, hatched where nothing is claimed', async () => {
	const at = await painted(halves());
	for (const y of [-0.2, 0.1, 0.9]) {
		expect(apart(at(-0.5, y), pale(RED, 1))).toBeLessThan(3);
		expect(apart(at(0.6, y), pale([0, 160, 0], 0.2))).toBeLessThan(3);
	}
	// A line where the class changes.
	expect(Math.min(...[-0.02, -0.01, 0, 0.01, 0.02].map((x) => Math.max(...at(x, 0.3))))).toBeLessThan(160);
	const bottom = Array.from({ length: 40 }, (_, n) => at(-0.95 + n / 40, -0.93));
	// No colour there, and two greys.
	for (const [r, g, b] of bottom) expect(Math.max(r!, g!, b!) - Math.min(r!, g!, b!)).toBeLessThan(3);
	expect(new Set(bottom.map(([r]) => (r! > 250 ? 'light' : 'dark'))).size).toBe(2);
	// Half claimed between the rows.
	expect(at(-0.5, -0.75)[1]).toBeGreaterThan(at(-0.5, -0.3)[1]! + 20);
});

it('follows the camera, and lies under the points', async () => {
	const near = matrixOf({ ...WHOLE, x: 0.5, y: 0.5, zoom: 6 }, size, 2);
	const at = await painted(halves(), { matrix: near });
	expect(apart(at(0.5, 0.5), pale([0, 160, 0], 0.2))).toBeLessThan(3);
	expect(apart(at(0.6, 0.55), pale([0, 160, 0], 0.2))).toBeLessThan(3);
	await draw.putScatter('one', Float32Array.of(0, 0), 2);
	await draw.inkScatter('one', Uint8Array.of(10, 20, 30, 0));
	expect(apart((await painted(halves(), { scatter: 'one', size: 12 }))(0, 0), [10, 20, 30])).toBeLessThan(14);
	// Not in space.
	const plain = await painted(halves(), { dimensions: 3 });
	expect(plain(-0.5, 0.2)).toEqual([255, 255, 255]);
});

it('paints a mesh smoothly between its positions, with a line where another class leads', async () => {
	const side = 5;
	const end = (c: number) => (2 * c) / (side - 1) - 1;
	// Class 0 has a share that falls from left to right through 0.5 at x = 0.25; a corner is unknown.
	const share = Array.from({ length: side * side }, (_, i) => 0.5 - 0.4 * (MESH_END * end(i % side) - 0.25));
	share[0] = NaN;
	const values = Float32Array.from([...share, ...share.map((p) => 1 - p)]);
	const texels = new Uint8Array(4 * 64).fill(255);
	const at = await painted({ ...halves(), texels, mesh: { side, classes: [0, 1], values } });
	for (const [x, y] of [
		[-0.4, 0.3],
		[0, 0.8],
		[-0.7, 0.6]
	] as const)
		expect(apart(at(x, y), pale(RED, 2 * (0.5 - 0.4 * (x - 0.25)) - 1))).toBeLessThan(3);
	expect(apart(at(0.8, -0.5), pale(BLUE, 2 * 0.4 * 0.55))).toBeLessThan(3);
	const dark = Array.from({ length: 81 }, (_, n) => -0.2 + n / 100).filter((x) => Math.max(...at(x, 0.1)) < 190);
	expect(dark.length).toBeGreaterThan(0);
	for (const x of dark) expect(Math.abs(x - 0.25)).toBeLessThan(0.06);
	const [r, g, b] = at(-0.95, -0.95);
	expect(Math.max(r!, g!, b!) - Math.min(r!, g!, b!)).toBeLessThan(3);
});
