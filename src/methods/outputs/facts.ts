import type { HeadSpec, InputSpec } from '#contracts/compute.ts';
import { parseReference, type Graph, type Shape } from '#contracts/graph.ts';
import type { OutputFacts } from '#contracts/output.ts';
import { imageLayout } from '#engine/model/inspect.ts';

/** What is known of outputs before any of them is computed. */

/** What the files of a model say besides. */
export interface FromFiles {
	labels?: readonly string[] | null;
	metadata?: readonly (readonly [key: string, value: string])[];
}

/** Height, width and channels of the first picture that goes in. */
function pictureSize(inputs: readonly InputSpec[]): OutputFacts['picture'] {
	const input = inputs.find(({ kind }) => kind === 'image');
	if (!input) return null;
	const [, a, b, c] = input.shape;
	const layout = imageLayout(input.shape);
	const [height, width, channels] = layout === 'nchw' ? [b, c, a] : layout === 'nhw' ? [a, b, 1] : [a, b, c];
	return height && width ? { height, width, channels: channels ?? 3 } : null;
}

/** Smaller than this part of the picture, a grid is one of features. */
export const SMALLEST_GRID = 1 / 8;

/** How many times as large as the picture a grid is, or null if it is another one. */
export function timesAsLarge([height, width]: Shape, picture: NonNullable<OutputFacts['picture']>): number | null {
	const factor = (height ?? NaN) / picture.height;
	return (width ?? NaN) / picture.width === factor ? factor : null;
}

/** A grid of the picture's shape behind its channels, where pictures go in that way. */
function channelsFirst(head: HeadSpec, shape: Shape, picture: NonNullable<OutputFacts['picture']>): HeadSpec {
	if (head.kind !== 'grid' || shape.length !== 4) return head;
	const [, channels, ...positions] = shape;
	const factor = timesAsLarge(positions, picture);
	return channels && factor !== null && factor >= SMALLEST_GRID
		? { ...head, units: channels, channelsFirst: true }
		: head;
}

/** What is known of each head. */
export function allFacts(
	graph: Graph,
	inputs: readonly InputSpec[],
	given: readonly HeadSpec[],
	{ labels = null, metadata = [] }: FromFiles = {}
): OutputFacts[] {
	const picture = pictureSize(inputs);
	const planar = imageLayout(inputs.find(({ kind }) => kind === 'image')?.shape ?? []) === 'nchw';
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const shapes = given.map(({ output }) => nodes.get(parseReference(output)[0])?.shape ?? []);
	const heads = given.map((head, i) => (planar && picture ? channelsFirst(head, shapes[i]!, picture) : head));
	const common = { graph, heads, shapes, picture, labels, metadata: new Map(metadata) };
	return heads.map((head, i) => ({ ...common, head, shape: shapes[i]! }));
}

/** Height, width and channels of a grid; null for anything else. */
export function gridOf({ head, shape }: OutputFacts): { height: number; width: number; channels: number } | null {
	if (head.kind !== 'grid' || shape.length !== 4) return null;
	const [, a, b, c] = shape;
	const [height, width, channels] = head.channelsFirst ? [b, c, a] : [a, b, c];
	return height && width && channels ? { height, width, channels } : null;
}

/** One number or one row of them, whatever its axes of one. */
export const isVector = ({ head }: OutputFacts): boolean => head.kind !== 'grid';

/** The node that gives an output. */
export const giver = ({ graph, head }: OutputFacts) =>
	graph.nodes.find(({ id }) => id === parseReference(head.output)[0]);
