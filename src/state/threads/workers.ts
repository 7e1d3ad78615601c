import type { ComputeApi } from '#contracts/compute-api.ts';
import type { DrawApi, FieldPortMessage } from '#contracts/draw.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { DataThread } from '#state/threads/data-thread.ts';
import { Thread } from '#state/threads/thread.ts';
import type { Remote } from '#workers/rpc.ts';

/** The threads behind the page, joined to the draw worker by channels of their own for fields. */
export class Workers {
	/** The thread that reads what is foreign. */
	readonly reader = new DataThread();
	#failed: (reason: Error | undefined) => void = () => undefined;
	readonly #draw = new Thread<DrawApi>(
		() => new Worker(new URL('../../workers/draw.worker.ts', import.meta.url), { type: 'module' }),
		(_, reason) => {
			// Its channel leads nowhere now.
			this.#playground.end();
			this.#failed(reason);
		}
	);
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
	}

	/** The thread that draws. */
	get draw(): Remote<DrawApi> {
		return this.#draw.api;
	}

	get compute(): Remote<ComputeApi> {
		return this.#compute.api;
	}

	/** What is asked of the compute thread may be wanted sooner or later than before. */
	urge(): void {
		this.#compute.urge();
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
		const { port1, port2 } = new MessageChannel();
		const message = (port: MessagePort): FieldPortMessage => ({ type: 'field-port', port });
		worker.postMessage(message(port1), [port1]);
		this.#draw.post(message(port2), [port2]);
		return worker;
	}

	/** The draw thread cannot be loaded. */
	onFailure(listener: (reason: Error | undefined) => void): void {
		this.#failed = listener;
	}

	/** All of them end, for good. */
	dispose(): void {
		this.#compute.close();
		this.#playground.close();
		this.reader.close();
		this.#draw.close();
	}
}
