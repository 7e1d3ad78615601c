import { untrack } from 'svelte';
import type { BesideState } from '#contracts/lab.ts';
import type { InputState } from '#state/input/input.svelte.ts';
import type { Beside } from '#state/lab/beside.svelte.ts';
import type { Lab } from '#state/lab/lab.ts';
import { DEFAULT_SETTINGS, type BesideSettings, type Settings } from '#state/lab/settings.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { choiceOf, parseChoice } from '#state/opening/model-sources.ts';

/** What the second lab sees of the first. */
export interface First {
	readonly lab: Lab;
	readonly settings: Settings;
	/** The option that names the model which the open one is compared with. */
	readonly compared: string | undefined;
	readonly input: InputState;
	set(change: Partial<Settings>): void;
	failed(error: unknown): void;
}

/** The second lab of the page: loaded and begun with the first pane that stands on it, and ended with the last. */
export class SecondLab implements BesideState {
	lab = $state.raw<Beside | null>(null);
	#end: () => void = () => undefined;

	constructor(private readonly first: First) {}

	watch(): void {
		this.#end = $effect.root(() => {
			const requested = $derived(this.first.lab.panes.beside);
			$effect(() => {
				if (!requested) return;
				let here = true;
				void import('#state/lab/beside.svelte.ts').then(({ Beside }) => {
					if (!here) return;
					this.lab = new Beside(this.first);
					this.lab.start();
				}, this.first.failed);
				return () => {
					here = false;
					untrack(() => this.lab)?.stop();
					this.lab = null;
				};
			});
		});
	}
	end(): void {
		this.#end();
	}

	/** Without a word it is of the model that the open one is compared with. */
	get settings(): BesideSettings | null {
		const { lab, compared: key } = this.first;
		const compared = key && lab.option(key, '');
		const { beside } = this.first.settings;
		return beside ?? (compared ? { pinned: false, of: { ...DEFAULT_SETTINGS, ...parseChoice(compared) } } : null);
	}
	set settings(beside: BesideSettings | null) {
		this.first.set({ beside });
	}
	get choice(): string {
		const { model = null, variant = '' } = this.settings?.of ?? {};
		return choiceOf(model, variant);
	}
	get pinned(): boolean {
		return this.settings?.pinned ?? false;
	}
	get title(): string {
		return this.lab?.title ?? 'B';
	}
	get busy(): boolean {
		if (!this.first.lab.panes.beside || !this.choice) return false;
		return this.lab?.status !== 'ready' && this.lab?.status !== 'error';
	}
	get note(): string {
		return this.lab?.note ?? '';
	}

	choose(choice: string): void {
		const { pinned = false, of = DEFAULT_SETTINGS } = this.settings ?? {};
		const more = of.more.map(({ input }) => ({ input, preprocessing: {} }));
		this.settings = { pinned, of: { ...of, ...parseChoice(choice), labels: null, preprocessing: {}, more } };
	}
	openFiles(files: readonly DroppedFile[]): void {
		this.lab?.adopt(files);
	}
	pin(): void {
		if (this.lab?.model) this.settings = { pinned: true, of: this.lab.moment() };
	}
	follow(): void {
		if (!this.settings) return;
		const { model, variant, labels, preprocessing } = this.settings.of;
		this.settings = { pinned: false, of: { ...DEFAULT_SETTINGS, model, variant, labels, preprocessing } };
	}
	keep(pane?: string): void {
		const { lab } = this.first;
		if (!lab.model || !lab.panes.doubles(pane)) return;
		// No link says it before the pane is there: both are one step.
		this.settings = { pinned: true, of: lab.moment() };
		lab.panes.double(pane);
	}
}
