import type { GraphNode } from '#contracts/graph.ts';
import { kernelOf, windowOf } from '#engine/model/rules/window.ts';

/** Rows and columns. */
type Pair = readonly [rows: number, columns: number];

/** Where a cell of the output looks, in cells of the input. */
interface Window {
	/** Cells that it sees. */
	size: Pair;
	/** From one output cell to the next. */
	stride: Pair;
	/** The first that output cell 0 sees; negative in the padding. */
	first: Pair;
}

/**
 * How positions move from an input's grid to the output's: null where every cell sees all.
 * @param from [height, width] of the input
 * @param to of the output
 */
export type Positions = (node: GraphNode, from: Pair, to: Pair) => Window | null;

const both = (f: (axis: 0 | 1) => number): Pair => [f(0), f(1)];

const still = { size: [1, 1], first: [0, 0] } as const;

/** Cell by cell, where the grid stays; a grid of another size may come of anything. */
export const kept: Positions = (_node, from, to) =>
	from[0] === to[0] && from[1] === to[1] ? { ...still, stride: [1, 1] } : null;

/** Everything may count, whatever the sizes. */
export const mixed: Positions = () => null;

/** Along `axis`: all of it counts, unless it is that of the channels. */
export const along: Positions = (node, from, to) => {
	const axis = node.attributes['axis'] ?? -1;
	return axis === -1 || axis === 3 ? kept(node, from, to) : null;
};

/** The same along several, counted with the batch. */
export const alongAxes: Positions = (node, from, to) => {
	const { axes } = node.attributes;
	return Array.isArray(axes) && axes.every((axis) => axis === 3 || axis === -1) ? kept(node, from, to) : null;
};

/** The axes of the grid keep their order, or rows become columns. */
export const turned: Positions = (node, from, to) => {
	const order = node.attributes['permutation'];
	return Array.isArray(order) && order[1] === 1 && order[2] === 2 ? kept(node, from, to) : null;
};

/** Cells become larger or smaller: one of the output covers a share of one of the input, or several. */
export const scaled: Positions = (_node, from, to) => {
	const stride = both((axis) => from[axis] / to[axis]);
	return { size: both((axis) => Math.max(1, stride[axis])), stride, first: [0, 0] };
};

/**
 * As a picture is resized: by `method` the nearest cell, or the two around a point, whose weights fall to nothing one cell
 * away.
 * @param halfPixel whether cells are sampled in their middle
 */
export const resized =
	(halfPixel: (node: GraphNode) => boolean): Positions =>
	(node, from, to) => {
		const stride = both((axis) => from[axis] / to[axis]);
		const middle = both((axis) => (halfPixel(node) ? stride[axis] / 2 : 0.5));
		const reach = node.attributes['method'] === 'bilinear' ? 1 : 0.5;
		return { size: [2 * reach, 2 * reach], stride, first: both((axis) => middle[axis] - reach) };
	};

export const windowed: Positions = (node, from) => {
	const { size, stride, dilation } = kernelOf(node);
	const { top, left } = windowOf(node, [...from, 1], [0, 0]);
	return { size: both((axis) => (size[axis] - 1) * dilation[axis] + 1), stride, first: [top, left] };
};

/**
 * A convolution run backwards: each input cell is spread over a window of the output, so that an output cell sees those whose
 * windows reach it.
 */
export const spread: Positions = (node, from, to) => {
	const { size, stride } = kernelOf(node);
	// What would lie in front of the output, had the forward convolution run over it.
	const { top, left } = windowOf(node, [...to, 1], [0, 0]);
	return {
		size: both((axis) => (size[axis] - 1) / stride[axis] + 1),
		stride: both((axis) => 1 / stride[axis]),
		first: both((axis) => ([-top, -left][axis]! - size[axis] + 1) / stride[axis])
	};
};

const beginning = (ends: unknown): number => (Array.isArray(ends) ? Number(ends[0]) : 0);

/** `paddings`: [before, after] for each axis. */
export const padded: Positions = ({ attributes }) => {
	const paddings = attributes['paddings'];
	const [, rows, columns] = Array.isArray(paddings) ? (paddings as unknown[]) : [];
	return { size: [1, 1], stride: [1, 1], first: [-beginning(rows), -beginning(columns)] };
};

/** `cropping`: [[top, bottom], [left, right]]. */
export const cropped: Positions = ({ attributes }) => {
	const cropping = attributes['cropping'];
	const [rows, columns] = Array.isArray(cropping) ? (cropping as unknown[]) : [];
	return { size: [1, 1], stride: [1, 1], first: [beginning(rows), beginning(columns)] };
};
