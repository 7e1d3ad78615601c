import type { ProjectionApi, ProjectionFrame } from '#contracts/projection.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { fastestProjection, ProjectionWorker } from '#state/embedding/projection-worker.ts';
import type { Remote } from '#workers/rpc.ts';

/** Where a projection can be computed: beside the model on the GPU, or on typed arrays in a thread of its own. */
export type EngineId = 'gpu' | 'processor';

/** What is done, in words. */
export const PHASES: Readonly<Record<ProjectionFrame['phase'], string>> = {
	neighbours: 'Finding neighbours',
	graph: 'Weighting neighbours',
	start: 'Initial positions',
	layout: 'Optimising the layout'
};

/** Chooses by a small job on both, once per engine; a software GPU is not even asked. */
export class ProjectionEngines {
	#processor = new ProjectionWorker();
	#fastest: { of: string; id: EngineId } | null = null;

	constructor(private readonly context: ViewContext) {}

	of(id: EngineId): Remote<ProjectionApi> {
		return id === 'gpu' ? this.context.compute : this.#processor.remote;
	}

	async fastest(signal: AbortSignal): Promise<EngineId> {
		const { engine } = this.context;
		if (!engine || engine.software || engine.backend !== 'webgpu') return 'processor';
		const of = `${engine.backend} ${engine.device}`;
		if (this.#fastest?.of === of) return this.#fastest.id;
		const gpu = this.of('gpu');
		const best = await fastestProjection([gpu, this.of('processor')], { signal });
		const id = best === gpu ? 'gpu' : 'processor';
		this.#fastest = { of, id };
		return id;
	}
}
