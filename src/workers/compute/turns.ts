import { throwIfAborted } from '#contracts/errors.ts';
import { contradict, type Identity } from '#contracts/identity.ts';
import { begin, breath } from '#engine/breath.ts';
import { subjectOf } from '#workers/rpc.ts';

/** Whose turn it is: what changes what is open runs alone; what only reads it runs together. */
export class Turns {
	/** The exclusive job that came last, and the shared ones that run since. */
	#exclusive: Promise<unknown> = Promise.resolve();
	#shared = new Set<Promise<unknown>>();

	/** @param open what all answers are about now; null while nothing is open */
	constructor(private readonly open: () => Identity | null) {}

	/** Changes what is open: waits for all that runs, and all that comes waits for it. */
	alone<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
		const before = [this.#exclusive, ...this.#shared];
		this.#shared = new Set();
		return this.#settle(
			before,
			() => this.#about(signal, job),
			(run) => (this.#exclusive = run)
		);
	}

	/**
	 * Reads what is open. Such jobs take turns whenever one waits, the most urgent first and those of one urgency together, so
	 * that all maps of a view get better together; no tensor scope spans a wait, so they cannot free each other's.
	 */
	together<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
		const turn = async () => {
			await breath(signal);
			return begin(signal, () => this.#about(signal, job));
		};
		return this.#settle([this.#exclusive], turn, (run) => this.#shared.add(run));
	}

	#settle<T>(
		before: readonly Promise<unknown>[],
		job: () => Promise<T>,
		keep: (run: Promise<unknown>) => void
	): Promise<T> {
		const run = Promise.all(before).then(job);
		const quiet = run.catch(() => undefined);
		keep(quiet);
		void quiet.then(() => this.#shared.delete(quiet));
		return run;
	}

	/** What is open may have changed while the question was on its way: an answer would be about something else. */
	async #about<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
		throwIfAborted(signal);
		const [about, open] = [subjectOf(signal), this.open()];
		if (about && open && contradict(about, open)) throw new DOMException('This is no more what is open.', 'AbortError');
		return job();
	}
}
