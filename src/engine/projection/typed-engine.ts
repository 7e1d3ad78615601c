import { LabError } from '#contracts/errors.ts';
import { drive } from '#engine/projection/drive.ts';
import type { Control, HeldRows, ProjectionEngine } from '#engine/projection/engine.ts';
import { exactNeighbours, nearestOf } from '#maths/projection/exact-neighbours.ts';
import { descendedNeighbours, measuredRecall } from '#maths/projection/nn-descent.ts';
import { principal } from '#maths/projection/principal.ts';
import { fidelity } from '#maths/projection/quality.ts';
import { projected } from '#maths/projection/random-axes.ts';
import { sample } from '#maths/random.ts';
import { comparable, compared, within, type Comparable, type Metric, type Rows } from '#maths/projection/rows.ts';

/** Everything on typed arrays, in the calling thread. */

/** What a page may ask for without being killed. */
const MAX_ARRAY_BYTES = 2 ** 30;
/** Rows up to which every pair is looked at: NN-descent is quicker above (measured; the more, the longer the lists). */
const exactUpTo = (k: number) => 1500 + 60 * k;

class TypedRows implements HeldRows {
	private known: Comparable | null = null;

	constructor(
		readonly all: Float32Array,
		readonly count: number,
		readonly width: number
	) {}

	async comparable(metric: Metric, control: Control): Promise<Comparable> {
		if (this.known?.metric === metric) return this.known;
		return (this.known = await drive(compared(this.rows, metric), { signal: control.signal, step: () => {} }));
	}

	get rows() {
		return { values: this.all, count: this.count, width: this.width };
	}

	values = () => Promise.resolve(this.all);

	dispose(): void {
		this.known = null;
	}
}

/** Rows that another engine holds are read. */
async function typed(rows: HeldRows): Promise<TypedRows> {
	return rows instanceof TypedRows ? rows : new TypedRows(await rows.values(), rows.count, rows.width);
}

/** Some rows in place of all. */
function thinned(rows: Rows, enough: number, seed: number): Rows {
	const { values, count, width } = rows;
	if (count <= enough) return rows;
	const sampled = sample(count, enough, seed);
	const some = new Float32Array(enough * width);
	sampled.forEach((row, at) => some.set(values.subarray(row * width, (row + 1) * width), at * width));
	return { values: some, count: enough, width };
}

export function checkRows(count: number, width: number, maxBytes: number): void {
	const fit = Math.floor(maxBytes / 4 / Math.max(1, width));
	if (count > fit)
		throw new LabError(
			`${count} rows of ${width} numbers do not fit here; ${fit} would.`,
			'Take fewer rows, or pool the layer.',
			{ code: 'too-large' }
		);
}

export const typedEngine: ProjectionEngine = {
	title: 'typed arrays',

	async hold(values, width) {
		checkRows(values.length / width, width, MAX_ARRAY_BYTES);
		return new TypedRows(values, values.length / width, width);
	},

	async neighbours(rows, k, metric, search, seed, control) {
		const own = await (await typed(rows)).comparable(metric, control);
		if (search === 'exact' || (search === 'auto' && own.count <= exactUpTo(k)) || own.count <= 4 * k)
			return { neighbours: await drive(exactNeighbours(own, k), control), recall: 1 };
		const neighbours = await drive(within(descendedNeighbours(own, k, seed), 0, 0.95), control);
		return { neighbours, recall: await drive(within(measuredRecall(own, neighbours, seed), 0.95, 1), control) };
	},

	async nearest(rows, of, k, metric, control) {
		const own = await typed(rows);
		const queries =
			of instanceof Int32Array
				? of
				: comparable({ values: of, count: of.length / own.width, width: own.width }, metric);
		return drive(nearestOf(await own.comparable(metric, control), queries, k), control);
	},

	principal: async (rows, axes, seed, control, enough = Infinity) =>
		drive(principal(thinned((await typed(rows)).rows, enough, seed), axes, seed), control),

	projected: async (rows, axes, components, mean, control) =>
		drive(projected((await typed(rows)).rows, axes, components, mean), control),

	run: async (kernels, input, control) => ({ result: await kernels.typed(input, control), engine: 'typed arrays' }),

	fidelity: async (rows, positions, dimensions, k, metric, control) =>
		drive(fidelity(await (await typed(rows)).comparable(metric, control), positions, dimensions, k), control)
};
