import { isAbort, LabError } from '#contracts/errors.ts';
import type { Notice } from '#contracts/lab.ts';

/** Of all that is told on the page. */
let next = 0;

/** What the lab has to tell: each error once, in a sentence that says what and one that says what to do. */
export class Notices {
	all = $state.raw<readonly Notice[]>([]);
	/** What was told of files, until the next ones come. */
	#reported = -1;
	/** What was told of the open model. */
	readonly #ofModel = new Set<number>();

	add(tone: Notice['tone'], message: string, hint = ''): void {
		if (this.all.some((notice) => notice.message === message && notice.hint === hint)) return;
		this.all = [...this.all, { id: next++, tone, message, hint }];
	}

	/** What is to be known of the model that is open now; what was said of the one before goes. */
	ofModel(warnings: readonly { message: string; hint: string }[]): void {
		this.all = this.all.filter(({ id }) => !this.#ofModel.has(id));
		this.#ofModel.clear();
		for (const { message, hint } of warnings) {
			const id = next;
			this.add('warning', message, hint);
			if (next > id) this.#ofModel.add(id);
		}
	}

	/** What files were taken for, with what else may be done; in the place of what was told of earlier ones. */
	tell(tone: Notice['tone'], message: string, hint: string, actions: NonNullable<Notice['actions']>): void {
		this.untell();
		this.#reported = next;
		this.all = [...this.all, { id: next++, tone, message, hint, actions }];
	}
	untell(): void {
		this.dismiss(this.#reported);
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
