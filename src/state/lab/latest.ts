import type { Identity } from '#contracts/identity.ts';
import { Newest } from '#contracts/newest.ts';
import { setSubject } from '#workers/rpc.ts';

/** Jobs by name: the newest request of a name wins, and an older one is cancelled. */
export class Latest {
	#jobs = new Map<string, Newest>();

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
		const newest = this.#jobs.get(name) ?? new Newest();
		this.#jobs.set(name, newest);
		const signal = newest.next();
		setSubject(signal, of);
		this.changed(name, 0);
		try {
			const value = await job(signal, (done) => newest.is(signal) && this.changed(name, done));
			if (newest.is(signal)) take(value);
		} finally {
			if (newest.end(signal)) this.changed(name, null);
		}
	}

	cancel(name: string): void {
		const newest = this.#jobs.get(name);
		if (!newest?.running) return;
		newest.cancel();
		this.changed(name, null);
	}
}
