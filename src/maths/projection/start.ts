import { random } from '#maths/projection/random.ts';

/** Where a layout begins: count x dimensions, within 10 of the middle. */

const REACH = 10;
/** Keeps rows at one place from staying at one for ever. */
const NOISE = 1e-3;

export function randomStart(count: number, dimensions: number, seed: number): Float32Array {
	const { uniform } = random(seed, 'start');
	return Float32Array.from({ length: count * dimensions }, () => REACH * (2 * uniform() - 1));
}

/** Any coordinates, centred, scaled and with a little noise. */
export function scaledStart(coordinates: Float32Array, dimensions: number, seed: number): Float32Array {
	const count = coordinates.length / dimensions;
	const mean = new Float64Array(dimensions);
	coordinates.forEach((value, at) => (mean[at % dimensions]! += value / count));
	const most = coordinates.reduce((most, value, at) => Math.max(most, Math.abs(value - mean[at % dimensions]!)), 0);
	const { normal } = random(seed, 'start');
	const scale = most > 0 ? REACH / most : 0;
	return coordinates.map((value, at) => scale * (value - mean[at % dimensions]!) + NOISE * normal());
}
