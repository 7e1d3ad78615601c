import { isAbort, LabError } from '#contracts/errors.ts';
import type { Notice } from '#contracts/lab.ts';

/** What the lab has to tell: each error once, in a sentence that says what and one that says what to do. */
export class Notices {
	all = $state.raw<readonly Notice[]>([]);
	#next = 0;

	add(tone: Notice['tone'], message: string, hint = ''): void {
		if (this.all.some((notice) => notice.message === message && notice.hint === hint)) return;
		this.all = [...this.all, { id: this.#next++, tone, message, hint }];
	}

	/** Shows an error; a cancel is none. */
	error(error: unknown): void {
		if (isAbort(error)) return;
		if (error instanceof LabError) return this.add('error', error.message, error.hint);
		console.error(error);
		const message = error instanceof Error ? error.message : String(error);
		this.add('error', `Something went wrong in the lab: ${message}`, 'This is a defect of the lab, not of your files.');
	}

	dismiss(id: number): void {
		this.all = this.all.filter((notice) => notice.id !== id);
	}

	/** Errors of the last attempt go when a new one starts. */
	clearErrors(): void {
		this.all = this.all.filter(({ tone }) => tone !== 'error');
	}
}
