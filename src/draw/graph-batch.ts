import type { Buffer, Regl } from 'regl';
import { hash } from '#maths/hash-normal.ts';
import { spans, within, type Spans } from '#maths/spans.ts';

/** Boxes or lines on the GPU in the order of an axis: what is in sight is one stretch of a buffer. */

const FLOAT = 4;
/** Each level has one in so many of the one before. */
const THIN = 8;
/** A level with fewer is not worth a buffer. */
const MIN_LEVEL = 2048;

interface Level {
	buffer: Buffer;
	spans: Spans;
}

/**
 * The level of which no more lie one over the other than can be told apart.
 * @param cover how often all boxes together would cover the graph
 */
export const levelFor = (cover: number): number => Math.max(0, Math.ceil(Math.log(cover / THIN) / Math.log(THIN)));

export class Batch {
	#levels: Level[] = [];

	/**
	 * @param data `stride` numbers per thing
	 * @param begin where each thing begins along the axis, and
	 * @param end where it ends
	 */
	constructor(
		regl: Regl,
		data: Float32Array,
		readonly stride: number,
		begin: Float64Array,
		end: Float64Array
	) {
		let indices = Int32Array.from(begin, (_, i) => i);
		for (let level = 0; level === 0 || indices.length >= MIN_LEVEL; level++) {
			const list = spans(
				Float64Array.from(indices, (i) => begin[i]!),
				Float64Array.from(indices, (i) => end[i]!)
			);
			const sorted = new Float32Array(indices.length * stride);
			list.order.forEach((k, at) => {
				const i = indices[k]! * stride;
				sorted.set(data.subarray(i, i + stride), at * stride);
			});
			this.#levels.push({ buffer: regl.buffer(sorted), spans: list });
			// By lot: what is taken in turn falls in with the columns of a regular graph.
			indices = indices.filter((i) => hash(0, 0, i, level) % THIN === 0);
		}
	}

	/** Calls with each stretch that may be seen between two positions of the axis. */
	visible(from: number, to: number, level: number, run: (buffer: Buffer, byte: number, count: number) => void): void {
		const { buffer, spans: list } = this.#levels[Math.min(level, this.#levels.length - 1)]!;
		if (list.long) run(buffer, 0, list.long);
		const [first, count] = within(list, from, to);
		if (count) run(buffer, first * this.stride * FLOAT, count);
	}

	destroy(): void {
		for (const { buffer } of this.#levels) buffer.destroy();
	}
}
