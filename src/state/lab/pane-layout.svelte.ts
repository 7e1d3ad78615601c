import { besideOf, standsBeside, viewOf, type PaneDirection, type PaneState, type PaneTree } from '#contracts/panes.ts';
import { exchanged, formatPanes, MAX_PANES, panesOf, parsePanes, parted, shapeOf, without } from '#state/lab/panes.ts';
import type { Settings } from '#state/lab/settings.ts';

type Kept = Pick<Settings, 'panes' | 'view'>;

/**
 * The panes of the page as the settings have them. A view stands in one pane of each lab only: what it knows is a view state of
 * which a lab has one (`ViewStates`), so that the same view a second time would turn and scroll with the first.
 */
export class PaneLayout implements PaneState {
	/** @param known ids of all panes that there may be, the one that is open without a word first */
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
	readonly #panes = $derived.by(() => parsePanes(this.#text, (pane) => this.known.includes(pane)));
	get tree(): PaneTree {
		return this.#panes ?? this.#named;
	}
	get ids(): readonly string[] {
		return panesOf(this.tree);
	}
	get views(): readonly string[] {
		return [...new Set(this.ids.map(viewOf))];
	}
	/** The first, where the link names one that is not there. */
	get focused(): string {
		const { ids } = this;
		return ids.includes(this.#named) ? this.#named : (ids[0] ?? '');
	}
	/** A pane of the second lab is there. */
	get beside(): boolean {
		return this.ids.some(standsBeside);
	}
	/** Another one is another step for Back and Forward: what is where, not how large it is, nor which is focused. */
	get step(): string {
		return shapeOf(this.tree);
	}
	/** As a link has it, whatever it was read from. */
	get kept(): Kept {
		return this.#kept(this.tree, this.focused);
	}
	#kept(tree: PaneTree, focused: string): Kept {
		return {
			panes: typeof tree === 'string' ? '' : formatPanes(tree),
			view: focused === this.known[0] ? '' : focused
		};
	}
	#put(tree: PaneTree, focused: string): void {
		this.set(this.#kept(tree, focused));
	}
	#exchange(pane: string, other: string): void {
		this.#put(exchanged(this.tree, pane, other), other);
	}
	#part(pane: string, direction: PaneDirection, added: string): void {
		this.#put(parted(this.tree, pane, direction, added), added);
	}

	/** What a new pane shows: the next that is not seen, after the one that it stands beside and of the same lab. */
	#unseen(pane: string): string | undefined {
		const own = this.known.filter((one) => standsBeside(one) === standsBeside(pane));
		const at = own.indexOf(pane) + 1;
		return [...own.slice(at), ...own.slice(0, at)].find((one) => !this.ids.includes(one));
	}
	get splits(): boolean {
		return this.ids.length < MAX_PANES && this.#unseen(this.focused) !== undefined;
	}

	focus(pane: string): void {
		if (this.ids.includes(pane) && pane !== this.focused) this.#put(this.tree, pane);
	}
	focusNext(step: 1 | -1): string {
		const { ids } = this;
		const next = ids.at((ids.indexOf(this.focused) + step) % ids.length) as string;
		this.focus(next);
		return next;
	}
	choose(view: string, pane = this.focused): void {
		const same = besideOf(view);
		this.#exchange(pane, standsBeside(pane) && this.known.includes(same) ? same : view);
	}
	/** A pane that is there is gone to; another takes the place of the focused one. */
	show(pane: string): void {
		if (this.ids.includes(pane)) this.focus(pane);
		else if (!this.known.includes(pane)) return;
		else if (standsBeside(pane)) this.#exchange(this.focused, pane);
		else this.choose(pane);
	}
	split(direction: PaneDirection, pane = this.focused): void {
		const added = this.splits ? this.#unseen(pane) : undefined;
		if (added !== undefined) this.#part(pane, direction, added);
	}
	#other(pane: string): string | undefined {
		const other = standsBeside(pane) ? viewOf(pane) : besideOf(pane);
		return this.known.includes(other) ? other : undefined;
	}
	doubles(pane = this.focused): boolean {
		const other = this.#other(pane);
		return other !== undefined && !this.ids.includes(other) && this.ids.length < MAX_PANES;
	}
	double(pane = this.focused): void {
		if (this.doubles(pane)) this.#part(pane, 'h', this.#other(pane) as string);
	}
	turns(pane = this.focused): boolean {
		return this.#other(pane) !== undefined;
	}
	turn(pane = this.focused): void {
		const other = this.#other(pane);
		if (other !== undefined) this.#exchange(pane, other);
	}
	close(pane = this.focused): void {
		const at = this.ids.indexOf(pane);
		const rest = without(this.tree, pane);
		if (rest === null || at < 0) return;
		const ids = panesOf(rest);
		this.#put(rest, pane === this.focused ? (ids[Math.min(at, ids.length - 1)] as string) : this.focused);
	}
	only(pane = this.focused): void {
		this.#put(pane, pane);
	}
	resize(tree: PaneTree): void {
		if (shapeOf(tree) === this.step && formatPanes(tree) !== formatPanes(this.tree)) this.#put(tree, this.focused);
	}
	arrange(text: string): void {
		const tree = parsePanes(text, (pane) => this.known.includes(pane));
		if (tree === null) return;
		const ids = panesOf(tree);
		this.#put(tree, ids.includes(this.focused) ? this.focused : (ids[0] as string));
	}
}
