import type { DrawnEdge } from './drawn-network.ts';
import { signedColour } from './colouring.ts';

/** Widths of lines, in CSS pixels: of a weight at least and at most, and where a pointer meets it. */
const THIN = 0.4;
const THICK = 7;

export const edgeWidth = (weight: number) => Math.min(THICK, THIN + 1.6 * Math.sqrt(Math.abs(weight)));

/**
 * Weights as lines: the wider and the denser the larger, purple above zero and orange below. A canvas, because each of them
 * changes with each picture, and a page whose elements all change lays itself out anew.
 * @param parameters of the network; without them nothing is drawn
 * @param pixel device pixels of a CSS pixel
 */
export function paintEdges(
	context: CanvasRenderingContext2D,
	edges: readonly DrawnEdge[],
	parameters: Float32Array | null,
	pixel: number
): void {
	context.setTransform(1, 0, 0, 1, 0, 0);
	context.clearRect(0, 0, context.canvas.width, context.canvas.height);
	if (!parameters) return;
	context.scale(pixel, pixel);
	for (const { curve, index } of edges) {
		const weight = parameters[index] ?? 0;
		const [a, ya, b, yb] = curve;
		const middle = (a + b) / 2;
		context.beginPath();
		context.moveTo(a, ya);
		context.bezierCurveTo(middle, ya, middle, yb, b, yb);
		context.strokeStyle = signedColour(Math.sign(weight) * 0.75);
		context.lineWidth = edgeWidth(weight);
		context.globalAlpha = Math.min(0.85, 0.15 + 0.5 * Math.abs(weight));
		context.stroke();
	}
	context.globalAlpha = 1;
}
