import type { AlgebraApi, Spectrum, SpectrumSource } from '#contracts/weights.ts';
import { Thread } from '#state/threads/thread.ts';

/** The thread of decompositions: made when first asked, ended when nobody waits any more. */
export class Algebra {
	#thread = new Thread<AlgebraApi>(
		() => new Worker(new URL('../../workers/algebra.worker.ts', import.meta.url), { type: 'module' })
	);

	/** @throws AbortError when the signal says so: the thread does not listen, so it is ended */
	async spectrum(source: SpectrumSource, signal: AbortSignal): Promise<Spectrum> {
		const stop = () => this.stop();
		signal.addEventListener('abort', stop, { once: true });
		try {
			return await this.#thread.api.with({ signal }).spectrum(source);
		} finally {
			signal.removeEventListener('abort', stop);
		}
	}

	stop(): void {
		this.#thread.end();
	}
}
