import type { JobState } from '#contracts/lab.ts';

export type Progress = (done: number | null, note: string) => void;

/** Why a job was aborted that another took the place of: nobody wanted it to end. */
export const REPLACED = Symbol('replaced');

/** The one long job of the page: a new one takes the place of the one that runs. */
export class Jobs {
	current = $state.raw<JobState | null>(null);
	#controller: AbortController | null = null;

	/** @throws what the job throws; an AbortError when it was cancelled or replaced */
	async run<T>(title: string, job: (signal: AbortSignal, progress: Progress) => Promise<T>): Promise<T> {
		this.#controller?.abort(REPLACED);
		const controller = new AbortController();
		this.#controller = controller;
		this.current = { title, note: '', done: null };
		try {
			return await job(controller.signal, (done, note) => {
				if (this.#controller === controller) this.current = { title, note, done };
			});
		} finally {
			if (this.#controller === controller) {
				this.#controller = null;
				this.current = null;
			}
		}
	}

	cancel(): void {
		this.#controller?.abort();
		this.#controller = null;
		this.current = null;
	}
}
