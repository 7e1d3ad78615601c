import type { Neighbours } from '#contracts/projection.ts';
import { keptShare } from '#maths/projection/agreement.ts';
import type { Superposed } from '#maths/projection/procrustes.ts';
import { fitted, fittingOf } from '#maths/scatter/bounds.ts';

/** Maps of the same items in a common orientation and size. */

/** What is asked of a map to stand among others. */
export interface Arrangeable {
	id: number;
	/** Of what: maps of one stage under several models belong together. */
	stage: string;
	positions: Float32Array;
	dimensions: 2 | 3;
	/** Nearest items in the rows, and on the map, of the same few items. */
	near: Neighbours;
	nearOnMap: Neighbours;
}

/** Where a map lies among the others. */
export interface AlignedMap {
	/** The map that it was laid onto; null for the first. */
	onto: number | null;
	/** Within -1..1, all maps at one scale. */
	positions: Float32Array;
	/** Procrustes disparity to the map it was laid onto, 0..1. */
	disparity: number;
	/** Share of the nearest neighbours that are the same in both maps, and in the rows they were made of. */
	keptOnMap: number;
	kept: number;
}

/** `previous`: each onto the one before it; `first`: all onto the first. */
export type Onto = 'previous' | 'first';

/** The map that one is begun from and laid onto: the same stage of an earlier model, else the one before it. */
export function referenceOf<T extends Pick<Arrangeable, 'id' | 'stage' | 'dimensions'>>(
	map: Pick<Arrangeable, 'stage' | 'dimensions'>,
	earlier: readonly (readonly T[])[],
	before: readonly T[],
	onto: Onto
): T | null {
	const fits = (other: T) => other.dimensions === map.dimensions;
	if (onto === 'first') return [...earlier.flat(), ...before].find(fits) ?? null;
	const same = earlier.flat().filter((other) => fits(other) && other.stage === map.stage);
	return same.at(-1) ?? before.filter(fits).at(-1) ?? earlier.flat().find(fits) ?? null;
}

/** @param rows maps of one model each, in the order in which they were made */
export function alignedMap(
	rows: readonly (readonly Arrangeable[])[],
	onto: Onto,
	lay: (reference: Float32Array, positions: Float32Array, dimensions: 2 | 3) => Superposed
): Map<number, AlignedMap> {
	const alignments = new Map<number, AlignedMap & { dimensions: 2 | 3 }>();
	for (const [r, row] of rows.entries())
		for (const [i, map] of row.entries()) {
			if (alignments.has(map.id)) continue;
			const { dimensions } = map;
			const reference = referenceOf(map, rows.slice(0, r), row.slice(0, i), onto);
			const laid = reference && lay(alignments.get(reference.id)!.positions, map.positions, dimensions);
			alignments.set(map.id, {
				onto: reference?.id ?? null,
				dimensions,
				positions: laid?.positions ?? map.positions,
				disparity: laid?.disparity ?? 0,
				keptOnMap: reference ? keptShare(reference.nearOnMap, map.nearOnMap) : 1,
				kept: reference ? keptShare(reference.near, map.near) : 1
			});
		}
	for (const dimensions of [2, 3] as const) {
		const all = [...alignments.values()].filter((one) => one.dimensions === dimensions);
		// One scale for all: that of the box around their boxes.
		const corners = all.flatMap(({ positions }) => {
			const { centre, scale } = fittingOf(positions, dimensions);
			return [...centre.map((v) => v - scale), ...centre.map((v) => v + scale)];
		});
		const fitting = fittingOf(Float32Array.from(corners), dimensions);
		for (const one of all) one.positions = fitted(one.positions, dimensions, fitting);
	}
	return alignments;
}
