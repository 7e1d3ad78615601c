/** States that may be gone back to, of a page's whole life. */
const MAX_STATES = 200;
/** Milliseconds within which changes are one: a slider that is drawn, and what follows of itself. */
const AT_ONCE = 600;

/** What was before, and what was taken back. */
export class UndoStack<T> {
	#past = $state.raw<readonly T[]>([]);
	#future = $state.raw<readonly T[]>([]);
	#now: T | null = null;
	#changed = -Infinity;

	get undoable(): boolean {
		return this.#past.length > 0;
	}
	get redoable(): boolean {
		return this.#future.length > 0;
	}

	/** @param of a part belongs to the last change however late it comes, and a step to none however soon */
	record(state: T, of: 'part' | 'change' | 'step', time = performance.now()): void {
		if (state === this.#now) return;
		const one = of === 'part' || (of === 'change' && time - this.#changed < AT_ONCE);
		if (this.#now !== null && !one) this.#past = [...this.#past, this.#now].slice(-MAX_STATES);
		if (of !== 'part') {
			this.#future = [];
			this.#changed = time;
		}
		this.#now = state;
	}

	/** @returns the state before, which is the present one from now on; null where there is none */
	undo(): T | null {
		const [state, now] = [this.#past.at(-1), this.#now];
		if (state === undefined || now === null) return null;
		this.#past = this.#past.slice(0, -1);
		this.#future = [now, ...this.#future];
		return this.#go(state);
	}

	redo(): T | null {
		const [[state, ...future], now] = [this.#future, this.#now];
		if (state === undefined || now === null) return null;
		this.#future = future;
		this.#past = [...this.#past, now];
		return this.#go(state);
	}

	#go(state: T): T {
		this.#now = state;
		this.#changed = -Infinity;
		return state;
	}
}
