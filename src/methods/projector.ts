import type { ProjectionRequest, ProjectionSpec } from '#contracts/projection.ts';
import type { Parameters } from '#contracts/parameter.ts';
import type { Control, HeldRows, NeighbourGraph, ProjectionEngine, Search } from '#engine/projection/engine.ts';

/** What a projection gets. It never knows where the rows lie nor what computes. */
export interface ProjectionContext extends Omit<ProjectionRequest, 'method'> {
	engine: ProjectionEngine;
	rows: HeldRows;
	/** Of the rows, in the request's metric; found once for all maps. */
	neighbours(k: number, search: Search): Promise<NeighbourGraph>;
	control: Control;
}

export interface Projected {
	/** count x dimensions, row by row. */
	positions: Float32Array;
	/** Of the neighbour graph; 1 without one. */
	recall: number;
	/** What computed it, in words, where that is not the engine as such. */
	engine?: string;
}

/** One projection: exactly one file in `methods/projection/`, found by its registry. */
export interface ProjectionMethod extends ProjectionSpec {
	/** Parameters of a short run that may stand for all methods when engines are compared; the first that has some is asked. */
	measured?: Parameters;
	run(context: ProjectionContext): Promise<Projected>;
}
