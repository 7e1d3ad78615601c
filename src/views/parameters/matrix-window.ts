import {
	kept,
	moveBy,
	positionOf,
	pointAt,
	steered as steeredCamera,
	within,
	type Camera,
	type Steer
} from '#maths/camera.ts';

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
const MAX_CELL = { w: 60, h: 26 } as const;

/** A height for the stage: square cells where they fit, else as much as is needed or there is. */
export function stageHeight(rows: number, columns: number, width: number): number {
	const square = (rows * width) / Math.max(1, columns);
	return Math.round(within(square, Math.min(rows * MAX_CELL.h, 160), 420));
}

/** All of it. */
export function fitted({ rows, columns, width, height }: Stage): MatrixWindow {
	return { x: columns / 2, y: rows / 2, w: width / columns, h: height / rows };
}

const cameraOf = ({ x, y, w, h }: MatrixWindow): Camera => ({ x, y, scale: w, down: h });

function limits(stage: Stage) {
	const { w, h } = fitted(stage);
	return { scale: [w, Math.max(w, MAX_CELL.w)], down: [h, Math.max(h, MAX_CELL.h)] } as const;
}

/** Moves and zooms by what hands did; cells stay between fitting and largest, and the stage filled. */
export function steered(window: MatrixWindow, stage: Stage, steer: Steer): MatrixWindow {
	const camera = steeredCamera(cameraOf(window), stage, steer, limits(stage));
	const { x, y, scale, down = scale } = kept(camera, stage, { width: stage.columns, height: stage.rows });
	return { x, y, w: scale, h: down };
}

export const bounded = (window: MatrixWindow, stage: Stage): MatrixWindow => steered(window, stage, moveBy(0, 0));

/** The cell, with fractions, at a position on the stage. */
export function cellAt(window: MatrixWindow, stage: Stage, px: number, py: number) {
	const [x, y] = pointAt(cameraOf(window), stage, px, py);
	return { x, y };
}

/** Position of a cell's top left corner on the stage. */
export function positionOfCell(window: MatrixWindow, stage: Stage, column: number, row: number) {
	const [left, top] = positionOf(cameraOf(window), stage, column, row);
	return { left, top };
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
