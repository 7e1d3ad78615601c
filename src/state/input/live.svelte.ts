import { OneAtATime } from '#contracts/newest.ts';

/** Frames of a camera or a drawing: the newest is shown as soon as the last one is done, those between are dropped. */
export class Live {
	/** Frames came within the last second or so. */
	flowing = $state(false);
	#ended: ReturnType<typeof setTimeout> | undefined;
	readonly #frames: OneAtATime<ImageBitmap>;

	/** @param show settles when all that is on the page shows the frame */
	constructor(show: (frame: ImageBitmap) => Promise<void>) {
		this.#frames = new OneAtATime(show, (frame) => frame.close());
	}

	/** Takes the frame over. */
	offer(frame: ImageBitmap): void {
		this.flowing = true;
		clearTimeout(this.#ended);
		this.#ended = setTimeout(() => (this.flowing = false), 1000);
		this.#frames.ask(frame);
	}
}
