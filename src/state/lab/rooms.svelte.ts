import { untrack } from 'svelte';
import type { RoomClass } from '#state/lab/context.ts';
import type { Door, Room } from '#state/lab/door.ts';

/** The rooms that have been asked for so far: one of a kind, kept as long as the page. */
export class Rooms {
	#all = $state.raw<readonly Room[]>([]);
	#byKind = new Map<RoomClass<Room>, Room>();
	#ends: (() => void)[] = [];
	#over = false;

	constructor(private readonly door: Door) {}

	of<T extends Room>(kind: RoomClass<T>): T {
		const known = this.#byKind.get(kind);
		if (known) return known as T;
		return untrack(() => {
			// What it derives belongs to no component: with the end of the one that asks first it would stay as it was.
			let made: T | undefined;
			this.#ends.push($effect.root(() => void (made = new kind(this.door))));
			const room = made as T;
			this.#byKind.set(kind, room);
			this.#all = [...this.#all, room];
			// Later, as effects would not run any more after the end of the component that asks first.
			queueMicrotask(() => {
				if (!this.#over) this.#ends.push($effect.root(() => room.watch?.()));
			});
			return room;
		});
	}

	/** None of them follows anything any more. */
	end(): void {
		this.#over = true;
		for (const end of this.#ends.splice(0)) end();
	}

	get busy(): boolean {
		return this.#all.some(({ busy }) => busy);
	}

	reset(): void {
		for (const room of this.#all) room.reset();
	}

	async restore(): Promise<void> {
		await Promise.all(this.#all.map((room) => room.restore()));
	}

	/** Settles when all of them show the newest input. */
	async followed(): Promise<void> {
		await Promise.all(this.#all.map((room) => room.followed ?? Promise.resolve()));
	}
}
