import type { Graph } from '#contracts/graph.ts';

/** The structure of a model as it is looked at: its costs, its groups, its drawing. All plain data. */

/** What one node costs for one row of a batch. */
export interface NodeCost {
	/** Numbers in its weights; each counted where it is first used. */
	parameters: number;
	/** Multiply-adds; null where the operation is not counted here. */
	macs: number | null;
	/** Bytes of its output, as float32. */
	activation: number;
	/** Input pixels that one cell sees, [rows, columns]; Infinity for all; null without an image. */
	receptive: readonly [number, number] | null;
}

/** A box of the drawing: a node, or a group folded or open. */
export interface SceneBox {
	/** Node id, or the group's. */
	id: string;
	kind: 'node' | 'folded' | 'open';
	/** In bold, and below it in small letters. */
	title: string;
	note: string;
	/** Operator, or empty for groups: what colours go by. */
	type: string;
	/** Nodes within. */
	size: number;
	/** How often a repeated block stands there. */
	times: number;
	parent: string | null;
	depth: number;
}

export interface Scene {
	boxes: readonly SceneBox[];
	/** x, y (top left), width, height per box; open groups come before what is in them. */
	bounds: Float32Array;
	/** x, y, x, y... of all lines, one after the other. */
	points: Float32Array;
	/** Where each line's points begin, in numbers; one more at the end. */
	starts: Uint32Array;
	/** Source and target of each line: boxes, drawn ones; -1 for neither. */
	ends: Int32Array;
	/** The source's output shape, as it reads. */
	shapes: readonly string[];
	/** Per node of the graph: the box that stands for it, its own or that of the folded group that it is in. */
	homes: Int32Array;
	width: number;
	height: number;
	/** Ranks alone: the whole is on its way. */
	coarse: boolean;
	/** Milliseconds that the layout took. */
	took: number;
}

export interface StructureSummary {
	/** By node id. */
	costs: Readonly<Record<string, NodeCost>>;
	/** Every group: its id, and what it holds in all. */
	groups: readonly { id: string; title: string; nodes: number; times: number; parent: string | null }[];
	/** Per node of the graph: index of the innermost group that it is in; -1 for none. */
	within: Int32Array;
	/** Groups that are open to begin with: those that hold nearly everything. */
	open: readonly string[];
}

/** How long nodes take on the engine in use. */
export interface NodeTimes {
	/** Medians by node id; inputs have none. */
	milliseconds: Readonly<Record<string, number>>;
	/** Backend that they were measured on. */
	engine: string;
	runs: number;
	done: number;
}

export interface LayoutRequest {
	/** Ids of open groups. */
	open: readonly string[];
	direction: 'down' | 'right';
}

export interface LayoutApi {
	/** Takes the graph of the open model. */
	load(graph: Graph): Promise<StructureSummary>;
	/** Progress carries a coarse scene, where the whole takes longer. */
	layout(request: LayoutRequest): Promise<Scene>;
	/** Answers when it is free. */
	ready(): Promise<void>;
}
