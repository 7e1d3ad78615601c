import { describe, expect, it } from 'vitest';
import type { SurfaceRequest } from '#contracts/planes.ts';
import { classColour } from '#maths/class-colours.ts';
import { FIRST_ORBIT, orbitMatrix, projected } from '#maths/orbit.ts';
import { apart, closestClass, coloursOf, drawWorker } from '../tools/draw-worker.ts';

const { draw, send } = drawWorker();
const SIDE = 96;
const ABOVE = orbitMatrix({ ...FIRST_ORBIT, yaw: 0, pitch: Math.PI / 2 }, 1);
const SIDEWAYS = orbitMatrix({ ...FIRST_ORBIT, yaw: 0, pitch: 0.25 }, 1);

async function drawn(change: Partial<SurfaceRequest>) {
	const request: SurfaceRequest = {
		width: SIDE,
		height: SIDE,
		pixel: 1,
		field: 'half',
		planes: 1,
		meaning: 'shares',
		plane: 0,
		ends: [0, 1],
		mode: 'regions',
		scale: 'puor',
		range: [0, 1],
		line: false,
		levels: [],
		colours: [0, 1, 2].map(classColour),
		camera: ABOVE,
		sheets: 'envelope',
		heights: [0, 1],
		points: null,
		edges: [0, 0, 0],
		...change
	};
	const at = coloursOf(await draw.surface(request));
	/** The pixel that a point of the box comes to. */
	const visible = (x: number, y: number, z: number) => {
		const [right, down] = projected(request.camera, x, y, z);
		return at(Math.floor(right * SIDE), Math.floor(down * SIDE));
	};
	return { at, visible };
}

/** Class 1 on the right with a share of 0.9, class 0 on the left with 0.8. */
const HALF = Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0.2 : 0.9));

/** From -1 to 1 to the right. */
const SLOPE = Array.from({ length: 1024 }, (_, i) => (2 * ((i % 32) + 0.5)) / 32 - 1);
const light = (pixel: readonly number[]) => pixel.slice(0, 3).reduce((sum, v) => sum + v, 0);

describe('a surface', () => {
	it('has the surest class at its position and height, lit, in a box', async () => {
		send('half', 8, 8, HALF);
		const { at, visible } = await drawn({});
		expect([closestClass(visible(-0.6, 0.1, 0.8)), closestClass(visible(0.6, 0.1, 0.9))]).toEqual([0, 1]);
		expect(at(1, 1)[3]).toBe(0);
		const side = await drawn({ camera: SIDEWAYS });
		// From the side: the surface at its height, and nothing behind it but the box.
		expect(side.visible(0.6, 0.8, 0.9)[3]).toBe(255);
		expect(side.visible(0.6, 1, 0.95)[3]).toBe(0);
		expect(side.visible(-0.6, 0.8, 0.8)[3]).toBe(255);
		expect(side.visible(-0.6, 1, 0.86)[3]).toBe(0);
	});

	it('is hatched on the floor where there is no number', async () => {
		send('none', 8, 8, Array<number>(64).fill(NaN));
		for (const meaning of ['shares', 'value'] as const) {
			const { visible } = await drawn({ field: 'none', meaning });
			const tones = new Set<number>();
			for (let x = -0.8; x < 0.8; x += 0.02) {
				const [r, g, b, a] = visible(x, 0.1, 0) as [number, number, number, number];
				expect([r === g, g === b, a]).toEqual([true, true, 255]);
				tones.add(r);
			}
			expect(tones.size).toBe(2);
		}
	});

	it('is lit from the upper left: a slope that faces it is lighter than one that turns away', async () => {
		const plain = { planes: 1, meaning: 'value', range: [-99, 99], heights: [-1, 1] } as const;
		const lit = async (values: number[]) => {
			send('slope', 32, 32, values);
			return light((await drawn({ ...plain, field: 'slope' })).visible(0.1, 0.1, 0.5));
		};
		const [right, left, flat] = [await lit(SLOPE), await lit(SLOPE.map((v) => -v)), await lit(SLOPE.map(() => 0))];
		expect(right - left).toBeGreaterThan(60);
		expect(flat).not.toBe(right);
		// Rows count downwards.
		const down = Array.from({ length: 1024 }, (_, i) => SLOPE[Math.floor(i / 32)] as number);
		expect(Math.abs((await lit(down)) - (await lit(down.map((v) => -v))))).toBeGreaterThan(40);
	});

	it('has its isolines and its decision line where they are on the map', async () => {
		send(
			'even',
			32,
			32,
			SLOPE.map((x) => (1 + x) / 2)
		);
		const bare = await drawn({ field: 'even' });
		const inkedAt = async (change: Partial<SurfaceRequest>) => {
			const { at } = await drawn({ field: 'even', ...change });
			return Array.from({ length: SIDE }, (_, x) => x).filter((x) => apart(at(x, 48), bare.at(x, 48)) > 25);
		};
		const column = (x: number, z: number) => projected(ABOVE, x, 0, z)[0] * SIDE - 0.5;
		const near = (inked: number[], expected: number[]) => {
			for (const x0 of expected) expect(Math.min(...inked.map((x) => Math.abs(x - x0)))).toBeLessThan(1);
			for (const x of inked) expect(Math.min(...expected.map((x0) => Math.abs(x - x0)))).toBeLessThan(2);
		};
		near(await inkedAt({ line: true }), [column(0, 0.5)]);
		near(await inkedAt({ levels: [0.75] }), [column(-0.5, 0.75), column(0.5, 0.75)]);
	});

	it('has values at their height between the ends', async () => {
		send('slope', 32, 32, SLOPE);
		const values = { field: 'slope', meaning: 'value', range: [-1, 1], camera: SIDEWAYS } as const;
		for (const [heights, z] of [
			[[-1, 1], 0.75],
			[[-3, 1], 0.875]
		] as const) {
			const { visible } = await drawn({ ...values, heights: [...heights] });
			// At the back, where nothing is behind it.
			expect(visible(0.5, 1, z - 0.03)[3]).toBe(255);
			expect(visible(0.5, 1, z + 0.05)[3]).toBe(0);
		}
	});

	it('shows one class, or the sheets of all', async () => {
		send('half', 8, 8, HALF);
		const second = await drawn({ camera: SIDEWAYS, sheets: 1 });
		expect(closestClass(second.visible(0.6, 0.5, 0.9))).toBe(1);
		// Where class 1 has only 0.2, its sheet is low, and nothing is higher.
		expect(second.visible(-0.6, 1, 0.3)[3]).toBe(0);
		const all = await drawn({ camera: SIDEWAYS, sheets: 'all' });
		expect(closestClass(all.visible(-0.6, 0.5, 0.8))).toBe(0);
		expect(closestClass(all.visible(0.6, 0.5, 0.9))).toBe(1);
	});

	it('has points at their height, before and behind the surface, by kind, and sticks to it', async () => {
		send('half', 8, 8, HALF);
		const points = {
			positions: Float32Array.of(0.25, 0.5, 1, NaN, 0.75, 0.5, 0.1, NaN, 2, 2, 1, NaN),
			marks: Float32Array.of(0, 200, 0, 0, 200, 0, 0, 3, 0, 0, 255, 0),
			radius: 4
		};
		const { visible } = await drawn({ points });
		expect(visible(-0.5, 0, 1)).toEqual([0, 200, 0, 255]);
		// The second lies under the surface, and is seen through it.
		const bare = await drawn({});
		const through = visible(0.5, 0, 0.1);
		expect(apart(through, bare.visible(0.5, 0, 0.1))).toBeGreaterThan(25);
		expect(apart(through, [200, 0, 0])).toBeGreaterThan(25);
		expect(through[3]).toBe(255);
		const below = await drawn({ points, camera: orbitMatrix({ ...FIRST_ORBIT, yaw: 0, pitch: -Math.PI / 2 }, 1) });
		expect(below.visible(0.5, 0, 0.1)).toEqual([200, 0, 0, 255]);
	});
});
