import type { WeightPicture, WeightReport } from '#contracts/weights.ts';

/** Which value has which colour, and in which order kernels stand. */

/** Symmetric about zero where there is a sign; the least to the largest otherwise. */
export function spread(low: number, high: number): [low: number, high: number] {
	if (!(Number.isFinite(low) && Number.isFinite(high))) return [-1, 1];
	if (low >= 0) return [low, high];
	const reach = Math.max(-low, high);
	return [-reach, reach];
}

export function rangeOf(report: WeightReport | undefined, picture: WeightPicture): [low: number, high: number] {
	if (report) return spread(report.statistics.min, report.statistics.max);
	return spread(
		picture.min.reduce((low, value) => (value < low ? value : low), Infinity),
		picture.max.reduce((high, value) => (value > high ? value : high), -Infinity)
	);
}

/** Cells filter by filter, in each the inputs: cell k of the field is input k / filters of filter k % filters. */
export function byFilter({ filters, cells }: WeightPicture): Int32Array {
	const inputs = Math.ceil(cells.count / filters);
	const order = new Int32Array(cells.shown);
	let at = 0;
	for (let filter = 0; filter < filters; filter++)
		for (let input = 0; input < inputs; input++) {
			const cell = input * filters + filter;
			if (cell < cells.shown) order[at++] = cell;
		}
	return order.subarray(0, at);
}
