import type { GraphCamera } from '#contracts/graph-picture.ts';

/** A camera that holds for two drawings: units across from the middle, and down as a share of the height. */
export interface SharedCamera {
	across: number;
	down: number;
	scale: number;
}

interface Size {
	width: number;
	height: number;
}

export const sharedFrom = ({ x, y, scale }: GraphCamera, { width, height }: Size): SharedCamera => ({
	across: x - width / 2,
	down: y / Math.max(1, height),
	scale
});

export const cameraOn = ({ across, down, scale }: SharedCamera, { width, height }: Size): GraphCamera => ({
	x: width / 2 + across,
	y: down * Math.max(1, height),
	scale
});
