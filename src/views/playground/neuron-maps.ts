import type { PlaygroundSpec } from '#contracts/playground.ts';
import { MINI, type PlaneField, type PlaygroundPictures } from '#state/playground-pictures.svelte.ts';
import { END, SCALE, shownAs } from './colouring.ts';
import { inputMap, UNIT, type DrawnNetwork } from './drawn-network.ts';

/** Maps in a row of their common picture. */
const COLUMNS = 64;

/** All maps in one picture of the draw thread, then each to its place. */
export async function paintMaps(
	pictures: PlaygroundPictures,
	field: PlaneField,
	drawn: DrawnNetwork,
	{ network, learning }: PlaygroundSpec,
	canvas: HTMLCanvasElement,
	pixel: number
): Promise<void> {
	const entries = new Float32Array(4 * field.count);
	const hidden = network.hidden.reduce((sum, units) => sum + units, 0);
	const { range } = shownAs({ loss: learning.loss, outputs: field.count - hidden });
	for (let k = 0; k < field.count; k++) entries.set([k, ...(k < hidden ? [-END, END] : range), 0], 4 * k);
	const columns = Math.min(field.count, COLUMNS);
	const picture = await pictures.atlas({
		width: columns * MINI,
		height: Math.ceil(field.count / columns) * MINI,
		field: field.key,
		cells: { width: MINI, height: MINI, columns: 1 },
		entries,
		columns,
		cell: [MINI, MINI],
		gap: 0,
		offset: [0, 0],
		scale: SCALE
	});
	const context = canvas.getContext('2d');
	if (!context) return picture.close();
	[canvas.width, canvas.height] = [Math.round(drawn.width * pixel), Math.round(drawn.height * pixel)];
	const side = UNIT * pixel;
	for (const { plane, unit, x, y } of drawn.units) {
		const input = network.inputs[unit];
		if (plane >= 0) {
			const [sx, sy] = [(plane % columns) * MINI, Math.floor(plane / columns) * MINI];
			context.drawImage(picture, sx, sy, MINI, MINI, x * pixel, y * pixel, side, side);
		} else if (input) {
			const own = new OffscreenCanvas(MINI, MINI);
			own.getContext('2d')?.putImageData(inputMap(input, field.window, MINI), 0, 0);
			context.drawImage(own, x * pixel, y * pixel, side, side);
		}
	}
	picture.close();
}
