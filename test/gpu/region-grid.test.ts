import { expect, it } from 'vitest';
import type { DrawApi, RegionGridRequest } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { classColour } from '#maths/class-colours.ts';
import { scaleColours } from '#maths/colour.ts';
import { connect } from '#workers/rpc.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker).remote;
const { port1: fields, port2 } = new MessageChannel();
worker.postMessage({ type: 'field-port', port: port2 }, [port2]);

async function drawn(request: RegionGridRequest): Promise<(x: number, y: number) => number[]> {
	const { width, height } = request;
	const bitmap = await draw.regionGrid(request);
	const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	return (x, y) => [...context.getImageData(x, y, 1, 1).data];
}
const apart = (a: readonly number[], b: readonly number[]) =>
	Math.max(...[0, 1, 2].map((i) => Math.abs((a[i] as number) - (b[i] as number))));
const hex = (text: string) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));

it('draws a cell for each network in its place, by one plane or by the largest of several, and nothing between', async () => {
	// Planes of 2 x 2: one ramp to the right; three classes of which the last is the largest; one that is no number.
	const values = [-1, 1, -1, 1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.95, 0.95, 0.95, 0.95, NaN, NaN, NaN, NaN];
	fields.postMessage({
		...{ key: 'grid', width: 2, height: 10 },
		payload: { kind: 'array', values: Float32Array.from(values) }
	} satisfies SentField);
	const one = { range: [-1, 1], spread: 1 } as const;
	const at = await drawn({
		...{ width: 60, height: 70, field: 'grid', planes: 5, columns: 2, side: 20, pitch: [30, 35], scale: 'puor' },
		cells: [
			{ first: 0, classes: 0, ...one },
			{ first: 1, classes: 3, ...one },
			{ first: 4, classes: 0, ...one }
		],
		colours: [0, 1, 2].map(classColour)
	});
	const colours = scaleColours('puor', 257).map(hex);
	expect(apart(at(2, 10), colours[0]!)).toBeLessThan(6);
	expect(apart(at(17, 10), colours[256]!)).toBeLessThan(6);
	// Between two numbers as much of either.
	const middle = Math.round(128 * (1 + (10.5 / 20) * 4 - 2));
	expect(apart(at(10, 5), colours[middle]!)).toBeLessThan(6);
	// Ahead by three quarters: as much stronger than a hint of the colour.
	const strength = 0.15 + 0.75 * 0.75;
	const pale = classColour(2).map((channel) => 0.97 * 255 * (1 - strength) + channel * strength);
	expect(apart(at(40, 10), pale)).toBeLessThan(3);
	const [r, g, b] = at(10, 45);
	expect([r === g, g === b, at(10, 45)[3]]).toEqual([true, true, 255]);
	for (const [x, y] of [
		[25, 10],
		[10, 25],
		[55, 10],
		[40, 45]
	] as const)
		expect(at(x, y)[3]).toBe(0);
	worker.terminate();
});
