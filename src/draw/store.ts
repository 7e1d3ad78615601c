/** Things by key that may still be on their way: who asks early waits. */
export class Store<T> {
	#things = new Map<string, T>();
	#waiting = new Map<string, { resolve(thing: T): void; reject(error: Error): void }[]>();

	/** @param discarded frees what a thing holds */
	constructor(private readonly discarded: (thing: T) => void) {}

	put(key: string, thing: T): void {
		const before = this.#things.get(key);
		if (before) this.discarded(before);
		this.#things.set(key, thing);
		this.#waiting.get(key)?.forEach(({ resolve }) => resolve(thing));
		this.#waiting.delete(key);
	}

	/** @throws AbortError if it is dropped before it comes */
	get(key: string): Promise<T> {
		const thing = this.#things.get(key);
		if (thing) return Promise.resolve(thing);
		return new Promise((resolve, reject) => {
			this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), { resolve, reject }]);
		});
	}

	/** What is there already. */
	now(key: string): T | undefined {
		return this.#things.get(key);
	}

	drop(key: string): void {
		const thing = this.#things.get(key);
		if (thing) this.discarded(thing);
		this.#things.delete(key);
		const gone = new DOMException(`“${key}” is gone.`, 'AbortError');
		this.#waiting.get(key)?.forEach(({ reject }) => reject(gone));
		this.#waiting.delete(key);
	}

	values(): Iterable<T> {
		return this.#things.values();
	}
}
