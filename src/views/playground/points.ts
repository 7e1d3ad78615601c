import type { PlaneWindow, Points } from '#contracts/playground.ts';
import { placeOf } from '#maths/playground/plane-view.ts';
import { pointColour } from './colouring.ts';

/** Points over the picture: filled ones train, hollow ones test, ringed ones are on the wrong side. */
export function drawPoints(
	context: CanvasRenderingContext2D,
	{ points, wrong, hollow }: { points: Points; wrong: Uint8Array | null; hollow: boolean },
	window: PlaneWindow,
	side: number,
	pixel: number
): void {
	const radius = (points.y.length > 1000 ? 2 : 3.2) * pixel;
	for (let i = 0; i < points.y.length; i++) {
		const [right, down] = placeOf(window, points.x1[i] as number, points.x2[i] as number);
		if (right < -0.02 || right > 1.02 || down < -0.02 || down > 1.02) continue;
		const [x, y] = [right * side, down * side];
		const colour = pointColour(points, points.y[i] as number);
		context.beginPath();
		context.arc(x, y, radius, 0, 2 * Math.PI);
		context.fillStyle = hollow ? '#fff' : colour;
		context.fill();
		context.lineWidth = (hollow ? 1.6 : 1) * pixel;
		context.strokeStyle = hollow ? colour : '#fff';
		context.stroke();
		if (!wrong?.[i]) continue;
		context.beginPath();
		context.arc(x, y, radius + 2.4 * pixel, 0, 2 * Math.PI);
		context.lineWidth = 1.4 * pixel;
		context.strokeStyle = '#111';
		context.stroke();
	}
}
