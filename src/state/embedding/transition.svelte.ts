/** The way through some maps, one after the other: where on it one is, and going along by itself. */

/** Milliseconds from one map to the next, and of rest at each. */
const [WAY, REST] = [1600, 700];
/** After so many milliseconds without a move one has arrived. */
const SETTLED = 160;

/** Slow at both ends (Perlin's smoothstep). */
const eased = (t: number) => t * t * (3 - 2 * t);
const uneased = (y: number) => 0.5 - Math.sin(Math.asin(1 - 2 * y) / 3);

export class Transition {
	/** Ids of the maps on the way. */
	path = $state.raw<readonly number[]>([]);
	/** 1.25: a quarter of the way from the second to the third. */
	at = $state(0);
	playing = $state(false);
	#settling: ReturnType<typeof setTimeout> | undefined;
	#frame = 0;

	/** @param show told of each move, and once more when it has come to rest */
	constructor(private readonly show: (from: number, to: number, t: number, moving: boolean) => void) {}

	/** The maps that one is between; the same twice at the end of the way. */
	get segment(): readonly [from: number, to: number] | null {
		const { path, at } = this;
		const k = Math.min(Math.floor(at), path.length - 2);
		if (!path.length) return null;
		return k < 0 ? [path[0]!, path[0]!] : [path[k]!, path[k + 1]!];
	}

	/** Takes another way, and stands at one of its maps. */
	follow(path: readonly number[], map = path[0]): void {
		this.pause();
		this.path = path;
		this.at = Math.max(0, path.indexOf(map ?? -1));
		this.#tell(false);
	}

	/** Leaves out maps that are gone. */
	keep(known: (id: number) => boolean): void {
		if (this.path.every(known)) return;
		this.pause();
		this.path = this.path.filter(known);
		this.at = Math.min(Math.round(this.at), Math.max(0, this.path.length - 1));
	}

	/** The same way, with more maps on it. */
	grow(path: readonly number[]): void {
		const { segment, at } = this;
		const [from, to] = segment ?? [];
		const index = Math.max(0, path.indexOf(from ?? -1));
		const share = at - Math.min(Math.floor(at), Math.max(0, this.path.length - 2));
		// A map that came between two parts their way.
		this.at = path[index + 1] === to || from === to ? index + share : index;
		this.path = path;
	}

	/** Shows the same once more: something about it has changed. */
	again(): void {
		if (!this.playing) this.#tell(false);
	}

	go(at: number): void {
		this.pause();
		this.#move(at);
	}

	play(): void {
		const last = this.path.length - 1;
		if (last < 1) return;
		if (this.at >= last) this.at = 0;
		this.playing = true;
		let stop = Math.floor(this.at);
		// From where one stands on a way, not from its beginning.
		let since = performance.now() - (this.at > stop ? REST + WAY * uneased(this.at - stop) : REST / 2);
		const frame = (now: number) => {
			if (!this.playing) return;
			const t = Math.min(1, Math.max(0, (now - since - REST) / WAY));
			if (t > 0) this.#move(stop + eased(t));
			if (t === 1) {
				stop++;
				since = now;
			}
			if (stop >= last) this.pause();
			else this.#frame = requestAnimationFrame(frame);
		};
		this.#frame = requestAnimationFrame(frame);
	}

	pause(): void {
		this.playing = false;
		cancelAnimationFrame(this.#frame);
	}

	#move(at: number): void {
		this.at = Math.min(Math.max(0, at), Math.max(0, this.path.length - 1));
		this.#tell(true);
		clearTimeout(this.#settling);
		this.#settling = setTimeout(() => this.#tell(false), SETTLED);
	}

	#tell(moving: boolean): void {
		const { segment, at, path } = this;
		if (!segment) return;
		const k = Math.min(Math.floor(at), Math.max(0, path.length - 2));
		this.show(...segment, at - k, moving);
	}

	/** Something else is shown: what is still to come of the last move would take its place. */
	rest(): void {
		this.pause();
		clearTimeout(this.#settling);
	}

	/** Nothing is shown any more. */
	stop(): void {
		this.rest();
		this.path = [];
		this.at = 0;
	}
}
