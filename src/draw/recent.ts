/** Things that are dear to make, such as shaders, by what they are made for: those used last are kept. */
export class Recent<T> {
	readonly #things = new Map<string, T>();

	constructor(private readonly max: number) {}

	get(key: string, make: () => T): T {
		const thing = this.#things.get(key) ?? make();
		this.#things.delete(key);
		this.#things.set(key, thing);
		for (const old of this.#things.keys()) {
			if (this.#things.size <= this.max) break;
			this.#things.delete(old);
		}
		return thing;
	}
}
