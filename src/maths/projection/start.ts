import { fastStream } from '#maths/random.ts';

/** Where a layout begins: count x dimensions, within 10 of the middle. */

const REACH = 10;
/** Keeps rows at one position from staying at one for ever. */
const NOISE = 1e-3;

export function randomStart(count: number, dimensions: number, seed: number): Float32Array {
	const { uniform } = fastStream(seed, 'start');
	return Float32Array.from({ length: count * dimensions }, () => REACH * (2 * uniform() - 1));
}

/** Any coordinates, centred, scaled and with a little noise. */
export function scaledStart(coordinates: Float32Array, dimensions: number, seed: number): Float32Array {
	const count = coordinates.length / dimensions;
	const mean = new Float64Array(dimensions);
	for (let at = 0; at < coordinates.length; at++) mean[at % dimensions]! += (coordinates[at] as number) / count;
	let [max, maxAbs] = [0, 0];
	for (let at = 0; at < coordinates.length; at++) {
		maxAbs = Math.max(maxAbs, Math.abs(coordinates[at] as number));
		const far = Math.abs((coordinates[at] as number) - (mean[at % dimensions] as number));
		if (far > max) max = far;
	}
	const { normal } = fastStream(seed, 'start');
	// What is left of equal numbers less their mean is rounding.
	const scale = max > 1e-7 * maxAbs ? REACH / max : 0;
	const start = new Float32Array(coordinates.length);
	for (let at = 0; at < start.length; at++)
		start[at] = scale * ((coordinates[at] as number) - (mean[at % dimensions] as number)) + NOISE * normal();
	return start;
}
