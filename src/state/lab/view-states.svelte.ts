import { untrack } from 'svelte';
import type { ListedJob } from '#contracts/lab.ts';
import { URGENCY, type Urgency } from '#contracts/urgency.ts';
import type { ViewStateClass } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { having } from '#workers/rpc.ts';

/** The view states that have been asked for so far: one of a kind, kept as long as the page. */
export class ViewStates {
	#all = $state.raw<readonly ViewState[]>([]);
	#byKind = new Map<ViewStateClass<ViewState>, ViewState>();
	#ends: (() => void)[] = [];
	#over = false;

	/** By view state, the views that show it: one for each of their components that asked for it. */
	#shown = $state.raw<ReadonlyMap<ViewState, readonly string[]>>(new Map());

	/**
	 * @param focused the view of the focused pane
	 * @param urge told when what runs may be wanted sooner or later than before
	 */
	constructor(
		private readonly context: ViewContext,
		private readonly focused: () => string = () => '',
		urge: () => void = () => undefined
	) {
		this.#ends.push(
			$effect.root(() => {
				$effect(() => {
					void [this.#shown, this.focused()];
					untrack(urge);
				});
			})
		);
	}

	/** A component of that view shows it. @returns ends that */
	show(viewState: ViewState, view: string): () => void {
		const set = (change: (views: readonly string[]) => readonly string[]) =>
			untrack(() => (this.#shown = new Map(this.#shown).set(viewState, change(this.#shown.get(viewState) ?? []))));
		set((views) => [...views, view]);
		return () => set((views) => views.toSpliced(views.indexOf(view), 1));
	}

	/** What is looked at comes first; what asks does not follow it. */
	urgency(viewState: ViewState): Urgency {
		return untrack(() => {
			const views = this.#shown.get(viewState) ?? [];
			if (views.includes(this.focused())) return URGENCY.focused;
			return views.length ? URGENCY.visible : URGENCY.unseen;
		});
	}

	/** What it sees of the lab: what it asks the engine for is as urgent as it is itself. */
	#contextOf(self: () => ViewState): ViewContext {
		const { context } = this;
		let [of, own] = [null, null] as [ViewContext['compute'] | null, ViewContext['compute'] | null];
		// A fresh engine is another one here, too.
		const get = () => {
			if (own && of === context.compute) return own;
			of = context.compute;
			return (own = having(of, { urgency: () => this.urgency(self()) }));
		};
		return Object.create(context, { compute: { get } }) as ViewContext;
	}

	of<T extends ViewState>(kind: ViewStateClass<T>): T {
		const known = this.#byKind.get(kind);
		if (known) return known as T;
		return untrack(() => {
			// What it derives belongs to no component: with the end of the one that asks first it would stay as it was.
			let made: T | undefined;
			const context = this.#contextOf(() => made as T);
			this.#ends.push($effect.root(() => void (made = new kind(context))));
			const viewState = made as T;
			this.#byKind.set(kind, viewState);
			this.#all = [...this.#all, viewState];
			// Later, as effects would not run any more after the end of the component that asks first.
			queueMicrotask(() => {
				if (!this.#over) this.#ends.push($effect.root(() => viewState.watch?.()));
			});
			return viewState;
		});
	}

	/** None of them follows anything any more. */
	end(): void {
		this.#over = true;
		for (const end of this.#ends.splice(0)) end();
	}

	get busy(): boolean {
		return this.#all.some(({ busy }) => busy);
	}

	get listed(): readonly ListedJob[] {
		return this.#all.flatMap(({ listed = [] }) => listed);
	}

	reset(): void {
		for (const viewState of this.#all) viewState.reset();
	}

	async restore(): Promise<void> {
		await Promise.all(this.#all.map((viewState) => viewState.restore()));
	}

	/** Settles when all of them show the newest input. */
	async followed(): Promise<void> {
		await Promise.all(this.#all.map((viewState) => viewState.followed ?? Promise.resolve()));
	}
}
