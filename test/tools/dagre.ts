import dagre from '@dagrejs/dagre';
import { drawing, type Drawing } from './drawing.ts';

/** A graph drawn by dagre at the same gaps, judged. */
export function byDagre(
	width: ArrayLike<number>,
	height: ArrayLike<number>,
	edges: readonly (readonly [number, number])[],
	gaps: { nodeGap: number; rankGap: number }
): Drawing {
	const graph = new dagre.graphlib.Graph();
	graph.setGraph({ nodesep: gaps.nodeGap, ranksep: gaps.rankGap, edgesep: 8 });
	graph.setDefaultEdgeLabel(() => ({}));
	const n = width.length;
	for (let i = 0; i < n; i++) graph.setNode(String(i), { width: width[i]!, height: height[i]! });
	for (const [a, b] of edges) graph.setEdge(String(a), String(b), {});
	dagre.layout(graph);
	const positions = Array.from({ length: n }, (_, i) => graph.node(String(i)) as unknown as { x: number; y: number });
	const routes = edges.map(([a, b]) => {
		const { points } = graph.edge(String(a), String(b)) as unknown as { points: { x: number; y: number }[] };
		return points.flatMap(({ x, y }) => [x, y]);
	});
	return drawing(
		positions.map(({ x }) => x),
		positions.map(({ y }) => y),
		width,
		height,
		routes
	);
}
