/** A tree of boxes over points in the plane or in space (Barnes & Hut 1986): far ones push as one. */

/** Boxes within boxes; points that are still together then share one. */
const DEEPEST = 28;
/** Numbers of a box: its centre of mass (three), its points, the square of its width. */
const STRIDE = 5;

/** Boxes lie in the order of a walk that goes down first, so that to pass one by is to go on at the place that it names. */
export class SpaceTree {
	private boxes: Float64Array;
	/** Where the walk goes on after a box and all in it. */
	private after: Int32Array;
	private size = 0;

	constructor(
		private readonly points: Float32Array,
		private readonly dimensions: 2 | 3
	) {
		const count = points.length / dimensions;
		const room = 2 * count + 64;
		this.boxes = new Float64Array(STRIDE * room);
		this.after = new Int32Array(room);
		const low = [Infinity, Infinity, Infinity];
		let width = 1e-12;
		for (let d = 0; d < dimensions; d++) {
			let [least, most] = [Infinity, -Infinity];
			for (let at = d; at < points.length; at += dimensions) {
				least = Math.min(least, points[at] as number);
				most = Math.max(most, points[at] as number);
			}
			low[d] = least;
			width = Math.max(width, most - least);
		}
		const order = Int32Array.from({ length: count }, (_, i) => i);
		if (count)
			this.box(order, new Int32Array(count), 0, count, low[0] as number, low[1] as number, low[2] as number, width, 0);
	}

	/** The box with the points order[first..end), and those in it. */
	private box(
		order: Int32Array,
		spare: Int32Array,
		first: number,
		end: number,
		x: number,
		y: number,
		z: number,
		width: number,
		depth: number
	): void {
		const { points, dimensions } = this;
		const half = width / 2;
		const deep = dimensions === 3;
		const corners = deep ? 8 : 4;
		const starts = new Int32Array(corners + 1);
		const single = end - first === 1 || depth >= DEEPEST;
		const corner = (row: number) => {
			const at = row * dimensions;
			return (
				((points[at] as number) >= x + half ? 1 : 0) |
				((points[at + 1] as number) >= y + half ? 2 : 0) |
				(deep && (points[at + 2] as number) >= z + half ? 4 : 0)
			);
		};
		if (!single) {
			for (let at = first; at < end; at++) starts[corner(order[at] as number) + 1]!++;
			for (let c = 0; c < corners; c++) starts[c + 1]! += starts[c] as number;
			const next = starts.slice();
			for (let at = first; at < end; at++) {
				const row = order[at] as number;
				spare[first + next[corner(row)]!++] = row;
			}
			for (let at = first; at < end; at++) order[at] = spare[at] as number;
		}
		const child = (c: number) => {
			const [from, to] = [first + (starts[c] as number), first + (starts[c + 1] as number)];
			if (from === to) return;
			this.box(
				order,
				spare,
				from,
				to,
				x + (c & 1 ? half : 0),
				y + (c & 2 ? half : 0),
				z + (c & 4 ? half : 0),
				half,
				depth + 1
			);
		};
		// A box with all its points in one corner is passed by: what is in there stands for it.
		if (!single)
			for (let c = 0; c < corners; c++)
				if ((starts[c + 1] as number) - (starts[c] as number) === end - first) return child(c);
		const own = this.size++;
		let [sx, sy, sz] = [0, 0, 0];
		for (let at = first; at < end; at++) {
			const row = (order[at] as number) * dimensions;
			sx += points[row] as number;
			sy += points[row + 1] as number;
			if (deep) sz += points[row + 2] as number;
		}
		const mass = end - first;
		this.boxes.set([sx / mass, sy / mass, sz / mass, mass, single ? 0 : width * width], own * STRIDE);
		if (!single) for (let c = 0; c < corners; c++) child(c);
		this.after[own] = this.size;
	}

	/**
	 * Adds Σ q² (yᵢ − yⱼ) to `force` (dimensions numbers from `at` on), with q = 1 / (1 + |yᵢ − yⱼ|²).
	 * @param theta how wide a box may seem and still be taken as one
	 * @returns Σ q over the others
	 */
	repulsion(i: number, theta: number, force: Float64Array, at: number): number {
		const { points, dimensions, boxes, after, size } = this;
		const deep = dimensions === 3;
		const x = points[i * dimensions] as number;
		const y = points[i * dimensions + 1] as number;
		const z = deep ? (points[i * dimensions + 2] as number) : 0;
		const squared = theta * theta;
		let [all, fx, fy, fz] = [0, 0, 0, 0];
		for (let box = 0; box < size;) {
			const first = box * STRIDE;
			const dx = x - (boxes[first] as number);
			const dy = y - (boxes[first + 1] as number);
			const dz = deep ? z - (boxes[first + 2] as number) : 0;
			const square = dx * dx + dy * dy + dz * dz;
			if ((boxes[first + 4] as number) > squared * square) {
				box++;
				continue;
			}
			const q = 1 / (1 + square);
			const pushes = (boxes[first + 3] as number) * q;
			all += pushes;
			fx += pushes * q * dx;
			fy += pushes * q * dy;
			fz += pushes * q * dz;
			box = after[box] as number;
		}
		force[at]! += fx;
		force[at + 1]! += fy;
		if (deep) force[at + 2]! += fz;
		// Itself is among them, at distance 0.
		return all - 1;
	}
}
