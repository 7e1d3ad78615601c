import { MARK, type GraphMarks, type Rgb } from '#contracts/graph-picture.ts';
import type { Graph } from '#contracts/graph.ts';
import type { Scene } from '#contracts/structure.ts';
import type { KnownRow } from '#state/comparison/comparison.svelte.ts';
import { STATES } from './states.ts';

/** The rows of a comparison as colours of the boxes of either graph. */

/** How much of a state's colour a box takes: words on it stay readable. */
const TINT = 0.34;

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb;

/** `light-dark(#111111, #222222)` -> the one of the theme; null for what has no colour of its own. */
export function stateColour(colour: string, dark: boolean): Rgb | null {
	const both = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/i.exec(colour);
	return both ? rgb(both[dark ? 2 : 1] as string) : null;
}

/** Index of the row of each node, by id. */
function rowsOf(rows: readonly KnownRow[], side: 'first' | 'second'): Map<string, number> {
	return new Map(rows.flatMap((row, i) => (row[side] === null ? [] : [[row[side], i] as const])));
}

/** The weightiest row of each box: a folded group shows the worst of what is in it. -1 for none. */
export function boxRows(scene: Scene, graph: Graph, rows: readonly KnownRow[], side: 'first' | 'second'): Int32Array {
	const weight = new Map(STATES.map(({ id }, i) => [id, i]));
	const known = rowsOf(rows, side);
	const found = new Int32Array(scene.boxes.length).fill(-1);
	graph.nodes.forEach(({ id }, i) => {
		const box = scene.homes[i] ?? -1;
		const row = known.get(id);
		if (box < 0 || row === undefined) return;
		const before = rows[found[box] as number];
		if (!before || weight.get(rows[row]!.state)! < weight.get(before.state)!) found[box] = row;
	});
	return found;
}

/** Red, green and blue of every box. */
export function boxTints(
	found: Int32Array,
	rows: readonly KnownRow[],
	dark: boolean,
	{ panel, stage }: { panel: Rgb; stage: Rgb }
): Uint8Array {
	const colours = new Map(STATES.map(({ id, colour }) => [id, stateColour(colour, dark)]));
	const out = new Uint8Array(3 * found.length);
	found.forEach((row, box) => {
		const own = row < 0 ? null : colours.get(rows[row]!.state);
		for (let k = 0; k < 3; k++) {
			const background = row < 0 ? stage[k]! : panel[k]!;
			out[3 * box + k] = Math.round(255 * (own ? background + TINT * (own[k]! - background) : background));
		}
	});
	return out;
}

export function chosenMark(scene: Scene, box: number): GraphMarks {
	const boxes = new Uint8Array(scene.boxes.length).fill(MARK.plain);
	if (box >= 0) boxes[box] = MARK.chosen;
	return { boxes, lines: new Uint8Array(scene.starts.length - 1).fill(MARK.plain) };
}
