import { describe, expect, it } from 'vitest';
import type { DrawApi, HeatmapRequest } from '#contracts/draw.ts';
import type { Field } from '#contracts/field.ts';
import { fieldStats } from '#maths/statistics.ts';
import { scaleColours } from '#maths/colour.ts';
import { connect } from '#workers/rpc.ts';

const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
const draw = connect<DrawApi>(worker).remote;
const { port1: fields, port2 } = new MessageChannel();
worker.postMessage({ type: 'field-port', port: port2 }, [port2]);

function send(key: string, width: number, height: number, values: readonly number[]): void {
	const floats = Float32Array.from(values);
	const field: Field = { key, width, height, stats: fieldStats(floats), payload: { kind: 'array', values: floats } };
	fields.postMessage(field);
}

const request = (change: Partial<HeatmapRequest>): HeatmapRequest => ({
	width: 40,
	height: 40,
	field: null,
	image: null,
	crop: { x: 0, y: 0, width: 2, height: 2 },
	viewport: { x: 0.5, y: 0.5, zoom: 1 },
	scale: 'rdbu',
	range: [-1, 1],
	opacity: 1,
	opacityByValue: false,
	interpolation: 'nearest',
	grey: false,
	...change
});

/** Reads colours of a picture as #rrggbb. */
async function pixels(change: Partial<HeatmapRequest>): Promise<(x: number, y: number) => string> {
	const bitmap = await draw.heatmap(request(change));
	const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext(
		'2d'
	) as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	return (x, y) => {
		const [r, g, b, a] = context.getImageData(x, y, 1, 1).data;
		return a === 0 ? 'clear' : `#${[r, g, b].map((n) => (n as number).toString(16).padStart(2, '0')).join('')}`;
	};
}

async function image(
	key: string,
	width: number,
	height: number,
	colour: (x: number, y: number) => string
): Promise<void> {
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			context.fillStyle = colour(x, y);
			context.fillRect(x, y, 1, 1);
		}
	const bitmap = canvas.transferToImageBitmap();
	await draw.with({ transfer: [bitmap] }).putImage(key, bitmap);
}

const near = (a: string, b: string) => {
	const parts = [a, b].map((text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)));
	return Math.max(...parts[0]!.map((value, i) => Math.abs(value - parts[1]![i]!)));
};

describe('the draw worker', () => {
	it('gives the numbers back as they came, and waits for a field on its way', async () => {
		const early = draw.values('late');
		send('late', 3, 1, [1.5, -2.25, NaN]);
		expect(Array.from((await early).values)).toEqual([1.5, -2.25, NaN]);
	});

	it('puts values at their positions, in the colours of the scale, zero in its middle', async () => {
		send('four', 2, 2, [-1, 0, 0.5, 1]);
		const at = await pixels({ field: 'four' });
		const scale = scaleColours('rdbu', 256);
		expect(near(at(10, 10), scale[0]!)).toBeLessThan(3);
		expect(near(at(30, 10), scale[128]!)).toBeLessThan(3);
		expect(near(at(10, 30), scale[191]!)).toBeLessThan(3);
		expect(near(at(30, 30), scale[255]!)).toBeLessThan(3);
	});

	it('mixes between cells when asked', async () => {
		send('two', 2, 1, [-1, 1]);
		const crop = { x: 0, y: 0, width: 2, height: 1 };
		const sharp = await pixels({ field: 'two', crop, height: 20 });
		const soft = await pixels({ field: 'two', crop, height: 20, interpolation: 'linear' });
		const middle = scaleColours('rdbu', 256)[128]!;
		expect(near(soft(20, 10), middle)).toBeLessThan(12);
		expect(near(sharp(19, 10), middle)).toBeGreaterThan(60);
	});

	it('lays the map over the image by its opacity, lets it show where the map is near zero, and dims what is not seen', async () => {
		await image('picture', 4, 2, (x) => (x < 2 ? '#808080' : '#ff0000'));
		send('map', 1, 1, [1]);
		const crop = { x: 0, y: 0, width: 2, height: 2 };
		const base = { image: 'picture', field: 'map', crop, height: 20 };
		const top = scaleColours('rdbu', 256)[255]!;
		expect(near((await pixels({ ...base, opacity: 1 }))(10, 10), top)).toBeLessThan(3);
		expect(near((await pixels({ ...base, opacity: 0 }))(10, 10), '#808080')).toBeLessThan(3);
		const outside = (await pixels(base))(30, 10);
		expect(outside.slice(3)).toBe('0000');
		expect(parseInt(outside.slice(1, 3), 16)).toBeLessThan(140);
		send('zero', 1, 1, [0]);
		expect(near((await pixels({ ...base, field: 'zero', opacityByValue: true }))(10, 10), '#808080')).toBeLessThan(3);
		const grey = (await pixels({ ...base, field: null, grey: true, crop: { x: 0, y: 0, width: 4, height: 2 } }))(
			30,
			10
		);
		expect(grey.slice(1, 3)).toBe(grey.slice(3, 5));
	});

	it('zooms and pans with the window, and leaves the rest clear', async () => {
		send('window', 2, 2, [-1, 0, 0.5, 1]);
		const corner = await pixels({ field: 'window', viewport: { x: 0.25, y: 0.25, zoom: 2 } });
		const scale = scaleColours('rdbu', 256);
		for (const [x, y] of [
			[2, 2],
			[38, 2],
			[38, 38]
		] as const)
			expect(near(corner(x, y), scale[0]!)).toBeLessThan(3);
		const wide = await pixels({ field: 'window', width: 80 });
		expect(wide(5, 20)).toBe('clear');
		expect(near(wide(30, 10), scale[0]!)).toBeLessThan(3);
	});

	it('shows what is no number as neither colour', async () => {
		send('nan', 1, 1, [NaN]);
		const at = await pixels({ field: 'nan', crop: { x: 0, y: 0, width: 1, height: 1 } });
		const colour = at(20, 20);
		expect(colour.slice(1, 3)).toBe(colour.slice(3, 5));
	});

	it('forgets what is dropped, and says so to who waits', async () => {
		const waiting = draw.values('never');
		await draw.drop(['never', 'four']);
		await expect(waiting).rejects.toThrow('gone');
	});
});
