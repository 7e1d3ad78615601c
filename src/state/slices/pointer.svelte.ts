import { isAbort } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import { OneAtATime } from '#contracts/newest.ts';
import type { Point, SlicePoint } from '#contracts/slices.ts';
import type { RequestedHead, PlaneRequest } from '#state/slices/inputs.ts';

/** A point with what its plane was asked to be. */
export interface ShownPoint extends SlicePoint, RequestedHead {
	kind: PlaneRequest['plane'];
}

/** What is under the crosshair: of many positions, the newest is asked for when the last one has come. */
export class SlicePointer {
	point = $state.raw<ShownPoint | null>(null);
	/** What it is of. */
	of = $state.raw<Identity>({});
	#aimed = false;
	readonly #reads = new OneAtATime<Point>((at) => this.#read(at));

	/** @param ask null while there is no plane; `current` says, when it has come, whether it is still the one shown */
	constructor(
		private readonly ask: (at: Point) => { point: Promise<ShownPoint>; of: Identity; current: () => boolean } | null,
		private readonly failed: (error: unknown) => void
	) {}

	aim(at: Point | null): void {
		if (!at) return this.forget();
		this.#aimed = true;
		this.#reads.ask(at);
	}

	forget(): void {
		this.point = null;
		this.#aimed = false;
		this.#reads.forget();
		// What is gone is not old: nothing of it is dimmed.
		this.of = {};
	}

	async #read(at: Point): Promise<void> {
		try {
			const request = this.ask(at);
			if (!request) return;
			const point = await request.point;
			const before = this.point?.picture;
			if (this.#aimed && request.current()) {
				this.point = point;
				this.of = request.of;
			} else point.picture?.close();
			// What was shown may still be on its way to its canvas.
			setTimeout(() => before?.close(), 500);
		} catch (error) {
			if (!isAbort(error)) this.failed(error);
		}
	}
}
