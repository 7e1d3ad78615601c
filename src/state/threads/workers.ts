import type { ComputeApi } from '#contracts/compute-api.ts';
import type { DrawApi, FieldPortMessage } from '#contracts/draw.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { DataThread } from '#state/threads/data-thread.ts';
import { Thread } from '#state/threads/thread.ts';
import { connect, type Remote } from '#workers/rpc.ts';

/** The threads behind the page, joined to the draw worker by channels of their own for fields. */
export class Workers {
	draw!: Remote<DrawApi>;
	/** The thread that reads what is foreign. */
	readonly reader = new DataThread();
	#draw: Worker | null = null;
	readonly #compute: Thread<ComputeApi>;
	readonly #playground = new Thread<PlaygroundApi>(() =>
		this.#joined(new Worker(new URL('../../workers/playground.worker.ts', import.meta.url), { type: 'module' }))
	);

	/** @param silent the compute thread was ended because it no longer answered */
	constructor(silent: () => void = () => undefined) {
		this.#compute = new Thread<ComputeApi>(
			() => this.#joined(new Worker(new URL('../../workers/compute.worker.ts', import.meta.url), { type: 'module' })),
			(why) => why === 'silent' && silent()
		);
	}

	/** A fresh compute thread; whatever ran in the old one is cancelled. */
	start(): void {
		this.#compute.end();
		if (this.#draw) return;
		this.#draw = new Worker(new URL('../../workers/draw.worker.ts', import.meta.url), { type: 'module' });
		this.draw = connect<DrawApi>(this.#draw).remote;
	}

	get compute(): Remote<ComputeApi> {
		return this.#compute.api;
	}

	/** Hears an event of the compute thread that runs now. */
	on(name: 'device-lost' | 'gpu-error', listener: (value: unknown) => void): void {
		this.#compute.on(name, listener);
	}

	/** The thread that trains small networks on typed arrays: started when it is first asked for. */
	get playground(): Remote<PlaygroundApi> {
		return this.#playground.api;
	}

	#joined(worker: Worker): Worker {
		if (!this.#draw) return worker;
		const { port1, port2 } = new MessageChannel();
		const message = (port: MessagePort): FieldPortMessage => ({ type: 'field-port', port });
		worker.postMessage(message(port1), [port1]);
		this.#draw.postMessage(message(port2), [port2]);
		return worker;
	}

	/** The draw worker cannot be loaded, or throws outside a call. */
	onFailure(listener: (reason: string) => void): void {
		this.#draw?.addEventListener('error', ({ message }) =>
			listener(message || 'A part of the lab could not be loaded.')
		);
	}

	dispose(): void {
		this.#compute.end();
		this.#playground.end();
		this.reader.end();
		this.#draw?.terminate();
		this.#draw = null;
	}
}
