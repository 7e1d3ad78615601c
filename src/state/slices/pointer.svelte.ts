import { isAbort } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import type { Point, SlicePoint } from '#contracts/slices.ts';
import type { Asked, PlaneWish } from '#state/slices/inputs.ts';

/** A point with what its plane was asked to be. */
export interface ShownPoint extends SlicePoint, Asked {
	kind: PlaneWish['plane'];
}

/** What is under the crosshair: of many places, the newest is asked for when the last one has come. */
export class SlicePointer {
	point = $state.raw<ShownPoint | null>(null);
	/** What it is of. */
	of = $state.raw<Identity>({});
	#aimed: Point | null = null;
	#aiming = false;

	/** @param ask null while there is no plane; `current` says, when it has come, whether it is still the one shown */
	constructor(
		private readonly ask: (at: Point) => { answer: Promise<ShownPoint>; of: Identity; current: () => boolean } | null,
		private readonly failed: (error: unknown) => void
	) {}

	aim(at: Point | null): void {
		this.#aimed = at;
		if (!at) this.forget();
		else if (!this.#aiming) void this.#follow();
	}

	forget(): void {
		this.point = this.#aimed = null;
		// What is gone is not old: nothing of it is dimmed.
		this.of = {};
	}

	async #follow(): Promise<void> {
		this.#aiming = true;
		for (let at = this.#aimed; at; at = this.#aimed === at ? null : this.#aimed) {
			const asked = this.ask(at);
			if (!asked) break;
			try {
				const point = await asked.answer;
				const before = this.point?.picture;
				if (this.#aimed && asked.current()) {
					this.point = point;
					this.of = asked.of;
				} else point.picture?.close();
				// What was shown may still be on its way to its canvas.
				setTimeout(() => before?.close(), 500);
			} catch (error) {
				// A question about what is no more open is dropped over there: what was aimed at meanwhile is asked all the same.
				if (!isAbort(error)) this.failed(error);
			}
		}
		this.#aiming = false;
	}
}
