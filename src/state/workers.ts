import type { ComputeApi } from '#contracts/compute-api.ts';
import type { DrawApi, FieldPortMessage } from '#contracts/draw.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** The threads behind the page, joined to the draw worker by channels of their own for fields. */
export class Workers {
	compute!: Remote<ComputeApi>;
	draw!: Remote<DrawApi>;
	#compute: Worker | null = null;
	#draw: Worker | null = null;
	#playground: { worker: Worker; api: Remote<PlaygroundApi> } | null = null;

	/** Fresh threads; whatever ran in old ones is rejected. */
	start(): void {
		this.stop(new Error('The engine was started anew.'));
		this.#compute = new Worker(new URL('../workers/compute.worker.ts', import.meta.url), { type: 'module' });
		this.#draw ??= new Worker(new URL('../workers/draw.worker.ts', import.meta.url), { type: 'module' });
		this.#join(this.#compute, this.#draw);
		this.compute = connect<ComputeApi>(this.#compute);
		this.draw ??= connect<DrawApi>(this.#draw);
	}

	/** The thread that trains small networks on typed arrays: started when it is first asked for. */
	get playground(): Remote<PlaygroundApi> {
		if (!this.#playground) {
			const worker = new Worker(new URL('../workers/playground.worker.ts', import.meta.url), { type: 'module' });
			if (this.#draw) this.#join(worker, this.#draw);
			this.#playground = { worker, api: connect<PlaygroundApi>(worker) };
		}
		return this.#playground.api;
	}

	#join(from: Worker, to: Worker): void {
		const { port1, port2 } = new MessageChannel();
		const message = (port: MessagePort): FieldPortMessage => ({ type: 'field-port', port });
		from.postMessage(message(port1), [port1]);
		to.postMessage(message(port2), [port2]);
	}

	/** A worker that cannot be loaded or throws outside a call. */
	onFailure(listener: (reason: string) => void): void {
		for (const worker of [this.#compute, this.#draw])
			worker?.addEventListener('error', ({ message }) => listener(message || 'A part of the lab could not be loaded.'));
	}

	/** Ends the compute thread; pictures stay. */
	stop(reason: Error): void {
		(this.compute as Remote<ComputeApi> | undefined)?.close(reason);
		this.#compute?.terminate();
		this.#compute = null;
	}

	dispose(): void {
		this.stop(new Error('The page was closed.'));
		this.#playground?.api.close(new Error('The page was closed.'));
		this.#playground?.worker.terminate();
		this.#playground = null;
		this.#draw?.terminate();
		this.#draw = null;
	}
}
