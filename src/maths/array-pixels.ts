/**
 * Numbers as a picture: the least of them black, the greatest white; two channels or more than four by their mean.
 * @param planar channels come first
 * @returns RGBA
 */
export function arrayPixels(
	values: ArrayLike<number>,
	{ width, height, channels, planar }: { width: number; height: number; channels: number; planar: boolean }
): Uint8ClampedArray<ArrayBuffer> {
	const count = width * height;
	const at = (i: number, k: number) => values[planar ? k * count + i : i * channels + k] ?? NaN;
	const mean = (i: number) => {
		let sum = 0;
		for (let k = 0; k < channels; k++) sum += at(i, k);
		return sum / channels;
	};
	const coloured = channels === 3 || channels === 4;
	const one = coloured ? at : (i: number) => mean(i);
	let [low, high] = [Infinity, -Infinity];
	for (let i = 0; i < count; i++)
		for (let k = 0; k < (coloured ? 3 : 1); k++) {
			const value = one(i, k);
			if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
		}
	const span = high - low || 1;
	const pixels = new Uint8ClampedArray(4 * count).fill(255);
	for (let i = 0; i < count; i++)
		for (let k = 0; k < 3; k++) pixels[4 * i + k] = Math.round((255 * (one(i, coloured ? k : 0) - low)) / span);
	return pixels;
}
