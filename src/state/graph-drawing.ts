import type { GraphInk, GraphRequest } from '#contracts/graph-picture.ts';
import type { Scene } from '#contracts/structure.ts';
import type { Door } from '#state/door.ts';

const KINDS = { node: 0, folded: 1, open: 2 } as const;

/** Graphs in the draw worker, by key. */
export class GraphDrawing {
	#turn = 0;

	constructor(private readonly door: Pick<Door, 'draw'>) {}

	/** @returns the key to ask for it by; the caller drops it */
	put(scene: Scene): string {
		const key = `graph${this.#turn++}:`;
		const { boxes, places, points, starts, ends, shapes } = scene;
		const geometry = {
			places,
			points,
			starts,
			ends,
			shapes: [...shapes],
			kinds: Uint8Array.from(boxes, ({ kind }) => KINDS[kind]),
			titles: boxes.map(({ title }) => title),
			notes: boxes.map(({ note }) => note)
		};
		void this.door.draw.call('putGraph', [key, geometry]).catch(() => undefined);
		return key;
	}

	ink(key: string, ink: GraphInk): void {
		void this.door.draw.call('inkGraph', [key, ink]).catch(() => undefined);
	}

	picture(request: GraphRequest): Promise<ImageBitmap> {
		return this.door.draw.call('graph', [request]);
	}

	drop(key: string): void {
		void this.door.draw.call('drop', [[key]]).catch(() => undefined);
	}
}
