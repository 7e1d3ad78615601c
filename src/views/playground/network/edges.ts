import { signedColour } from '../boundary/colouring.ts';
import type { DrawnEdge } from './drawn-network.ts';

/** CSS pixels: how wide a line is at least and at most, and where a pointer meets it. */
const THIN = 0.4;
const THICK = 7;
const REACH = 10;

export const edgeWidth = (weight: number) => Math.min(THICK, THIN + 1.6 * Math.sqrt(Math.abs(weight)));

export function edgePath({ curve: [a, ya, b, yb] }: DrawnEdge): string {
	const middle = (a + b) / 2;
	return `M${a} ${ya}C${middle} ${ya} ${middle} ${yb} ${b} ${yb}`;
}

/**
 * Weights as lines: the wider and the denser the larger, purple above zero and orange below. On a canvas, because all of
 * them change at once while a network learns, and elements would each be styled and laid out anew.
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

/** The line at a position, in CSS pixels: of those that are met the one drawn last. */
export function edgeAt(
	context: CanvasRenderingContext2D,
	edges: readonly DrawnEdge[],
	x: number,
	y: number
): DrawnEdge | undefined {
	context.setTransform(1, 0, 0, 1, 0, 0);
	context.lineWidth = REACH;
	return edges.findLast((edge) => {
		const [a, ya, b, yb] = edge.curve;
		const [top, bottom] = [Math.min(ya, yb) - REACH, Math.max(ya, yb) + REACH];
		return x >= a && x <= b && y >= top && y <= bottom && context.isPointInStroke(new Path2D(edgePath(edge)), x, y);
	});
}
