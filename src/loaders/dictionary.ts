import { LIMITS } from '#contracts/data-loader.ts';

/** The different texts of a column in the order in which they came, each cut to what a cell may hold. */
export class Dictionary {
	readonly words: string[] = [];
	#places = new Map<string, number>();

	/** Where a text stands among the words; a new one is added. */
	place(text: string): number {
		const short = text.slice(0, LIMITS.cell);
		let place = this.#places.get(short);
		if (place === undefined) {
			place = this.words.push(short) - 1;
			this.#places.set(short, place);
		}
		return place;
	}
}
