/**
 * Whether the far side of a channel still breathes. Watched calls are those that read what is foreign: a hostile file may
 * keep a thread busy for ever, and then nobody but its end can stop it.
 */

export interface WatchTimes {
	/** Milliseconds between two questions. */
	tick: number;
	/** Questions in a row without an answer after which it is held for dead. Not milliseconds: a page asleep asks nothing. */
	breaths: number;
	/** Milliseconds that a cancelled call gets to say that it has stopped. */
	grace: number;
}

export const WATCH_TIMES: WatchTimes = { tick: 1000, breaths: 10, grace: 2000 };

export class Watch {
	/** Watched calls that wait, and whether they have been begun: a call in a queue is not to blame for the silence. */
	#calls = new Map<number, boolean>();
	/** Those that may be silent as long as they like, until they are cancelled. */
	#patient = new Set<number>();
	#leaving = new Map<number, ReturnType<typeof setTimeout>>();
	#timer: ReturnType<typeof setInterval> | undefined;
	#unanswered = 0;

	/**
	 * @param ask puts a question that a living thread answers at once
	 * @param dead told once, when it must be given up
	 */
	constructor(
		private readonly ask: () => void,
		private readonly dead: () => void,
		private readonly times: WatchTimes
	) {}

	/** @param patient it computes, and may take long: only its cancelling is watched */
	add(id: number, patient = false): void {
		this.#calls.set(id, false);
		if (patient) this.#patient.add(id);
		else this.#timer ??= setInterval(() => this.#tick(), this.times.tick);
	}

	/** Anything came from the far side. */
	heard(): void {
		this.#unanswered = 0;
	}

	progressed(id: number): void {
		if (this.#calls.has(id)) this.#calls.set(id, true);
	}

	/** Begun and not ended: what may have brought the thread to a standstill. */
	begun(id: number): boolean {
		return !this.#patient.has(id) && (this.#calls.get(id) ?? false);
	}

	watches(id: number): boolean {
		return this.#calls.has(id) && !this.#patient.has(id);
	}

	/** One that had begun must say soon that it has stopped; one in a queue is stopped when its turn comes. */
	cancelled(id: number): void {
		if (!this.#calls.get(id)) return;
		// A moment more, for an answer that waits behind this timer on a page that was busy itself.
		const late = () =>
			this.#leaving.set(
				id,
				setTimeout(() => this.#give(), 50)
			);
		this.#leaving.set(id, setTimeout(late, this.times.grace));
	}

	answered(id: number): void {
		clearTimeout(this.#leaving.get(id));
		this.#leaving.delete(id);
		this.#calls.delete(id);
		this.#patient.delete(id);
		if (this.#calls.size === this.#patient.size) this.#rest();
	}

	stop(): void {
		for (const timer of this.#leaving.values()) clearTimeout(timer);
		this.#leaving.clear();
		this.#calls.clear();
		this.#patient.clear();
		this.#rest();
	}

	#rest(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#unanswered = 0;
	}

	#tick(): void {
		if (this.#unanswered >= this.times.breaths) return this.#give();
		this.#unanswered++;
		this.ask();
	}

	#give(): void {
		this.#rest();
		this.dead();
	}
}
