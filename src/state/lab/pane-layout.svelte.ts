import type { PaneDirection, PaneState, PaneTree } from '#contracts/panes.ts';
import { exchanged, formatPanes, MOST_PANES, parsePanes, parted, shapeOf, viewsOf, without } from '#state/lab/panes.ts';
import type { Settings } from '#state/lab/settings.ts';

type Kept = Pick<Settings, 'panes' | 'view'>;

/**
 * The panes of the page as the settings have them. A view stands in one pane only: what it knows is a view state of which there is
 * one (`ViewStates`), so that the same view a second time would turn and scroll with the first.
 */
export class PaneLayout implements PaneState {
	/** @param known ids of the views, the one that is open without a word first */
	constructor(
		private readonly known: readonly string[],
		private readonly settings: () => Kept,
		private readonly set: (change: Kept) => void
	) {}

	/** Of the address; one that there is not is the first. */
	get #named(): string {
		const { view } = this.settings();
		return this.known.includes(view) ? view : (this.known[0] ?? '');
	}
	readonly #text = $derived.by(() => this.settings().panes);
	readonly #panes = $derived.by(() => parsePanes(this.#text, (view) => this.known.includes(view)));
	get tree(): PaneTree {
		return this.#panes ?? this.#named;
	}
	get views(): readonly string[] {
		return viewsOf(this.tree);
	}
	/** The view of the focused pane: the first, where the link names one that stands in none. */
	get view(): string {
		const { views } = this;
		return views.includes(this.#named) ? this.#named : (views[0] ?? '');
	}
	/** Another one is another step for Back and Forward: what is where, not how large it is, nor which is focused. */
	get step(): string {
		return shapeOf(this.tree);
	}
	/** As a link has it, whatever it was read from. */
	get kept(): Kept {
		return this.#kept(this.tree, this.view);
	}
	#kept(tree: PaneTree, view: string): Kept {
		return { panes: typeof tree === 'string' ? '' : formatPanes(tree), view: view === this.known[0] ? '' : view };
	}
	#put(tree: PaneTree, view: string): void {
		this.set(this.#kept(tree, view));
	}

	/** What a new pane shows: the next that is not seen, after the view that it stands beside. */
	#unseen(pane: string): string | undefined {
		const at = this.known.indexOf(pane) + 1;
		return [...this.known.slice(at), ...this.known.slice(0, at)].find((view) => !this.views.includes(view));
	}
	get splits(): boolean {
		return this.views.length < MOST_PANES && this.#unseen(this.view) !== undefined;
	}

	focus(view: string): void {
		if (this.views.includes(view) && view !== this.view) this.#put(this.tree, view);
	}
	focusNext(step: 1 | -1): string {
		const { views } = this;
		const next = views.at((views.indexOf(this.view) + step) % views.length) as string;
		this.focus(next);
		return next;
	}
	choose(view: string, pane = this.view): void {
		this.#put(exchanged(this.tree, pane, view), view);
	}
	/** A view that is seen is gone to; another takes the focused pane. */
	show(view: string): void {
		if (this.views.includes(view)) this.focus(view);
		else if (this.known.includes(view)) this.choose(view);
	}
	split(direction: PaneDirection, pane = this.view): void {
		const added = this.splits ? this.#unseen(pane) : undefined;
		if (added !== undefined) this.#put(parted(this.tree, pane, direction, added), added);
	}
	close(pane = this.view): void {
		const at = this.views.indexOf(pane);
		const rest = without(this.tree, pane);
		if (rest === null || at < 0) return;
		const views = viewsOf(rest);
		this.#put(rest, pane === this.view ? (views[Math.min(at, views.length - 1)] as string) : this.view);
	}
	only(pane = this.view): void {
		this.#put(pane, pane);
	}
	resize(tree: PaneTree): void {
		if (shapeOf(tree) === this.step && formatPanes(tree) !== formatPanes(this.tree)) this.#put(tree, this.view);
	}
	arrange(text: string): void {
		const tree = parsePanes(text, (view) => this.known.includes(view));
		if (tree === null) return;
		const views = viewsOf(tree);
		this.#put(tree, views.includes(this.view) ? this.view : (views[0] as string));
	}
}
