import type { Identity } from '#contracts/identity.ts';
import { setSubject } from '#workers/rpc.ts';

/** Jobs by name: the newest request of a name wins, and an older one is cancelled. */
export class Latest {
	#running = new Map<string, AbortController>();

	/** @param changed told of progress 0..1, and null when a job has ended */
	constructor(private readonly changed: (name: string, done: number | null) => void) {}

	/**
	 * @param of what the answer is to be about: the far side drops a job that it could answer only about something else
	 * @throws AbortError when a newer request, or `cancel`, came first
	 */
	async run<T>(
		name: string,
		job: (signal: AbortSignal, progress: (done: number) => void) => Promise<T>,
		take: (value: T) => void,
		of: Identity = {}
	): Promise<void> {
		this.#running.get(name)?.abort();
		const controller = new AbortController();
		setSubject(controller.signal, of);
		this.#running.set(name, controller);
		const current = () => this.#running.get(name) === controller;
		this.changed(name, 0);
		try {
			const value = await job(controller.signal, (done) => current() && this.changed(name, done));
			if (current()) take(value);
		} finally {
			if (current()) this.#end(name);
		}
	}

	cancel(name: string): void {
		this.#running.get(name)?.abort();
		if (this.#running.has(name)) this.#end(name);
	}

	#end(name: string): void {
		this.#running.delete(name);
		this.changed(name, null);
	}
}
