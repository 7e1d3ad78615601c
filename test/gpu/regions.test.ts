import { describe, expect, it } from 'vitest';
import type { DrawApi, RegionsRequest } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { classColour, scaleColours } from '#maths/colour.ts';
import { connect } from '#workers/rpc.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker);
const { port1: fields, port2 } = new MessageChannel();
worker.postMessage({ type: 'field-port', port: port2 }, [port2]);

function send(key: string, width: number, height: number, values: readonly number[]): void {
	fields.postMessage({
		key,
		width,
		height,
		payload: { kind: 'array', values: Float32Array.from(values) }
	} satisfies SentField);
}

/** Colours of a picture by place. */
async function drawn(change: Partial<RegionsRequest>): Promise<(x: number, y: number) => number[]> {
	const bitmap = await draw.call('regions', [
		{
			width: 64,
			height: 64,
			field: 'ramp',
			planes: 1,
			plane: 0,
			spread: 1,
			place: { x: 0, y: 0, width: 64, height: 64 },
			scale: 'puor',
			range: [-1, 1],
			line: false,
			colours: [0, 1, 2].map(classColour),
			...change
		}
	]);
	const context = new OffscreenCanvas(64, 64).getContext('2d') as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	return (x, y) => [...context.getImageData(x, y, 1, 1).data];
}

const apart = (a: readonly number[], b: readonly number[]) =>
	Math.max(...[0, 1, 2].map((i) => Math.abs((a[i] as number) - (b[i] as number))));
const hex = (text: string) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
const dark = ([r = 0, g = 0, b = 0]: readonly number[]) => r + g + b < 300;

describe('regions', () => {
	it('show one plane of a field between its values, a line at the middle as wide at any zoom, and where it lies', async () => {
		// Second plane: from -1 to 1 along x1.
		send('ramp', 4, 8, [...Array<number>(16).fill(9), ...[1, 2, 3, 4].flatMap(() => [-0.75, -0.25, 0.25, 0.75])]);
		const colours = scaleColours('puor', 257);
		const plain = await drawn({ planes: 2, plane: 1 });
		for (const x of [12, 30, 40, 52]) {
			const value = ((x + 0.5) / 64) * 2 - 1;
			expect(apart(plain(x, 20), hex(colours[Math.round(128 * (1 + value))] as string))).toBeLessThan(4);
		}
		const near = { x: -640, y: -640, width: 1344, height: 1344 };
		for (const place of [undefined, near]) {
			const lined = await drawn({ planes: 2, plane: 1, line: true, ...(place ? { place } : {}) });
			const inked = Array.from({ length: 64 }, (_, x) => dark(lined(x, 20))).filter(Boolean).length;
			expect(inked).toBeGreaterThan(0);
			expect(inked).toBeLessThanOrEqual(3);
		}
		const moved = await drawn({ planes: 2, plane: 1, place: { x: 32, y: 0, width: 64, height: 64 } });
		expect(moved(20, 20)[3]).toBe(0);
		expect(apart(moved(52, 20), plain(20, 20))).toBeLessThan(2);
	});

	it('show the class with the largest value, paler where the next is near', async () => {
		send('three', 2, 6, [0.9, 0.1, 0.9, 0.1, 0.05, 0.5, 0.05, 0.1, 0.05, 0.4, 0.05, 0.8]);
		const at = await drawn({ field: 'three', planes: 3, plane: null });
		const [sure, unsure, third] = [at(2, 2), at(61, 2), at(61, 61)];
		const distance = (pixel: readonly number[], k: number) => apart(pixel, classColour(k));
		expect(distance(sure, 0)).toBeLessThan(60);
		expect(distance(third, 2)).toBeLessThan(90);
		expect(Math.min(...unsure.slice(0, 3))).toBeGreaterThan(Math.min(...sure.slice(0, 3)));
		const lined = await drawn({ field: 'three', planes: 3, plane: null, line: true });
		expect(Array.from({ length: 64 }, (_, x) => dark(lined(x, 2))).filter(Boolean).length).toBeGreaterThan(0);
		send('broken', 1, 1, [NaN]);
		const broken = await drawn({ field: 'broken', planes: 1, plane: null });
		const [r, g, b] = broken(30, 30);
		expect([r === g, g === b]).toEqual([true, true]);
	});
});
