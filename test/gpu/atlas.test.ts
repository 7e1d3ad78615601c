import { beforeAll, describe, expect, it } from 'vitest';
import type { AtlasRequest } from '#contracts/anatomy.ts';
import type { DrawApi } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { startEngine } from '#engine/device.ts';
import { toPayload } from '#engine/field.ts';
import * as tf from '#engine/tf.ts';
import { scaleColours } from '#maths/colour.ts';
import { connect } from '#workers/rpc.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker).remote;
const { port1: fields, port2 } = new MessageChannel();
worker.postMessage({ type: 'field-port', port: port2 }, [port2]);

/** Three cells of 2 x 2, two in the upper row of the field: the third lies below, with a cell beside it that is empty. */
const CELLS = [
	[0, 1, 2, 3],
	[-4, NaN, 4, Infinity],
	[7, 7, 7, 7]
] as const;
const [WIDTH, HEIGHT] = [4, 4];
const VALUES = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
	const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
	return CELLS[(y >> 1) * 2 + (x >> 1)]?.[(y & 1) * 2 + (x & 1)] ?? -99;
});

const scale = scaleColours('rdbu', 256).map((text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)));
const apart = (a: readonly number[], b: readonly number[]) =>
	Math.max(...[0, 1, 2].map((i) => Math.abs((a[i] as number) - (b[i] as number))));
const grey = ([r, g, b]: readonly number[]) => r === g && g === b;

async function drawn(field: string, change: Partial<AtlasRequest>): Promise<(x: number, y: number) => number[]> {
	const request: AtlasRequest = {
		width: 64,
		height: 48,
		field,
		cells: { width: 2, height: 2, columns: 2 },
		entries: Float32Array.from([0, 0, 3, 0, 1, -4, 4, 0, 2, 7, 7, 0]),
		columns: 2,
		cell: [20, 20],
		gap: 4,
		offset: [0, 0],
		scale: 'rdbu',
		...change
	};
	const bitmap = await draw.atlas(request);
	const context = new OffscreenCanvas(64, 48).getContext('2d') as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	return (x, y) => [...context.getImageData(x, y, 1, 1).data];
}

describe.each(['floats', 'bits'] as const)('an atlas of a field that came as %s', (kind) => {
	beforeAll(async () => {
		let payload: SentField['payload'] = { kind: 'array', values: VALUES.slice() };
		let transfer: Transferable[] = [];
		if (kind === 'bits') {
			await startEngine('webgpu');
			const tensor = tf.tensor2d(VALUES, [HEIGHT, WIDTH]);
			({ payload, transfer } = await toPayload(tensor, 'bits'));
			tensor.dispose();
		}
		fields.postMessage({ key: kind, width: WIDTH, height: HEIGHT, payload } satisfies SentField, transfer);
	}, 60_000);

	it('finds cells beyond the rows that a texture has', async () => {
		const [rows, key] = [20_000, `${kind} tall`];
		const values = Float32Array.from({ length: 2 * rows }, (_, i) => i >> 1);
		let payload: SentField['payload'] = { kind: 'array', values };
		let transfer: Transferable[] = [];
		if (kind === 'bits') {
			const tensor = tf.tensor2d(values, [rows, 2]);
			({ payload, transfer } = await toPayload(tensor, 'bits'));
			tensor.dispose();
		}
		fields.postMessage({ key, width: 2, height: rows, payload } satisfies SentField, transfer);
		const numbers = [0, 2047, 2048, 7531, 9999];
		const entries = Float32Array.from(numbers.flatMap((n) => [n, 2 * n, 2 * n + 1, 0]));
		const at = await drawn(key, { cells: { width: 2, height: 2, columns: 1 }, entries, cell: [8, 8], columns: 5 });
		for (const n of numbers.keys()) {
			expect(apart(at(12 * n + 3, 2), scale[0]!)).toBeLessThan(3);
			expect(apart(at(12 * n + 3, 6), scale[255]!)).toBeLessThan(3);
		}
	});

	it('puts each cell in its place and its own scale, what is no number in stripes, and nothing between', async () => {
		const at = await drawn(kind, {});
		expect(apart(at(5, 5), scale[0]!)).toBeLessThan(3);
		expect(apart(at(15, 5), scale[85]!)).toBeLessThan(3);
		expect(apart(at(5, 15), scale[170]!)).toBeLessThan(3);
		expect(apart(at(15, 15), scale[255]!)).toBeLessThan(3);
		expect(apart(at(29, 5), scale[0]!)).toBeLessThan(3);
		expect(apart(at(29, 15), scale[255]!)).toBeLessThan(3);
		expect(grey(at(39, 5)) && grey(at(39, 15))).toBe(true);
		// One value alone: the low end where nothing is negative.
		expect(apart(at(10, 34), scale[0]!)).toBeLessThan(3);
		for (const [x, y] of [
			[22, 10],
			[10, 22],
			[34, 34],
			[60, 10]
		] as const)
			expect(at(x, y)[3]).toBe(0);
		// The edges of the cells, to the pixel.
		expect(at(19, 10)[3]).toBe(255);
		expect(at(20, 10)[3]).toBe(0);
		expect(at(24, 10)[3]).toBe(255);
	});

	it('takes any order, scrolls, and strikes out what is switched off', async () => {
		const at = await drawn(kind, {
			entries: Float32Array.from([1, -4, 4, 0, 0, 0, 3, 1, 0, 0, 3, 0]),
			columns: 1,
			offset: [0, 24]
		});
		// The first has left the picture, the second is at the top and struck out, the third plain below it.
		expect(apart(at(10, 10), [217, 26, 26])).toBeLessThan(3);
		expect(
			apart(
				at(16, 7),
				scale[85]!.map((c) => 0.25 * c + 0.75 * 127.5)
			)
		).toBeLessThan(4);
		expect(apart(at(15, 29), scale[85]!)).toBeLessThan(3);
		const nothing = await drawn(kind, { entries: new Float32Array() });
		expect(nothing(10, 10)[3]).toBe(0);
	});
});
