/** Frames of a camera or a drawing: the newest is shown as soon as the last one is done, those between are dropped. */
export class Live {
	/** Frames came within the last second or so. */
	flowing = $state(false);
	#ended: ReturnType<typeof setTimeout> | undefined;
	#next: ImageBitmap | null = null;
	#showing = false;

	/** @param show settles when all that is on the page shows the frame */
	constructor(private readonly show: (frame: ImageBitmap) => Promise<void>) {}

	/** Takes the frame over. */
	offer(frame: ImageBitmap): void {
		this.#next?.close();
		this.#next = frame;
		this.flowing = true;
		clearTimeout(this.#ended);
		this.#ended = setTimeout(() => (this.flowing = false), 1000);
		if (!this.#showing) void this.#run();
	}

	async #run(): Promise<void> {
		this.#showing = true;
		try {
			while (this.#next) {
				const frame = this.#next;
				this.#next = null;
				await this.show(frame);
			}
		} finally {
			this.#showing = false;
		}
	}
}
