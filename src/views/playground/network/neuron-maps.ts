import type { PlaneWindow, PlaygroundSpec } from '#contracts/playground.ts';
import { MINI, type PlaneField, type PlaygroundPictures } from '#state/playground/pictures.svelte.ts';
import { outputRange, END, SCALE } from '../boundary/colouring.ts';
import { GAP, inputMap } from './drawn-network.ts';

type Draw = (width: number, height: number) => Promise<ImageBitmap>;

/**
 * The maps of a layer's first units, one below the other, in one call of the draw thread.
 * @param first plane of the first
 * @param unit CSS pixels of one
 */
export function columnOfMaps(
	pictures: PlaygroundPictures,
	field: PlaneField,
	{ network, learning }: PlaygroundSpec,
	first: number,
	count: number,
	unit: number
): Draw {
	const hidden = network.hidden.reduce((sum, units) => sum + units, 0);
	const [low, high] = (first < hidden ? null : outputRange(learning)) ?? [-1, 1];
	const [middle, half] = [(low + high) / 2, (END * (high - low)) / 2];
	const ends = [middle - half, middle + half] as const;
	const entries = new Float32Array(4 * count);
	for (let k = 0; k < count; k++) entries.set([first + k, ...ends, 0], 4 * k);
	return (width, height) => {
		const side = (height * unit) / (count * (unit + GAP) - GAP);
		return pictures.atlas({
			width,
			height,
			field: field.key,
			cells: { width: MINI, height: MINI, columns: 1 },
			entries,
			columns: 1,
			cell: [width, side],
			gap: (side * GAP) / unit,
			offset: [0, 0],
			scale: SCALE
		});
	};
}

/** The inputs' own maps, one below the other; they change only with the window. */
export function paintInputs(
	canvas: HTMLCanvasElement,
	inputs: PlaygroundSpec['network']['inputs'],
	at: PlaneWindow,
	unit: number
): void {
	const context = canvas.getContext('2d', { willReadFrequently: true });
	const pitch = Math.round((MINI * (unit + GAP)) / unit);
	[canvas.width, canvas.height] = [MINI, inputs.length * pitch];
	for (const [i, input] of inputs.entries()) context?.putImageData(inputMap(input, at, MINI), 0, i * pitch);
}
