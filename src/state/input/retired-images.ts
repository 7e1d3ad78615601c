/** Images of the draw worker that no input has any more, but over which something may still be drawn. */
export class RetiredImages {
	#retired = new Set<string>();
	#users: (() => readonly (string | undefined)[])[] = [];

	/** @param dropped told of keys of images that nobody needs any more */
	constructor(private readonly dropped: (keys: readonly string[]) => void) {}

	/** @param keys of the images that this user still draws over; when there are fewer, `sweep` is called */
	keepFor(keys: () => readonly (string | undefined)[]): void {
		this.#users.push(keys);
	}

	retire(image: string): void {
		this.#retired.add(image);
		this.sweep();
	}

	sweep(): void {
		const used = new Set(this.#users.flatMap((keys) => keys()));
		const gone = [...this.#retired].filter((image) => !used.has(image));
		for (const image of gone) this.#retired.delete(image);
		if (gone.length) this.dropped(gone);
	}
}
