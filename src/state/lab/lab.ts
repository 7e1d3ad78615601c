import { pushState, replaceState } from '$app/navigation';
import { keyOf } from '#contracts/identity.ts';
import { OneAtATime } from '#contracts/newest.ts';
import type { LabState, ListedJob, DisplaySettings, Notice } from '#contracts/lab.ts';
import { besideOf, viewOf } from '#contracts/panes.ts';
import { besides, type View } from '#contracts/view.ts';
import { ownId } from '#state/opening/own-files.svelte.ts';
import { saveFile } from '#state/lab/saving.ts';
import type { SourceFile } from '#contracts/source.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { Live } from '#state/input/live.svelte.ts';
import { DisplayState } from '#state/lab/display.svelte.ts';
import { Hosting } from '#state/lab/hosting.ts';
import { PaneLayout } from '#state/lab/pane-layout.svelte.ts';
import { formatSettings, isBare, parseSettings, type Settings } from '#state/lab/settings.ts';
import { SecondLab } from '#state/lab/second-lab.svelte.ts';
import { theme } from '#state/lab/theme.svelte.ts';
import { UndoStack } from '#state/lab/undo-stack.svelte.ts';
import { linkedOptions, optionsWith, rememberedOptions, rememberOptions } from '#state/lab/view-options.ts';

/** The lab: what is open, what was asked, what came of it. Made once per page. */
export class Lab extends Hosting implements LabState {
	#display = new DisplayState();
	#frames = '';
	/** Something else is on the page, and has the address. */
	away = false;
	/** The step that the address says, and the request that was the last to make one. */
	#shared: { open: string; set: string } | null = null;
	#pushed = -1;
	/** What is set now belongs to what is opened. */
	#within: 'set' | 'request' = 'set';
	/** What a link names is being opened: the address stays until it is. */
	#returning = true;
	#steps = new OneAtATime((search: string) => this.#reach(search));
	/** Told when what the address names is open. */
	#followers: (() => void)[] = [];
	#undo = new UndoStack<string>();
	readonly panes: PaneLayout;
	readonly beside: SecondLab;
	#live = new Live(async (frame) => {
		await this.attempt(async () => {
			await this.openBitmap(frame, this.#frames, this.slot);
			await this.refresh(true);
		});
		// Views ask for what they show once the page has seen the prediction.
		await new Promise((resolve) => setTimeout(resolve));
		await this.viewStates.followed();
	});

	/** @param views by id, the one that is open without a word first */
	constructor(private readonly views: ReadonlyMap<string, View>) {
		super();
		this.panes = new PaneLayout(
			[...views.keys(), ...besides(views).map(besideOf)],
			() => this.settings,
			(change) => this.set(change)
		);
		this.beside = new SecondLab(this.#first());
	}

	/** What the second lab sees of this one. */
	#first() {
		const [lab, settings, input] = [this, () => this.settings, () => this.input] as const;
		return {
			lab,
			compared: [...this.views.values()].find(({ second }) => second)?.second,
			get settings() {
				return settings();
			},
			get input() {
				return input();
			},
			set: (change: Partial<Settings>) => this.set(change),
			failed: (error: unknown) => this.notes.error(error)
		};
	}

	get live() {
		return this.#live.flowing;
	}

	// What the second lab has to tell is told here, too.

	override get notices(): readonly Notice[] {
		return [...this.notes.all, ...(this.beside.lab?.notices ?? [])];
	}
	override dismiss(id: number): void {
		super.dismiss(id);
		this.beside.lab?.dismiss(id);
	}
	override get jobList(): readonly ListedJob[] {
		return [...super.jobList, ...(this.beside.lab?.jobList ?? [])];
	}

	/** Starts the engine and opens what the address asks for. */
	start(): Promise<void> {
		window.addEventListener('popstate', this.#return);
		this.beside.watch();
		this.#take(parseSettings(location.search), rememberedOptions());
		const link = this.settings;
		const opened = this.attempt(async () => {
			await Promise.all([this.computing.start(null), this.#display.load(this.computing.draw), this.list()]);
			this.listEndings();
			await this.openLinked(link, null);
		});
		return opened.then(() => {
			this.#returning = false;
			// What did not open may at the next time.
			if (!this.failed) this.share(true);
		});
	}

	/** Opens what the address asks for now. */
	follow(): Promise<void> {
		this.away = false;
		const opened = new Promise<void>((done) => this.#followers.push(done));
		this.#goTo(location.search);
		return opened;
	}

	stop(): void {
		this.beside.end();
		this.viewStates.end();
		window.removeEventListener('popstate', this.#return);
		this.computing.stop();
	}

	#dataView(): View | undefined {
		return [...this.views.values()].find(({ opens }) => opens && opens !== 'work');
	}
	openSampleData(id: string): void {
		const view = this.#dataView();
		if (!view?.opens || view.opens === 'work') return;
		this.setView(view.id);
		view.opens.data(this, { sample: id });
	}
	protected async openData(files: readonly DroppedFile[], address: string | null): Promise<boolean> {
		const { DataSets } = await import('#state/data/data-set.svelte.ts');
		const sets = this.viewState(DataSets);
		const before = sets.data;
		const view = this.#dataView();
		if (view) this.setView(view.id);
		await (address ? sets.openAddress(address) : sets.open(files));
		if (sets.data === before) return false;
		if (view?.opens && view.opens !== 'work') view.opens.data(this, { address: sets.address });
		return true;
	}

	protected openWork(file: Blob, name: string): void {
		this.given = { file, name };
		const view = [...this.views.values()].find(({ opens }) => opens === 'work');
		if (view) this.setView(view.id);
	}
	takeGiven() {
		const { given } = this;
		this.given = null;
		return given;
	}

	saveSession(): void {
		void this.attempt(async () => {
			const [{ packSession }, { DataSets }] = await Promise.all([
				import('#state/opening/session.ts'),
				import('#state/data/data-set.svelte.ts')
			]);
			const { origin, source, inputShape: shape } = this.open;
			const about = { shape, labels: this.labels, values: this.input.values };
			const model = ownId(origin.link) !== null && source ? { source, about } : null;
			const { data, sample, address } = this.viewState(DataSets);
			const link = formatSettings({ ...this.#linked(), model: origin.link });
			saveFile(
				await packSession(link, model, !!data && !sample && !address),
				`${this.model?.title ?? 'lab'}.vitrine.zip`
			);
		});
	}
	protected async openSession(files: readonly SourceFile[]): Promise<void> {
		const { unpackSession } = await import('#state/opening/session.ts');
		const { link, data } = await unpackSession(files);
		this.#undo.record(link, 'step');
		pushState(location.pathname + link, {});
		await this.follow();
		if (data) await this.openData(data, null);
	}

	useFrame(frame: ImageBitmap, title: string): void {
		this.#frames = title;
		this.#live.offer(frame);
	}

	// Display settings

	get display() {
		return this.#display.settings;
	}
	setDisplay(display: Partial<DisplaySettings>): void {
		this.#display.settings = { ...this.#display.settings, ...display };
		this.set({ display: this.#display.settings });
	}
	get scales() {
		return this.#display.scales;
	}
	scaleColours(id: string, n: number): readonly string[] {
		return this.#display.scaleColours(id, n);
	}

	// Page

	protected set(change: Partial<Settings>): void {
		this.settings = { ...this.settings, ...change };
		this.#put(this.#within);
	}
	link(): string {
		const { settings, panes } = this;
		const options = linkedOptions(settings, this.views, panes.views);
		const beside = panes.beside ? this.beside.settings : null;
		return location.pathname + formatSettings({ ...settings, ...options, ...this.linkedSettings(), beside });
	}
	/**
	 * Puts the state into the address bar. Other views, panes, models, inputs and scores are another step for Back and Forward; any
	 * change is one for Undo.
	 */
	protected share(further = false): void {
		this.#put(further ? 'further' : 'request');
	}
	/** @param of what one request opens is one step, and what is set meanwhile another one */
	#put(of: 'set' | 'request' | 'further'): void {
		if (this.#returning || this.away) return;
		const [link, step, before] = [this.link(), this.#step(), this.#shared];
		/** The request that runs has made its step already: what else it opens belongs to that. */
		const made = this.running > 0 && this.#pushed === this.requests;
		const opened = before !== null && before.open !== step.open && !made;
		const chosen = before !== null && before.set !== step.set && !(made && of === 'request');
		const moved = of !== 'further' && (opened || chosen);
		const same = of === 'further' || (made && of === 'request');
		this.#shared = step;
		if (moved && opened && this.running) this.#pushed = this.requests;
		this.#undo.record(new URL(link, location.href).search, same ? 'part' : moved ? 'step' : 'change');
		rememberOptions(this.settings);
		if (link !== location.pathname + location.search) (moved ? pushState : replaceState)(link, {});
	}
	/** What is another step when it changes: what is open, and what is seen and explained of it. */
	#step(): { open: string; set: string } {
		const { model, variant, input, more, explained, head, target, kind, other, beside } = this.#linked();
		const inputs = [input, ...more.map((own) => own.input), explained];
		return {
			open: keyOf([model, variant, inputs]),
			set: keyOf([this.panes.step, head, target, kind, other, beside])
		};
	}
	/** Back or Forward. */
	#return = (): void => this.#goTo(isBare(location.search) ? null : location.search);
	#goTo(search: string | null): void {
		if (search === null) return;
		this.#returning = true;
		this.#steps.ask(search);
	}
	async #reach(search: string): Promise<void> {
		const [link, before] = [parseSettings(search), this.#linked()];
		const { head, target, kind, other } = this.settings;
		// The score is one of the model that the link names.
		this.#take({ ...link, head, target, kind, other }, this.settings);
		await this.attempt(() => this.openLinked(link, before));
		if (this.#steps.waiting) return;
		this.#returning = false;
		this.share(true);
		for (const done of this.#followers.splice(0)) done();
	}
	/** What a link says is what is chosen now. @param before what else is known of the views that it does not show */
	#take(link: Settings, before: Parameters<typeof optionsWith>[1]): void {
		this.settings = link;
		// It may speak of a view that there is not, or of one that is open without a word.
		const { kept, views } = this.panes;
		this.settings = { ...link, ...kept, ...optionsWith(link, before, this.views, views) };
		this.#display.settings = link.display;
	}
	/** What the link says now. */
	#linked(): Settings {
		return parseSettings(new URL(this.link(), location.href).search);
	}
	get undoable() {
		return this.#undo.undoable;
	}
	get redoable() {
		return this.#undo.redoable;
	}
	undo(): void {
		this.#goTo(this.#undo.undo());
	}
	redo(): void {
		this.#goTo(this.#undo.redo());
	}
	get theme() {
		return theme.choice;
	}
	setTheme(choice: 'system' | 'light' | 'dark'): void {
		theme.set(choice);
	}
	option(key: string, otherwise: string): string {
		return this.settings.parameters[key] ?? otherwise;
	}
	setOption(key: string, value: string, otherwise: string): void {
		const { [key]: _, ...rest } = this.settings.parameters;
		this.set({ parameters: value === otherwise ? rest : { ...rest, [key]: value } });
	}
	get view() {
		return viewOf(this.panes.focused);
	}
	setView(view: string): void {
		this.panes.show(view);
	}
	protected showOpened(view: string): void {
		this.#within = 'request';
		this.setView(view);
		this.#within = 'set';
	}
}
