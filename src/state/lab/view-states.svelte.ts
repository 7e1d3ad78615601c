import { untrack } from 'svelte';
import type { ListedJob } from '#contracts/lab.ts';
import type { ViewStateClass } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';

/** The view states that have been asked for so far: one of a kind, kept as long as the page. */
export class ViewStates {
	#all = $state.raw<readonly ViewState[]>([]);
	#byKind = new Map<ViewStateClass<ViewState>, ViewState>();
	#ends: (() => void)[] = [];
	#over = false;

	constructor(private readonly context: ViewContext) {}

	of<T extends ViewState>(kind: ViewStateClass<T>): T {
		const known = this.#byKind.get(kind);
		if (known) return known as T;
		return untrack(() => {
			// What it derives belongs to no component: with the end of the one that asks first it would stay as it was.
			let made: T | undefined;
			this.#ends.push($effect.root(() => void (made = new kind(this.context))));
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
