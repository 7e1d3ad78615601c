import { isAbort } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { Latest } from '#state/lab/latest.ts';
import type { ListedJob } from '#contracts/lab.ts';

/** What a view knows of the open model comes from jobs: by name, the newest of a name wins, errors are shown once. */
export abstract class JobViewState {
	/** Jobs that run, by name, with how far they are. */
	running = $state.raw<Readonly<Record<string, number>>>({});
	protected jobs = new Latest((name, done) => {
		const { [name]: _, ...rest } = this.running;
		this.running = done === null ? rest : { ...rest, [name]: done };
	});

	/** What the page calls the jobs that take long, by their names; the others are not listed. */
	protected readonly titles: Readonly<Record<string, string>> = {};

	constructor(protected readonly context: ViewContext) {}

	get listed(): readonly ListedJob[] {
		return Object.entries(this.running).flatMap(([name, done]) => {
			const title = this.titles[name];
			return title === undefined ? [] : [{ title, done: done || null, cancel: () => this.cancel(name) }];
		});
	}

	/**
	 * Runs the newest request of that name; an older one is cancelled, its answer dropped.
	 * @param of all that the answer depends on, as it is when it is asked: `context.identity(...)`. `take` keeps it with the
	 * answer as a `Result`
	 */
	protected async job<T>(
		name: string,
		work: (signal: AbortSignal, progress: (done: number) => void) => Promise<T>,
		take: (value: T) => void,
		of: Identity = {}
	): Promise<void> {
		try {
			await this.jobs.run(name, work, take, of);
		} catch (error) {
			if (!isAbort(error)) this.context.failed(error);
		}
	}

	cancel(name: string): void {
		this.jobs.cancel(name);
	}
}
