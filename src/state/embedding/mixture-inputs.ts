import type { DataSet } from '#contracts/data-set.ts';
import type { Blends } from '#contracts/map-regions.ts';

/** What the model is asked about mixtures: only the items that are in them cross to its thread. */

export interface MixtureInputs {
	inputs: readonly Blob[] | Float32Array<ArrayBuffer>;
	/** The items' numbers in the data set. */
	ids: Int32Array<ArrayBuffer>;
	/** Of indices in `inputs`. */
	blends: Blends;
}

/**
 * Mixtures `from` to `to` of some.
 * @param means what stands for a missing number, per column
 */
export function mixtureInputs(
	data: DataSet,
	kind: 'images' | 'rows',
	means: Float32Array,
	{ k, items, weights }: Blends,
	from: number,
	to: number
): MixtureInputs {
	const indices = new Map<number, number>();
	const own = items.slice(from * k, to * k).map((item) => {
		if (item < 0) return -1;
		const known = indices.get(item);
		if (known !== undefined) return known;
		indices.set(item, indices.size);
		return indices.size - 1;
	});
	const ids = Int32Array.from(indices.keys());
	const blends = { k, items: own, weights: weights.slice(from * k, to * k) };
	if (kind === 'images') return { inputs: Array.from(ids, (i) => data.images![i]!), ids, blends };
	const { values, width } = data.rows!;
	const inputs = new Float32Array(ids.length * width);
	ids.forEach((i, n) => {
		for (let c = 0; c < width; c++) {
			const value = values[i * width + c]!;
			inputs[n * width + c] = Number.isFinite(value) ? value : means[c]!;
		}
	});
	return { inputs, ids, blends };
}

/** Numbers summed before the page gets its turn. */
const TOGETHER = 1 << 20;

/** Of what is a number in each column. */
export async function columnMeans(values: Float32Array, width: number): Promise<Float32Array> {
	const sums = new Float64Array(width);
	const counts = new Float64Array(width);
	for (let i = 0, c = 0; i < values.length; i++) {
		const value = values[i]!;
		if (Number.isFinite(value)) {
			sums[c]! += value;
			counts[c]!++;
		}
		if (++c === width) c = 0;
		if (i % TOGETHER === TOGETHER - 1) await new Promise((resolve) => setTimeout(resolve));
	}
	return Float32Array.from(sums, (sum, c) => (counts[c] ? sum / counts[c] : 0));
}
