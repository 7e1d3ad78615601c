import type { DataApi } from '#contracts/data-api.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** The thread of data sets: started when it is first asked for. */
export class DataThread {
	#worker: Worker | null = null;
	#remote: Remote<DataApi> | null = null;

	get api(): Remote<DataApi> {
		if (this.#remote) return this.#remote;
		const worker = new Worker(new URL('../workers/data.worker.ts', import.meta.url), { type: 'module' });
		const remote = connect<DataApi>(worker);
		worker.addEventListener('error', ({ message }) => {
			remote.close(new Error(message || 'The data could not be read.'));
			worker.terminate();
			if (this.#worker === worker) this.#worker = this.#remote = null;
		});
		this.#worker = worker;
		return (this.#remote = remote);
	}
}
