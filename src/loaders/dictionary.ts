import { LIMITS } from '#contracts/data-loader.ts';

/** The different texts of a column in the order in which they came, each cut to what a cell may hold. */
export class Dictionary {
	readonly words: string[] = [];
	#indices = new Map<string, number>();

	/** Where a text stands among the words; a new one is added. */
	index(text: string): number {
		const short = text.slice(0, LIMITS.cell);
		let index = this.#indices.get(short);
		if (index === undefined) {
			index = this.words.push(short) - 1;
			this.#indices.set(short, index);
		}
		return index;
	}
}
