import { projected } from '#maths/scatter/camera.ts';
import type { LabelPlacement } from '#contracts/data-api.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import type { Sprites } from '#state/data/data-set.svelte.ts';

/** Sizes and positions on the map. */

/** Points looked at, and cells along each side, for how much of a map is taken. */
const [LOOKED, CELLS] = [20_000, 40];

/** 0..1: the share of -1..1 by -1..1 that has points in it, from the front in space. */
export function occupied(positions: Float32Array, dimensions: 2 | 3): number {
	const seen = new Uint8Array(CELLS * CELLS);
	const count = positions.length / dimensions;
	const step = Math.max(1, count / LOOKED);
	let taken = 0;
	for (let k = 0; k < count; k += step) {
		const i = dimensions * Math.floor(k);
		const [c, r] = [positions[i]!, positions[i + 1]!].map((v) => Math.floor(((v + 1) / 2) * CELLS));
		const cell = Math.min(CELLS - 1, r!) * CELLS + Math.min(CELLS - 1, c!);
		if (cell >= 0 && cell < seen.length && !seen[cell]) {
			seen[cell] = 1;
			taken++;
		}
	}
	return Math.max(0.01, taken / (CELLS * CELLS));
}

/**
 * Diameter in CSS pixels and opacity of points: smaller and fainter the more of them share a pixel.
 * @param area CSS pixels that points could cover at zoom 1
 */
export function pointDisplay(count: number, zoom: number, area: number): { size: number; opacity: number } {
	const room = Math.sqrt((area * Math.max(1, zoom * zoom)) / Math.max(1, count));
	const size = Math.min(13, Math.max(1.6, 0.75 * room));
	const cover = (count * size * size) / (area * Math.max(1, zoom * zoom));
	return { size, opacity: Math.min(0.9, Math.max(0.12, 0.92 - 0.3 * Math.log10(1 + 3 * cover))) };
}

/** Side of a picture on the map: larger when nearer; nothing from afar, where points say more. */
function thumbnailSide(count: number, zoom: number, area: number, tile: number): number {
	const room = Math.sqrt(area / Math.max(1, count)) * Math.max(0.5, zoom);
	return room < 5 ? 0 : Math.min(1.6 * tile, Math.max(18, 1.6 * room));
}

/** The pictures that a map has room for; null for none. @param area CSS pixels that points cover at zoom 1 */
export function picturesOn(sprites: Sprites, count: number, zoom: number, area: number): ScatterRequest['thumbnails'] {
	const { key, tile, columns, perSheet, count: drawn } = sprites;
	const side = thumbnailSide(count, zoom, area, tile);
	return side ? { sprites: key, tile, columns, perSheet, count: drawn, side } : null;
}

export interface Named {
	category: number;
	text: string;
	x: number;
	y: number;
	/** Corners of the hull as an SVG path; empty for none. */
	path: string;
}

const LINE = 15;
/** Characters of a name, and lines by which a long one may give way. */
const SHORT = 24;
const SHIFTS = [0, -1.5, 1.5, -3, 3];

/** Names at their groups' middles; where two would overlap, that of the larger group stays. */
export function namesOn(
	placements: readonly LabelPlacement[],
	categories: readonly string[],
	matrix: readonly number[],
	size: { width: number; height: number },
	longest = SHORT
): Named[] {
	const taken: { x: number; y: number; half: number }[] = [];
	return [...placements]
		.sort((a, b) => b.count - a.count)
		.flatMap((placement) => {
			const [centre, middle, w] = projected(matrix, size, placement.x, placement.y, placement.z);
			const text = shortened(categories[placement.category] ?? '', longest);
			const half = 3.6 * text.length + 6;
			// A name is read whole, also at the edge.
			const x = Math.max(half, Math.min(size.width - half, centre));
			const { path, top, bottom } = outline(placement.hull, matrix, size);
			// A small group is not covered by its own name.
			const own = path && bottom - top < 4 * LINE ? top - LINE : middle;
			const free = (at: number) =>
				!taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - at) < 1.4 * LINE);
			const y = (longest > SHORT ? SHIFTS : [0]).map((lines) => own + lines * LINE).find(free) ?? own;
			const crowded = !free(y);
			const outside = w <= 0 || centre < 0 || y < 8 || centre > size.width || y > size.height - 8;
			if (!crowded && !outside) taken.push({ x, y, half });
			return [{ category: placement.category, text: crowded || outside ? '' : text, x, y, path }];
		});
}

const shortened = (text: string, longest: number) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** A hull on the screen, as an SVG path and how high it is. */
function outline(hull: Float32Array, matrix: readonly number[], size: { width: number; height: number }) {
	if (hull.length < 6) return { path: '', top: 0, bottom: 0 };
	const corners: string[] = [];
	let [top, bottom] = [Infinity, -Infinity];
	for (let k = 0; k < hull.length; k += 2) {
		const [x, y] = projected(matrix, size, hull[k]!, hull[k + 1]!, 0);
		[top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
		corners.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
	}
	return { path: `M${corners.join('L')}Z`, top, bottom };
}

/** Where the arrow keys lead, in pixels. */
export const STEPS: Readonly<Record<string, readonly [number, number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1]
};

/** The nearest point on the screen in a direction: for the arrow keys. Looks at a sample where there are very many. */
export function nextPoint(
	positions: Float32Array,
	dimensions: 2 | 3,
	matrix: readonly number[],
	size: { width: number; height: number },
	from: number,
	[dx, dy]: readonly [number, number],
	hidden: (i: number) => boolean
): number {
	const at = (i: number) =>
		projected(
			matrix,
			size,
			positions[dimensions * i]!,
			positions[dimensions * i + 1]!,
			dimensions === 3 ? positions[dimensions * i + 2]! : 0
		);
	const [x0, y0] = from >= 0 ? at(from) : [size.width / 2, size.height / 2];
	let [best, min] = [-1, Infinity];
	const count = positions.length / dimensions;
	for (let i = 0; i < count; i++) {
		if (i === from || hidden(i)) continue;
		const [x, y, w] = at(i);
		const [ax, ay] = [x - x0, y - y0];
		const along = ax * dx + ay * dy;
		if (w <= 0 || (from >= 0 && along <= 0.5)) continue;
		const across = Math.abs(ax * dy - ay * dx);
		const cost = from >= 0 ? along + 2.5 * across : Math.hypot(ax, ay);
		if (cost < min) [best, min] = [i, cost];
	}
	return best;
}
