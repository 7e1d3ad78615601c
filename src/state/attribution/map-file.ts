import type { MapReport, Target } from '#contracts/compute.ts';
import type { MethodSpec } from '#contracts/method.ts';
import type { Parameters } from '#contracts/parameter.ts';
import { npyHeader } from '#maths/npy.ts';

export interface SavedMap {
	method: MethodSpec;
	report: MapReport;
	parameters: Parameters;
	target: Target;
	className: string;
	model: string;
	input: string;
	seed: number;
	/** How channels became one number. */
	channels: string;
	/** Where it was stopped before its end, or empty. */
	stopped: string;
	range: readonly [low: number, high: number];
	/** CSS colours of the scale, low to high. */
	colours: readonly string[];
}

/** @param values height x width of them */
export function npyFile(values: Float32Array<ArrayBuffer>, height: number, width: number): Blob {
	return new Blob([npyHeader([height, width], 'float32'), values]);
}

/** Everything that made a map, and its numbers. */
export function jsonFile({ method, report, colours: _, ...rest }: SavedMap, values: Float32Array): Blob {
	const { width, height, stats, facts, score, layer } = report;
	const data = { method: method.id, ...rest, score, layer, facts, width, height, stats, values: Array.from(values) };
	return new Blob([JSON.stringify(data)], { type: 'application/json' });
}

const SCALE = 88;

/** The picture with its title, its class and its colour scale under it. */
export async function pngFile(picture: ImageBitmap, map: SavedMap): Promise<Blob> {
	const { width, height } = picture;
	const canvas = new OffscreenCanvas(width, height + SCALE);
	const c = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
	c.fillStyle = 'white';
	c.fillRect(0, 0, width, height + SCALE);
	c.drawImage(picture, 0, 0);
	const bar = c.createLinearGradient(12, 0, width - 12, 0);
	map.colours.forEach((colour, i) => bar.addColorStop(i / (map.colours.length - 1), colour));
	c.fillStyle = bar;
	c.fillRect(12, height + 34, width - 24, 18);
	c.fillStyle = 'black';
	c.font = '14px system-ui, sans-serif';
	const stopped = map.stopped && ` · stopped at ${map.stopped}`;
	c.fillText(`${map.method.title} · ${map.className}${stopped}`, 12, height + 22, width - 24);
	c.fillText(map.range[0].toPrecision(3), 12, height + 72);
	c.textAlign = 'right';
	c.fillText(map.range[1].toPrecision(3), width - 12, height + 72);
	return canvas.convertToBlob({ type: 'image/png' });
}
