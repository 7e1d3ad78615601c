/** Rows that each row knows, nearest first, and those that are drawn to be introduced to each other. */

/** The nearest so far. */
export class NearLists {
	readonly sums: Float32Array;
	readonly indices: Int32Array;
	/** Whether an entry has not been introduced yet. */
	readonly fresh: Uint8Array;

	/** @param bounds per row, the sum of its last entry: kept here */
	constructor(
		readonly count: number,
		readonly k: number,
		private readonly bounds: Float32Array
	) {
		this.sums = new Float32Array(count * k).fill(Infinity);
		this.indices = new Int32Array(count * k).fill(-1);
		this.fresh = new Uint8Array(count * k);
	}

	/** Sorted insertion; 1 if the list has changed. A row that is there already has the same sum to the bit. */
	offer(row: number, sum: number, candidate: number): number {
		const { sums, indices, fresh, k } = this;
		const first = row * k;
		const last = first + k - 1;
		if (sum >= (sums[last] as number)) return 0;
		let at = last;
		while (at > first && (sums[at - 1] as number) > sum) at--;
		for (let same = at - 1; same >= first && sums[same] === sum; same--) if (indices[same] === candidate) return 0;
		for (let to = last; to > at; to--) {
			sums[to] = sums[to - 1] as number;
			indices[to] = indices[to - 1] as number;
			fresh[to] = fresh[to - 1] as number;
		}
		sums[at] = sum;
		indices[at] = candidate;
		fresh[at] = 1;
		this.bounds[row] = sums[last] as number;
		return 1;
	}
}

/** Up to `room` rows per row, chosen by random priority. */
export class Drawn {
	readonly rows: Int32Array;
	readonly sizes: Uint8Array;
	private readonly priorities: Uint32Array;

	constructor(
		count: number,
		readonly room: number
	) {
		this.rows = new Int32Array(count * room);
		this.priorities = new Uint32Array(count * room);
		this.sizes = new Uint8Array(count);
	}

	offer(to: number, row: number, priority: number): void {
		const { rows, priorities, sizes, room } = this;
		const first = to * room;
		const size = sizes[to] as number;
		let at = first + size;
		if (size === room) {
			if (priority >= (priorities[--at] as number)) return;
		} else sizes[to] = size + 1;
		for (let same = first; same < first + size; same++) if (rows[same] === row) return void (sizes[to] = size);
		for (; at > first && (priorities[at - 1] as number) > priority; at--) {
			rows[at] = rows[at - 1] as number;
			priorities[at] = priorities[at - 1] as number;
		}
		rows[at] = row;
		priorities[at] = priority;
	}

	has(to: number, row: number): boolean {
		const first = to * this.room;
		for (let at = first; at < first + (this.sizes[to] as number); at++) if (this.rows[at] === row) return true;
		return false;
	}
}
