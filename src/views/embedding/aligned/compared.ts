import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { AlignedMap } from '#state/embedding/aligned-map.ts';
import type { Embedded } from '#state/embedding/rows.ts';
import { stripLayers } from '#state/features/strip-layers.ts';
import { percent } from '#maths/format.ts';
import { POOLINGS } from '../setup/setup.ts';

/** Which stages stand side by side, and what the figures between their maps say. */

/** Raw values, or a node of the model. */
export const RAW = 'raw';
/** Layers that are taken where nothing is chosen. */
const LAYERS = 5;

export const AUTO_POOLINGS = [{ id: 'auto', title: 'auto: flatten small layers' }, ...POOLINGS] as const;
export type AutoPooling = (typeof AUTO_POOLINGS)[number]['id'];

/** Nodes that have a row per item. */
const mapped = ({ type, shape }: Pick<GraphNode, 'type' | 'shape'>) =>
	shape.length > 1 && !/^(Const|Placeholder|InputLayer|Input)$/.test(type);

/** Layers as they leave, and all other nodes that can be chosen. */
export function stagesOf(graph: Graph | null): { layers: readonly string[]; others: readonly string[] } {
	const nodes = (graph?.nodes ?? []).filter((node) => mapped(node) && !graph!.inputs.includes(node.id));
	const known = new Set(nodes.map(({ id }) => id));
	const layers = (graph ? stripLayers(graph, false) : []).map(({ id }) => id).filter((id) => known.has(id));
	return { layers, others: nodes.map(({ id }) => id).filter((id) => !layers.includes(id)) };
}

/** The raw values, and layers spread over the depth, the last among them. */
export function defaultStages(layers: readonly string[]): string[] {
	const requested = Math.min(LAYERS, layers.length);
	const at = (k: number) => Math.round(((k + 1) * layers.length) / requested) - 1;
	return [RAW, ...Array.from({ length: requested }, (_, k) => layers[at(k)]!)];
}

/** As the link keeps it; names may hold anything. */
export const written = (stages: readonly string[]) => stages.map(encodeURIComponent).join(',');

/** Those of the link that are there, in the order of the model; the default where none is. */
export function read(
	text: string,
	layers: readonly string[],
	others: readonly string[],
	order: readonly string[]
): string[] {
	if (!text) return defaultStages(layers);
	const requested = new Set(text.split(',').map(decoded));
	const all = new Set([...layers, ...others]);
	const found = [RAW, ...order].filter((id) => requested.has(id) && (id === RAW || all.has(id)));
	return found.length ? found : defaultStages(layers);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Numbers per item times the rows that each is compared with: what a thread does within seconds. */
const WORK = 1e10;

/** What becomes of a stage. */
export function embeddedOf(
	id: string,
	graph: Graph | null,
	pooled: AutoPooling,
	raw: Extract<Embedded, { kind: 'raw' }>,
	count: number
): Embedded {
	if (id === RAW) return raw;
	const shape = graph?.nodes.find((node) => node.id === id)?.shape ?? [];
	const width = shape.slice(1).reduce<number>((product, n) => product * (n ?? NaN), 1);
	const few = shape.length < 3 || count * Math.min(count, 2400) * width <= WORK;
	return { kind: 'layer', layer: id, pooling: pooled === 'auto' ? (few ? 'flat' : 'mean') : pooled };
}

/** The figures between two maps, in words. */
export function changeInWords({ disparity, kept, keptOnMap }: AlignedMap, k: number): string {
	const shape =
		disparity < 0.1
			? 'Turned onto each other, the two maps are nearly the same'
			: disparity < 0.4
				? 'Turned onto each other, the two maps have their large shape in common'
				: disparity < 0.75
					? 'Turned onto each other, the two maps agree only roughly'
					: 'The two maps have little of their large shape in common';
	return `${shape} (disparity ${disparity.toFixed(2)}; 0 is a copy, 1 has nothing in common). Of an item’s ${k} nearest, ${percent(kept)} are the same in both stages, and ${percent(keptOnMap)} on both maps.`;
}
