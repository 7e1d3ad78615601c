import { it } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import type { GraphGeometry, GraphTheme } from '#contracts/graph-picture.ts';
import { connect } from '#workers/rpc.ts';
import { median, ms, row } from '../measure.ts';

/** 50,000 boxes and as many lines: what a frame costs when only the camera moves, beside making the buffers anew. */
it('a graph of 50,000 boxes', async () => {
	const worker = new Worker(new URL('../../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
	const draw = connect<DrawApi>(worker).remote;
	const n = 50_000;
	const bounds = new Float32Array(4 * n);
	const points = new Float32Array(4 * n);
	for (let i = 0; i < n; i++) {
		bounds.set([(i % 5) * 150, Math.floor(i / 5) * 70, 120, 40], 4 * i);
		points.set(
			[(i % 5) * 150 + 60, Math.floor(i / 5) * 70 + 40, (i % 5) * 150 + 60, Math.floor(i / 5) * 70 + 70],
			4 * i
		);
	}
	const geometry: GraphGeometry = {
		bounds,
		points,
		kinds: new Uint8Array(n),
		titles: Array.from({ length: n }, (_, i) => `Conv2D ${i % 100}`),
		notes: Array.from({ length: n }, (_, i) => `layer_${i}`),
		starts: Uint32Array.from({ length: n + 1 }, (_, i) => 4 * i),
		ends: Int32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? Math.min(n - 1, (i >> 1) + 5) : i >> 1)),
		shapes: Array.from({ length: n }, () => '7×7×256')
	};
	const grey = [0.5, 0.5, 0.5] as const;
	const theme = Object.fromEntries(
		['stage', 'panel', 'border', 'line', 'text', 'chosen', 'before', 'after', 'found'].map((name) => [name, grey])
	) as unknown as GraphTheme;
	const context = new OffscreenCanvas(1200, 800).getContext('2d') as OffscreenCanvasRenderingContext2D;
	let at = 0;
	const frame = async (scale: number) => {
		at += 97;
		const camera = { x: 350, y: (at * 70) % (70 * (n / 5)), scale };
		const size = { width: 1200, height: 800, ratio: 1 };
		const picture = await draw.graph({ graph: 'g', ...size, camera, theme, text: true });
		// The picture comes before the GPU has drawn it: a pixel of it does not.
		context.drawImage(picture, 0, 0);
		context.getImageData(600, 400, 1, 1);
		picture.close();
	};
	const whole = async () => {
		await draw.putGraph('g', geometry);
		await frame(1);
	};
	const made = await median(3, whole);
	for (const [name, scale] of [
		['near', 1],
		['far', 0.001]
	] as const) {
		const time = await median(9, () => frame(scale));
		row(`a frame of 50,000 boxes and lines, from ${name}`, ms(time), `with buffers made anew ${ms(made)}`, time / made);
	}
	worker.terminate();
});
