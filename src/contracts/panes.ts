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

/** Before the id of a view: the pane is of the second lab (`BesideState`), so that a view may stand once for each. */
const BESIDE = 'b-';
export const standsBeside = (pane: string): boolean => pane.startsWith(BESIDE);
export const besideOf = (view: string): string => BESIDE + view;
/** The view that a pane shows, whichever lab it is of. */
export const viewOf = (pane: string): string => (standsBeside(pane) ? pane.slice(BESIDE.length) : pane);

/** What is seen in the panes of the page: the id of a pane, or two parts. No pane stands in it twice. */
export type PaneTree = string | PaneSplit;

/** Where a pane stands, in per cent of the whole. */
export interface PaneBounds {
	pane: string;
	left: number;
	top: number;
	width: number;
	height: number;
}

/**
 * The panes of the page: a pane is told by its view, and by which lab it is of. One of them is the focused one, whose view is
 * `LabState.view`; what names no pane is done to that one.
 */
export interface PaneState {
	readonly tree: PaneTree;
	/** In the order in which they are read. */
	readonly ids: readonly string[];
	/** The views that stand in them. */
	readonly views: readonly string[];
	readonly focused: string;
	/** There is room for one more, and a view that would stand in it. */
	readonly splits: boolean;
	focus(pane: string): void;
	/** The one after, or before, the focused one; the last is followed by the first. @returns its id */
	focusNext(step: 1 | -1): string;
	/** Shows another view in a pane, of the same lab; if it stands in another pane already, the two change places. */
	choose(view: string, pane?: string): void;
	/** The new pane is the focused one. */
	split(direction: PaneDirection, pane?: string): void;
	/** The pane's view may stand for the other lab, too, and there is room for it beside this one. */
	doubles(pane?: string): boolean;
	/** The same view beside it, for the other lab. */
	double(pane?: string): void;
	/** Whether there is such a pane for the other lab. */
	turns(pane?: string): boolean;
	/** The pane shows the same view for the other lab; if that stands in another pane already, the two change places. */
	turn(pane?: string): void;
	close(pane?: string): void;
	/** Closes all others. */
	only(pane?: string): void;
	/** Gives the parts other shares. */
	resize(tree: PaneTree): void;
	/** @param text as a link has it: `h60.one.v.two.three` */
	arrange(text: string): void;
}
