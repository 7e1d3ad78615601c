/** A tree of boxes over points in the plane or in space (Barnes & Hut 1986): far ones push as one. */

const CHILDREN_2 = 4;
const CHILDREN_3 = 8;
/** Boxes within boxes; points that are still together then share one. */
const DEEPEST = 28;

export class SpaceTree {
	private readonly children: Int32Array;
	/** Points of a box and the sum of their coordinates. */
	private readonly mass: Int32Array;
	private readonly sums: Float64Array;
	private readonly width: Float64Array;
	private size = 0;
	private readonly fan: number;
	private readonly open: Int32Array;

	constructor(
		private readonly points: Float32Array,
		private readonly dimensions: 2 | 3
	) {
		const count = points.length / dimensions;
		this.fan = dimensions === 2 ? CHILDREN_2 : CHILDREN_3;
		const room = 2 * count + DEEPEST * 64;
		this.children = new Int32Array(this.fan * room);
		this.mass = new Int32Array(room);
		this.sums = new Float64Array(dimensions * room);
		this.width = new Float64Array(room);
		this.open = new Int32Array(this.fan * (DEEPEST + 4));
		this.build(count);
	}

	private build(count: number): void {
		const { points, dimensions } = this;
		const order = Int32Array.from({ length: count }, (_, i) => i);
		const low = new Float64Array(dimensions).fill(Infinity);
		const high = new Float64Array(dimensions).fill(-Infinity);
		points.forEach((value, at) => {
			const d = at % dimensions;
			low[d] = Math.min(low[d] as number, value);
			high[d] = Math.max(high[d] as number, value);
		});
		const width = high.reduce((most, value, d) => Math.max(most, value - (low[d] as number)), 1e-12);
		this.box(order, 0, count, Array.from(low), width, 0, new Int32Array(count));
	}

	/** @returns the number of the box with the points order[first..end) */
	private box(
		order: Int32Array,
		first: number,
		end: number,
		low: readonly number[],
		width: number,
		depth: number,
		spare: Int32Array
	): number {
		const { points, dimensions, fan } = this;
		const own = this.size++;
		this.mass[own] = end - first;
		this.width[own] = width;
		for (let at = first; at < end; at++)
			for (let d = 0; d < dimensions; d++)
				this.sums[own * dimensions + d]! += points[(order[at] as number) * dimensions + d] as number;
		if (end - first <= 1 || depth >= DEEPEST) return own;
		const half = width / 2;
		const part = (i: number) => {
			let corner = 0;
			for (let d = 0; d < dimensions; d++)
				if ((points[i * dimensions + d] as number) >= (low[d] as number) + half) corner |= 1 << d;
			return corner;
		};
		const sizes = new Int32Array(fan + 1);
		for (let at = first; at < end; at++) sizes[part(order[at] as number) + 1]!++;
		for (let c = 0; c < fan; c++) sizes[c + 1]! += sizes[c] as number;
		const next = sizes.slice(0, fan);
		for (let at = first; at < end; at++) spare[first + next[part(order[at] as number)]!++] = order[at] as number;
		order.set(spare.subarray(first, end), first);
		// A box with all points in one corner is passed by: its child stands for it.
		for (let c = 0; c < fan; c++) {
			const [from, to] = [first + (sizes[c] as number), first + (sizes[c + 1] as number)];
			if (from === to) continue;
			const corner = low.map((value, d) => value + (c & (1 << d) ? half : 0));
			if (to - from === end - first) {
				this.size--;
				this.sums.fill(0, own * dimensions, (own + 1) * dimensions);
				return this.box(order, from, to, corner, half, depth + 1, spare);
			}
			this.children[own * fan + c] = this.box(order, from, to, corner, half, depth + 1, spare);
		}
		return own;
	}

	/**
	 * Adds Σ q² (yᵢ − yⱼ) to `force` (dimensions numbers), with q = 1 / (1 + |yᵢ − yⱼ|²).
	 * @param theta how wide a box may seem and still be taken as one
	 * @returns Σ q over the others
	 */
	repulsion(i: number, theta: number, force: Float64Array): number {
		const { points, dimensions, fan, children, mass, sums, width, open } = this;
		const at = i * dimensions;
		const [x, y] = [points[at] as number, points[at + 1] as number];
		const z = dimensions === 3 ? (points[at + 2] as number) : 0;
		let [all, fx, fy, fz] = [0, 0, 0, 0];
		const squared = theta * theta;
		let size = 1;
		open[0] = 0;
		while (size > 0) {
			const box = open[--size] as number;
			const points = mass[box] as number;
			const first = box * dimensions;
			const dx = x - (sums[first] as number) / points;
			const dy = y - (sums[first + 1] as number) / points;
			const dz = dimensions === 3 ? z - (sums[first + 2] as number) / points : 0;
			const square = dx * dx + dy * dy + dz * dz;
			const wide = width[box] as number;
			let inner = 0;
			if (points > 1 && wide * wide > squared * square)
				for (let c = 0; c < fan; c++) {
					const child = children[box * fan + c] as number;
					if (child > 0) [open[size++], inner] = [child, 1];
				}
			if (inner) continue;
			const q = 1 / (1 + square);
			all += points * q;
			const push = points * q * q;
			fx += push * dx;
			fy += push * dy;
			fz += push * dz;
		}
		force[0]! += fx;
		force[1]! += fy;
		if (dimensions === 3) force[2]! += fz;
		// Itself is among them, at distance 0.
		return all - 1;
	}
}
