import type { Scene, StructureSummary, NodeTimes } from '#contracts/structure.ts';
import type { Graph } from '#contracts/graph.ts';
import { counted, formatted, sized } from '#maths/format.ts';
import { frames } from './kinship.ts';
import { FAMILY_STYLES } from './families.ts';
import { rgbOf } from './theme.ts';

/** What the boxes are coloured by. */

export type Measure = 'type' | 'parameters' | 'flops' | 'memory' | 'time';

export const MEASURES: readonly { id: Measure; title: string }[] = [
	{ id: 'type', title: 'type' },
	{ id: 'parameters', title: 'parameters' },
	{ id: 'flops', title: 'MACs (multiply-adds)' },
	{ id: 'memory', title: 'activation memory' },
	{ id: 'time', title: 'measured time' }
];

export function amount(measure: Exclude<Measure, 'type'>, value: number): string {
	if (measure === 'memory') return sized(value);
	return measure === 'time' ? `${formatted(value)} ms` : counted(value);
}

/** A number per node of the graph; NaN where it is not known. */
export function nodeValues(
	measure: Exclude<Measure, 'type'>,
	{ nodes }: Graph,
	costs: StructureSummary['costs'],
	times: NodeTimes | null
): Float64Array {
	return Float64Array.from(nodes, ({ id }) => {
		const cost = costs[id];
		if (measure === 'time') return times?.milliseconds[id] ?? NaN;
		if (!cost) return NaN;
		return { parameters: cost.parameters, flops: cost.macs ?? NaN, memory: cost.activation }[measure];
	});
}

/** Sum over what each box stands for; NaN where nothing of it is known. */
export function boxValues(scene: Scene, values: Float64Array): Float64Array {
	const sums = new Float64Array(scene.boxes.length).fill(NaN);
	const outer = frames(scene);
	scene.homes.forEach((home, node) => {
		const value = values[node]!;
		if (Number.isNaN(value)) return;
		for (let at = home; at >= 0; at = outer[at]!) sums[at] = (Number.isNaN(sums[at]!) ? 0 : sums[at]!) + value;
	});
	return sums;
}

/** Boxes that are, or hide, nodes of these ids. */
export function boxesOf({ homes }: Scene, { nodes }: Graph, ids: readonly string[]): Set<number> {
	const requested = new Set(ids);
	return new Set(nodes.flatMap(({ id }, i) => (requested.has(id) && homes[i]! >= 0 ? [homes[i]!] : [])));
}

/** Ends of the scale over the boxes that are not frames. */
export function extentOf(scene: Scene, values: Float64Array): readonly [low: number, high: number] {
	let [low, high] = [Infinity, 0];
	scene.boxes.forEach(({ kind }, i) => {
		const value = values[i]!;
		if (kind === 'open' || !(value > 0)) return;
		low = Math.min(low, value);
		high = Math.max(high, value);
	});
	return high > 0 ? [low, high] : [0, 0];
}

/**
 * Three bytes per box.
 * @param operators of the graph
 * @param values per box, or null for families; small and large ones stand on a logarithmic scale
 * @param scale CSS colours from low to high
 * @param plain of frames, of what has no value, and of boxes that cannot be computed
 */
export function boxColours(
	{ boxes }: Scene,
	operators: Graph['operators'],
	dark: boolean,
	values: Float64Array | null,
	ends: readonly [number, number],
	scale: readonly string[],
	plain: { frame: string; none: string; stuck?: string },
	stuck: ReadonlySet<number> = new Set()
): Uint8Array {
	const colours = new Uint8Array(3 * boxes.length);
	const known = new Map<string, readonly number[]>();
	const bytes = (colour: string) => {
		let value = known.get(colour);
		if (!value) known.set(colour, (value = rgbOf(colour).map((part) => Math.round(255 * part))));
		return value;
	};
	const [low, high] = ends.map(Math.log) as [number, number];
	boxes.forEach(({ kind, type }, i) => {
		let colour = plain.none;
		if (stuck.has(i)) colour = plain.stuck ?? plain.none;
		else if (kind === 'open') colour = plain.frame;
		else if (!values)
			colour =
				kind === 'folded' ? plain.none : FAMILY_STYLES[operators.get(type)?.family ?? 'other'][dark ? 'dark' : 'light'];
		else if (values[i]! > 0 && scale.length) {
			const t = high > low ? (Math.log(values[i]!) - low) / (high - low) : 1;
			colour = scale[Math.round(t * (scale.length - 1))] as string;
		}
		colours.set(bytes(colour), 3 * i);
	});
	return colours;
}
