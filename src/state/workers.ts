import type { ComputeApi } from '#contracts/compute.ts';
import type { DrawApi, FieldPortMessage } from '#contracts/draw.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** The two threads behind the page, joined by a channel of their own for fields. */
export class Workers {
	compute!: Remote<ComputeApi>;
	draw!: Remote<DrawApi>;
	#compute: Worker | null = null;
	#draw: Worker | null = null;

	/** Fresh threads; whatever ran in old ones is rejected. */
	start(): void {
		this.stop(new Error('The engine was started anew.'));
		this.#compute = new Worker(new URL('../workers/compute.worker.ts', import.meta.url), { type: 'module' });
		this.#draw ??= new Worker(new URL('../workers/draw.worker.ts', import.meta.url), { type: 'module' });
		const { port1, port2 } = new MessageChannel();
		const message = (port: MessagePort): FieldPortMessage => ({ type: 'field-port', port });
		this.#compute.postMessage(message(port1), [port1]);
		this.#draw.postMessage(message(port2), [port2]);
		this.compute = connect<ComputeApi>(this.#compute);
		this.draw ??= connect<DrawApi>(this.#draw);
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
		this.#draw?.terminate();
		this.#draw = null;
	}
}
