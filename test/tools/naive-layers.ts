/** Layers by their definitions, number by number in float64, on flat arrays. */

export interface Grid {
	/** [height, width, channels] */
	shape: readonly [number, number, number];
	data: ArrayLike<number>;
}

export interface Window {
	strides?: readonly [number, number];
	dilations?: readonly [number, number];
	/** `same` as TensorFlow pads, nothing, or [[top, bottom], [left, right]]. */
	padding?: 'same' | 'valid' | readonly (readonly [number, number])[];
}

/** Numbers that differ from position to position, none zero. */
export const drawn = (shape: readonly number[], seed: number): Float32Array =>
	Float32Array.from(
		{ length: shape.reduce((a, b) => a * b, 1) },
		(_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 0.7
	);

/** Cells in front of and behind an axis, and how many windows fit: tensorflow.org/api_docs/python/tf/nn#notes_on_padding. */
function along(length: number, kernel: number, axis: 0 | 1, { strides, dilations, padding = 'valid' }: Window) {
	const [stride, reach] = [strides?.[axis] ?? 1, (kernel - 1) * (dilations?.[axis] ?? 1) + 1];
	if (padding === 'same') {
		const count = Math.ceil(length / stride);
		return { before: Math.floor(Math.max(0, (count - 1) * stride + reach - length) / 2), count };
	}
	const [before, behind] = padding === 'valid' ? [0, 0] : padding[axis]!;
	return { before, count: Math.floor((length + before + behind - reach) / stride) + 1 };
}

/** Calls `visit` with each window's cells that lie inside: position in the kernel, position in the grid. */
export function windows<T>(
	[height, width]: readonly number[],
	kernel: readonly [number, number],
	window: Window,
	make: (cells: readonly (readonly [ky: number, kx: number, y: number, x: number])[]) => T
): { rows: number; columns: number; made: T[] } {
	const [rows, columns] = [along(height!, kernel[0], 0, window), along(width!, kernel[1], 1, window)];
	const [sy, sx] = window.strides ?? [1, 1];
	const [dy, dx] = window.dilations ?? [1, 1];
	const made: T[] = [];
	for (let i = 0; i < rows.count; i++)
		for (let j = 0; j < columns.count; j++) {
			const cells: [number, number, number, number][] = [];
			for (let ky = 0; ky < kernel[0]; ky++)
				for (let kx = 0; kx < kernel[1]; kx++) {
					const [y, x] = [i * sy - rows.before + ky * dy, j * sx - columns.before + kx * dx];
					if (y >= 0 && x >= 0 && y < height! && x < width!) cells.push([ky, kx, y, x]);
				}
			made.push(make(cells));
		}
	return { rows: rows.count, columns: columns.count, made };
}

type Convolution = (
	grid: Grid,
	kernel: readonly [number, number, number, number],
	weights: ArrayLike<number>,
	window?: Window,
	bias?: ArrayLike<number>
) => Grid;

/** Kernel [kh, kw, channels of a group, filters]. */
export const convolved: Convolution = ({ shape, data }, kernel, weights, window = {}, bias) => {
	const [kh, kw, own, filters] = kernel;
	const [, width, channels] = shape;
	const perGroup = filters / (channels / own);
	const { rows, columns, made } = windows(shape, [kh, kw], window, (cells) =>
		Array.from({ length: filters }, (_, f) => {
			const first = Math.floor(f / perGroup) * own;
			let sum = bias?.[f] ?? 0;
			for (const [ky, kx, y, x] of cells)
				for (let c = 0; c < own; c++)
					sum += data[(y * width + x) * channels + first + c]! * weights[((ky * kw + kx) * own + c) * filters + f]!;
			return sum;
		})
	);
	return { shape: [rows, columns, filters], data: made.flat() };
};

/** Kernel [kh, kw, channels, filters for each of them]. */
export const depthwise: Convolution = ({ shape, data }, kernel, weights, window = {}, bias) => {
	const [kh, kw, channels, times] = kernel;
	const { rows, columns, made } = windows(shape, [kh, kw], window, (cells) =>
		Array.from({ length: channels * times }, (_, f) =>
			cells.reduce(
				(sum, [ky, kx, y, x]) =>
					sum +
					data[(y * shape[1] + x) * channels + Math.floor(f / times)]! *
						weights[(ky * kw + kx) * channels * times + f]!,
				bias?.[f] ?? 0
			)
		)
	);
	return { shape: [rows, columns, channels * times], data: made.flat() };
};

/** Kernel [kh, kw, filters, channels]: each cell of the input adds the kernel times its numbers, `before` cells earlier. */
export function transposed(
	{ shape, data }: Grid,
	kernel: readonly [number, number, number, number],
	weights: ArrayLike<number>,
	strides: readonly [number, number],
	size: readonly [number, number],
	before: readonly [number, number]
): Grid {
	const [kh, kw, filters, channels] = kernel;
	const out = new Float64Array(size[0] * size[1] * filters);
	for (let i = 0; i < shape[0]; i++)
		for (let j = 0; j < shape[1]; j++)
			for (let ky = 0; ky < kh; ky++)
				for (let kx = 0; kx < kw; kx++) {
					const [y, x] = [i * strides[0] - before[0] + ky, j * strides[1] - before[1] + kx];
					if (y < 0 || x < 0 || y >= size[0] || x >= size[1]) continue;
					for (let f = 0; f < filters; f++)
						for (let c = 0; c < channels; c++)
							out[(y * size[1] + x) * filters + f]! +=
								data[(i * shape[1] + j) * channels + c]! * weights[((ky * kw + kx) * filters + f) * channels + c]!;
				}
	return { shape: [...size, filters], data: out };
}

export function pooled(
	{ shape, data }: Grid,
	size: readonly [number, number],
	window: Window,
	of: (values: readonly number[]) => number
): Grid {
	const [, width, channels] = shape;
	const { rows, columns, made } = windows(shape, size, window, (cells) =>
		Array.from({ length: channels }, (_, c) => of(cells.map(([, , y, x]) => data[(y * width + x) * channels + c]!)))
	);
	return { shape: [rows, columns, channels], data: made.flat() };
}
