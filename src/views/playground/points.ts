import type { PlaneWindow, Points } from '#contracts/playground.ts';
import { placeOf } from '#maths/playground/plane-view.ts';
import { pointColour } from './colouring.ts';

interface PointSet {
	points: Points;
	/** Which are on the wrong side, once that is known. */
	wrong: Uint8Array | null;
	test: boolean;
}

/** Points over the picture: discs train, diamonds test, ringed ones are on the wrong side. */
export function drawPoints(
	context: CanvasRenderingContext2D,
	{ points, wrong, test }: PointSet,
	window: PlaneWindow,
	side: number,
	pixel: number
): void {
	const radius = (points.y.length > 1000 ? 2 : 3.2) * pixel;
	for (let i = 0; i < points.y.length; i++) {
		const [right, down] = placeOf(window, points.x1[i] as number, points.x2[i] as number);
		if (right < -0.02 || right > 1.02 || down < -0.02 || down > 1.02) continue;
		const [x, y] = [right * side, down * side];
		context.beginPath();
		if (test) {
			const far = 1.35 * radius;
			context.moveTo(x, y - far);
			for (const [dx, dy] of [
				[far, 0],
				[0, far],
				[-far, 0]
			] as const)
				context.lineTo(x + dx, y + dy);
			context.closePath();
		} else context.arc(x, y, radius, 0, 2 * Math.PI);
		context.fillStyle = pointColour(points, points.y[i] as number);
		context.fill();
		context.lineWidth = pixel;
		context.strokeStyle = '#fff';
		context.stroke();
		if (!wrong?.[i]) continue;
		context.beginPath();
		context.arc(x, y, radius + 2.4 * pixel, 0, 2 * Math.PI);
		// Seen on light regions, and on the dark ends of the scales of margin and entropy.
		for (const [width, colour] of [
			[3.2, '#fff'],
			[1.4, '#111']
		] as const) {
			context.lineWidth = width * pixel;
			context.strokeStyle = colour;
			context.stroke();
		}
	}
}
