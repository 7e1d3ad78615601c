/** Rows of numbers, what lies between two of them, and jobs that can be stopped. */

export interface Rows {
	/** count x width, row by row. */
	values: Float32Array;
	count: number;
	width: number;
}

export type Metric = 'euclidean' | 'cosine' | 'manhattan' | 'correlation';

export interface Neighbours {
	k: number;
	/** count x k, nearest first, without the row itself. */
	indices: Int32Array;
	distances: Float32Array;
}

/** Where a job is: its share of the work, and positions where there are some (still in use: copy them). */
export interface Step {
	done: number;
	positions?: Float32Array;
}

/** Long work in short steps, so that who runs it can listen, show and stop. */
export type Job<T> = Generator<Step, T, void>;

/** Runs a job to its end without a pause. */
export function finish<T>(job: Job<T>): T {
	for (;;) {
		const step = job.next();
		if (step.done) return step.value;
	}
}

/** A job as part of another: what it has done counts from `from` to `to`. */
export function* within<T>(job: Job<T>, from: number, to: number): Job<T> {
	for (;;) {
		const step = job.next();
		if (step.done) return step.value;
		yield { ...step.value, done: from + (to - from) * step.value.done };
	}
}

/**
 * Rows for which the metric is a sum over columns, of squares or of absolute differences.
 * @see finished for the way back
 */
export interface Comparable extends Rows {
	/** Whether differences are squared. */
	squared: boolean;
	metric: Metric;
}

/**
 * Cosine and correlation distance are half the squared distance of rows of length one. A row without a direction is at
 * distance 1 from all that have one and 0 from its like, as in umap-learn: a column more says which those are.
 */
export function* compared(rows: Rows, metric: Metric): Job<Comparable> {
	const { values, count, width } = rows;
	if (metric === 'euclidean' || metric === 'manhattan') return { ...rows, squared: metric === 'euclidean', metric };
	const known = width + 1;
	const pause = Math.max(1, Math.floor((1 << 19) / known));
	const unit = new Float32Array(count * known);
	for (let i = 0; i < count; i++) {
		const row = values.subarray(i * width, (i + 1) * width);
		let mean = 0;
		if (metric === 'correlation') for (const value of row) mean += value / width;
		let length = 0;
		for (const value of row) length += (value - mean) ** 2;
		length = Math.sqrt(length);
		// What remains of equal numbers after subtraction is no direction.
		const flat = !(length > 1e-6 * Math.abs(mean) * Math.sqrt(width));
		for (let c = 0; c < width; c++) unit[i * known + c] = flat ? 0 : ((row[c] as number) - mean) / length;
		unit[i * known + width] = flat ? 1 : 0;
		if (i % pause === pause - 1) yield { done: i / count };
	}
	return { values: unit, count, width: known, squared: true, metric };
}

export const comparable = (rows: Rows, metric: Metric): Comparable => finish(compared(rows, metric));

/** A sum over columns as a distance of the metric. */
export function finished(metric: Metric, sum: number): number {
	if (metric === 'euclidean') return Math.sqrt(sum);
	return metric === 'manhattan' ? sum : sum / 2;
}

/** The sum over columns between row i of `a` and row j of `b`; cut short, and then larger than `bound`, where it passes that. */
export function between(
	{ values: a, width, squared }: Comparable,
	i: number,
	{ values: b }: Rows,
	j: number,
	bound = Infinity
): number {
	let p = i * width;
	let q = j * width;
	const end = p + width;
	let sum = 0;
	if (!squared) {
		for (; p < end; p++, q++) sum += Math.abs((a[p] as number) - (b[q] as number));
		return sum;
	}
	while (p + 32 <= end) {
		let [s0, s1, s2, s3] = [0, 0, 0, 0];
		for (const last = p + 32; p < last; p += 4, q += 4) {
			const d0 = (a[p] as number) - (b[q] as number);
			const d1 = (a[p + 1] as number) - (b[q + 1] as number);
			const d2 = (a[p + 2] as number) - (b[q + 2] as number);
			const d3 = (a[p + 3] as number) - (b[q + 3] as number);
			s0 += d0 * d0;
			s1 += d1 * d1;
			s2 += d2 * d2;
			s3 += d3 * d3;
		}
		sum += s0 + s1 + (s2 + s3);
		if (sum > bound) return sum;
	}
	for (; p < end; p++, q++) {
		const d = (a[p] as number) - (b[q] as number);
		sum += d * d;
	}
	return sum;
}

/** @returns the index of the first row with a number that is not finite, or -1 */
export function firstBroken({ values, width }: Rows): number {
	for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return Math.floor(i / width);
	return -1;
}
