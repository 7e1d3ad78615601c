import type { Graph, GraphNode, Shape } from '#contracts/graph.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import { sized } from '#maths/format.ts';

/** Whether a model fits the device before it is put there, and what of it would. */

/** Bytes that the device has for one tensor, and for all of them. */
export interface Room {
	tensor: number;
	total: number;
}

const STAYS = 'Structure, Parameters, Figures and Compare work without running it.';

/** Largest values at a time: two inputs of a node and its output, about. */
const AT_A_TIME = 3;

const bytesOf = (shape: Shape) => 4 * shape.reduce<number>((n, m) => n * (m ?? 1), 1);

const obstacle = (message: string, hint: string): Obstacle => ({
	kind: 'size',
	message,
	hint: `${hint ? `${hint} ` : ''}${STAYS}`,
	nodes: []
});

/** Why it does not run on this device, for one row of input; null where it fits. */
export function sizeObstacle({ graph, bytes }: Pick<Model, 'graph' | 'bytes'>, room: Room): Obstacle | null {
	const weights = graph.nodes.flatMap(({ weights }) => weights);
	const largest = weights.reduce<(typeof weights)[0] | null>(
		(most, one) => (most && bytesOf(most.shape) >= bytesOf(one.shape) ? most : one),
		null
	);
	if (largest && bytesOf(largest.shape) > room.tensor)
		return obstacle(
			`It does not fit this device: the weight “${largest.name}” takes ${sized(bytesOf(largest.shape))}, and one of ${sized(room.tensor)} fits.`,
			''
		);
	if (bytes > room.total)
		return obstacle(
			`It does not fit this device: its weights take ${sized(bytes)}, and ${sized(room.total)} fit.`,
			firstLayers(graph, room.total)
		);
	const most = graph.nodes.reduce<GraphNode | null>(
		(node, one) => (node && bytesOf(node.shape) >= bytesOf(one.shape) ? node : one),
		null
	);
	if (!most) return null;
	const made = bytesOf(most.shape);
	const fits = Math.min(room.tensor, (room.total - bytes) / AT_A_TIME);
	if (made <= fits) return null;
	return obstacle(
		`A prediction does not fit this device: “${most.id}” makes ${sized(made)} of numbers, and ${sized(fits)} fit beside the weights.`,
		smaller(graph, fits / made)
	);
}

/** How many of the layers, from the input on, would fit. */
function firstLayers({ nodes }: Graph, total: number): string {
	const layers = nodes.filter(({ weights }) => weights.length);
	const seen = new Set<string>();
	let sum = 0;
	const count = layers.findIndex(({ weights }) => {
		for (const { name, shape } of weights) {
			if (!seen.has(name)) sum += bytesOf(shape);
			seen.add(name);
		}
		return sum > total;
	});
	const last = layers[count - 1];
	return last ? `The first ${count} of its ${layers.length} layers with weights, up to “${last.id}”, would fit.` : '';
}

/** @param share of the numbers that would fit */
function smaller({ nodes, inputs }: Graph, share: number): string {
	const shapes = inputs.flatMap((id) => nodes.find((node) => node.id === id)?.shape ?? []);
	const [shape] = inputs.flatMap((id) => nodes.filter((node) => node.id === id).map((node) => node.shape));
	const rows = shape?.[0] ?? 1;
	if (shapes.length && rows > 1 && share * rows >= 1)
		return `Exported for a batch of ${Math.floor(share * rows)}, it would fit.`;
	const layout = shape && imageLayout(shape);
	const sides = layout === 'nchw' ? shape?.slice(2) : layout ? shape?.slice(1, 3) : undefined;
	const [height, width] = (sides ?? []).map((n) => Math.floor((n ?? 0) * Math.sqrt(share)));
	return height && width ? `With an input of about ${height} × ${width}, it would fit.` : '';
}
