/**
 * Of requests that come faster than they are answered the newest wins, in one of two ways: it takes the place of the one
 * before, which is aborted (`Newest`), or it waits until that one has come, in the place of others that wait (`OneAtATime`).
 */

/** Why a request was aborted that another took the place of: nobody wanted it to end. */
export const REPLACED = new DOMException('A newer request took its place.', 'AbortError');

/** Requests that take each other's place. Of one that no longer counts the signal is aborted, and its answer is dropped. */
export class Newest {
	#now: AbortController | null = null;

	/** A request in the place of the one before, whose signal is aborted with `REPLACED`. */
	next(): AbortSignal {
		this.#abort(REPLACED);
		this.#now = new AbortController();
		return this.#now.signal;
	}

	/** Whether this one still counts: no other took its place, and it has not ended. */
	is(signal: AbortSignal): boolean {
		return this.#now?.signal === signal;
	}

	get running(): boolean {
		return this.#now !== null;
	}

	/** It has been answered: nothing can abort it any more. @returns whether it still counted */
	end(signal: AbortSignal): boolean {
		const counted = this.is(signal);
		if (counted) this.#now = null;
		return counted;
	}

	cancel(): void {
		this.#abort(undefined);
	}

	#abort(reason: unknown): void {
		const before = this.#now;
		// What listens may ask for another one.
		this.#now = null;
		before?.abort(reason);
	}
}

/** Requests of which one is answered at a time; of those that come meanwhile, the newest: a drag never makes a queue. */
export class OneAtATime<T> {
	#next: { request: T } | null = null;
	#working = false;

	/**
	 * @param work answers a request, and says itself what goes wrong
	 * @param dropped told of a request that is not answered, as a newer one has come
	 */
	constructor(
		private readonly work: (request: T) => Promise<void>,
		private readonly dropped: (request: T) => void = () => undefined
	) {}

	ask(request: T): void {
		this.forget();
		this.#next = { request };
		if (!this.#working) void this.#run();
	}

	/** Whether a newer request waits for the one that is answered now. */
	get waiting(): boolean {
		return this.#next !== null;
	}

	/** Drops what waits; what is being answered goes on. */
	forget(): void {
		const before = this.#next;
		this.#next = null;
		if (before) this.dropped(before.request);
	}

	async #run(): Promise<void> {
		this.#working = true;
		try {
			for (let now = this.#next; now; now = this.#next) {
				this.#next = null;
				await this.work(now.request);
			}
		} finally {
			this.#working = false;
		}
	}
}
