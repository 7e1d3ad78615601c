import { principal } from '#maths/projection/principal.ts';
import { projected } from '#maths/projection/random-axes.ts';
import { sample } from '#maths/projection/random.ts';
import { within, type Comparable, type Job } from '#maths/projection/rows.ts';

/** Columns from which a sketch of the rows saves more than it costs. */
const LEAST_COLUMNS = 96;
const AXES = 24;
/** Rows whose principal axes serve for all. */
const ROWS = 1024;
/** Axes need not be the best to spare comparisons. */
const MISS = 0.1;
/** For what float32 rounds. */
const SLACK = 1 - 1e-4;

/**
 * Rows along the principal axes of some, and how long what is left of each is: the distance of two sketches is never longer
 * than that of their rows (Pythagoras, and the triangle inequality for the rest), so that most pairs need no more.
 */
export class Sketch {
	private constructor(
		/** count x width: the axes, then the length of the rest. */
		readonly values: Float32Array,
		readonly width: number
	) {}

	/** @returns null for few columns, and where differences are not squared */
	static *of(rows: Comparable, seed: number): Job<Sketch | null> {
		const { values, count, width, squared } = rows;
		if (!squared || width < LEAST_COLUMNS || count < 2 * AXES) return null;
		const places = sample(count, ROWS, seed);
		const some = new Float32Array(places.length * width);
		places.forEach((row, at) => some.set(values.subarray(row * width, (row + 1) * width), at * width));
		const { axes, mean } = yield* within(
			principal({ values: some, count: places.length, width }, AXES, seed, MISS),
			0,
			0.4
		);
		const along = yield* within(projected(rows, axes, AXES, mean), 0.4, 0.8);
		const own = AXES + 1;
		const sketch = new Float32Array(count * own);
		for (let i = 0; i < count; i++) {
			let square = 0;
			for (let c = 0; c < width; c++) square += ((values[i * width + c] as number) - (mean[c] as number)) ** 2;
			for (let a = 0; a < AXES; a++) {
				const value = along[i * AXES + a] as number;
				sketch[i * own + a] = value;
				square -= value * value;
			}
			sketch[i * own + AXES] = Math.sqrt(Math.max(0, square));
			if (i % 512 === 511) yield { done: 0.8 + (0.2 * i) / count };
		}
		return new Sketch(sketch, own);
	}

	/** Whether two rows are surely farther apart than the root of `bound`. */
	beyond(i: number, j: number, bound: number): boolean {
		const { values, width } = this;
		let sum = 0;
		for (let p = i * width, q = j * width, end = p + width; p < end; p++, q++) {
			const d = (values[p] as number) - (values[q] as number);
			sum += d * d;
		}
		return sum * SLACK > bound;
	}

	/** The same rows in another order. */
	inOrder(order: Int32Array): Sketch {
		return new Sketch(reordered(this.values, this.width, order), this.width);
	}
}

/** Row order[i] at place i. */
export function reordered(values: Float32Array, width: number, order: Int32Array): Float32Array {
	const out = new Float32Array(values.length);
	order.forEach((row, at) => out.set(values.subarray(row * width, (row + 1) * width), at * width));
	return out;
}
