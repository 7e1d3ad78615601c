/** Views side by side, all plain data. */

/** One beside the other (`h`) or one below the other (`v`). */
export type PaneDirection = 'h' | 'v';

interface PaneSplit {
	direction: PaneDirection;
	/** Per cent that the first has of the whole. */
	share: number;
	first: PaneTree;
	second: PaneTree;
}

/** What is seen in the panes of the page: the id of a view, or two parts. No view stands in it twice. */
export type PaneTree = string | PaneSplit;

/** Where a pane stands, in per cent of the whole. */
export interface PanePlace {
	view: string;
	left: number;
	top: number;
	width: number;
	height: number;
}

/**
 * The panes of the page: a pane is told by its view. One of them is the focused one, whose view is `LabState.view`; what
 * names no pane is done to that one.
 */
export interface PaneState {
	readonly tree: PaneTree;
	/** In the order in which they are read. */
	readonly views: readonly string[];
	/** There is room for one more, and a view that would stand in it. */
	readonly splits: boolean;
	focus(view: string): void;
	/** The one after, or before, the focused one; the last is followed by the first. @returns its view */
	focusNext(step: 1 | -1): string;
	/** Shows another view in a pane; if it stands in another pane already, the two change places. */
	choose(view: string, pane?: string): void;
	/** The new pane is the focused one. */
	split(direction: PaneDirection, pane?: string): void;
	close(pane?: string): void;
	/** Closes all others. */
	only(pane?: string): void;
	/** Gives the parts other shares. */
	resize(tree: PaneTree): void;
	/** @param text as a link has it: `h60.one.v.two.three` */
	arrange(text: string): void;
}
