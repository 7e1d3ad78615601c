/** What a map of classes is like: how large, in how many pieces. */

/** How many pixels each class has; -1 among them counts all classes that are not. */
export function areas(labels: Int32Array, classes: readonly number[]): number[] {
	const counts = classes.map(() => 0);
	const indices = new Map(classes.map((k, index) => [k, index]));
	const others = classes.indexOf(-1);
	for (const label of labels) {
		const index = indices.get(label) ?? others;
		if (index >= 0) counts[index] = (counts[index] as number) + 1;
	}
	return counts;
}

/** Pieces of one label each, joined over sides and corners, of all labels together (dbViz's fragmentation score). */
export function fragmentation(labels: ArrayLike<number>, width: number): number {
	const seen = new Uint8Array(labels.length);
	const stack = new Int32Array(labels.length);
	const height = labels.length / width;
	let pieces = 0;
	for (let start = 0; start < labels.length; start++) {
		if (seen[start]) continue;
		pieces++;
		let top = 1;
		stack[0] = start;
		seen[start] = 1;
		while (top) {
			const at = stack[--top] as number;
			const [x, y] = [at % width, Math.floor(at / width)];
			for (let dy = -1; dy <= 1; dy++)
				for (let dx = -1; dx <= 1; dx++) {
					const [nx, ny] = [x + dx, y + dy];
					if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
					const next = ny * width + nx;
					if (seen[next] || labels[next] !== labels[at]) continue;
					seen[next] = 1;
					stack[top++] = next;
				}
		}
	}
	return pieces;
}

/** The share of pixels on which two maps of the same size say the same. */
export function agreement(first: ArrayLike<number>, second: ArrayLike<number>): number {
	let equal = 0;
	for (let i = 0; i < first.length; i++) if (first[i] === second[i]) equal++;
	return equal / first.length;
}
