import { expect, it } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { startEngine } from '#engine/device.ts';
import * as tf from '#engine/tf.ts';
import { scaleBytes } from '#maths/colour.ts';
import { activationStrip } from '#methods/activation/strip.ts';
import { stripLayers } from '#state/features/strip-layers.ts';
import { connect } from '#workers/rpc.ts';
import { shippedModel } from '../../tools/shipped.ts';
import { median, ms, row } from '../measure.ts';

const [CHANNELS, SIDE, COLUMNS] = [512, 56, 32];
const FRAMES = 12;
const nextFrame = () => new Promise(requestAnimationFrame);

it('an atlas of 512 channels', async () => {
	const worker = new Worker(new URL('../../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
	const draw = connect<DrawApi>(worker).remote;
	const { port1: fields, port2 } = new MessageChannel();
	worker.postMessage({ type: 'field-port', port: port2 }, [port2]);
	const [width, height] = [COLUMNS * SIDE, (CHANNELS / COLUMNS) * SIDE];
	const values = Float32Array.from({ length: width * height }, (_, i) => Math.sin(i * 0.013));
	const field: SentField = { key: 'atlas', width, height, payload: { kind: 'array', values: values.slice() } };
	fields.postMessage(field);
	const entries = Float32Array.from({ length: 4 * CHANNELS }, (_, i) => [i >> 2, -1, 1, 0][i % 4] as number);
	const request = {
		width,
		height,
		field: 'atlas',
		cells: { width: SIDE, height: SIDE, columns: COLUMNS },
		entries,
		columns: COLUMNS,
		cell: [SIDE, SIDE] as const,
		gap: 0,
		offset: [0, 0] as const,
		scale: 'rdbu'
	};
	const shown = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
	let blocked = 0;
	const atlas = await median(15, async () => {
		const began = performance.now();
		const waiting = draw.atlas(request);
		blocked = performance.now() - began;
		const picture = await waiting;
		// Drawing is done when a pixel of it can be read.
		shown.drawImage(picture, 0, 0);
		shown.getImageData(0, 0, 1, 1);
		picture.close();
	});

	// The obvious way: a canvas for each channel, its colours worked out in a loop.
	const colours = scaleBytes('rdbu', 256);
	const canvases = Array.from({ length: CHANNELS }, () => {
		const one = document.createElement('canvas');
		[one.width, one.height] = [SIDE, SIDE];
		return one.getContext('2d') as CanvasRenderingContext2D;
	});
	const drawEach = () => {
		for (const [channel, context] of canvases.entries()) {
			const image = context.createImageData(SIDE, SIDE);
			const [x0, y0] = [(channel % COLUMNS) * SIDE, Math.floor(channel / COLUMNS) * SIDE];
			for (let y = 0; y < SIDE; y++)
				for (let x = 0; x < SIDE; x++) {
					const value = values[(y0 + y) * width + x0 + x] as number;
					const colour = 4 * Math.round(Math.min(1, Math.max(0, (value + 1) / 2)) * 255);
					const at = 4 * (y * SIDE + x);
					for (let k = 0; k < 4; k++) image.data[at + k] = colours[colour + k] as number;
				}
			context.putImageData(image, 0, 0);
		}
	};
	const each = await median(9, () => {
		drawEach();
		canvases.at(-1)!.getImageData(0, 0, 1, 1);
		return Promise.resolve();
	});
	const against = `a canvas per channel ${ms(each)}`;
	row('atlas of 512 channels of 56 × 56: the page waits, times shorter', ms(blocked), against, each / blocked);
	row('the same, all pixels in memory, times faster', ms(atlas), against, each / atlas);

	// On the screen: the time of a frame when every frame is a new one.
	const stage = document.createElement('div');
	stage.style.cssText = `position:fixed;inset:0;width:${width}px;font-size:0`;
	document.body.append(stage);
	stage.append(...canvases.map(({ canvas }) => canvas));
	const frames = async (job: () => Promise<unknown> | void) => {
		await nextFrame();
		const began = performance.now();
		for (let i = 0; i < FRAMES; i++) {
			await job();
			await nextFrame();
		}
		return (performance.now() - began) / FRAMES;
	};
	const eachFrame = await frames(drawEach);
	const one = Object.assign(document.createElement('canvas'), { width, height });
	stage.replaceChildren(one);
	const target = one.getContext('bitmaprenderer') as ImageBitmapRenderingContext;
	const atlasFrame = await frames(async () => target.transferFromImageBitmap(await draw.atlas(request)));
	stage.remove();
	row(
		'the same, a frame on the screen, times faster',
		ms(atlasFrame),
		`a canvas per channel ${ms(eachFrame)}`,
		eachFrame / atlasFrame
	);
	worker.terminate();
});

it('an activation strip', async () => {
	await startEngine(null);
	const { signal } = new AbortController();
	for (const name of ['digits', 'photos']) {
		const { model } = await shippedModel(name);
		const [id] = model.graph.inputs as [string];
		const shape = model.graph.nodes.find((node) => node.id === id)!.shape.map((n) => n ?? 1);
		const feeds = { [id]: tf.randomUniform(shape, -1, 1, 'float32', 1) };
		const layers = stripLayers(model.graph, false).map((layer) => layer.id);
		const forward = await median(15, async () => {
			const [y] = model.run(feeds, model.graph.outputs) as [tf.Tensor];
			await y.data();
			y.dispose();
		});
		const context = { model, feeds, transfer: 'array' as const, signal, send: () => {} };
		const strip = await median(15, () => activationStrip(context, { layers, prefix: '', maxCells: 32 }));
		row(
			`activation strip of the ${layers.length} layers of ${name}`,
			ms(strip),
			`one forward pass ${ms(forward)}`,
			strip / forward
		);
		expect(strip).toBeGreaterThan(0);
		tf.dispose(feeds);
		model.dispose();
	}
});
