/** Keys of fields in the draw worker that are on their way to a picture, and let go a little after they are not. */
export class KeptFields {
	#keys = new Set<string>();

	/** @param drop told of keys that nobody needs any more */
	constructor(private readonly drop: (keys: readonly string[]) => void) {}

	has(key: string): boolean {
		return this.#keys.has(key);
	}

	add(key: string): void {
		this.#keys.add(key);
	}

	/** Lets all go but one; the picture that is on its way may still need the last. */
	keepOnly(but: string): void {
		const keys = [...this.#keys].filter((key) => key !== but);
		if (!keys.length) return;
		setTimeout(() => {
			for (const key of keys) this.#keys.delete(key);
			this.drop(keys);
		}, 500);
	}
}
