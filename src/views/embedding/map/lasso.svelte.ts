type Point = readonly [x: number, y: number];

/** What is drawn around points: a free line that closes itself, or a rectangle. Canvas pixels. */
export class Lasso {
	#points = $state.raw<readonly Point[]>([]);
	#rectangle = false;

	get drawing(): boolean {
		return this.#points.length > 0;
	}

	readonly path = $derived.by(() => {
		const corners = this.#corners();
		return corners.length > 2 ? `M${corners.map((at) => at.join(' ')).join('L')}Z` : '';
	});

	begin(at: Point, rectangle: boolean): void {
		this.#rectangle = rectangle;
		this.#points = [at];
	}

	to(at: Point): void {
		const last = this.#points.at(-1)!;
		if (this.#rectangle) this.#points = [this.#points[0]!, at];
		else if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= 2) this.#points = [...this.#points, at];
	}

	/** @returns the polygon x, y, ...; null if there is none */
	end(): Float32Array | null {
		const corners = this.#corners();
		this.#points = [];
		return corners.length > 2 ? Float32Array.from(corners.flat()) : null;
	}

	#corners(): readonly Point[] {
		const [a, b] = this.#points;
		if (!this.#rectangle) return this.#points;
		return a && b ? [a, [b[0], a[1]], b, [a[0], b[1]]] : [];
	}
}
