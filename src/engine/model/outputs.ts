import type { HeadSpec, InputSpec, OutputDetail } from '#contracts/compute.ts';
import { parseReference, type Graph, type GraphNode } from '#contracts/graph.ts';
import { imageLayout } from '#engine/model/inspect.ts';

/** Outputs that are more than numbers: masks, pictures and boxes, told by their shapes and names. */

/** Fewer positions than this are no boxes of a detector. */
const FEWEST_BOXES = 16;

/** Boxes that are told. */
const BEST = 5;

/** Height and width of the first picture that goes in. */
function pictureSize(inputs: readonly InputSpec[]): readonly [number, number] | null {
	const input = inputs.find(({ kind }) => kind === 'image');
	if (!input) return null;
	const [, a, b, c] = input.shape;
	const [height, width] = imageLayout(input.shape) === 'nchw' ? [b, c] : [a, b];
	return height && width ? [height, width] : null;
}

/** How many times as large as the picture, or null if it is another grid. */
function timesAsLarge(node: GraphNode, size: readonly [number, number]): number | null {
	const [, height, width] = node.shape;
	const factor = (height ?? NaN) / size[0];
	return (width ?? NaN) / size[1] === factor ? factor : null;
}

function gridMeaning(head: HeadSpec, node: GraphNode, size: readonly [number, number]): HeadSpec['shows'] {
	if (node.shape.length !== 4) return undefined;
	const factor = timesAsLarge(node, size);
	if (factor === null || factor < 1 / 8) return undefined;
	const coloured = head.units === 3 && head.activation !== 'softmax' && Number.isInteger(factor);
	if (coloured) return 'picture';
	const [, height, width] = node.shape as readonly [number, number, number, number];
	return height * width >= 64 && (head.activation !== 'none' || head.units > 1) ? 'mask' : undefined;
}

/** A grid of the picture's shape behind its channels, where pictures go in that way. */
function channelsFirst(head: HeadSpec, node: GraphNode | undefined, size: readonly [number, number]): HeadSpec {
	if (head.kind !== 'grid' || node?.shape.length !== 4) return head;
	const [, channels, height, width] = node.shape as [null, number, number, number];
	const fits = height / size[0] === width / size[1] && height / size[0] >= 1 / 8;
	return fits ? { ...head, units: channels, channelsFirst: true } : head;
}

/** [1, c, h, w] as [1, h, w, c]. */
function turned(values: Float32Array, [, channels = 1, height = 1, width = 1]: readonly number[]): Float32Array {
	const positions = height * width;
	return Float32Array.from(values, (_, i) => values[(i % channels) * positions + Math.floor(i / channels)] as number);
}

/** [1, N, columns], also as [1, N, 1, columns]. */
function rows(node: GraphNode | undefined): { count: number; columns: number } | null {
	const shape = node?.shape.slice(1).filter((n, axis, all) => !(n === 1 && all.length === 3 && axis === 1)) ?? [];
	const [count, columns] = shape;
	return shape.length === 2 && count && columns ? { count, columns } : null;
}

/**
 * The heads with what they show, where a model looks at pictures.
 * @param inputs of the model
 */
export function withMeaning(graph: Graph, inputs: readonly InputSpec[], given: readonly HeadSpec[]): HeadSpec[] {
	const size = pictureSize(inputs);
	if (!size) return [...given];
	const first = imageLayout(inputs.find(({ kind }) => kind === 'image')?.shape ?? []) === 'nchw';
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const stored = ({ output }: HeadSpec) => nodes.get(parseReference(output)[0]);
	const heads = given.map((head) => (first ? channelsFirst(head, stored(head), size) : head));
	// As it is with its channels last.
	const nodeOf = (head: HeadSpec): GraphNode | undefined => {
		const node = stored(head);
		if (!node || !head.channelsFirst) return node;
		const [batch = null, channels = null, ...positions] = node.shape;
		return { ...node, shape: [batch, ...positions, channels] };
	};
	const tables = heads.map((head) => rows(nodeOf(head)));
	const boxes = heads.findIndex((head, i) => /detection_boxes/i.test(head.output) || isBoxes(tables, i));
	return heads.map((head, i): HeadSpec => {
		const node = nodeOf(head);
		const table = tables[i];
		if (i === boxes) return { ...head, shows: 'boxes' };
		if (boxes >= 0 && table && table.count === tables[boxes]?.count) return { ...head, shows: 'box-scores' };
		if (boxes >= 0 && /detection_scores/i.test(head.output)) return { ...head, shows: 'box-scores' };
		if (head.kind !== 'grid' || !node) return head;
		// [1, N, 5 + classes] as YOLO gives it; a sequence of words is no picture's.
		if (heads.length === 1 && table && table.count >= 100 && table.columns >= 6 && head.activation !== 'softmax')
			return { ...head, shows: 'detections' };
		const shows = gridMeaning(head, node, size);
		return shows ? { ...head, shows } : head;
	});
}

/** Four numbers per position, beside scores of as many positions. */
function isBoxes(tables: readonly ReturnType<typeof rows>[], i: number): boolean {
	const own = tables[i];
	if (own?.columns !== 4 || own.count < FEWEST_BOXES) return false;
	return tables.some((other, k) => k !== i && other?.count === own.count);
}

/**
 * What an output holds, in figures that can be shown.
 * @param values of the head's output, [1, ...shape]
 */
export function detailOf(head: HeadSpec, shape: readonly number[], values: Float32Array): OutputDetail | null {
	if (head.channelsFirst) {
		const [batch = 1, channels = 1, ...positions] = shape;
		return detailOf({ ...head, channelsFirst: undefined }, [batch, ...positions, channels], turned(values, shape));
	}
	const columns = shape.length > 2 ? (shape.at(-1) ?? 1) : 1;
	if (head.shows === 'mask') return { kind: 'mask', shares: classShares(values, columns, head.activation) };
	if (head.shows === 'picture') return picture(values, shape);
	if (head.shows === 'box-scores') return { kind: 'scores', best: bestRows(values, columns, (row) => argMax(row, 0)) };
	if (head.shows === 'detections') return { kind: 'scores', best: bestRows(values, columns, detection) };
	return null;
}

/** How much of the picture each channel wins, or, where it is alone or labels do not exclude one another, is on. */
function classShares(values: Float32Array, channels: number, activation: HeadSpec['activation']): Float32Array {
	const shares = new Float32Array(channels);
	const positions = values.length / channels;
	for (let i = 0; i < positions; i++) {
		const row = values.subarray(i * channels, (i + 1) * channels);
		if (activation === 'sigmoid') row.forEach((value, k) => (shares[k] = shares[k]! + (value > 0.5 ? 1 : 0)));
		else {
			const { unit } = argMax(row, 0);
			shares[unit] = shares[unit]! + 1;
		}
	}
	return shares.map((count) => count / positions);
}

interface Scored {
	unit: number;
	score: number;
}

function argMax(row: Float32Array, from: number): Scored {
	let unit = from;
	for (let k = from + 1; k < row.length; k++) if (row[k]! > row[unit]!) unit = k;
	return { unit: unit - from, score: row[unit] ?? NaN };
}

/** Objectness times the best class (Redmon et al. 2016). */
function detection(row: Float32Array): Scored {
	const { unit, score } = argMax(row, 5);
	return { unit, score: score * (row[4] ?? NaN) };
}

function bestRows(values: Float32Array, columns: number, of: (row: Float32Array) => Scored) {
	const count = Math.floor(values.length / columns);
	const all = Array.from({ length: count }, (_, index) => ({
		index,
		...of(values.subarray(index * columns, (index + 1) * columns))
	}));
	return all.sort((a, b) => b.score - a.score).slice(0, BEST);
}

/** Numbers of a picture as RGBA: −1 to 1, 0 to 1 or 0 to 255, whichever they fit. */
function picture(values: Float32Array, shape: readonly number[]): OutputDetail {
	const [, height, width] = shape as [number, number, number];
	let [low, high] = [Infinity, -Infinity];
	for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
	const range = high > 2 ? ([0, 255] as const) : low < -0.1 ? ([-1, 1] as const) : ([0, 1] as const);
	const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
	for (let i = 0; i < width * height; i++)
		for (let k = 0; k < 3; k++)
			pixels[4 * i + k] = Math.round((255 * (values[3 * i + k]! - range[0])) / (range[1] - range[0]));
	return { kind: 'picture', width, height, pixels, range };
}
