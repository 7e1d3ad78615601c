import type { JobState } from '#contracts/lab.ts';
import { Newest } from '#contracts/newest.ts';

export type Progress = (done: number | null, note: string) => void;

/** The one long job of the page: a new one takes the place of the one that runs. */
export class Jobs {
	current = $state.raw<JobState | null>(null);
	#newest = new Newest();

	/** @throws what the job throws; an AbortError when it was cancelled or replaced */
	async run<T>(title: string, job: (signal: AbortSignal, progress: Progress) => Promise<T>): Promise<T> {
		const signal = this.#newest.next();
		this.current = { title, note: '', done: null };
		try {
			return await job(signal, (done, note) => {
				if (this.#newest.is(signal)) this.current = { title, note, done };
			});
		} finally {
			if (this.#newest.end(signal)) this.current = null;
		}
	}

	cancel(): void {
		this.#newest.cancel();
		this.current = null;
	}
}
