import type { LayerActivation } from '#contracts/anatomy.ts';

/** In which order cells stand, and which value has which colour. */

export type Scaling = 'channel' | 'layer' | 'fixed';
export type Order = 'index' | 'mean' | 'max' | 'variance' | 'sparsity' | 'gradient';

export const ORDERS: readonly { id: Order; title: string }[] = [
	{ id: 'index', title: 'Channel index' },
	{ id: 'mean', title: 'Mean, descending' },
	{ id: 'max', title: 'Maximum, descending' },
	{ id: 'variance', title: 'Variance, descending' },
	{ id: 'sparsity', title: 'Sparsity, descending' },
	{ id: 'gradient', title: 'Effect on the class, descending' }
];

export function ordered(
	{ cells, stats }: Pick<LayerActivation, 'cells' | 'stats'>,
	by: Order,
	gradients: Float32Array | null
): Int32Array {
	const indices = Int32Array.from({ length: cells.shown }, (_, i) => i);
	const key = {
		index: null,
		mean: stats.mean,
		max: stats.max,
		variance: stats.std,
		sparsity: stats.zeros,
		gradient: gradients
	}[by];
	return key ? indices.sort((a, b) => (key[b] as number) - (key[a] as number) || a - b) : indices;
}

/** Channels that are zero everywhere: a rectifier that never opened. */
export function dead({ stats }: Pick<LayerActivation, 'stats'>): number {
	let count = 0;
	for (let i = 0; i < stats.max.length; i++) if (stats.max[i] === 0 && stats.min[i] === 0) count++;
	return count;
}

export function extent({ stats }: Pick<LayerActivation, 'stats'>): [low: number, high: number] {
	let [low, high] = [Infinity, -Infinity];
	for (let i = 0; i < stats.max.length; i++) {
		if ((stats.min[i] as number) < low) low = stats.min[i] as number;
		if ((stats.max[i] as number) > high) high = stats.max[i] as number;
	}
	return low <= high ? [low, high] : [0, 0];
}

/** The values at the ends of one cell's scale: symmetric about zero where the layer has a sign. */
export function rangeOf(
	report: Pick<LayerActivation, 'stats'>,
	channel: number,
	scaling: Scaling,
	fixed: readonly [number, number]
): [low: number, high: number] {
	if (scaling === 'fixed') return [...fixed];
	const whole = extent(report);
	const own: [number, number] =
		scaling === 'layer' ? whole : [report.stats.min[channel] as number, report.stats.max[channel] as number];
	if (whole[0] >= 0) return own;
	const reach = Math.max(Math.abs(own[0]), Math.abs(own[1]));
	return [-reach, reach];
}

/** What the atlas is told of each cell, in the order of the picture. */
export function entriesOf(
	report: LayerActivation,
	order: ArrayLike<number>,
	scaling: Scaling,
	fixed: readonly [number, number],
	off: (channel: number) => boolean
): Float32Array {
	const entries = new Float32Array(4 * order.length);
	for (let i = 0; i < order.length; i++) {
		const channel = order[i] as number;
		entries.set([channel, ...rangeOf(report, channel, scaling, fixed), off(channel) ? 1 : 0], 4 * i);
	}
	return entries;
}

/** An SVG path of bars, one per value, in a box of 1 x 1 with zero on its line. */
export function bars(values: ArrayLike<number>, max = 400): { path: string; zero: number } {
	const count = Math.min(values.length, max);
	const per = values.length / count;
	const tops = Array.from({ length: count }, (_, i) => {
		let best = 0;
		for (let k = Math.floor(i * per); k < Math.floor((i + 1) * per); k++)
			if (Math.abs(values[k] as number) > Math.abs(best)) best = values[k] as number;
		return best;
	});
	const [low, high] = [Math.min(0, ...tops), Math.max(0, ...tops)];
	const span = high - low || 1;
	const zero = high / span;
	const path = tops
		.map((value, i) => {
			const y = zero - value / span;
			return `M${(i / count).toFixed(5)} ${zero.toFixed(4)}V${y.toFixed(4)}h${(0.9 / count).toFixed(5)}V${zero.toFixed(4)}z`;
		})
		.join('');
	return { path, zero };
}
