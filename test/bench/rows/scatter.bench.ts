import createScatterplot from 'regl-scatterplot';
import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { DrawApi } from '#contracts/draw.ts';
import { matrixOf, WHOLE } from '#maths/scatter/camera.ts';
import { stream } from '#maths/random.ts';
import { connect } from '#workers/rpc.ts';
import { scatterRequest } from '../../tools/scatter-request.ts';
import { median, ms, row } from '../measure.ts';

/** A frame of a map that is panned, blended discs of 3 px in ten colours, beside regl-scatterplot's on the same points. */

/** Within the window, which is the size that regl-scatterplot draws at. */
const SIDE = 700;
const GROUPS = 20;

function points(count: number) {
	const random = stream(1, 'data');
	const centres = Array.from({ length: GROUPS }, () => [random.between(-0.8, 0.8), random.between(-0.8, 0.8)] as const);
	const positions = new Float32Array(2 * count);
	const category = new Uint8Array(count);
	for (let i = 0; i < count; i++) {
		const [x, y] = centres[i % GROUPS]!;
		positions.set([x + 0.08 * random.normal(), y + 0.08 * random.normal()], 2 * i);
		category[i] = i % 10;
	}
	return { positions, category };
}

const COLOURS = Array.from({ length: 10 }, (_, k) => [25 * k, 255 - 20 * k, (97 * k) % 255] as const);

for (const count of [100_000, 1_000_000])
	it(`a frame of ${count} points`, async () => {
		await page.viewport(800, 720);
		expect(Math.min(innerWidth, innerHeight, screen.availWidth, screen.availHeight)).toBeGreaterThanOrEqual(SIDE);
		const { positions, category } = points(count);
		const worker = new Worker(new URL('../../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
		const draw = connect<DrawApi>(worker).remote;
		const ink = new Uint8Array(4 * count);
		category.forEach((k, i) => ink.set(COLOURS[k]!, 4 * i));
		await draw.putScatter('s', positions.slice(), 2);
		await draw.inkScatter('s', ink);
		const reader = new OffscreenCanvas(SIDE, SIDE).getContext('2d')!;
		let at = 0;
		const ours = async () => {
			const camera = { ...WHOLE, x: 0.01 * (at++ % 5) };
			const picture = await draw.scatter(
				scatterRequest(SIDE, { scatter: 's', matrix: matrixOf(camera, { width: SIDE, height: SIDE }, 2) })
			);
			// The picture comes before the GPU has drawn it: a pixel of it does not.
			reader.drawImage(picture, 0, 0);
			reader.getImageData(350, 350, 1, 1);
			picture.close();
		};

		const canvas = document.createElement('canvas');
		canvas.style.width = canvas.style.height = `${SIDE}px`;
		document.body.append(canvas);
		const plot = createScatterplot({
			canvas,
			width: SIDE,
			height: SIDE,
			pointSize: 3,
			opacity: 0.5,
			colorBy: 'category',
			pointColor: COLOURS.map((colour) => [...colour.map((v) => v / 255), 1]) as never
		});
		await plot.draw({
			x: positions.filter((_, k) => k % 2 === 0),
			y: positions.filter((_, k) => k % 2 === 1),
			z: category
		});
		const theirs = async () => {
			at++;
			const drawn = new Promise((resolve) => plot.subscribe('draw', resolve, 1));
			await plot.zoomToLocation([0.01 * (at % 5), 0], 1, { transition: false });
			plot.redraw();
			await drawn;
			reader.drawImage(canvas, 0, 0);
			reader.getImageData(350, 350, 1, 1);
		};
		const runs = count > 5e5 ? 5 : 9;
		const [own, other] = [await median(runs, ours), await median(runs, theirs)];
		row(
			`a frame of ${count.toLocaleString('en')} points, blended`,
			ms(own),
			`regl-scatterplot ${ms(other)}`,
			own / other
		);
		plot.destroy();
		canvas.remove();
		worker.terminate();
	});
