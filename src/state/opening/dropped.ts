import { LabError } from '#contracts/errors.ts';
import type { Reading, SortContext, Sorting } from '#contracts/kind.ts';
import type { SourceFile } from '#contracts/source.ts';
import type { DataThread } from '#state/threads/data-thread.ts';
import { filesOf, planned, unusedSentence, type DroppedFile } from '#state/opening/files.ts';
import type { Find } from '#state/opening/model-sources.ts';
import type { ModelState } from '#state/opening/model.svelte.ts';
import { ontoOpen } from '#state/opening/onto.ts';
import type { Jobs } from '#state/lab/jobs.svelte.ts';
import type { Notices } from '#state/lab/notices.svelte.ts';

/** What is done with files of each kind. */
export interface Takers {
	model(files: readonly SourceFile[], given: readonly DroppedFile[]): Promise<void>;
	labels(names: readonly string[]): void;
	image(file: SourceFile): Promise<void>;
	/** @returns whether it is open now; its error has been told */
	data(files: readonly DroppedFile[]): Promise<boolean>;
	work(file: SourceFile): void;
	session(files: readonly SourceFile[]): Promise<void>;
	/** Weights may be put onto it. */
	open: ModelState;
	/** The open model with those weights. */
	onto(find: Find): void;
}

interface Given extends SortContext {
	/** What is done once more for a kind that was chosen by hand. */
	again(action: () => Promise<void>): void;
}

/** How much surer the best reading is than another where nothing needs to be said of that. */
const DOUBT = 0.03;

/** Sorts what was dropped, does what fits it best, says what it was taken for, and offers the rest. */
export class Dropped {
	constructor(
		private readonly reader: () => Pick<DataThread, 'api'>,
		private readonly jobs: Jobs,
		private readonly notes: Notices
	) {}

	/** What the files may be, looked into by the reader. @throws LabError, AbortError */
	sort(files: readonly DroppedFile[], { units, data }: SortContext): Promise<Sorting> {
		const source = { name: '', files: files.map(({ path, file }) => ({ path, blob: file })) };
		return this.jobs.run('Looking at the files', (signal, progress) =>
			this.reader()
				.api.with({
					signal,
					watched: true,
					progress: (value) => progress(null, (value as { note: string }).note)
				})
				.sort(source, { units, data })
		);
	}

	/** @throws LabError that says why nothing was opened */
	async take(files: readonly DroppedFile[], given: Given, takers: Takers): Promise<void> {
		this.notes.untell();
		const sorting = await this.sort(files, given);
		await this.#take(files, sorting, given, takers);
	}

	async #take(
		files: readonly DroppedFile[],
		sorting: Sorting,
		given: Given,
		takers: Takers,
		requested?: string
	): Promise<void> {
		const { taken, others, unused } = planned(sorting, requested);
		const [main] = taken;
		if (sorting.nothing) throw new LabError(sorting.nothing.message, sorting.nothing.hint);
		if (!main) return;
		const instead = (reading: Reading, title: string) => ({
			title,
			run: () => {
				this.notes.untell();
				given.again(() => this.#take(files, sorting, given, takers, reading.kind));
			}
		});
		// Asked before what was open goes.
		const onto = main.bag ? ontoOpen(takers.open, filesOf(sorting, main)) : null;
		const offers = [
			...(onto ? [{ title: onto.title, run: () => takers.onto(onto.find) }] : []),
			...others.map((reading) => instead(reading, `Open as ${reading.title} instead`))
		];
		if (main.problem?.final) throw new LabError(main.problem.message, main.problem.hint);
		if (main.problem && !requested)
			return this.notes.tell('warning', main.problem.message, main.problem.hint, [
				instead(main, 'Use them all the same'),
				...offers
			]);
		let done = true;
		try {
			for (const reading of taken) done = (await this.#do(reading, files, sorting, takers)) && done;
		} catch (error) {
			if (others.length) this.notes.tell('info', 'It may be something else.', '', offers);
			throw error;
		}
		const rest = unused.length && !requested ? unusedSentence(unused) : '';
		// What may as well be something else is said.
		const doubtful = others.some(({ sure }) => main.sure - sure < DOUBT);
		const plain =
			(main.kind === 'model' && !doubtful && !onto) ||
			(main.kind === 'image' && taken.length === 1) ||
			(given.data && main.kind === 'data');
		if (!done) return void (others.length && this.notes.tell('info', 'It may be something else.', rest, offers));
		if (!plain) this.notes.tell('info', `Taken as ${taken.map(({ what }) => what).join(', and ')}.`, rest, offers);
		else if (rest) this.notes.tell('info', rest, '', []);
	}

	async #do(reading: Reading, given: readonly DroppedFile[], sorting: Sorting, takers: Takers): Promise<boolean> {
		const files = filesOf(sorting, reading);
		const [first] = files;
		if (reading.kind === 'model') await takers.model(files, given);
		else if (reading.kind === 'labels') takers.labels(reading.names ?? []);
		else if (reading.kind === 'image' && first) await takers.image(first);
		else if (reading.kind === 'work' && first) takers.work(first);
		else if (reading.kind === 'session') await takers.session(files);
		else if (reading.kind === 'data') {
			// An archive goes as it is: it is kept as one file, and has been unpacked where it is read.
			const packed = sorting.files.length !== given.length;
			return takers.data(packed ? given : reading.uses.map((at) => given[at]!));
		}
		return true;
	}
}
