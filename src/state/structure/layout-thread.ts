import type { Graph } from '#contracts/graph.ts';
import type { LayoutApi, LayoutRequest, Scene, StructureSummary } from '#contracts/structure.ts';
import { Thread } from '#state/threads/thread.ts';

/**
 * A thread that lays out one graph. While it works it does not listen, so an abort that finds it busy ends it, and the
 * next request starts a fresh one.
 */
export class LayoutThread {
	#thread = new Thread<LayoutApi>(
		() => new Worker(new URL('../../workers/layout.worker.ts', import.meta.url), { type: 'module' })
	);
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
			return this.#thread.api.with(options).layout(plain);
		});
	}

	#load(): Promise<StructureSummary> {
		return (this.#loaded ??= this.#thread.api.load(this.graph));
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
		if (!this.#thread.started) return;
		const life = this.#life;
		const timer = setTimeout(() => life === this.#life && this.#end(), MOMENT);
		this.#thread.api.ready().then(
			() => clearTimeout(timer),
			() => clearTimeout(timer)
		);
	}

	#end(): void {
		this.#life++;
		this.#loaded = null;
		this.#thread.end();
	}

	dispose(): void {
		this.#over = true;
		this.#end();
	}
}

/** Milliseconds that a busy thread gets to finish before it is ended. */
const MOMENT = 80;

const cancelled = () => new DOMException('The job was cancelled.', 'AbortError');
