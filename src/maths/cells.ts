/** Many pictures in one tensor [height, width, cells], cell last: their statistics, and all of them laid out side by side. */

export interface CellLayout {
	/** How many numbers of a cell become one of its picture, along each side. */
	thinned: number;
	/** Of one picture. */
	width: number;
	height: number;
	/** The first so many cells are shown, in rows of `columns`. */
	shown: number;
	columns: number;
	rows: number;
	/** Numbers that the first window lacks, so that windows lie in the middle. */
	top: number;
	left: number;
}

/**
 * @param maxCells cells to show; 0 for all
 * @param side of a picture at most
 * @param limit of either side of the whole; cells that do not fit are left out
 */
export function cellLayout(
	h: number,
	w: number,
	count: number,
	maxCells: number,
	side: number,
	limit: number
): CellLayout {
	const thinned = Math.max(1, Math.ceil(Math.max(h, w) / Math.min(side, limit)));
	const [height, width] = [Math.ceil(h / thinned), Math.ceil(w / thinned)];
	const [across, down] = [Math.floor(limit / width), Math.floor(limit / height)];
	const shown = Math.min(count, maxCells || count, Math.max(1, across * down));
	const square = Math.ceil(Math.sqrt((shown * height) / width));
	const columns = Math.max(1, Math.min(shown, square, across), Math.ceil(shown / Math.max(1, down)));
	const rows = Math.ceil(shown / columns);
	const middle = (out: number, size: number) => Math.floor((out * thinned - size) / 2);
	return { thinned, width, height, shown, columns, rows, top: middle(height, h), left: middle(width, w) };
}

/**
 * @param values [positions, count]
 * @returns [5, count]: mean, std (of the whole, not a sample), min, max, share of exact zeros. One pass, with sums
 * of the distance from the first value, which keeps the digits that a sum of squares would lose.
 */
export function cellStats(values: ArrayLike<number>, positions: number, count: number): Float32Array<ArrayBuffer> {
	const out = new Float32Array(5 * count);
	const size = positions * count;
	// Cell by cell, so that the sums stay in registers.
	for (let c = 0; c < count; c++) {
		const first = values[c]!;
		let [sum, squares, low, high, zeros] = [0, 0, Infinity, -Infinity, 0];
		for (let at = c; at < size; at += count) {
			const value = values[at]!;
			const d = value - first;
			sum += d;
			squares += d * d;
			if (value < low) low = value;
			if (value > high) high = value;
			if (value === 0) zeros++;
		}
		const mean = sum / positions;
		out[c] = first + mean;
		out[count + c] = Math.sqrt(Math.max(0, squares / positions - mean * mean));
		out[2 * count + c] = low;
		out[3 * count + c] = high;
		out[4 * count + c] = zeros / positions;
	}
	return out;
}

/**
 * @param values [h, w, count]
 * @returns [rows x height, columns x width]: each picture the mean of its windows; positions without a cell are 0
 */
export function cellGrid(
	values: ArrayLike<number>,
	h: number,
	w: number,
	count: number,
	layout: CellLayout
): Float32Array<ArrayBuffer> {
	const { thinned, width, height, shown, columns, rows, top, left } = layout;
	const stride = columns * width;
	const out = new Float32Array(rows * height * stride);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const [y0, y1] = [Math.max(0, y * thinned - top), Math.min(h, (y + 1) * thinned - top)];
			const [x0, x1] = [Math.max(0, x * thinned - left), Math.min(w, (x + 1) * thinned - left)];
			const size = (y1 - y0) * (x1 - x0);
			for (let k = 0, at = y * stride + x, column = 0; k < shown; k++) {
				// Starts at minus zero, which leaves a lone number as it is, its sign included.
				let sum = -0;
				for (let i = y0; i < y1; i++) for (let j = x0; j < x1; j++) sum += values[(i * w + j) * count + k]!;
				out[at] = sum / size;
				at += width;
				if (++column === columns) {
					column = 0;
					at += stride * (height - 1);
				}
			}
		}
	return out;
}
