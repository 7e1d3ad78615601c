import type { RowState } from '#contracts/comparison.ts';

/** What a side-by-side list shows: rows, and folded runs of rows that are the same. */

export type Line =
	| { kind: 'row'; row: number }
	/** `row`: where the run begins. */
	| { kind: 'fold'; row: number; count: number; open: boolean };

/** Shorter runs are not worth a fold. */
const MIN_RUN = 3;

export interface Shown {
	/** States that are shown; empty for all. */
	states: ReadonlySet<RowState>;
	/** Lower case; a row is shown if either id, or its operator, has it. */
	search: string;
	/** Beginnings of runs that are unfolded. */
	unfolded: ReadonlySet<number>;
}

interface Row {
	first: string | null;
	second: string | null;
	type: string;
	state: RowState;
}

export function linesOf(rows: readonly Row[], { states, search, unfolded }: Shown): Line[] {
	const has = (text: string | null) => text?.toLowerCase().includes(search) ?? false;
	const shown = ({ state, first, second, type }: Row) =>
		(!states.size || states.has(state)) && (!search || has(first) || has(second) || has(type));
	// Whoever looks for something wants to see it.
	const folds = !search && !states.size;
	const lines: Line[] = [];
	for (let i = 0; i < rows.length;) {
		let end = i;
		if (folds) while (rows[end]?.state === 'same') end++;
		if (end - i >= MIN_RUN) {
			const open = unfolded.has(i);
			lines.push({ kind: 'fold', row: i, count: end - i, open });
			if (open) for (let k = i; k < end; k++) lines.push({ kind: 'row', row: k });
			i = end;
			continue;
		}
		if (shown(rows[i] as Row)) lines.push({ kind: 'row', row: i });
		i++;
	}
	return lines;
}

/** At most `max` of them, in order: of those that would share a position, the furthest. */
export function highest<T extends { far: number }>(points: readonly T[], max: number): readonly T[] {
	if (points.length <= max) return points;
	const share = points.length / max;
	return Array.from({ length: max }, (_, k) =>
		points.slice(Math.floor(k * share), Math.floor((k + 1) * share)).reduce((a, b) => (b.far > a.far ? b : a))
	);
}
