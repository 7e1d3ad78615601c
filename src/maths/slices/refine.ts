import { hash } from '#maths/hash-normal.ts';

/**
 * A field that is evaluated only where it must be. Cells start `stride` pixels wide; one is split where the class at its
 * border changes (the boundary crosses it), where a cell beside it of the same size does, or where the last split showed
 * that the values between were not what a straight line gives. All other pixels are interpolated from their cell's corners.
 */

export interface RefineOptions {
	/** Pixels of the widest cells, a power of two. */
	stride?: number;
	/** By how much a value may differ from the straight line before its cell is split. */
	tolerance?: number;
	/** The class of each plane, -1 for the largest of all others; by default the planes are the classes. */
	classes?: readonly number[];
}

interface Cell {
	x0: number;
	y0: number;
	x1: number;
	y1: number;
	rough: boolean;
}

/** The whole is looked at with about so many cells a side before anything is left out, so that small islands are met. */
const EVERYWHERE = 64;

export class Refinement {
	/** [planes, height, width]; only what is known is filled in, until `interpolate`. */
	readonly values: Float32Array<ArrayBuffer>;
	readonly known: Uint8Array;
	/** [height, width]: the class at each pixel, of all classes; like `values`. */
	readonly labels: Int32Array<ArrayBuffer>;
	/** Pixels evaluated so far. */
	evaluated = 0;
	#cells: Cell[] = [];
	#waiting: number[] = [];
	#requested: Uint8Array;
	/** Cells that were split for the pixels that are awaited, with the values expected there. */
	#expected = new Map<number, Float32Array>();
	#tolerance: number;
	#classes: readonly number[];
	#pixels: number;
	/** Cells wider than this are split whatever they hold. */
	#everywhere: number;

	constructor(
		readonly width: number,
		readonly height: number,
		readonly planes: number,
		{ stride = 32, tolerance = 0.1, classes }: RefineOptions = {}
	) {
		this.#pixels = width * height;
		this.#everywhere = Math.min(stride, 2 ** Math.max(0, Math.round(Math.log2(Math.max(width, height) / EVERYWHERE))));
		this.values = new Float32Array(planes * this.#pixels);
		this.known = new Uint8Array(this.#pixels);
		this.labels = new Int32Array(this.#pixels);
		this.#classes = classes ?? Array.from({ length: planes }, (_, p) => p);
		this.#requested = new Uint8Array(this.#pixels);
		this.#tolerance = tolerance;
		const [xs, ys] = [marks(width, stride), marks(height, stride)];
		for (const y of ys) for (const x of xs) this.#ask(x, y);
		this.#cells = cellsBetween(xs, ys);
	}

	/** Pixels to evaluate next, as row-major indices; empty when all is known that must be. */
	next(): Int32Array {
		if (!this.#waiting.length) this.#split();
		return Int32Array.from(this.#waiting);
	}

	/**
	 * Takes the values of pixels, mostly of those that `next` gave, or some of them.
	 * @param values [pixels, planes]
	 * @param labels of each pixel its class, which may have no plane of its own; by default that of the largest value
	 */
	put(pixels: Int32Array, values: ArrayLike<number>, labels?: ArrayLike<number>): void {
		for (const [k, pixel] of pixels.entries()) this.#know(pixel, values, k, labels);
		this.#waiting = this.#waiting.filter((pixel) => !this.known[pixel]);
	}

	/** Pixels that are not evaluated, drawn at random by the seed: to check what was left out. */
	sample(count: number, seed: number): Int32Array {
		const left: number[] = [];
		for (let i = 0; i < this.#pixels; i++) if (!this.known[i]) left.push(i);
		const chosen = Math.min(count, left.length);
		for (let i = 0; i < chosen; i++) {
			const j = i + (hash(seed, i, 0, 0) % (left.length - i));
			[left[i], left[j]] = [left[j] as number, left[i] as number];
		}
		return Int32Array.from(left.slice(0, chosen));
	}

	/**
	 * Takes the true values of left-out pixels and compares them with what stood there; cells that were wrong are split next.
	 * @param values [pixels, planes]
	 * @param labels as of `put`
	 * @returns how many had another label, and the largest error of a value
	 */
	check(pixels: Int32Array, values: ArrayLike<number>, labels?: ArrayLike<number>): { wrong: number; error: number } {
		this.interpolate();
		let [wrong, error] = [0, 0];
		const bad = new Set<number>();
		for (const [k, pixel] of pixels.entries()) {
			const before = this.labels[pixel];
			for (let p = 0; p < this.planes; p++)
				error = Math.max(
					error,
					Math.abs((values[k * this.planes + p] as number) - (this.values[p * this.#pixels + pixel] as number))
				);
			this.#know(pixel, values, k, labels);
			if (this.labels[pixel] === before) continue;
			wrong++;
			bad.add(pixel);
		}
		for (const cell of this.#cells)
			for (const pixel of bad) {
				const [x, y] = [pixel % this.width, Math.floor(pixel / this.width)];
				if (x >= cell.x0 && x <= cell.x1 && y >= cell.y0 && y <= cell.y1) cell.rough = true;
			}
		return { wrong, error };
	}

	/** Fills in what is not known, from the corners of its cell. */
	interpolate(): void {
		const { values, known, width, planes } = this;
		for (const cell of this.#cells) {
			const { x0, y0, x1, y1 } = cell;
			if (x1 - x0 < 2 && y1 - y0 < 2) continue;
			for (let p = 0; p < planes; p++) {
				const base = p * this.#pixels;
				const a = values[base + y0 * width + x0] as number;
				const b = values[base + y0 * width + x1] as number;
				const c = values[base + y1 * width + x0] as number;
				const d = values[base + y1 * width + x1] as number;
				for (let y = y0; y <= y1; y++) {
					const t = y1 > y0 ? (y - y0) / (y1 - y0) : 0;
					const [left, right] = [a + t * (c - a), b + t * (d - b)];
					for (let x = x0; x <= x1; x++) {
						const at = y * width + x;
						if (!known[at]) values[base + at] = left + (x1 > x0 ? (x - x0) / (x1 - x0) : 0) * (right - left);
					}
				}
			}
			for (let y = y0; y <= y1; y++)
				for (let x = x0; x <= x1; x++) if (!known[y * width + x]) this.labels[y * width + x] = this.#likely(x, y, cell);
		}
	}

	#ask(x: number, y: number): boolean {
		const at = y * this.width + x;
		if (this.#requested[at]) return false;
		this.#requested[at] = 1;
		this.#waiting.push(at);
		return true;
	}

	#know(pixel: number, values: ArrayLike<number>, k: number, labels?: ArrayLike<number>): void {
		for (let p = 0; p < this.planes; p++) this.values[p * this.#pixels + pixel] = values[k * this.planes + p] as number;
		this.labels[pixel] = labels ? (labels[k] as number) : (this.#classes[this.#winner(pixel)] as number);
		if (!this.known[pixel]) this.evaluated++;
		this.known[pixel] = this.#requested[pixel] = 1;
	}

	/** The plane with the largest value. */
	#winner(pixel: number): number {
		let [best, winner] = [-Infinity, 0];
		for (let p = 0; p < this.planes; p++) {
			const value = this.values[p * this.#pixels + pixel] as number;
			if (value > best) [best, winner] = [value, p];
		}
		return winner;
	}

	/** The class of an interpolated pixel; one without a plane is that of the nearest corner that has none, either. */
	#likely(x: number, y: number, cell: Cell): number {
		const own = this.#classes[this.#winner(y * this.width + x)] as number;
		if (own >= 0) return own;
		const [left, up] = [2 * x <= cell.x0 + cell.x1, 2 * y <= cell.y0 + cell.y1];
		const [near, far] = left ? [cell.x0, cell.x1] : [cell.x1, cell.x0];
		const [close, away] = up ? [cell.y0, cell.y1] : [cell.y1, cell.y0];
		const corners = [close, away].flatMap((cy) => [near, far].map((cx) => this.labels[cy * this.width + cx] as number));
		return corners.find((label) => !this.#classes.includes(label)) ?? (corners[0] as number);
	}

	/** Whether all known pixels on a cell's border say the same. */
	#uniform({ x0, y0, x1, y1 }: Cell): boolean {
		const label = this.labels[y0 * this.width + x0];
		const same = (x: number, y: number) => {
			const at = y * this.width + x;
			return !this.known[at] || this.labels[at] === label;
		};
		for (let x = x0; x <= x1; x++) if (!same(x, y0) || !same(x, y1)) return false;
		for (let y = y0; y <= y1; y++) if (!same(x0, y) || !same(x1, y)) return false;
		return true;
	}

	/** Splits cells until there is something to evaluate, or nothing left to split. */
	#split(): void {
		this.#surprises();
		while (!this.#waiting.length) {
			const crossed = this.#cells.map((cell) => !this.#uniform(cell));
			const hot = new Uint16Array(this.#pixels);
			for (const [i, cell] of this.#cells.entries()) if (crossed[i]) this.#heat(hot, cell);
			const next: Cell[] = [];
			let any = false;
			for (const [i, cell] of this.#cells.entries()) {
				const size = sizeOf(cell);
				if (
					size > 1 &&
					(size > this.#everywhere || crossed[i] || cell.rough || (size > 2 && this.#touches(hot, cell, size)))
				) {
					any = true;
					this.#divide(cell, size, next);
				} else next.push(cell);
			}
			this.#cells = next;
			if (!any) return;
		}
	}

	#corners({ x0, y0, x1, y1 }: Cell): readonly number[] {
		const [top, bottom] = [y0 * this.width, y1 * this.width];
		return [top + x0, top + x1, bottom + x0, bottom + x1];
	}
	#heat(hot: Uint16Array, cell: Cell): void {
		for (const at of this.#corners(cell)) hot[at] = Math.max(hot[at] as number, sizeOf(cell));
	}
	#touches(hot: Uint16Array, cell: Cell, size: number): boolean {
		return this.#corners(cell).some((at) => (hot[at] as number) >= size);
	}

	#divide({ x0, y0, x1, y1 }: Cell, size: number, next: Cell[]): void {
		const half = 2 ** Math.floor(Math.log2(size - 0.5));
		const [xs, ys] = [x0, y0].map((from, axis) => {
			const to = axis ? y1 : x1;
			const middle = from + half;
			return middle < to ? [from, middle, to] : [from, to];
		}) as [number[], number[]];
		for (const y of ys)
			for (const x of xs)
				if (this.#ask(x, y)) {
					const between = this.#between(x, y, x0, y0, x1, y1);
					const at = y * this.width + x;
					this.#expected.set(at, between);
					// Until it is known, the picture shows what is expected.
					between.forEach((value, p) => (this.values[p * this.#pixels + at] = value));
				}
		next.push(...cellsBetween(xs, ys));
	}

	#between(x: number, y: number, x0: number, y0: number, x1: number, y1: number): Float32Array {
		const [s, t] = [x1 > x0 ? (x - x0) / (x1 - x0) : 0, y1 > y0 ? (y - y0) / (y1 - y0) : 0];
		return Float32Array.from({ length: this.planes }, (_, p) => {
			const value = (cx: number, cy: number) => this.values[p * this.#pixels + cy * this.width + cx] as number;
			const [top, bottom] = [
				value(x0, y0) + s * (value(x1, y0) - value(x0, y0)),
				value(x0, y1) + s * (value(x1, y1) - value(x0, y1))
			];
			return top + t * (bottom - top);
		});
	}

	/** Marks the cells around pixels that came out otherwise than a straight line said. */
	#surprises(): void {
		const far = new Uint8Array(this.#pixels);
		let any = false;
		for (const [pixel, expected] of this.#expected)
			if (
				expected.some(
					(value, p) => Math.abs(value - (this.values[p * this.#pixels + pixel] as number)) > this.#tolerance
				)
			)
				any = !!(far[pixel] = 1);
		this.#expected.clear();
		if (any) for (const cell of this.#cells) if (this.#corners(cell).some((at) => far[at])) cell.rough = true;
	}
}

const sizeOf = ({ x0, y0, x1, y1 }: Cell) => Math.max(x1 - x0, y1 - y0);

const cellsBetween = (xs: readonly number[], ys: readonly number[]): Cell[] =>
	ys
		.slice(1)
		.flatMap((y1, j) =>
			xs.slice(1).map((x1, i) => ({ x0: xs[i] as number, y0: ys[j] as number, x1, y1, rough: false }))
		);

/** 0, stride, 2 · stride … and the last pixel. */
function marks(length: number, stride: number): number[] {
	const all: number[] = [];
	for (let i = 0; i < length - 1; i += stride) all.push(i);
	all.push(length - 1);
	return all;
}
