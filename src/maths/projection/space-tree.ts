import type { Job } from '#maths/projection/rows.ts';

/** A tree of boxes over points in the plane or in space (Barnes & Hut 1986): far ones push as one. */

/** Boxes within boxes; points that are still together then share one. */
const DEEPEST = 28;
/** Numbers of a box: its centre of mass (three), its points, the square of its width. */
const STRIDE = 5;
/** Points that are looked at between two looks at the clock. */
const SLICE = 1 << 16;

interface Box {
	first: number;
	end: number;
	x: number;
	y: number;
	z: number;
	width: number;
	depth: number;
}

/** Boxes lie in the order of a walk that goes down first, so that to pass one by is to go on at the box that it names. */
export class SpaceTree {
	private boxes: Float64Array;
	/** Where the walk goes on after a box and all in it. */
	private after: Int32Array;
	private size = 0;

	static *of(points: Float32Array, dimensions: 2 | 3): Job<SpaceTree> {
		const tree = new SpaceTree(points, dimensions);
		yield* tree.grow();
		return tree;
	}

	private constructor(
		private readonly points: Float32Array,
		private readonly dimensions: 2 | 3
	) {
		const room = 2 * (points.length / dimensions) + 64;
		this.boxes = new Float64Array(STRIDE * room);
		this.after = new Int32Array(room);
	}

	/** Box after box, the parts of one before its neighbours. */
	private *grow(): Job<void> {
		const { points, dimensions } = this;
		const count = points.length / dimensions;
		const low = [0, 0, 0];
		let width = 1e-12;
		for (let d = 0; d < dimensions; d++) {
			let [min, max] = [Infinity, -Infinity];
			for (let at = d; at < points.length; at += dimensions) {
				const value = points[at] as number;
				if (value < min) min = value;
				if (value > max) max = value;
			}
			low[d] = min;
			width = Math.max(width, max - min);
		}
		const order = new Int32Array(count);
		for (let i = 0; i < count; i++) order[i] = i;
		const spare = new Int32Array(count);
		const [x, y, z] = low as [number, number, number];
		const open: (Box | number)[] = count ? [{ first: 0, end: count, x, y, z, width, depth: 0 }] : [];
		let visible = 0;
		for (let box = open.pop(); box !== undefined; box = open.pop()) {
			// All that is in it has been walked through.
			if (typeof box === 'number') this.after[box] = this.size;
			else {
				visible += box.end - box.first;
				this.divide(box, order, spare, open);
			}
			if (visible < SLICE) continue;
			visible = 0;
			yield { done: 0 };
		}
	}

	/** The box with the points order[first..end): those in it are left in `open`. */
	private divide(
		{ first, end, x, y, z, width, depth }: Box,
		order: Int32Array,
		spare: Int32Array,
		open: (Box | number)[]
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
			open.push({
				first: from,
				end: to,
				x: x + (c & 1 ? half : 0),
				y: y + (c & 2 ? half : 0),
				z: z + (c & 4 ? half : 0),
				width: half,
				depth: depth + 1
			});
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
		const at = own * STRIDE;
		this.boxes[at] = sx / mass;
		this.boxes[at + 1] = sy / mass;
		this.boxes[at + 2] = sz / mass;
		this.boxes[at + 3] = mass;
		this.boxes[at + 4] = single ? 0 : width * width;
		open.push(own);
		if (!single) for (let c = corners - 1; c >= 0; c--) child(c);
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
