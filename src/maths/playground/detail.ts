/**
 * How finely something that is drawn again and again is drawn: as fine as costs little beside what each picture costs
 * anyway. That part (threads, compositing) may be most of it, so the cost of a cell alone, or of a cell and that part
 * together, would say nothing; what is known is how long whole pictures take, by size.
 */

/** Sides: each picture has twice the cells of the one before. */
const SIDES = Array.from({ length: 13 }, (_, i) => Math.round(32 * 2 ** (i / 2)));
/** Where it begins at most, before anything is known: with a picture of so many products. */
const FIRST = 4;
const FIRST_PRODUCTS = 2 ** 25;
/** A size is worth so much of the quickest picture's time. */
const WORTH = 2;
/** Pictures until a finer size is tried again. */
const PATIENCE = 24;

export class Detail {
	#at: number;
	/** Milliseconds of a picture by size, as they were lately. */
	#times: (number | undefined)[] = [];
	#since = 0;
	/** Of a new size the first picture is not measured: it is made ready for as well. */
	#fresh = true;

	/**
	 * @param quick milliseconds that a picture may always take
	 * @param products that a cell takes
	 */
	constructor(
		private readonly quick: number,
		products = 0
	) {
		const affordable = SIDES.findLastIndex((side) => side ** 2 * products <= FIRST_PRODUCTS);
		this.#at = Math.min(FIRST, Math.max(0, affordable));
	}

	/** Cells of a side. @param max not more than this */
	side(max: number): number {
		return Math.max(1, Math.min(max, SIDES[this.#at] as number));
	}

	/** A picture of the present size took so long. @param max what `side` was asked for with */
	took(milliseconds: number, max: number): void {
		if (this.#fresh) {
			this.#fresh = false;
			return;
		}
		const [at, before] = [this.#at, this.#times[this.#at]];
		this.#times[at] = before === undefined ? milliseconds : 0.7 * before + 0.3 * milliseconds;
		this.#since++;
		const known = this.#times.filter((time) => time !== undefined);
		const allowed = Math.max(this.quick, WORTH * Math.min(...known));
		const finest = this.#times.findLastIndex((time) => time !== undefined && time <= allowed);
		// The quickest is within what is allowed, so there is one.
		const [coarser, finer] = [finest - 1, finest + 1];
		const slow = (this.#times[finest] as number) > this.quick;
		const room = finer < SIDES.length && (SIDES[finest] as number) < max;
		if (slow && coarser >= 0 && this.#times[coarser] === undefined) this.#at = coarser;
		else if (room && (this.#times[finer] === undefined || this.#since >= PATIENCE)) {
			// What was known of it may be of another time.
			this.#times[finer] = undefined;
			[this.#at, this.#since] = [finer, 0];
		} else this.#at = finest;
		this.#fresh = this.#at !== at;
	}
}
