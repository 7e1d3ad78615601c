import { untrack } from 'svelte';
import type { ExportOffer, ExportProgress, ExportRequest } from '#contracts/export.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { saveFile } from '#state/lab/saving.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { zipped } from '#state/opening/zipped.ts';

/** The open model as files of other formats. */
export class ModelSaving extends JobViewState implements ViewState {
	protected override readonly titles = { save: 'Saving the model' };
	/** What it can be saved as; null until that is known. */
	offers = $state.raw<readonly ExportOffer[] | null>(null);
	/** The last file, and what is said of it. */
	saved = $state.raw<{ name: string; notes: readonly string[] } | null>(null);
	/** Id of the format that is being written. */
	format = $state('');
	visible = $state(false);

	watch(): void {
		$effect(() => {
			if (this.visible && this.context.graph && this.context.started && !this.offers) untrack(() => void this.#look());
		});
	}

	get busy(): boolean {
		return 'save' in this.running;
	}

	#look(): Promise<void> {
		return this.job(
			'look',
			(signal) => this.context.compute.with({ signal }).exportFormats(),
			(offers) => (this.offers = offers)
		);
	}

	/** Gives the user the file: several are one zip. */
	async save(request: ExportRequest): Promise<void> {
		this.saved = null;
		this.format = request.format;
		await this.job(
			'save',
			async (signal, progress) => {
				const report = (value: unknown) => progress((value as ExportProgress).done);
				const { files, notes } = await this.context.compute.with({ signal, progress: report }).exportModel(request);
				const [only] = files;
				const one = files.length === 1 && only;
				return {
					blob: one ? only.blob : await zipped(files),
					name: one ? only.path : `${request.title}-${request.format}.zip`,
					notes
				};
			},
			({ blob, name, notes }) => {
				saveFile(blob, name);
				this.saved = { name, notes };
			}
		);
	}

	reset(): void {
		for (const name of ['look', 'save']) this.jobs.cancel(name);
		this.offers = this.saved = null;
	}

	restore(): Promise<void> {
		return Promise.resolve();
	}
}
