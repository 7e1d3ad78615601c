import type { ProjectionFrame } from '#contracts/projection.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import type { Principal } from '#maths/projection/principal.ts';
import type { Fidelity } from '#maths/projection/quality.ts';
import type { Metric, Neighbours, Step } from '#maths/projection/rows.ts';
import type { TsneOptions } from '#maths/projection/tsne-layout.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';

/** What a projection is made of, on whichever engine the worker has. */

/** Rows where the engine can work on them. */
export interface HeldRows {
	readonly count: number;
	readonly width: number;
	/** All numbers, for the processor. */
	values(): Promise<Float32Array>;
	dispose(): void;
}

/** How a long job hears and is heard. */
export interface Control {
	readonly signal: AbortSignal;
	/** What comes now, and how much of the whole is done after it. */
	phase(phase: ProjectionFrame['phase'], upTo: number): void;
	/** Within the phase; positions are copied if they are shown. */
	step(step: Step): void;
	/** Whether positions would be shown now: reading them costs. */
	readonly wantsFrame: boolean;
}

export type Search = 'auto' | 'exact' | 'approximate';

export interface NeighbourGraph {
	neighbours: Neighbours;
	/** 1 where every pair was looked at. */
	recall: number;
}

export interface ProjectionEngine {
	/** In words. */
	readonly title: string;
	/** What lays a graph out, in words. */
	titleFor(layout: 'umap' | 'tsne', graph: Graph): string;
	/** @throws LabError `too-large` with what would fit */
	hold(values: Float32Array, width: number): Promise<HeldRows>;
	neighbours(
		rows: HeldRows,
		k: number,
		metric: Metric,
		search: Search,
		seed: number,
		control: Control
	): Promise<NeighbourGraph>;
	/** Of some held rows (by number), or of new ones (by their values): every pair is looked at. */
	nearest(
		rows: HeldRows,
		of: Int32Array | Float32Array,
		k: number,
		metric: Metric,
		control: Control
	): Promise<Neighbours>;
	/** @param enough rows that may stand for all where all would take long, as for a start */
	principal(rows: HeldRows, axes: number, seed: number, control: Control, enough?: number): Promise<Principal>;
	/** (rows - mean) x axes, `axes` being width x wanted: count x wanted. */
	projected(
		rows: HeldRows,
		axes: Float32Array | Float64Array,
		wanted: number,
		mean: Float64Array | undefined,
		control: Control
	): Promise<Float32Array>;
	umap(graph: Graph, start: Float32Array, options: LayoutOptions, control: Control): Promise<Float32Array>;
	tsne(graph: Graph, start: Float32Array, options: TsneOptions, control: Control): Promise<Float32Array>;
	fidelity(
		rows: HeldRows,
		positions: Float32Array,
		dimensions: 2 | 3,
		k: number,
		metric: Metric,
		control: Control
	): Promise<Fidelity>;
}
