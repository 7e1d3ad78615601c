/** Words, and which of them tell a group of texts from the others. */

/** Scripts that write no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u;
const SPACED = /\p{L}[\p{L}\p{M}\p{N}]*(?:['’.-]\p{L}[\p{L}\p{M}\p{N}]*)*/gu;
const LETTER = /\p{L}/u;

let segmenter: Intl.Segmenter | null = null;

/** The different words of a text, in small letters; numbers and single letters are none. Longer texts are cut. */
export function wordsOf(text: string, longest = 2000): Set<string> {
	const own = text.slice(0, longest).normalize('NFKC').toLowerCase();
	if (!UNSPACED.test(own)) return new Set((own.match(SPACED) ?? []).filter((word) => word.length > 1));
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
	const found = new Set<string>();
	for (const { segment, isWordLike } of segmenter.segment(own))
		if (isWordLike && LETTER.test(segment) && (segment.length > 1 || UNSPACED.test(segment))) found.add(segment);
	return found;
}

export interface TellingWord {
	word: string;
	/** Log-odds ratio against all others, shrunk by the prior. */
	odds: number;
	/** The same in standard deviations: how far above what chance would give. */
	z: number;
	/** Share of the group's items that have it. */
	share: number;
}

/** How much the whole counts beside a group: as so many items. */
const PRIOR = 50;

/** How often words occur, in how many items of each group. */
export class WordCounts {
	readonly #counts = new Map<string, Float64Array>();
	readonly #items: Float64Array;
	#all = 0;

	constructor(private readonly groups: number) {
		this.#items = new Float64Array(groups);
	}

	/** An item with its words; a group of -1 is one of the others. */
	add(group: number, words: Iterable<string>): void {
		this.#all++;
		if (group >= 0) this.#items[group]!++;
		for (const word of words) {
			let row = this.#counts.get(word);
			if (!row) this.#counts.set(word, (row = new Float64Array(this.groups + 1)));
			row[this.groups]!++;
			if (group >= 0) row[group]!++;
		}
	}

	/**
	 * The words that most tell each group from all others, by the log-odds ratio with an informative Dirichlet prior (Monroe,
	 * Colaresi & Quinn 2008, "Fightin' words", eq. 16 to 22) on counts of items: of those that are surely over-represented, by
	 * ratio times the root of their share of the group. By standard deviations alone, as in the paper, words as frequent as "my" and "at"
	 * would come first; so, no list of them is needed.
	 * @param min z of a word that counts
	 * @param share of a group's items that have it, at least
	 */
	telling(max: number, min = 3, share = 0.04): TellingWord[][] {
		const found: TellingWord[][] = Array.from({ length: this.groups }, () => []);
		for (const [word, row] of this.#counts) {
			const everywhere = row[this.groups]!;
			const prior = (PRIOR * everywhere) / this.#all;
			for (let g = 0; g < this.groups; g++) {
				const [own, items] = [row[g]!, this.#items[g]!];
				if (own < 2 || own < share * items) continue;
				const [rest, others] = [everywhere - own, this.#all - items];
				// What neither has is never none: the prior is part of the whole.
				const odds = (y: number, n: number) => Math.log((y + prior) / Math.max(0.5, n + PRIOR - y - prior));
				const ratio = odds(own, items) - odds(rest, others);
				const z = ratio / Math.sqrt(1 / (own + prior) + 1 / (rest + prior));
				if (z >= min) found[g]!.push({ word, odds: ratio, z, share: own / items });
			}
		}
		const weight = ({ odds, share: own }: TellingWord) => odds * Math.sqrt(own);
		return found.map((words) =>
			distinct(
				words.sort((a, b) => weight(b) - weight(a) || (a.word < b.word ? -1 : 1)),
				max
			)
		);
	}
}

/** Without other forms of a word that is there: `network` and `networks`. */
function distinct(words: readonly TellingWord[], max: number): TellingWord[] {
	const kept: TellingWord[] = [];
	for (const one of words) {
		if (kept.length >= max) break;
		const alike = ({ word }: TellingWord) =>
			(word.startsWith(one.word) || one.word.startsWith(word)) && Math.abs(word.length - one.word.length) <= 3;
		if (!kept.some(alike)) kept.push(one);
	}
	return kept;
}
