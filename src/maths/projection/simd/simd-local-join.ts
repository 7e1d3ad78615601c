import { GROUP, PRODUCTS, type LocalJoin } from '#maths/projection/local-join.ts';
import { principal } from '#maths/projection/principal.ts';
import { sample } from '#maths/random.ts';
import { within, type Comparable, type Job } from '#maths/projection/rows.ts';
import { Arena, rowBytes } from '#maths/projection/simd/arena.ts';

/** Columns from which a sketch of the rows saves more than it costs. */
const MIN_SKETCH_COLUMNS = 96;
/** Principal axes of a sketch; one number more says how long the rest is. */
const AXES = 23;
const SKETCH = 4 * (AXES + 1);
/** Rows whose principal axes serve for all. */
const ROWS = 512;
/** Axes need not be the best to spare comparisons. */
const MISS = 0.2;
/** Share of a row that must be off the axes for its length to be known well enough in float32. */
const MIN_REST = 0.005;
/** Rows that are written at once. */
const TOGETHER = 128;

/**
 * Rows that meet by the kernels of simd.wat, where differences are squared. Wide ones have a sketch: where they lie along the
 * principal axes of some, and how long what is left of each is. The distance of two sketches is never longer than that of
 * their rows (Pythagoras, and the triangle inequality for the rest), so that most pairs need no more.
 */
export class SimdLocalJoin implements LocalJoin {
	readonly list: Int32Array;
	readonly bounds: Float32Array;
	readonly reported: Int32Array;
	readonly sums: Float32Array;
	private readonly bytes: number;
	private readonly at: Readonly<Record<'list' | 'reported' | 'normal' | 'rows' | 'sketches' | 'bounds', number>>;
	private readonly sketched: boolean;

	/** @returns null where it cannot be had */
	static *of(given: Comparable, seed: number): Job<SimdLocalJoin | null> {
		const { count, width, squared } = given;
		if (!squared) return null;
		const sketched = width >= MIN_SKETCH_COLUMNS && count > 4 * AXES;
		const bytes = rowBytes(width);
		const sizes = {
			list: Math.max(4 * PRODUCTS, TOGETHER * bytes),
			reported: Math.max(12 * GROUP * GROUP, 4 * PRODUCTS, 4 * TOGETHER * AXES),
			normal: (sketched ? AXES + 1 : 1) * bytes,
			rows: count * bytes,
			sketches: sketched ? count * SKETCH : 0,
			bounds: 4 * count
		};
		const arena = Arena.of(Object.values(sizes));
		if (!arena) return null;
		const at = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, arena.take(size)]));
		const own = new SimdLocalJoin(arena, given, at as typeof sizes, sketched);
		yield* own.write(null);
		if (sketched) yield* within(own.sketch(seed), 0.2, 0.8);
		return own;
	}

	private constructor(
		private readonly arena: Arena,
		private readonly given: Comparable,
		at: Record<'list' | 'reported' | 'normal' | 'rows' | 'sketches' | 'bounds', number>,
		sketched: boolean
	) {
		const { floats, whole } = arena;
		this.at = at;
		this.sketched = sketched;
		this.bytes = rowBytes(given.width);
		this.list = whole.subarray(at.list / 4, at.list / 4 + GROUP);
		this.reported = whole.subarray(at.reported / 4, at.reported / 4 + 3 * GROUP * GROUP);
		this.sums = floats.subarray(at.reported / 4, at.reported / 4 + 3 * GROUP * GROUP);
		this.bounds = floats.subarray(at.bounds / 4, at.bounds / 4 + given.count).fill(Infinity);
	}

	get count(): number {
		return this.given.count;
	}

	get width(): number {
		return this.sketched ? AXES + 1 : this.given.width;
	}

	meet(news: number, all: number): number {
		const { at, bytes, arena, sketched } = this;
		const sketch = sketched ? SKETCH : 0;
		return arena.kernels.meet(at.list, news, all, at.rows, bytes, at.bounds, at.sketches, sketch, at.reported);
	}

	row(i: number): Float32Array {
		const { at, sketched, width, bytes } = this;
		const first = (sketched ? at.sketches + i * SKETCH : at.rows + i * bytes) / 4;
		return this.arena.floats.subarray(first, first + width);
	}

	products(rows: Int32Array, first: number, end: number, other: Float32Array, out: Float32Array): void {
		const { at, arena, sketched, bytes, width } = this;
		const { floats, whole, kernels } = arena;
		floats.set(other, at.normal / 4);
		floats.fill(0, at.normal / 4 + width, (at.normal + (sketched ? SKETCH : bytes)) / 4);
		for (let from = first; from < end; from += PRODUCTS) {
			const some = rows.subarray(from, Math.min(end, from + PRODUCTS));
			whole.set(some, at.list / 4);
			const [where, size] = sketched ? [at.sketches, SKETCH] : [at.rows, bytes];
			kernels.dots(at.list, some.length, where, size, at.normal, 1, at.reported);
			out.set(floats.subarray(at.reported / 4, at.reported / 4 + some.length), from - first);
		}
	}

	*reorder(order: Int32Array): Job<void> {
		yield* within(this.write(order), 0, 0.8);
		if (!this.sketched) return;
		const { at, arena } = this;
		const first = at.sketches / 4;
		const before = arena.floats.slice(first, first + (order.length * SKETCH) / 4);
		yield { done: 0.9 };
		const own = SKETCH / 4;
		for (let i = 0; i < order.length; i++) {
			const row = order[i] as number;
			arena.floats.set(before.subarray(row * own, (row + 1) * own), first + i * own);
			if (i % 4096 === 4095) yield { done: 0.9 };
		}
	}

	/** The given rows, in an order. */
	private *write(order: Int32Array | null): Job<void> {
		const { given, arena, at, bytes } = this;
		const { values, width, count } = given;
		const first = at.rows / 4;
		const together = Math.ceil((TOGETHER * 512) / width);
		for (let i = 0; i < count; i++) {
			const row = order ? (order[i] as number) : i;
			arena.floats.set(values.subarray(row * width, (row + 1) * width), first + (i * bytes) / 4);
			if (i % together === together - 1) yield { done: (0.2 * i) / count };
		}
	}

	private *sketch(seed: number): Job<void> {
		const { given, arena, at, bytes } = this;
		const { values, width, count } = given;
		const { floats, kernels } = arena;
		const sampled = sample(count, ROWS, seed);
		const some = new Float32Array(sampled.length * width);
		sampled.forEach((row, n) => some.set(values.subarray(row * width, (row + 1) * width), n * width));
		const found = principal({ values: some, count: sampled.length, width }, AXES, seed, MISS);
		const { axes, mean } = yield* within(found, 0, 0.6);
		// The axes one after the other, and a row of zeros to measure lengths from.
		floats.fill(0, at.normal / 4, (at.normal + (AXES + 1) * bytes) / 4);
		for (let a = 0; a < AXES; a++)
			for (let c = 0; c < width; c++) floats[(at.normal + a * bytes) / 4 + c] = axes[c * AXES + a] as number;
		const centre = Float32Array.from(mean);
		const [block, along, zero] = [at.list / 4, at.reported / 4, at.normal + AXES * bytes];
		const stride = bytes / 4;
		floats.fill(0, block, block + TOGETHER * stride);
		let known = true;
		for (let first = 0; first < count; first += TOGETHER) {
			const size = Math.min(TOGETHER, count - first);
			for (let i = 0; i < size; i++)
				for (let c = 0, from = (first + i) * width, to = block + i * stride; c < width; c++)
					floats[to + c] = (values[from + c] as number) - (centre[c] as number);
			kernels.dots(0, size, at.list, bytes, at.normal, AXES, at.reported);
			for (let i = 0; i < size; i++) {
				const own = (at.sketches + (first + i) * SKETCH) / 4;
				const all = kernels.between(at.list + i * bytes, zero, bytes, Infinity);
				let rest = all;
				for (let a = 0; a < AXES; a++) {
					const value = floats[along + i * AXES + a] as number;
					floats[own + a] = value;
					rest -= value * value;
				}
				floats[own + AXES] = Math.sqrt(Math.max(0, rest));
				if (rest < MIN_REST * all) known = false;
			}
			yield { done: 0.6 + (0.4 * first) / count };
		}
		if (known) return;
		for (let i = 0; i < count; i++) floats[(at.sketches + i * SKETCH) / 4 + AXES] = 0;
	}
}
