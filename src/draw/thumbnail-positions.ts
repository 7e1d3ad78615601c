import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { projected } from '#maths/scatter/camera.ts';

interface Spot {
	point: number;
	/** Device pixels. */
	x: number;
	y: number;
}

/**
 * Points whose picture has room: none overlaps another, and the same ones stay while the map is moved, as the order in which
 * they are asked is always the same. What is selected comes first.
 * @param count the first points, which have pictures
 * @param side of a picture, in device pixels
 */
export function thumbnailPositions(
	positions: Float32Array,
	dimensions: 2 | 3,
	ink: Uint8Array,
	{ matrix, width, height }: Pick<ScatterRequest, 'matrix' | 'width' | 'height'>,
	count: number,
	side: number
): Spot[] {
	const columns = Math.ceil(width / side) + 2;
	const rows = Math.ceil(height / side) + 2;
	const taken = new Int32Array(columns * rows).fill(-1);
	const spots: Spot[] = [];
	const size = { width, height };
	const free = (x: number, y: number) => {
		const [c, r] = [Math.floor(x / side) + 1, Math.floor(y / side) + 1];
		for (let dr = -1; dr <= 1; dr++)
			for (let dc = -1; dc <= 1; dc++) {
				if (r + dr < 0 || r + dr >= rows || c + dc < 0 || c + dc >= columns) continue;
				const other = spots[taken[(r + dr) * columns + c + dc]!];
				if (other && Math.abs(other.x - x) < side && Math.abs(other.y - y) < side) return -1;
			}
		return r * columns + c;
	};
	const gather = (state: number) => {
		// A step that shares no factor with the count visits every point once, far from its neighbours in the file.
		const step = coprime(count);
		for (let k = 0, i = 0; k < count; k++, i = (i + step) % count) {
			if (ink[4 * i + 3] !== state) continue;
			const [x, y, w] = projected(
				matrix,
				size,
				positions[dimensions * i]!,
				positions[dimensions * i + 1]!,
				dimensions === 3 ? positions[dimensions * i + 2]! : 0
			);
			if (w <= 0 || !(x > -side / 2 && y > -side / 2 && x < width + side / 2 && y < height + side / 2)) continue;
			const cell = free(x, y);
			if (cell < 0) continue;
			taken[cell] = spots.length;
			spots.push({ point: i, x, y });
		}
	};
	gather(POINT.selected);
	gather(POINT.plain);
	return spots;
}

function coprime(count: number): number {
	const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);
	let step = Math.max(1, Math.round(count * 0.618));
	while (gcd(step, count) > 1) step++;
	return step;
}
