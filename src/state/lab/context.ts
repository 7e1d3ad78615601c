import type { BesideState, LabState } from '#contracts/lab.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { createContext, getContext, onDestroy, setContext } from 'svelte';

/** A view state comes with the view that first asks for it, so that the page need not load all of them to begin with. */
export type ViewStateClass<T extends ViewState> = new (context: ViewContext) => T;

interface Lab extends LabState {
	/** The one state of that kind in this lab. */
	viewState<T extends ViewState>(kind: ViewStateClass<T>): T;
	readonly beside: BesideState & { readonly lab: Lab | null };
	/** A component of that view shows it. @returns ends that */
	shows(viewState: ViewState, view: string): () => void;
}

const [get, set] = createContext<Lab>();

/** The lab that is looked at, for any component below the one that provides it. */
export const useLab: () => LabState = get;

const VIEW = Symbol('view');
/** The view that the components below belong to. */
export const provideView = (view: string): string => setContext(VIEW, view);

/** What a view asks for is as urgent as the view is. */
export function useViewState<T extends ViewState>(kind: ViewStateClass<T>): T {
	const lab = get();
	const viewState = lab.viewState(kind);
	const view = getContext<string | undefined>(VIEW);
	if (view !== undefined) onDestroy(lab.shows(viewState, view));
	return viewState;
}

/** The state of a view, which is told while the view is on the page that it is looked at. */
export function useVisible<T extends ViewState & { visible: boolean }>(kind: ViewStateClass<T>): T {
	const viewState = useViewState(kind);
	viewState.visible = true;
	onDestroy(() => (viewState.visible = false));
	return viewState;
}
export const provideLab = set;
/** Below, the second lab of the page takes the place of the first. */
export function provideBeside(): void {
	const { lab } = get().beside;
	if (lab) set(lab);
}
