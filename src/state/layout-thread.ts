import type { Graph } from '#contracts/graph.ts';
import type { LayoutApi, LayoutRequest, Scene, StructureSummary } from '#contracts/structure.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/**
 * A thread that lays out one graph. While it works it does not listen, so an abort that finds it busy ends it, and the
 * next request starts a fresh one.
 */
export class LayoutThread {
	#worker: Worker | null = null;
	#remote: Remote<LayoutApi> | null = null;
	#loaded: Promise<StructureSummary> | null = null;
	/** Counts threads. */
	#life = 0;
	#over = false;

	constructor(private readonly graph: Graph) {}

	/** Costs and groups. @throws AbortError */
	summary(signal: AbortSignal): Promise<StructureSummary> {
		return this.#patient(signal, () => this.#load());
	}

	/**
	 * @param coarse gets the ranks alone, where the whole takes longer
	 * @throws AbortError
	 */
	layout(request: LayoutRequest, signal: AbortSignal, coarse: (scene: Scene) => void): Promise<Scene> {
		const plain = { open: [...request.open], direction: request.direction };
		return this.#patient(signal, async () => {
			await this.#load();
			const options = { signal, progress: (scene: unknown) => coarse(scene as Scene) };
			return (this.#remote as Remote<LayoutApi>).call('layout', [plain], options);
		});
	}

	#load(): Promise<StructureSummary> {
		if (this.#loaded) return this.#loaded;
		const worker = new Worker(new URL('../workers/layout.worker.ts', import.meta.url), { type: 'module' });
		const remote = connect<LayoutApi>(worker);
		worker.addEventListener('error', ({ message }) =>
			remote.close(new Error(message || 'A part of the lab could not be loaded.'))
		);
		this.#worker = worker;
		this.#remote = remote;
		return (this.#loaded = remote.call('load', [this.graph]));
	}

	/** Rejects on abort at once; a thread that is still busy a moment later is ended. */
	async #patient<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
		for (;;) {
			if (signal.aborted) throw cancelled();
			const abort = () => this.#endUnlessReady();
			signal.addEventListener('abort', abort, { once: true });
			const life = this.#life;
			try {
				return await job();
			} catch (error) {
				// Ended for an earlier job's sake: this one begins again.
				if (signal.aborted || life === this.#life || this.#over) throw signal.aborted ? cancelled() : error;
			} finally {
				signal.removeEventListener('abort', abort);
			}
		}
	}

	#endUnlessReady(): void {
		const remote = this.#remote;
		const timer = setTimeout(() => remote === this.#remote && this.#end(), MOMENT);
		remote?.call('ready', []).then(
			() => clearTimeout(timer),
			() => clearTimeout(timer)
		);
	}

	#end(): void {
		this.#life++;
		this.#worker?.terminate();
		this.#remote?.close(cancelled());
		this.#worker = this.#remote = this.#loaded = null;
	}

	dispose(): void {
		this.#over = true;
		this.#end();
	}
}

/** Milliseconds that a busy thread gets to finish before it is ended. */
const MOMENT = 80;

const cancelled = () => new DOMException('The job was cancelled.', 'AbortError');
