import type { BackendId } from '#contracts/compute.ts';
import type { DisplaySettings, LabState } from '#contracts/lab.ts';
import { besideOf, viewOf } from '#contracts/panes.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewStateClass } from '#state/lab/context.ts';
import { Hosting } from '#state/lab/hosting.ts';
import type { First } from '#state/lab/second-lab.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';

/** What a lab that has no page of its own leaves to the one that has it: address, panes, display settings, files, data sets. */
export abstract class Guest extends Hosting {
	constructor(protected readonly first: First) {
		super();
	}

	// Views

	get view() {
		return viewOf(this.first.lab.panes.focused);
	}
	get panes() {
		return this.first.lab.panes;
	}
	get beside() {
		return this.first.lab.beside;
	}
	setView(view: string): void {
		const { panes } = this;
		panes.show(panes.turns(view) ? besideOf(view) : view);
	}
	protected showOpened(view: string): void {
		this.setView(view);
	}
	option(key: string, otherwise: string): string {
		return this.first.lab.option(key, otherwise);
	}
	setOption(key: string, value: string, otherwise: string): void {
		this.first.lab.setOption(key, value, otherwise);
	}
	/** Data sets are of the page. */
	override viewState<T extends ViewState>(kind: ViewStateClass<T>): T {
		const shared: ViewStateClass<ViewState> = DataSets;
		return kind === shared ? this.first.lab.viewState(kind) : super.viewState(kind);
	}

	// Display settings

	get display() {
		return this.first.lab.display;
	}
	setDisplay(display: Partial<DisplaySettings>): void {
		this.first.lab.setDisplay(display);
	}
	get scales() {
		return this.first.lab.scales;
	}
	scaleColours(id: string, n: number): readonly string[] {
		return this.first.lab.scaleColours(id, n);
	}
	get theme() {
		return this.first.lab.theme;
	}
	setTheme(theme: LabState['theme']): void {
		this.first.lab.setTheme(theme);
	}

	// The address, and what was before

	protected share(): void {
		// The first says what the link has.
	}
	link(): string {
		return this.first.lab.link();
	}
	saveSession(): void {
		this.first.lab.saveSession();
	}
	get undoable() {
		return this.first.lab.undoable;
	}
	get redoable() {
		return this.first.lab.redoable;
	}
	undo(): void {
		this.first.lab.undo();
	}
	redo(): void {
		this.first.lab.redo();
	}

	// The engine, files and data

	override forceEngine(backend: BackendId | null): void {
		this.first.lab.forceEngine(backend);
	}
	get live() {
		return this.first.lab.live;
	}
	takeGiven() {
		return this.first.lab.takeGiven();
	}
	override openFiles(...opened: Parameters<LabState['openFiles']>): void {
		this.first.lab.openFiles(...opened);
	}
	override openAddress(url: string): void {
		this.first.lab.openAddress(url);
	}
	override forgetOwn(...forgotten: Parameters<LabState['forgetOwn']>): void {
		this.first.lab.forgetOwn(...forgotten);
	}
	openSampleData(id: string): void {
		this.first.lab.openSampleData(id);
	}
	/** Files are given to the first. */
	protected openData(): Promise<boolean> {
		return Promise.resolve(false);
	}
	protected openWork(): void {}
	protected openSession(): Promise<void> {
		return Promise.resolve();
	}
}
