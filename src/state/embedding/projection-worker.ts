import { isAbort } from '#contracts/errors.ts';
import type { ProjectionApi } from '#contracts/projection.ts';
import { Thread } from '#state/threads/thread.ts';
import type { CallOptions, Remote } from '#workers/rpc.ts';

/** The thread that projects on typed arrays: made when first asked. */
export class ProjectionWorker {
	#thread = new Thread<ProjectionApi>(
		() => new Worker(new URL('../../workers/projection.worker.ts', import.meta.url), { type: 'module' })
	);

	get remote(): Remote<ProjectionApi> {
		return this.#thread.api;
	}

	/** Rows that it holds are gone with it. */
	stop(reason = 'The page was closed.'): void {
		this.#thread.end(new Error(reason));
	}
}

/**
 * The worker that projects fastest, measured one after the other so that they do not get in each other's way. One that
 * cannot is left out.
 * @throws the last worker's error if none can
 */
export async function fastestProjection(
	workers: readonly Remote<ProjectionApi>[],
	options: CallOptions = {}
): Promise<Remote<ProjectionApi>> {
	let best: Remote<ProjectionApi> | null = null;
	let min = Infinity;
	let failure: unknown = new Error('No projection worker is running.');
	for (const worker of workers)
		try {
			const milliseconds = await worker.with(options).measureProjection();
			if (milliseconds < min) [best, min] = [worker, milliseconds];
		} catch (error) {
			if (isAbort(error)) throw error;
			failure = error;
		}
	if (!best) throw failure;
	return best;
}
