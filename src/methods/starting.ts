import { choice, type ParameterSpec } from '#contracts/parameter.ts';
import type { Control } from '#engine/projection/engine.ts';
import type { ProjectionContext } from '#methods/projector.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { randomStart, scaledStart } from '#maths/projection/start.ts';

/** What projections share: their start, and what is laid out. */

/** A graph of neighbours, where its rows are at first (count x dimensions), and how they are to move. */
export interface Unlaid<Options> {
	graph: Graph;
	start: Float32Array;
	options: Options;
}

/** Rows whose principal components are good enough to begin with. */
const ENOUGH = 4096;

/** Along the rows' principal components: count x dimensions. */
async function principalCoordinates({ engine, rows, dimensions, seed }: ProjectionContext, control: Control) {
	const { axes, mean } = await engine.principal(rows, dimensions, seed, control, ENOUGH);
	return engine.projected(rows, axes, dimensions, mean, control);
}

/** PCA's coordinates or random ones, scaled for a layout. */
export async function layoutStart(context: ProjectionContext, kind: string): Promise<Float32Array> {
	const { rows, dimensions, seed, control } = context;
	if (kind === 'random') return randomStart(rows.count, dimensions, seed);
	return scaledStart(await principalCoordinates(context, control), dimensions, seed);
}

export const initialisation = (kinds: Readonly<Record<string, string>>): ParameterSpec =>
	choice('start', 'Initialisation', 'Starting positions. PCA preserves the global structure best.', kinds);

export const SEARCH = choice(
	'search',
	'Neighbour search',
	'Exact compares every pair of rows. Approximate is faster for many rows; its recall on a sample is shown.',
	{ auto: 'Auto', exact: 'Exact', approximate: 'Approximate' }
);
