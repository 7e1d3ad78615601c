import type { HeadSpec, InputSpec } from '#contracts/compute.ts';
import type { Graph } from '#contracts/graph.ts';
import { allFacts, type FromFiles } from '#methods/outputs/facts.ts';
import { readingsOf } from '#methods/outputs/registry.ts';

/**
 * The heads of a model with all ways to read them.
 */
export function readHeads(
	graph: Graph,
	inputs: readonly InputSpec[],
	given: readonly HeadSpec[],
	known: FromFiles = {}
): HeadSpec[] {
	return allFacts(graph, inputs, given, known).map((facts) => {
		const readings = readingsOf(facts);
		const turned = readings[0]?.channelsFirst && !facts.head.channelsFirst;
		const units = turned ? { units: facts.shape[1] ?? facts.head.units, channelsFirst: true as const } : {};
		// Numbers that are no scores get no softmax.
		const values = facts.head.kind === 'classes' && ['values', 'embedding'].includes(readings[0]?.kind ?? '');
		return { ...facts.head, ...units, ...(values ? { kind: 'value' as const } : {}), readings };
	});
}
