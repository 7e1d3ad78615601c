/** Milliseconds of a burst: between two of them something is seen, and another speed is taken up. */
const BURST = 50;

/** How many updates are due, so that so many epochs a second are trained where the trainer can. */
export class Pace {
	#owed = 0;
	#last: number;
	/** Updates that take about a burst's time. */
	#burst = 1;

	/** @param perEpoch updates of an epoch @param now milliseconds, as in the methods */
	constructor(
		private readonly perEpoch: number,
		now: number
	) {
		this.#last = now;
	}

	/** @param speed epochs a second, 0 for as many as go @returns updates to do now, 0 when there is time for a rest */
	due(speed: number, now: number): number {
		const max = Math.max(1, speed * this.perEpoch);
		this.#owed = Math.min(this.#owed + ((now - this.#last) / 1000) * speed * this.perEpoch, max);
		this.#last = now;
		return speed ? Math.min(this.#burst, Math.floor(this.#owed)) : this.#burst;
	}

	/** Nothing is left of what was due: who keeps up can wait for the clock. */
	get rests(): boolean {
		return this.#owed < this.#burst;
	}

	/** So many updates took so many milliseconds. */
	done(updates: number, milliseconds: number): void {
		this.#owed = Math.max(0, this.#owed - updates);
		if (updates < this.#burst) return;
		this.#burst = Math.max(1, Math.round(this.#burst * Math.min(2, BURST / Math.max(1, milliseconds))));
	}
}

/** Epochs a second, measured anew every half of one. */
export class Measured {
	/** @param now milliseconds, as in `at` @param speed until there is a first measurement */
	constructor(
		private epoch: number,
		private now: number,
		private speed = 0
	) {}

	at(epoch: number, now: number): number {
		if (now - this.now < 500) return this.speed;
		this.speed = (1000 * (epoch - this.epoch)) / (now - this.now);
		[this.epoch, this.now] = [epoch, now];
		return this.speed;
	}
}
