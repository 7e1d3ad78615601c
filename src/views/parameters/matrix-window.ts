/** The part of a matrix that a stage shows. Cells may be wider than high, and grow until a number fits into each. */

export interface MatrixWindow {
	/** Centre, in cells. */
	x: number;
	y: number;
	/** CSS pixels of a cell. */
	w: number;
	h: number;
}

export interface Stage {
	rows: number;
	columns: number;
	width: number;
	height: number;
}

/** CSS pixels in which a number can be read. */
export const LEGIBLE = { w: 44, h: 16 } as const;
/** Largest cells. */
const LARGEST = { w: 60, h: 26 } as const;

const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** A height for the stage: square cells where they fit, else as much as is needed or there is. */
export function stageHeight(rows: number, columns: number, width: number): number {
	const square = (rows * width) / Math.max(1, columns);
	return Math.round(within(square, Math.min(rows * LARGEST.h, 160), 420));
}

/** All of it. */
export function fitted({ rows, columns, width, height }: Stage): MatrixWindow {
	return { x: columns / 2, y: rows / 2, w: width / columns, h: height / rows };
}

/** Keeps cells between fitting and largest, and the stage filled. */
export function bounded({ x, y, w, h }: MatrixWindow, stage: Stage): MatrixWindow {
	const fit = fitted(stage);
	const size = {
		w: within(w, fit.w, Math.max(fit.w, LARGEST.w)),
		h: within(h, fit.h, Math.max(fit.h, LARGEST.h))
	};
	const half = { x: stage.width / size.w / 2, y: stage.height / size.h / 2 };
	return {
		...size,
		x: within(x, half.x, Math.max(half.x, stage.columns - half.x)),
		y: within(y, half.y, Math.max(half.y, stage.rows - half.y))
	};
}

/** The cell, with fractions, at a place on the stage. */
export function cellAt({ x, y, w, h }: MatrixWindow, { width, height }: Stage, px: number, py: number) {
	return { x: x + (px - width / 2) / w, y: y + (py - height / 2) / h };
}

/** Place of a cell's top left corner on the stage. */
export function placeOf({ x, y, w, h }: MatrixWindow, { width, height }: Stage, column: number, row: number) {
	return { left: width / 2 + (column - x) * w, top: height / 2 + (row - y) * h };
}

/** Cells grow by `factor`; what is at (px, py) stays there. */
export function zoomed(window: MatrixWindow, stage: Stage, factor: number, px: number, py: number): MatrixWindow {
	const at = cellAt(window, stage, px, py);
	const size = bounded({ ...window, w: window.w * factor, h: window.h * factor }, stage);
	return bounded(
		{ ...size, x: at.x - (px - stage.width / 2) / size.w, y: at.y - (py - stage.height / 2) / size.h },
		stage
	);
}

export function panned(window: MatrixWindow, stage: Stage, dx: number, dy: number): MatrixWindow {
	return bounded({ ...window, x: window.x - dx / window.w, y: window.y - dy / window.h }, stage);
}

/** Cells in sight: [first, last) of rows and columns. */
export function inSight(window: MatrixWindow, stage: Stage) {
	const from = cellAt(window, stage, 0, 0);
	const to = cellAt(window, stage, stage.width, stage.height);
	return {
		rows: [Math.max(0, Math.floor(from.y)), Math.min(stage.rows, Math.ceil(to.y))] as const,
		columns: [Math.max(0, Math.floor(from.x)), Math.min(stage.columns, Math.ceil(to.x))] as const
	};
}
