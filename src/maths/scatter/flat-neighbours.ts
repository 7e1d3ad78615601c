import { adjacency, type Adjacency } from '#maths/layout/adjacency.ts';
import { indicesWhere } from '#maths/members.ts';

/** A part of a flat map: low corner, high corner. */
export type MapWindow = readonly [x0: number, y0: number, x1: number, y1: number];

/** Points per cell, about. */
const PER_CELL = 2;
const MAX_CELLS = 1 << 20;

/**
 * The k nearest points of a flat map around any position, exactly: cells of equal size, looked at ring by ring until no ring
 * can hold a nearer one. The cost of a position hardly depends on how many points there are.
 */
export class FlatNeighbours {
	/** Of the last `find`, nearest first. */
	readonly items: Int32Array;
	/** Squared distances. */
	readonly squares: Float64Array;
	readonly #left: number;
	readonly #bottom: number;
	readonly #side: number;
	readonly #columns: number;
	readonly #rows: number;
	readonly #cells: Adjacency;

	/**
	 * @param positions count x 2
	 * @param max the largest k that will be asked for
	 * @param box points outside it are never found
	 * @param coarsest a cell is at least this wide: no search of that radius goes over many empty cells
	 */
	constructor(
		readonly positions: Float32Array,
		max: number,
		box: MapWindow = [-1.001, -1.001, 1.001, 1.001],
		coarsest = 0
	) {
		this.items = new Int32Array(max);
		this.squares = new Float64Array(max);
		const [x0, y0, x1, y1] = box;
		const inside = indicesWhere(positions.length / 2, (i) => {
			const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
			return x >= x0 && x <= x1 && y >= y0 && y <= y1;
		});
		const area = Math.max(1e-12, (x1 - x0) * (y1 - y0));
		const side = Math.max(
			coarsest,
			Math.sqrt((area * PER_CELL) / Math.max(1, inside.length)),
			Math.sqrt(area / MAX_CELLS),
			1e-9
		);
		[this.#left, this.#bottom, this.#side] = [x0, y0, side];
		this.#columns = Math.max(1, Math.ceil((x1 - x0) / side));
		this.#rows = Math.max(1, Math.ceil((y1 - y0) / side));
		const cells = inside.map((i) => this.#cell(i));
		this.#cells = adjacency(this.#columns * this.#rows, cells, inside);
	}

	#cell(i: number): number {
		const column = Math.min(this.#columns - 1, Math.floor((this.positions[2 * i]! - this.#left) / this.#side));
		const row = Math.min(this.#rows - 1, Math.floor((this.positions[2 * i + 1]! - this.#bottom) / this.#side));
		return row * this.#columns + column;
	}

	/**
	 * The nearest points of (x, y), into `items` and `squares`; of equals, those with the lower numbers.
	 * @param within farther ones are left out
	 * @param except this one is left out; -1 for none
	 * @returns how many were found, at most k
	 */
	find(x: number, y: number, k: number, within: number, except = -1): number {
		const { start, list } = this.#cells;
		const side = this.#side;
		const [u, v] = [(x - this.#left) / side, (y - this.#bottom) / side];
		const [column, row] = [Math.floor(u), Math.floor(v)];
		// From the position to the nearest edge of its own cell.
		const edge = side * Math.min(u - column, column + 1 - u, v - row, row + 1 - v);
		let limit = within * within;
		let found = 0;
		for (let ring = 0; ; ring++) {
			// What lies in this ring and beyond is at least as far as this.
			const min = ring ? (ring - 1) * side + edge : 0;
			if (min * min > limit) return found;
			const [low, high] = [row - ring, row + ring];
			for (let r = Math.max(0, low); r <= Math.min(this.#rows - 1, high); r++) {
				const step = r === low || r === high ? 1 : Math.max(1, 2 * ring);
				for (let c = column - ring; c <= column + ring; c += step) {
					if (c < 0 || c >= this.#columns) continue;
					const cell = r * this.#columns + c;
					for (let p = start[cell]!; p < start[cell + 1]!; p++) {
						const i = list[p]!;
						const square = (this.positions[2 * i]! - x) ** 2 + (this.positions[2 * i + 1]! - y) ** 2;
						if (square > limit || i === except) continue;
						found = this.#insert(i, square, found, k);
						if (found === k) limit = this.squares[k - 1]!;
					}
				}
			}
		}
	}

	#insert(item: number, square: number, found: number, k: number): number {
		const { items, squares } = this;
		const before = (at: number) => square < squares[at]! || (square === squares[at]! && item < items[at]!);
		if (found === k && !before(k - 1)) return found;
		let at = Math.min(found, k - 1);
		while (at > 0 && before(at - 1)) {
			items[at] = items[at - 1]!;
			squares[at] = squares[at - 1]!;
			at--;
		}
		items[at] = item;
		squares[at] = square;
		return Math.min(k, found + 1);
	}
}
