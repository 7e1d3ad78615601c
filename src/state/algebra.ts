import type { AlgebraApi, Spectrum, SpectrumSource } from '#contracts/weights.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** The thread of decompositions: made when first asked, ended when nobody waits any more. */
export class Algebra {
	#worker: Worker | null = null;
	#remote: Remote<AlgebraApi> | null = null;

	/** @throws AbortError when the signal says so: the thread does not listen, so it is ended */
	async spectrum(source: SpectrumSource, signal: AbortSignal): Promise<Spectrum> {
		if (!this.#worker) {
			this.#worker = new Worker(new URL('../workers/algebra.worker.ts', import.meta.url), { type: 'module' });
			const remote = connect<AlgebraApi>(this.#worker);
			this.#remote = remote;
			this.#worker.addEventListener('error', ({ message }) => {
				remote.close(new Error(message || 'The singular values could not be computed.'));
				this.stop();
			});
		}
		const stop = () => this.stop();
		signal.addEventListener('abort', stop, { once: true });
		try {
			return await (this.#remote as Remote<AlgebraApi>).call('spectrum', [source], { signal });
		} finally {
			signal.removeEventListener('abort', stop);
		}
	}

	stop(): void {
		this.#worker?.terminate();
		this.#worker = null;
		this.#remote = null;
	}
}
