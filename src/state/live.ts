/** Frames of a camera or a drawing: the newest is shown as soon as the last one is done, those between are dropped. */
export class Live {
	#next: ImageBitmap | null = null;
	#showing = false;

	/** @param show settles when all that is on the page shows the frame */
	constructor(private readonly show: (frame: ImageBitmap) => Promise<void>) {}

	/** Takes the frame over. */
	offer(frame: ImageBitmap): void {
		this.#next?.close();
		this.#next = frame;
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
