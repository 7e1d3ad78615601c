import type { OpenImage } from '#contracts/lab.ts';

/** A picture that is open, decoded; and what the link can say of it. */
export interface Picture {
	image: OpenImage;
	bitmap: ImageBitmap;
	/** File name of the sample that it is, or its address: of one's own `own/ID`. */
	sample: string | null;
	address: string | null;
}

/** The pictures of the open model's inputs: one for all, and those that single inputs have of their own. */
export class Pictures {
	#shared = $state.raw<Picture | null>(null);
	#own = $state.raw<ReadonlyMap<string, Picture>>(new Map());
	/** Ids of the inputs that take pictures. */
	inputs = $state.raw<readonly string[]>([]);
	/** The input that the next picture goes to; null for all. */
	slot = $state<string | null>(null);

	/** @param released told of keys of images that no input has any more */
	constructor(private readonly released: (key: string) => void) {}

	/** Of an input; of none in particular, the one for all. */
	of(input: string | null): Picture | null {
		return (input === null ? null : this.#own.get(input)) ?? this.#shared;
	}

	/** Of the first input. */
	get first(): Picture | null {
		return this.of(this.inputs[0] ?? null);
	}

	/** Not all inputs have the same one. */
	get differ(): boolean {
		return this.inputs.some((input) => this.of(input) !== this.first);
	}

	/** What they are called, of several with the inputs that have them. */
	get title(): string {
		if (!this.differ) return this.first?.image.title ?? '';
		return this.inputs.map((input) => `${input}: ${this.of(input)?.image.title ?? 'none'}`).join(', ');
	}

	/** @param input that gets it; null for all */
	give(picture: Picture, input: string | null): void {
		const single = input !== null && this.inputs.length > 1 && this.inputs.includes(input);
		if (single) this.#change(this.#shared, new Map([...this.#own, [input, picture]]));
		else this.#change(picture, new Map());
	}

	/** All get what one has. */
	share(input: string): void {
		this.#change(this.of(input), new Map());
	}

	/**
	 * Another model takes pictures for these inputs. One of the user's own is never lost to a sample.
	 * @param fits whether a picture may stay
	 */
	suit(inputs: readonly string[], fits: (picture: Picture) => boolean): void {
		this.inputs = inputs;
		this.slot = null;
		const stay = [...this.#own].filter(([input, picture]) => inputs.includes(input) && fits(picture));
		const mine = [...this.#own.values()].find(({ sample }) => sample === null);
		const before = mine && !stay.length && this.#shared?.sample !== null ? mine : this.#shared;
		this.#change(before && fits(before) ? before : (stay[0]?.[1] ?? before), new Map(stay));
	}

	#change(shared: Picture | null, own: ReadonlyMap<string, Picture>): void {
		const before = new Set([this.#shared, ...this.#own.values()]);
		const after = new Set([shared, ...own.values()]);
		this.#shared = shared;
		this.#own = own;
		for (const gone of before) {
			if (!gone || after.has(gone)) continue;
			gone.bitmap.close();
			this.released(gone.image.key);
		}
	}
}
