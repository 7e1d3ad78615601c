import type { ProjectionApi } from '#contracts/projection.ts';
import type { Door } from '#state/door.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** Where a projection can be computed: beside the model on the GPU, or on typed arrays in a thread of its own. */
export type EngineId = 'gpu' | 'processor';

/** Chooses by a small job on both, once per engine; a software GPU is not even asked. */
export class ProjectionEngines {
	#remote: Remote<ProjectionApi> | null = null;
	#fastest: { backend: string; id: EngineId } | null = null;

	constructor(
		private readonly door: Door,
		/** The thread was ended, and the rows in it with it. */
		private readonly ended: () => void
	) {}

	of(id: EngineId): Remote<ProjectionApi> {
		return id === 'gpu' ? (this.door.compute as unknown as Remote<ProjectionApi>) : this.#processor();
	}

	#processor(): Remote<ProjectionApi> {
		if (this.#remote) return this.#remote;
		const worker = new Worker(new URL('../workers/projection.worker.ts', import.meta.url), { type: 'module' });
		const remote = connect<ProjectionApi>(worker);
		worker.addEventListener('error', ({ message }) => {
			remote.close(new Error(message || 'The projection could not be loaded.'));
			this.#remote = null;
			this.ended();
		});
		return (this.#remote = remote);
	}

	async fastest(): Promise<EngineId> {
		const { engine } = this.door;
		if (!engine || engine.software || engine.backend !== 'webgpu') return 'processor';
		const backend = `${engine.backend} ${engine.device}`;
		if (this.#fastest?.backend === backend) return this.#fastest.id;
		const [gpu, processor] = await Promise.all(
			(['gpu', 'processor'] as const).map((id) =>
				this.of(id)
					.call('measureProjection', [])
					.catch(() => Infinity)
			)
		);
		const id = gpu! < processor! ? 'gpu' : 'processor';
		this.#fastest = { backend, id };
		return id;
	}
}
